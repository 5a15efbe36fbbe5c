// Package config is the settings: one struct, defaults in code, file below
// environment below flags, NAME_FILE for secrets, one Validate that joins all
// faults. What differs between offices is not here but in the office's YAML file.
package config

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"dengwen/internal/netaddr"
	"dengwen/petition"
)

// Settings is every setting of the program. The help texts are the settings table
// of the README.
type Settings struct {
	Addr      string `name:"addr" env:"DENGWEN_ADDR" default:"127.0.0.1:8080" help:"address to listen on"`
	PublicURL string `name:"public-url" env:"DENGWEN_PUBLIC_URL" help:"address citizens see, for links and QR codes (default: the address listened on)"`
	Proxies   string `name:"trusted-proxies" env:"DENGWEN_TRUSTED_PROXIES" help:"networks of your own proxies, by commas (10.0.0.0/8): their X-Forwarded-For says where people come from (default: this machine only)"`
	DataDir   string `name:"data-dir" env:"DENGWEN_DATA_DIR" default:"./data" help:"folder for the embedded databases, attachments and the key"`
	Office    string `name:"office" env:"DENGWEN_OFFICE" help:"the office's YAML file (default: the built-in example, 柞水县)"`
	KeyFile   string `name:"key-file" env:"DENGWEN_KEY_FILE" help:"file with the keys for personal data at rest, for its owner only (default: dengwen.key in the data folder, made on first run; back it up)"`
	Key       string `name:"key" env:"DENGWEN_KEY" secret:"text" help:"the keys themselves, where a file won't do; can't be rotated there"`

	TelegramToken  string `name:"telegram-bot-token" env:"TELEGRAM_BOT_TOKEN" secret:"" help:"turns the Telegram door on"`
	TelegramName   string `name:"telegram-bot-name" env:"TELEGRAM_BOT_NAME" help:"the bot's username for links and QR codes (default: asked of Telegram at start)"`
	TelegramAPI    string `name:"telegram-api-url" env:"TELEGRAM_API_URL" default:"https://api.telegram.org" help:"Bot API server"`
	WebhookURL     string `name:"telegram-webhook-url" env:"TELEGRAM_WEBHOOK_URL" help:"webhook instead of polling: the public address of /telegram/webhook"`
	WebhookSecret  string `name:"telegram-webhook-secret" env:"TELEGRAM_WEBHOOK_SECRET" secret:"" help:"secret Telegram sends with each webhook call (1-256 of A-Z a-z 0-9 _ -)"`
	TelegramPerSec int    `name:"telegram-per-second" env:"TELEGRAM_PER_SECOND" default:"30" help:"messages a second to all chats together; 0 = no limit (own Bot API server, tests)"`

	RedisURL    string `name:"redis-url" env:"REDIS_URL" secret:"" help:"conversations in Redis 7, a server or any node of a cluster, further nodes as ?addr=host:port&addr=…, or with ?master_name=… the sentinels that watch one (default: in the embedded database)"`
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" secret:"" help:"cases in PostgreSQL 15+ (default: SQLite in the data folder)"`

	DatabasePass string `name:"database-password" env:"DATABASE_PASSWORD" secret:"" help:"password for DATABASE_URL, where it is not in there"`

	CaseAPI    string `name:"case-api-url" env:"CASE_API_URL" help:"use a case API elsewhere instead of the one in this process"`
	CaseAPIKey string `name:"case-api-key" env:"CASE_API_KEY" secret:"" help:"key for that case API"`
	APIKeys    string `name:"api-keys" env:"DENGWEN_API_KEYS" secret:"" help:"keys this case API takes, one name:scopes:unit:hash a line (dengwen api-key makes one)"`

	Templates string `name:"templates" env:"DENGWEN_TEMPLATES" help:"folder with own templates of official notices (default: the built-in ones)"`
	Fonts     string `name:"fonts" env:"DENGWEN_FONTS" help:"folder with own typefaces of official notices: body.ttf, title.ttf, heading.ttf, and others for rare characters (default: the built-in ones)"`
	Locales   string `name:"locales" env:"DENGWEN_LOCALES" help:"folder with own languages and sentences, over the built-in ones"`
	BlobURL   string `name:"blob-url" env:"DENGWEN_BLOB_URL" secret:"" help:"attachments in S3-compatible storage: s3://key:secret@host:port/bucket?tls=true (default: the data folder)"`

	BackupDir  string `name:"backup-dir" env:"DENGWEN_BACKUP_DIR" help:"folder for backups, on another disk: one is made there every night (default: none is made by itself)"`
	BackupKeep int    `name:"backup-keep" env:"DENGWEN_BACKUP_KEEP" default:"14" help:"how many backups stay in that folder (0-1000, 0 = all)"`

	OpenAIKey     string `name:"openai-api-key" env:"OPENAI_API_KEY" secret:"" help:"language model for reading stories; everything works without it"`
	OpenAIBase    string `name:"openai-base-url" env:"OPENAI_BASE_URL" help:"any OpenAI-compatible address (setting it turns the model on, with or without a key)"`
	OpenAIModel   string `name:"openai-model" env:"OPENAI_MODEL" default:"gpt-4o-mini" help:"model name"`
	OpenAIDaily   int    `name:"openai-daily-calls" env:"OPENAI_DAILY_CALLS" default:"5000" help:"calls a day to the model at most; 0 = no limit"`
	OpenAISealed  bool   `name:"openai-sealed-reports" env:"OPENAI_SEALED_REPORTS" help:"let the model read reports on misconduct too"`
	OpenAIPrompts string `name:"openai-prompts" env:"OPENAI_PROMPTS" help:"folder with own prompt templates"`
	OpenAIVoice   string `name:"openai-voice-model" env:"OPENAI_VOICE_MODEL" help:"transcription model for voice messages, whisper-1 for example (default: voice is kept as evidence only)"`

	FilingsPerDay int `name:"filings-per-day" env:"DENGWEN_FILINGS_PER_DAY" default:"20" help:"petitions one chat may lodge in 24 hours (0-100, 0 = any number); the draft of the next one is kept"`

	FilingsPerAddress int `name:"filings-per-address" env:"DENGWEN_FILINGS_PER_ADDRESS" default:"20" help:"petitions that may be lodged in the web page from one network address in an hour (0-1000, 0 = any number)"`

	BroadcastPerSec int `name:"broadcast-per-second" env:"DENGWEN_BROADCAST_PER_SECOND" default:"5" help:"service notices a second at most (0-15, 0 = none go out); everything else goes first"`

	MetricsAddr string `name:"metrics-addr" env:"DENGWEN_METRICS_ADDR" help:"own address for /metrics (default: on the address listened on, for this machine only)"`

	MetricsToken string `name:"metrics-token" env:"DENGWEN_METRICS_TOKEN" secret:"" help:"lets another machine read /metrics: Authorization: Bearer and this, 20 characters at least (default: this machine only)"`

	LogFormat string        `name:"log-format" env:"DENGWEN_LOG_FORMAT" default:"text" enum:"text,json" help:"log as text or json"`
	LogLevel  string        `name:"log-level" env:"DENGWEN_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"how much to log; never what citizens write"`
	StopWait  time.Duration `name:"stop-wait" env:"DENGWEN_STOP_WAIT" default:"20s" help:"how long to finish turns in hand when asked to stop"`
}

