package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"dengwen/assist/model"
	"dengwen/documents"
	"dengwen/handlers/api"
	"dengwen/handlers/telegram"
	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/petition"
	"dengwen/petition/roster"
	"dengwen/storage/blob"
	"dengwen/storage/cases"
	"dengwen/storage/redis"
)

type checkCmd struct{}

// checkup gathers lines: what was looked at, how it stands, what to do.
type checkup struct {
	ctx    context.Context
	set    *config.Settings
	std    streams
	office *petition.Office
	faults int
}

// Run looks at settings, data and every connection, and says in words what is wrong
// and what to do. It changes nothing but bringing tables up to date. The error counts
// the faults.
func (checkCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	c := &checkup{ctx: ctx, set: s, std: std}
	for _, look := range []func(){
		c.settings, c.officeFile, c.calendar, c.disk, c.key, c.conversations, c.cases, c.attachments,
		c.caseAPI, c.keys, c.telegram, c.model, c.templates,
	} {
		look()
	}
	if c.faults > 0 {
		return fmt.Errorf("%d 处故障，先改好再用 / %d faults to mend first", c.faults, c.faults)
	}
	return nil
}

func (c *checkup) line(mark, what, how string, args ...any) {
	fmt.Fprintf(c.std.out, "%s %s：%s\n", mark, what, fmt.Sprintf(how, args...))
}

func (c *checkup) ok(what, how string, args ...any)   { c.line("✓ 正常 ok     ", what, how, args...) }
func (c *checkup) warn(what, how string, args ...any) { c.line("! 注意 warning", what, how, args...) }
func (c *checkup) fault(what, how string, args ...any) {
	c.faults++
	c.line("✗ 故障 fault  ", what, how, args...)
}

func (c *checkup) settings() {
	if c.set.PublicURL == "" {
		c.warn("设置", "没有设 DENGWEN_PUBLIC_URL，回执上的链接只在本机能打开")
		return
	}
	c.ok("设置", "群众看到的地址是 %s", c.set.Public())
}

func (c *checkup) officeFile() {
	o, warnings, err := office.Load(c.set.Office)
	if err != nil {
		c.fault("单位文件", "%v", err)
		return
	}
	c.office = o
	c.ok("单位文件", "%s，%d 个单位，%d 个地方，%d 个类别", o.Name, len(o.Units), len(o.Places), len(o.Categories))
	for _, w := range warnings {
		c.warn("单位文件", "%s", w)
	}
}

func (c *checkup) calendar() {
	cal, err := office.LoadCalendar(c.set.DataDir)
	if err != nil {
		c.fault("工作日历", "%v", err)
		return
	}
	now := time.Now()
	for _, year := range []int{now.Year(), now.AddDate(0, 3, 0).Year()} {
		if !cal.Known(year) {
			c.warn("工作日历", "没有 %d 年的放假通知，这一年的日期先按法定节日算，标为暂定；通知出来后用 dengwen calendar import 导入", year)
			return
		}
	}
	c.ok("工作日历", "今年的放假安排在里面")
}

func (c *checkup) disk() {
	if err := os.MkdirAll(c.set.DataDir, 0o700); err != nil {
		c.fault("数据目录", "%v；换一个能写的目录，设 DENGWEN_DATA_DIR", err)
		return
	}
	f, err := os.CreateTemp(c.set.DataDir, "check-*")
	if err != nil {
		c.fault("数据目录", "%s 写不进去：%v", c.set.DataDir, err)
		return
	}
	_ = f.Close()
	_ = os.Remove(f.Name())
	free, err := app.FreeBytes(c.set.DataDir)
	switch {
	case err != nil:
		c.warn("数据目录", "%s 能写；看不到还剩多少空间", c.set.DataDir)
	case free < 1<<30:
		c.warn("数据目录", "%s 只剩 %d MB，请清理或者换盘", c.set.DataDir, free>>20)
	default:
		c.ok("数据目录", "%s 能写，还剩 %d GB", c.set.DataDir, free>>30)
	}
}

