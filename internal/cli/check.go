package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/assist/model"
	"dengwen/documents"
	"dengwen/handlers/api"
	"dengwen/handlers/telegram"
	"dengwen/handlers/wechat"
	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/roster"
	"dengwen/storage/blob"
	"dengwen/storage/cases"
	"dengwen/storage/redis"
)

type checkCmd struct{}

// checkup gathers lines: what was looked at, how it stands, what to do.
type checkup struct {
	*speech
	ctx    context.Context
	set    *config.Settings
	std    streams
	office *petition.Office
	faults int
}

// Run looks at settings, data and every connection, and says in words what is wrong
// and what to do. It changes nothing but bringing tables up to date. The error counts
// the faults.
func (checkCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	c := &checkup{speech: sp, ctx: ctx, set: s, std: std}
	for _, look := range []func(){
		c.settings, c.proxies, c.encryption, c.languages, c.officeFile, c.calendar, c.disk, c.key, c.conversations, c.cases, c.backups, c.attachments,
		c.caseAPI, c.keys, c.running, c.telegram, c.wechat, c.outlets, c.model, c.templates,
	} {
		look()
	}
	if c.faults > 0 {
		return fault("check.faults", nil, "count", strconv.Itoa(c.faults))
	}
	return nil
}

var marks = map[string]string{"ok": "✓", "warning": "!", "fault": "✗"}

// line says how one thing stands, check.how, under its name, check.what.what.
func (c *checkup) line(mark, what, how string, args ...any) {
	fmt.Fprintln(c.std.out, c.say("check.line", "Mark", marks[mark]+" "+c.say("check.mark."+mark), "What", c.say("check.what."+what), "How", c.say("check."+how, args...)))
}

func (c *checkup) ok(what, how string, args ...any)   { c.line("ok", what, how, args...) }
func (c *checkup) warn(what, how string, args ...any) { c.line("warning", what, how, args...) }
func (c *checkup) fault(what, how string, args ...any) {
	c.faults++
	c.line("fault", what, how, args...)
}

// why is an error in words.
func (c *checkup) why(err error) string { return app.Explain(c.words, c.lang, err) }

func (c *checkup) settings() {
	if c.set.PublicURL == "" {
		c.warn("settings", "local_links")
		return
	}
	c.ok("settings", "public", "Address", c.set.Public())
}

// languages says what each language lacks: it is said in another.
func (c *checkup) languages() {
	var names []string
	for _, l := range c.words.Languages() {
		names = append(names, l.Tag+" "+l.Name)
		gaps := c.words.Gaps(l.Tag)
		missing := slices.DeleteFunc(slices.Clone(gaps), func(g locales.Gap) bool { return g.Lost != nil })
		if len(missing) > 0 {
			var keys []string
			for _, g := range missing[:min(len(missing), 10)] {
				keys = append(keys, g.Key)
			}
			c.warn("locales", "locales_missing", "Tag", l.Tag, "Count", len(missing), "All", len(c.words.Keys()), "Keys", strings.Join(keys, " "))
		}
		for _, g := range gaps {
			if g.Lost != nil {
				c.warn("locales", "locales_lost", "Tag", l.Tag, "Key", g.Key, "Lost", strings.Join(g.Lost, " "))
			}
		}
	}
	if _, err := app.NewBook(c.set, new(petition.Office), c.words); err != nil {
		c.fault("locales", "as_is", "Why", c.why(err))
		return
	}
	c.ok("locales", "locales_ok", "Names", strings.Join(names, ", "))
}

// proxies tells of a proxy in front that is not trusted: behind it all people count as one address.
func (c *checkup) proxies() {
	ctx, cancel := context.WithTimeout(c.ctx, 5*time.Second)
	defer cancel()
	switch at, err := app.UntrustedProxy(ctx, c.set); {
	case err != nil:
		return // said with the conversations
	case at != "":
		c.warn("proxies", "proxy_untrusted", "Address", at)
	case c.set.Proxies != "":
		c.ok("proxies", "proxies_trusted", "Networks", c.set.Proxies)
	default:
		c.ok("proxies", "proxies_local")
	}
}

// encryption tells of connections to other machines that others can read.
func (c *checkup) encryption() {
	if names := c.set.Plaintext(); len(names) > 0 {
		c.warn("encryption", "plaintext", "Names", strings.Join(names, ", "))
		return
	}
	c.ok("encryption", "encrypted")
}

func (c *checkup) officeFile() {
	o, warnings, err := office.Load(c.set.Office)
	if err != nil {
		c.fault("office", "as_is", "Why", c.why(err))
		return
	}
	c.office = o
	c.ok("office", "office_ok", "Office", o.Name, "Units", len(o.Units), "Places", len(o.Places), "Subjects", len(o.Categories))
	for _, w := range warnings {
		c.warn("office", "as_is", "Why", c.why(w))
	}
}

