package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"dengwen/assist/model"
	"dengwen/bot"
	"dengwen/handlers/api"
	"dengwen/handlers/telegram"
	"dengwen/paper"
	"dengwen/petition"
)

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
	c.remoteDesk(ctx, client)
}

// remoteDesk looks what a key of another process lets the office's own people do here.
func (c *checkup) remoteDesk(ctx context.Context, client *api.Client) {
	if noDesk(deskThere(ctx, client)) != (saying{}) {
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
		Accept: noEvents, Now: time.Now,
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

// noEvents takes nothing in: the check only asks.
func noEvents(context.Context, string, bot.Event) error { return errors.New("only looking") }

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
	if _, err := paper.New(c.set.Templates); err != nil {
		c.fault("文书模板", "%v", err)
		return
	}
	c.ok("文书模板", "%d 种", len(paper.Kinds()))
}
