package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/petition"
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
	cal, err := petition.LoadCalendar(c.set.DataDir)
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
	free, err := freeBytes(c.set.DataDir)
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
	h := newLog(c.set, io.Discard)
	if _, err := openKey(c.set, h); err != nil {
		c.fault("密钥", "%v", err)
		return
	}
	if c.set.Key == "" {
		c.warn("密钥", "用的是数据目录里的 %s，请另存一份，丢了它数据就读不出来", keyFile)
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
	box, err := openKey(c.set, newLog(c.set, io.Discard))
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
	if c.set.DatabaseURL == "" {
		c.ok("案件库", "SQLite，存在数据目录里，表结构是最新的")
		return
	}
	c.ok("案件库", "PostgreSQL，表结构是最新的")
	if drift, err := s.Drift(ctx, time.Now()); err == nil && drift.Abs() > 5*time.Second {
		c.fault("时钟", "和数据库差 %v，期限会算错；两台机器都要对时", drift.Round(time.Second))
	}
}

func (c *checkup) attachments() {
	box, err := openKey(c.set, newLog(c.set, io.Discard))
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