func (c *checkup) calendar() {
	cal, err := office.LoadCalendar(c.set.DataDir)
	if err != nil {
		c.fault("calendar", "as_is", "Why", c.why(err))
		return
	}
	now := time.Now()
	for _, year := range []int{now.Year(), now.AddDate(0, 3, 0).Year()} {
		if !cal.Known(year) {
			c.warn("calendar", "calendar_missing", "Year", year)
			return
		}
	}
	c.ok("calendar", "calendar_ok")
}

func (c *checkup) disk() {
	if err := os.MkdirAll(c.set.DataDir, 0o700); err != nil {
		c.fault("data", "data_unmade", "Why", c.why(err))
		return
	}
	f, err := os.CreateTemp(c.set.DataDir, "check-*")
	if err != nil {
		c.fault("data", "data_unwritten", "Folder", c.set.DataDir, "Why", c.why(err))
		return
	}
	_ = f.Close()
	_ = os.Remove(f.Name())
	free, err := app.FreeBytes(c.set.DataDir)
	switch {
	case err != nil:
		c.warn("data", "data_unmeasured", "Folder", c.set.DataDir)
	case free < 1<<30:
		c.warn("data", "data_full", "Folder", c.set.DataDir, "MB", free>>20)
	default:
		c.ok("data", "data_ok", "Folder", c.set.DataDir, "GB", free>>30)
	}
}

func (c *checkup) key() {
	log := app.NewLog(c.set, io.Discard)
	if _, err := app.OpenKey(c.set, log); err != nil {
		c.fault("key", "as_is", "Why", c.why(err))
		return
	}
	if c.set.Key == "" && c.set.KeyFile == "" {
		c.warn("key", "key_file", "File", app.KeyFile)
		return
	}
	c.ok("key", "key_ok")
}

func (c *checkup) conversations() {
	if c.set.RedisURL == "" {
		c.ok("conversations", "embedded")
		return
	}
	ctx, cancel := context.WithTimeout(c.ctx, 5*time.Second)
	defer cancel()
	s, err := redis.Open(ctx, c.set.RedisURL, redis.Log(slog.New(slog.DiscardHandler)))
	if err != nil {
		c.fault("redis", "redis_away", "Why", c.why(err))
		return
	}
	defer s.Close()
	if err := s.Ping(ctx); err != nil {
		c.fault("redis", "redis_unwritten", "Why", c.why(err))
	}
	c.redisFitness(s.Fitness(ctx))
}

func (c *checkup) redisFitness(f redis.Fitness, err error) {
	switch {
	case err != nil:
		c.warn("redis", "redis_unseen", "Why", c.why(err))
		return
	case !f.Persistent:
		c.fault("redis", "redis_forgets")
	case !f.Appends:
		c.fault("redis", "redis_snapshots")
	case !f.Always:
		c.warn("redis", "redis_second")
	default:
		c.ok("redis", "redis_ok", "Version", f.Version)
	}
	if f.Lonely > 0 {
		c.warn("redis", "redis_lonely", "Count", f.Lonely)
	}
	if f.Evicts != "" {
		c.fault("redis", "redis_evicts", "Policy", f.Evicts)
	}
}

func (c *checkup) cases() {
	if c.set.CaseAPI != "" {
		return
	}
	box, err := app.OpenKey(c.set, app.NewLog(c.set, io.Discard))
	if err != nil {
		return // said before
	}
	ctx, cancel := context.WithTimeout(c.ctx, 30*time.Second)
	defer cancel()
	s, err := app.OpenCases(ctx, c.set, box)
	if err != nil {
		c.fault("cases", "as_is", "Why", c.why(err))
		return
	}
	defer s.Close()
	c.namedOfficers(s.People(ctx, ""))
	switch n, err := s.CountUntold(ctx); {
	case err != nil:
		c.fault("untold", "as_is", "Why", c.why(err))
	case n > 0:
		c.warn("untold", "untold_some", "Count", n)
	default:
		c.ok("untold", "untold_none")
	}
	if c.office != nil {
		if err := app.CheckUnits(ctx, s, c.office); err != nil {
			c.fault("office", "as_is", "Why", c.why(err))
		}
	}
	if c.set.DatabaseURL == "" {
		c.ok("cases", "sqlite_ok")
		return
	}
	c.ok("cases", "postgres_ok")
	if drift, err := s.Drift(ctx, time.Now()); err == nil && drift.Abs() > 5*time.Second {
		c.fault("clock", "clock_drift", "Drift", drift.Round(time.Second))
	}
}

// oldBackup is how old the newest backup may be: a day and some hours where one is made every night.
const oldBackup = 30 * time.Hour