func (c *checkup) key() {
	log := app.NewLog(c.set, io.Discard)
	if _, err := app.OpenKey(c.set, log); err != nil {
		c.fault("密钥", "%v", err)
		return
	}
	if c.set.Key == "" {
		c.warn("密钥", "用的是数据目录里的 %s，请另存一份，丢了它数据就读不出来", app.KeyFile)
		return
	}
	c.ok("密钥", "DENGWEN_KEY 能用")
}

func (c *checkup) conversations() {
	if c.set.RedisURL == "" {
		c.ok("会话", "存在数据目录里（没有设 REDIS_URL）")
		return
	}
	ctx, cancel := context.WithTimeout(c.ctx, 5*time.Second)
	defer cancel()
	s, err := redis.Open(ctx, c.set.RedisURL, redis.Log(slog.New(slog.DiscardHandler)))
	if err != nil {
		c.fault("Redis", "连不上：%v", err)
		return
	}
	defer s.Close()
	if err := s.Ping(ctx); err != nil {
		c.fault("Redis", "连得上，写不进去：%v；看看是不是满了，或者连到了副本", err)
	}
	c.redisFitness(s.Fitness(ctx))
}

func (c *checkup) redisFitness(f redis.Fitness, err error) {
	switch {
	case err != nil:
		c.warn("Redis", "连得上，但看不到它的配置：%v；请自己确认 appendonly yes 和 maxmemory-policy noeviction", err)
		return
	case !f.Persistent:
		c.fault("Redis", "不存盘，一重启没提交的话就没了；在 redis.conf 里设 appendonly yes")
	case !f.Appends:
		c.fault("Redis", "隔一会儿才存一次盘，一停可能丢几分钟到一小时里群众说的话；在 redis.conf 里设 appendonly yes")
	case !f.Always:
		c.warn("Redis", "断电可能丢最后一秒；在 redis.conf 里设 appendfsync always")
	default:
		c.ok("Redis", "%s，每次写入都存盘", f.Version)
	}
	if f.Lonely > 0 {
		c.warn("Redis", "集群里有 %d 个主节点没有副本：它停了，归它管的会话就停着，等它回来；每个主节点配一个副本", f.Lonely)
	}
	if f.Evicts != "" {
		c.fault("Redis", "内存满了会删数据（%s）；设 maxmemory-policy noeviction", f.Evicts)
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
	s, err := cases.Open(ctx, c.set.Database(), c.set.DataDir, box)
	if err != nil {
		c.fault("案件库", "打不开：%v", err)
		return
	}
	defer s.Close()
	c.namedOfficers(s.People(ctx, ""))
	if c.set.DatabaseURL == "" {
		c.ok("案件库", "SQLite，存在数据目录里，表结构是最新的")
		return
	}
	c.ok("案件库", "PostgreSQL，表结构是最新的")
	if drift, err := s.Drift(ctx, time.Now()); err == nil && drift.Abs() > 5*time.Second {
		c.fault("时钟", "和数据库差 %v，期限会算错；两台机器都要对时", drift.Round(time.Second))
	}
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
			c.warn("检举控告", "%s还没有指定的人，转给它的举报没有人看；请做：dengwen staff invite --unit %s --role sealed", c.office.UnitName(unit), unit)
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
		c.fault("附件", "存不进去：%v", err)
		return
	}
	c.ok("附件", "能存能删")
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
		c.fault("案件接口", "%s 用不了：%v；看看地址和 CASE_API_KEY，密钥要有 citizens 权限", c.set.CaseAPI, err)
		return
	}
	c.ok("案件接口", "%s 能用", c.set.CaseAPI)
	c.checkRemoteRoster(ctx, client)
}