// Model reports whether a language model is configured.
func (s *Settings) Model() bool { return s.OpenAIKey != "" || s.OpenAIBase != "" }

// Public is the address citizens see, without a slash at the end.
func (s *Settings) Public() string {
	if s.PublicURL != "" {
		return strings.TrimRight(s.PublicURL, "/")
	}
	return s.Here()
}

// Here is where this machine reaches the program: an address that listens everywhere,
// :8080 or 0.0.0.0:8080, is none to go to.
func (s *Settings) Here() string {
	host, port, err := net.SplitHostPort(s.Addr)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return "http://" + net.JoinHostPort("127.0.0.1", port)
	}
	return "http://" + s.Addr
}

// Database is DATABASE_URL with DATABASE_PASSWORD in it.
func (s *Settings) Database() string {
	u, err := url.Parse(s.DatabaseURL)
	if s.DatabasePass == "" || err != nil || u.User == nil {
		return s.DatabaseURL
	}
	u.User = url.UserPassword(u.User.Username(), s.DatabasePass)
	return u.String()
}

// Validate joins all faults of the settings, each saying which variable to change.
func (s *Settings) Validate() error {
	return errors.Join(
		s.checkAddr(),
		s.checkKey(),
		webAddress("DENGWEN_PUBLIC_URL", s.PublicURL),
		webAddress("TELEGRAM_API_URL", s.TelegramAPI),
		webAddress("CASE_API_URL", s.CaseAPI),
		webAddress("OPENAI_BASE_URL", s.OpenAIBase),
		s.checkWebhook(),
		s.checkProxies(),
		scheme("REDIS_URL", s.RedisURL, "redis", "rediss", "unix"),
		scheme("DATABASE_URL", s.DatabaseURL, "postgres", "postgresql"),
		scheme("DENGWEN_BLOB_URL", s.BlobURL, "s3"),
		s.checkRemote(),
		s.checkBroadcast(),
		s.checkFilings(),
		s.checkBackups(),
	)
}

