package app

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/roster"
)

// openRemote uses the cases of a case API elsewhere, and its roster where the key has the
// scope desk. Without it citizens are served and officers are not.
func (a *App) openRemote(ctx context.Context) error {
	client := api.NewClient(a.Settings.CaseAPI, a.Settings.CaseAPIKey, nil)
	a.Cases = notifyingCases{client, a.wake}
	cal, err := office.LoadCalendar(a.Settings.DataDir)
	if err != nil {
		return err
	}
	a.law = petition.NewLaw(a.Office, cal)
	// An API that does not answer now is no reason to do without: it may in a minute.
	if no := noRoster(rosterFault(ctx, client)); no != (bilingual{}) {
		a.log.Warn("officers cannot work in chat here: " + no.en)
		return nil
	}
	a.useRoster(client)
	return nil
}

func (a *App) useRoster(client *api.Client) {
	a.Roster = roster.New(client, client, a.Office, time.Now, NewID)
	a.Bulletins = bulletin.New(client, a.Office, time.Now, NewID)
	a.digest = client.Digests
}

// rosterFault asks a case API whether it has the office's people for us.
func rosterFault(ctx context.Context, client *api.Client) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, err := client.Bindings(ctx, "")
	return err
}

// HasRoster reports whether a case API serves the office's people to us; true too
// where it does not answer now.
func HasRoster(ctx context.Context, client *api.Client) bool {
	return noRoster(rosterFault(ctx, client)) == bilingual{}
}

// bilingual is a sentence in both languages.
type bilingual struct{ zh, en string }

// noRoster says why the office's people can't be had from a case API that gave this
// answer; nothing when they can, or may when it answers.
func noRoster(err error) bilingual {
	var e *petition.Error
	switch {
	case !errors.As(err, &e):
	case e.Key == "api.key":
		return bilingual{"它不认识 CASE_API_KEY 里的密钥", "it does not know the key of CASE_API_KEY"}
	case e.Code == petition.Forbidden:
		return bilingual{"CASE_API_KEY 的密钥缺 desk 权限（dengwen api-key 名字 --scopes citizens,staff,sealed,desk）",
			"the key of CASE_API_KEY has no scope desk (dengwen api-key NAME --scopes citizens,staff,sealed,desk)"}
	case e.Code == petition.NotFound:
		return bilingual{"那边的案件接口是旧版本", "the case API there is of an older version"}
	}
	return bilingual{}
}

// chatsElsewhere reports whether another process runs the office's chats and reaches the
// cases here over the API: there is a key with the scope desk and no bot token.
func (a *App) chatsElsewhere() bool {
	keys, err := api.ParseKeys(a.Settings.APIKeys)
	return err == nil && a.Settings.TelegramToken == "" &&
		slices.ContainsFunc(keys, func(k api.Key) bool { return slices.Contains(k.Scopes, api.Desk) })
}

// elsewhere reports whether a conversation is that process's, which reads the feed itself:
// all but those of the web page here.
func (a *App) elsewhere() func(conv string) bool {
	if !a.chatsElsewhere() {
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
