// Package config is the settings: one struct, defaults in code, file below
// environment below flags, NAME_FILE for secrets, one Validate that joins all
// faults. What differs between offices is not here but in the office's YAML file.
package config

import (
	"errors"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/internal/netaddr"
	"dengwen/petition"
)

// Settings is every setting of the program. The help texts are the settings table
// of the README.
type Settings struct {
	Addr      string `name:"addr" env:"DENGWEN_ADDR" default:"127.0.0.1:8080"`
	PublicURL string `name:"public-url" env:"DENGWEN_PUBLIC_URL"`
	Proxies   string `name:"trusted-proxies" env:"DENGWEN_TRUSTED_PROXIES"`
	DataDir   string `name:"data-dir" env:"DENGWEN_DATA_DIR" default:"./data"`
	Office    string `name:"office" env:"DENGWEN_OFFICE"`
	KeyFile   string `name:"key-file" env:"DENGWEN_KEY_FILE"`
	Key       string `name:"key" env:"DENGWEN_KEY" secret:"text"`

	TelegramToken  string `name:"telegram-bot-token" env:"TELEGRAM_BOT_TOKEN" secret:""`
	TelegramName   string `name:"telegram-bot-name" env:"TELEGRAM_BOT_NAME"`
	TelegramAPI    string `name:"telegram-api-url" env:"TELEGRAM_API_URL" default:"https://api.telegram.org"`
	WebhookURL     string `name:"telegram-webhook-url" env:"TELEGRAM_WEBHOOK_URL"`
	WebhookSecret  string `name:"telegram-webhook-secret" env:"TELEGRAM_WEBHOOK_SECRET" secret:""`
	TelegramLocal  string `name:"telegram-local-dir" env:"TELEGRAM_LOCAL_DIR"`
	TelegramTest   bool   `name:"telegram-test-environment" env:"TELEGRAM_TEST_ENVIRONMENT"`
	TelegramPerSec int    `name:"telegram-per-second" env:"TELEGRAM_PER_SECOND" default:"30"`

	WeChatAppID  string `name:"wechat-appid" env:"WECHAT_APPID"`
	WeChatSecret string `name:"wechat-secret" env:"WECHAT_SECRET" secret:""`
	WeChatToken  string `name:"wechat-token" env:"WECHAT_TOKEN" secret:""`
	WeChatAESKey string `name:"wechat-aes-key" env:"WECHAT_AES_KEY" secret:""`
	WeChatNotice string `name:"wechat-notice" env:"WECHAT_NOTICE"`
	WeChatAPI    string `name:"wechat-api-url" env:"WECHAT_API_URL" default:"https://api.weixin.qq.com"`

	Tell    string `name:"tell" env:"DENGWEN_TELL" secret:""`
	SMTPURL string `name:"smtp-url" env:"SMTP_URL" secret:""`
	SMS     string `name:"sms" env:"DENGWEN_SMS" secret:""`

	WebhookNetworks string `name:"webhook-networks" env:"DENGWEN_WEBHOOK_NETWORKS"`

	RedisURL    string `name:"redis-url" env:"REDIS_URL" secret:""`
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" secret:""`

	DatabasePass string `name:"database-password" env:"DATABASE_PASSWORD" secret:""`

	CaseAPI    string `name:"case-api-url" env:"CASE_API_URL"`
	CaseAPIKey string `name:"case-api-key" env:"CASE_API_KEY" secret:""`

	APIKeysFile string `name:"api-keys-file" env:"DENGWEN_API_KEYS_FILE"`
	APIKeys     string `name:"api-keys" env:"DENGWEN_API_KEYS" secret:"text"`

	Open311 string `name:"open311" env:"DENGWEN_OPEN311"`

	Templates string `name:"templates" env:"DENGWEN_TEMPLATES"`
	Fonts     string `name:"fonts" env:"DENGWEN_FONTS"`
	Locales   string `name:"locales" env:"DENGWEN_LOCALES"`
	BlobURL   string `name:"blob-url" env:"DENGWEN_BLOB_URL" secret:""`

	BackupDir  string `name:"backup-dir" env:"DENGWEN_BACKUP_DIR"`
	BackupKeep int    `name:"backup-keep" env:"DENGWEN_BACKUP_KEEP" default:"14"`

	OpenAIKey     string `name:"openai-api-key" env:"OPENAI_API_KEY" secret:""`
	OpenAIBase    string `name:"openai-base-url" env:"OPENAI_BASE_URL"`
	OpenAIModel   string `name:"openai-model" env:"OPENAI_MODEL" default:"gpt-4o-mini"`
	OpenAIDaily   int    `name:"openai-daily-calls" env:"OPENAI_DAILY_CALLS" default:"5000"`
	OpenAISealed  bool   `name:"openai-sealed-reports" env:"OPENAI_SEALED_REPORTS"`
	OpenAIPrompts string `name:"openai-prompts" env:"OPENAI_PROMPTS"`
	OpenAIVoice   string `name:"openai-voice-model" env:"OPENAI_VOICE_MODEL"`

	FilingsPerDay int `name:"filings-per-day" env:"DENGWEN_FILINGS_PER_DAY" default:"20"`

	FilingsPerAddress int `name:"filings-per-address" env:"DENGWEN_FILINGS_PER_ADDRESS" default:"20"`

	BroadcastPerSec int `name:"broadcast-per-second" env:"DENGWEN_BROADCAST_PER_SECOND" default:"5"`

	MetricsAddr string `name:"metrics-addr" env:"DENGWEN_METRICS_ADDR"`

	MetricsToken string `name:"metrics-token" env:"DENGWEN_METRICS_TOKEN" secret:""`

	LogFormat string        `name:"log-format" env:"DENGWEN_LOG_FORMAT" default:"text" enum:"text,json"`
	LogLevel  string        `name:"log-level" env:"DENGWEN_LOG_LEVEL" default:"info" enum:"debug,info,warn,error"`
	StopWait  time.Duration `name:"stop-wait" env:"DENGWEN_STOP_WAIT" default:"20s"`
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
		s.checkKeys(),
		webAddress("DENGWEN_PUBLIC_URL", s.PublicURL),
		webAddress("TELEGRAM_API_URL", s.TelegramAPI),
		webAddress("CASE_API_URL", s.CaseAPI),
		webAddress("OPENAI_BASE_URL", s.OpenAIBase),
		s.checkWebhook(),
		webAddress("WECHAT_API_URL", s.WeChatAPI),
		s.checkWeChat(),
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

func (s *Settings) checkKeys() error {
	return errors.Join(onePlace("DENGWEN_KEY", s.Key, s.KeyFile), onePlace("DENGWEN_API_KEYS", s.APIKeys, s.APIKeysFile))
}

// onePlace refuses a secret that is given as text and in a file.
func onePlace(name, text, file string) error {
	if text != "" && file != "" {
		return petition.Fail(petition.Invalid, "setting.one_key", "name", name)
	}
	return nil
}

func (s *Settings) checkProxies() error {
	if _, err := netaddr.Parse(s.Proxies); err != nil {
		return petition.Fail(petition.Invalid, "setting.networks", "name", "DENGWEN_TRUSTED_PROXIES", "value", s.Proxies)
	}
	if _, err := netaddr.Parse(s.WebhookNetworks); err != nil {
		return petition.Fail(petition.Invalid, "setting.networks", "name", "DENGWEN_WEBHOOK_NETWORKS", "value", s.WebhookNetworks)
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

// WeChatKeys are the EncodingAESKeys, the newest first.
func (s *Settings) WeChatKeys() []string { return strings.Split(s.WeChatAESKey, ",") }

var wechatKey = regexp.MustCompile(`^[A-Za-z0-9]{43}$`)

func (s *Settings) checkWeChat() error {
	if s.WeChatAppID == "" {
		return nil
	}
	var faults []error
	if s.WeChatSecret == "" || s.WeChatToken == "" || s.WeChatAESKey == "" {
		faults = append(faults, petition.Fail(petition.Invalid, "setting.wechat"))
	}
	keys := s.WeChatKeys()
	if s.WeChatAESKey != "" && (len(keys) > 2 || slices.ContainsFunc(keys, func(k string) bool { return !wechatKey.MatchString(k) })) {
		faults = append(faults, petition.Fail(petition.Invalid, "setting.wechat_key"))
	}
	if s.WeChatNotice != "" && strings.Count(s.WeChatNotice, ":") != 2 {
		faults = append(faults, petition.Fail(petition.Invalid, "setting.wechat_notice"))
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
	case s.CaseAPI != "" && s.Open311 != "":
		return petition.Fail(petition.Invalid, "setting.open311")
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