// backups tells how old the newest backup is, and whether this store may be worked with after a restore.
func (c *checkup) backups() {
	if c.set.CaseAPI != "" {
		return
	}
	ctx, cancel := context.WithTimeout(c.ctx, 30*time.Second)
	defer cancel()
	var in cases.Instance
	err := app.WithStore(ctx, c.set, app.NewLog(c.set, io.Discard), func(a *app.App) (err error) {
		in, err = a.Store.Instance(ctx)
		return err
	})
	if err != nil {
		return // said with the case store
	}
	switch {
	case in.Half:
		c.fault("restore", "restore_half")
	case in.Waits:
		c.fault("restore", "restore_waits", "Made", in.Made.Format(time.DateTime))
	}
	age := time.Since(in.Backup)
	switch {
	case in.Backup.IsZero():
		c.warn("backup", "backup_none")
	case age > oldBackup:
		c.warn("backup", "backup_old", "Hours", int(age.Hours()), "File", in.BackupFile)
	case !fileThere(in.BackupFile):
		c.warn("backup", "backup_gone", "Hours", int(age.Hours()), "File", in.BackupFile)
	default:
		c.ok("backup", "backup_ok", "Hours", int(age.Hours()), "File", in.BackupFile)
	}
	if c.set.BackupDir == "" {
		c.warn("backup", "backup_by_hand")
	}
}