func (s *Settings) checkAddr() error {
	if _, _, err := net.SplitHostPort(s.Addr); err != nil {
		return petition.Fail(petition.Invalid, "setting.addr", "value", s.Addr)
	}
	return nil
}

func (s *Settings) checkKey() error {
	if s.Key != "" && s.KeyFile != "" {
		return petition.Fail(petition.Invalid, "setting.one_key")
	}
	return nil
}

func (s *Settings) checkProxies() error {
	if _, err := netaddr.Parse(s.Proxies); err != nil {
		return petition.Fail(petition.Invalid, "setting.networks", "name", "DENGWEN_TRUSTED_PROXIES", "value", s.Proxies)
	}
	return nil
}

func (s *Settings) checkWebhook() error {
	if s.WebhookURL == "" {
		return nil
	}
	var faults []error
	faults = append(faults, webAddress("TELEGRAM_WEBHOOK_URL", s.WebhookURL))
	if s.TelegramToken == "" {
		faults = append(faults, petition.Fail(petition.Invalid, "setting.webhook_token"))
	}
	if !secretOK(s.WebhookSecret) {
		faults = append(faults, petition.Fail(petition.Invalid, "setting.webhook_secret"))
	}
	return errors.Join(faults...)
}

// minMetricsToken is what no guessing reaches.
const minMetricsToken = 20

func (s *Settings) checkRemote() error {
	if t := s.MetricsToken; t != "" && len(t) < minMetricsToken {
		return petition.Fail(petition.Invalid, "setting.metrics_token")
	}
	switch {
	case s.CaseAPI != "" && s.CaseAPIKey == "":
		return petition.Fail(petition.Invalid, "setting.api_key")
	case s.CaseAPI != "" && s.DatabaseURL != "":
		return petition.Fail(petition.Invalid, "setting.one_place")
	}
	return nil
}

func (s *Settings) checkBroadcast() error {
	if s.BroadcastPerSec < 0 || s.BroadcastPerSec > 15 {
		return petition.Fail(petition.Invalid, "setting.range", "name", "DENGWEN_BROADCAST_PER_SECOND", "value", strconv.Itoa(s.BroadcastPerSec), "low", "0", "high", "15")
	}
	return nil
}

func (s *Settings) checkFilings() error {
	if s.FilingsPerDay < 0 || s.FilingsPerDay > 100 {
		return petition.Fail(petition.Invalid, "setting.range", "name", "DENGWEN_FILINGS_PER_DAY", "value", strconv.Itoa(s.FilingsPerDay), "low", "0", "high", "100")
	}
	if s.FilingsPerAddress < 0 || s.FilingsPerAddress > 1000 {
		return petition.Fail(petition.Invalid, "setting.range", "name", "DENGWEN_FILINGS_PER_ADDRESS", "value", strconv.Itoa(s.FilingsPerAddress), "low", "0", "high", "1000")
	}
	return nil
}

func (s *Settings) checkBackups() error {
	if s.BackupKeep < 0 || s.BackupKeep > 1000 {
		return petition.Fail(petition.Invalid, "setting.range", "name", "DENGWEN_BACKUP_KEEP", "value", strconv.Itoa(s.BackupKeep), "low", "0", "high", "1000")
	}
	return nil
}

func webAddress(name, v string) error {
	if v == "" {
		return nil
	}
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return petition.Fail(petition.Invalid, "setting.web_address", "name", name)
	}
	return nil
}

// scheme does not repeat the value in its fault: it may hold a password.
func scheme(name, v string, known ...string) error {
	if v == "" {
		return nil
	}
	for _, k := range known {
		if strings.HasPrefix(v, k+"://") {
			return nil
		}
	}
	return petition.Fail(petition.Invalid, "setting.scheme", "name", name, "schemes", strings.Join(known, ":// ")+"://")
}

func secretOK(s string) bool {
	if len(s) == 0 || len(s) > 256 {
		return false
	}
	for _, r := range s {
		if !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", r) {
			return false
		}
	}
	return true
}
