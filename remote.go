package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/config"
	"dengwen/petition"
)

// openRemote reaches the cases over a case API elsewhere, and the office's people too
// where the key may. Without the scope desk citizens are served and officers are not.
func (h *house) openRemote(ctx context.Context) error {
	client := api.NewClient(h.set.CaseAPI, h.set.CaseAPIKey, nil)
	h.cases = client
	cal, err := petition.LoadCalendar(h.set.DataDir)
	if err != nil {
		return err
	}
	h.law = petition.NewLaw(h.office, cal)
	// An API that does not answer now is no reason to do without: it may in a minute.
	if no := noDesk(deskThere(ctx, client)); no != (saying{}) {
		h.log.Warn("officers cannot work in chat here: " + no.en)
		return nil
	}
	h.useDesk(client)
	return nil
}

func (h *house) useDesk(client *api.Client) {
	h.desk = petition.NewDesk(client, client, h.office, time.Now, newID)
	h.board = petition.NewBoard(client, h.office, time.Now, newID)
	h.digest = client.Digests
}

// deskThere asks a case API whether it has the office's people for us.
func deskThere(ctx context.Context, client *api.Client) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, err := client.Bindings(ctx, "")
	return err
}

// saying is a sentence in both languages.
type saying struct{ zh, en string }

// noDesk says why the office's people can't be had from a case API that gave this
// answer; nothing when they can, or may when it answers.
func noDesk(err error) saying {
	var e *petition.Error
	switch {
	case !errors.As(err, &e):
	case e.Key == "api.key":
		return saying{"它不认识 CASE_API_KEY 里的密钥", "it does not know the key of CASE_API_KEY"}
	case e.Code == petition.Forbidden:
		return saying{"CASE_API_KEY 的密钥缺 desk 权限（dengwen api-key 名字 --scopes citizens,staff,sealed,desk）",
			"the key of CASE_API_KEY has no scope desk (dengwen api-key NAME --scopes citizens,staff,sealed,desk)"}
	case e.Code == petition.NotFound:
		return saying{"那边的案件接口是旧版本", "the case API there is of an older version"}
	}
	return saying{}
}

// keepsForOthers reports whether the office's chats are run by another process that
// reaches the cases here over the API.
func (h *house) keepsForOthers() bool {
	keys, err := api.ParseKeys(h.set.APIKeys)
	return err == nil && h.set.TelegramToken == "" &&
		slices.ContainsFunc(keys, func(k api.Key) bool { return slices.Contains(k.Scopes, api.Desk) })
}

// elsewhere reports whether a conversation lives with that other process, which reads
// the feed itself: all but those of the page here.
func (h *house) elsewhere() func(conv string) bool {
	if !h.keepsForOthers() {
		return nil
	}
	return func(conv string) bool { return !strings.HasPrefix(conv, "web:") }
}

// caseAPIAt is where the cases are, without a password that stands in the address.
func caseAPIAt(s *config.Settings) string {
	u, err := url.Parse(s.CaseAPI)
	if err != nil {
		return "…"
	}
	return u.Redacted()
}

// withRemote is withDesk over a case API. Somebody waits for the answer, so one that
// can't be given is said with what to do, and not left to the log.
func (h *house) withRemote(ctx context.Context, do func(h *house) error) error {
	client := api.NewClient(h.set.CaseAPI, h.set.CaseAPIKey, nil)
	err := deskThere(ctx, client)
	no := noDesk(err)
	switch {
	case no != saying{}:
	case err != nil:
		no = saying{"现在连不上，看看它开着没有、地址对不对", "it does not answer; see that it runs and that the address is right"}
	default:
		h.cases = client
		h.useDesk(client)
		return do(h)
	}
	zh := fmt.Sprintf("工作人员的名册在案件接口那边（CASE_API_URL=%s）：%s。也可以到那台机器上运行这条命令，不设 CASE_API_URL", caseAPIAt(h.set), no.zh)
	en := fmt.Sprintf("the office's people are with the case API (CASE_API_URL=%s): %s. Or run this on that machine, without CASE_API_URL", caseAPIAt(h.set), no.en)
	var e *petition.Error
	if errors.As(err, &e) && e.Code == petition.Unavailable && e.Err != nil { // why the line is dead
		return fmt.Errorf("%s / %s (%w)", zh, en, e.Err)
	}
	return fmt.Errorf("%s / %s", zh, en)
}