func fileThere(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// namedOfficers tells whether reports on misconduct reach anybody: those of the unit that gets
// them, and those of the unit above for reports about that one.
func (c *checkup) namedOfficers(people []roster.Person, err error) {
	if err != nil || c.office == nil {
		return // said with the case store and the office's file
	}
	for _, unit := range []string{c.office.SealedUnit, c.office.SealedAbove} {
		there := slices.ContainsFunc(people, func(p roster.Person) bool { return p.Unit == unit && p.Active() && p.Has(petition.Sealed) })
		if unit != "" && !there {
			c.warn("reports", "reports_unread", "Name", c.office.UnitName(unit), "Unit", unit)
		}
	}
}

func (c *checkup) attachments() {
	box, err := app.OpenKey(c.set, app.NewLog(c.set, io.Discard))
	if err != nil || c.set.CaseAPI != "" {
		return
	}
	ctx, cancel := context.WithTimeout(c.ctx, 10*time.Second)
	defer cancel()
	blobs, err := blob.Open(ctx, c.set.BlobURL, c.set.DataDir, box)
	if err == nil {
		_, _, err = blobs.Put(ctx, "check", strings.NewReader("check"), 16)
	}
	if err == nil {
		err = blobs.Delete(ctx, "check")
	}
	if err != nil {
		c.fault("attachments", "attachments_unwritten", "Why", c.why(err))
		return
	}
	c.ok("attachments", "attachments_ok")
}

func (c *checkup) caseAPI() {
	if c.set.CaseAPI == "" {
		return
	}
	ctx, cancel := context.WithTimeout(c.ctx, 5*time.Second)
	defer cancel()
	client := api.NewClient(c.set.CaseAPI, c.set.CaseAPIKey, nil)
	_, err := client.Notices(ctx, "", 1)
	if err != nil {
		c.fault("case_api", "case_api_away", "Address", c.set.CaseAPI, "Why", c.why(err))
		return
	}
	c.ok("case_api", "case_api_ok", "Address", c.set.CaseAPI)
	c.checkRemoteRoster(ctx, client)
}

// checkRemoteRoster tells whether the key of a case API elsewhere lets the office's people
// work here.
func (c *checkup) checkRemoteRoster(ctx context.Context, client *api.Client) {
	if !app.HasRoster(ctx, client) {
		c.warn("staff", "staff_none")
		return
	}
	c.ok("staff", "staff_ok")
	if _, err := client.List(ctx, petition.System(), petition.Query{Limit: 1}); petition.CodeOf(err) == petition.Forbidden {
		c.warn("staff", "staff_scope")
	}
}

func (c *checkup) keys() {
	keys, err := app.APIKeys(c.set)
	switch {
	case err != nil:
		c.fault("api_keys", "api_keys_bad", "Why", c.why(err))
	case len(keys) == 0 && c.set.CaseAPI == "":
		c.ok("api_keys", "api_keys_none")
	case len(keys) > 0:
		c.ok("api_keys", "count", "Count", len(keys))
	}
}

func (c *checkup) telegram() {
	if c.set.TelegramToken == "" {
		c.ok("telegram", "telegram_off")
		return
	}
	d, err := telegram.New(telegram.Config{
		Token: c.set.TelegramToken, APIURL: c.set.TelegramAPI, WebhookURL: c.set.WebhookURL, Secret: c.set.WebhookSecret,
		TestEnvironment: c.set.TelegramTest, LocalDir: c.set.TelegramLocal, Now: time.Now,
	})
	if err != nil {
		c.fault("telegram", "as_is", "Why", c.why(err))
		return
	}
	if dir := c.set.TelegramLocal; dir != "" {
		if _, err := os.ReadDir(dir); err != nil {
			c.fault("telegram", "telegram_local", "Why", c.why(err))
		}
	}
	ctx, cancel := context.WithTimeout(c.ctx, 10*time.Second)
	defer cancel()
	c.telegramFitness(d.Fitness(ctx))
}

func (c *checkup) telegramFitness(f telegram.Fitness, err error) {
	switch {
	case err != nil:
		c.fault("telegram", "telegram_away", "Why", c.why(err))
		return
	case c.set.WebhookURL != "" && f.Webhook == "":
		c.warn("telegram", "telegram_webhook", "Name", f.Name)
	case f.Elsewhere:
		c.fault("telegram", "telegram_elsewhere", "Name", f.Name, "Address", hostOf(f.Webhook))
	case f.Fault != "":
		c.warn("telegram", "telegram_failed", "Name", f.Name, "Why", f.Fault, "Count", f.Waiting)
	default:
		c.ok("telegram", "telegram_ok", "Name", f.Name, "Count", f.Waiting)
	}
	c.warn("telegram", "telegram_abroad")
}

// hostOf is the host in an address: the rest may be a secret.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

func (c *checkup) wechat() {
	if c.set.WeChatAppID == "" {
		c.ok("wechat", "wechat_off")
		return
	}
	ctx, cancel := context.WithTimeout(c.ctx, 10*time.Second)
	defer cancel()
	if err := app.CheckWeChat(ctx, c.set); err != nil {
		c.fault("wechat", "wechat_away", "Why", c.why(err))
		return
	}
	c.ok("wechat", "wechat_ok", "Address", c.set.Public()+wechat.Path)
}

// outlets are where units are told besides their chats.
func (c *checkup) outlets() {
	if c.office == nil {
		return
	}
	switch n, err := app.CheckTell(c.set, c.office); {
	case err != nil:
		c.fault("tell", "as_is", "Why", c.why(err))
	case n == 0:
		c.ok("tell", "tell_none")
	default:
		c.ok("tell", "tell_ok", "Count", n)
	}
}

func (c *checkup) model() {
	if !c.set.Model() {
		c.ok("model", "model_off")
		return
	}
	if _, err := model.New(model.Config{Prompts: c.set.OpenAIPrompts}, &petition.Office{}, nil); err != nil {
		c.fault("model", "model_prompts", "Why", c.why(err))
		return
	}
	base := c.set.OpenAIBase
	if base == "" {
		base = "https://api.openai.com/v1"
	}
	ctx, cancel := context.WithTimeout(c.ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(base, "/")+"/models", nil)
	if err != nil {
		c.fault("model", "as_is", "Why", c.why(err))
		return
	}
	req.Header.Set("Authorization", "Bearer "+c.set.OpenAIKey)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }} // the key goes nowhere else
	res, err := client.Do(req)
	if err != nil {
		c.warn("model", "model_away", "Why", c.why(err))
		return
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden:
		c.warn("model", "model_key", "Status", res.Status)
	case res.StatusCode >= 500:
		c.warn("model", "model_ill", "Status", res.Status)
	default:
		c.ok("model", "model_ok", "Address", base, "Model", c.set.OpenAIModel)
	}
}

func (c *checkup) templates() {
	r, err := documents.New(c.set.Templates, c.set.Fonts)
	if err != nil {
		c.fault("templates", "as_is", "Why", c.why(err))
		return
	}
	c.ok("templates", "kinds", "Count", len(documents.Kinds()))
	lost, err := r.Lost()
	if err != nil {
		c.fault("templates", "as_is", "Why", c.why(err))
	}
	for _, kind := range slices.Sorted(maps.Keys(lost)) {
		for _, f := range lost[kind] {
			c.warn("templates", "lost", "File", kind+".txt", "Field", f.Name, "Source", f.Source)
		}
	}
	for _, name := range c.names() {
		if lacking := r.Lacking(name); lacking != nil {
			c.warn("fonts", "lacking", "Name", name, "Which", documents.Codes(lacking))
		}
	}
}

// names are those of the office that stand on documents.
func (c *checkup) names() []string {
	if c.office == nil {
		return nil
	}
	names := []string{c.office.Name, c.office.Address}
	for _, u := range c.office.Units {
		names = append(names, u.Name, u.Address, u.Organ)
	}
	for _, p := range c.office.Places {
		names = append(append(names, p.Name), p.Villages...)
	}
	return names
}