// checkRemoteRoster tells whether the key of a case API elsewhere lets the office's people
// work here.
func (c *checkup) checkRemoteRoster(ctx context.Context, client *api.Client) {
	if !app.HasRoster(ctx, client) {
		c.warn("工作人员", "这把密钥只能接待群众：工作人员在这里没有待办、没有群、收不到通知，服务通知也设不了；要用，在案件那边做一把 dengwen api-key 名称 --scopes citizens,staff,sealed,desk")
		return
	}
	c.ok("工作人员", "名册、邀请、群和服务通知都经案件接口；打印文书（dengwen notice）、报表和示例数据要在案件那台机器上做")
	if _, err := client.List(ctx, petition.System(), petition.Query{Limit: 1}); petition.CodeOf(err) == petition.Forbidden {
		c.warn("工作人员", "密钥缺 staff 或者 sealed 权限，工作人员有些步骤办不了")
	}
}

func (c *checkup) keys() {
	keys, err := api.ParseKeys(c.set.APIKeys)
	switch {
	case err != nil:
		c.fault("接口密钥", "DENGWEN_API_KEYS：%v", err)
	case len(keys) == 0 && c.set.CaseAPI == "":
		c.ok("接口密钥", "没有，外面的程序用不了案件接口（要用：dengwen api-key）")
	case len(keys) > 0:
		c.ok("接口密钥", "%d 个", len(keys))
	}
}

func (c *checkup) telegram() {
	if c.set.TelegramToken == "" {
		c.ok("Telegram", "没有开（没有设 TELEGRAM_BOT_TOKEN）")
		return
	}
	d, err := telegram.New(telegram.Config{
		Token: c.set.TelegramToken, APIURL: c.set.TelegramAPI, WebhookURL: c.set.WebhookURL, Secret: c.set.WebhookSecret,
		Now: time.Now,
	})
	if err != nil {
		c.fault("Telegram", "%v", err)
		return
	}
	ctx, cancel := context.WithTimeout(c.ctx, 10*time.Second)
	defer cancel()
	c.telegramFitness(d.Fitness(ctx))
}

func (c *checkup) telegramFitness(f telegram.Fitness, err error) {
	switch {
	case err != nil:
		c.fault("Telegram", "连不上或者令牌不对：%v", err)
		return
	case c.set.WebhookURL != "" && f.Webhook == "":
		c.warn("Telegram", "@%s；还没有设好 webhook，启动时会设", f.Name)
	case f.Fault != "":
		c.warn("Telegram", "@%s；上次送达失败：%s，还有 %d 条在等", f.Name, f.Fault, f.Waiting)
	default:
		c.ok("Telegram", "@%s，%d 条在等", f.Name, f.Waiting)
	}
	c.warn("Telegram", "群众说的话先到境外的服务器；正式接信访之前要过法律和安全评估，见 README")
}

func (c *checkup) model() {
	if !c.set.Model() {
		c.ok("语言模型", "没有用，离线的照样读")
		return
	}
	if _, err := model.New(model.Config{Prompts: c.set.OpenAIPrompts}, &petition.Office{}, nil); err != nil {
		c.fault("语言模型", "OPENAI_PROMPTS：%v；改好，或者不设，用自带的", err)
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
		c.fault("语言模型", "%v", err)
		return
	}
	req.Header.Set("Authorization", "Bearer "+c.set.OpenAIKey)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.warn("语言模型", "连不上：%v；先用离线的读", err)
		return
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden:
		c.warn("语言模型", "密钥不被接受（%s）；先用离线的读", res.Status)
	case res.StatusCode >= 500:
		c.warn("语言模型", "对方出错（%s）；先用离线的读", res.Status)
	default:
		c.ok("语言模型", "%s 有回应，用 %s", base, c.set.OpenAIModel)
	}
}

func (c *checkup) templates() {
	if _, err := documents.New(c.set.Templates); err != nil {
		c.fault("文书模板", "%v", err)
		return
	}
	c.ok("文书模板", "%d 种", len(documents.Kinds()))
}
