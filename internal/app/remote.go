package app

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"dengwen/handlers/api"
	"dengwen/handlers/mail"
	"dengwen/handlers/robot"
	"dengwen/handlers/sms"
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
	if err := noRoster(rosterFault(ctx, client)); err != nil && petition.CodeOf(err) != petition.Unavailable {
		a.log.Warn("officers cannot work in chat here", "err", err)
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
	err := noRoster(rosterFault(ctx, client))
	return err == nil || petition.CodeOf(err) == petition.Unavailable
}

// noRoster says why the office's people can't be had from a case API that gave this answer:
// Unavailable when it gave none and may in a minute.
func noRoster(err error) error {
	var e *petition.Error
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &e):
		return fault("cli.api_away", err)
	case e.Key == "api.key":
		return petition.Fail(petition.Forbidden, "cli.api_key_unknown")
	case e.Code == petition.Forbidden:
		return petition.Fail(petition.Forbidden, "cli.api_key_scope")
	case e.Code == petition.NotFound:
		return petition.Fail(petition.NotFound, "cli.api_old")
	}
	if e.Err != nil { // why the line is dead
		err = e.Err
	}
	return fault("cli.api_away", err)
}

// chatsElsewhere reports whether another process runs the office's chats and reaches the
// cases here over the API: there is a key with the scope desk, and no chat of our own.
func (a *App) chatsElsewhere() bool {
	return a.Settings.TelegramToken == "" && a.Settings.WeChatAppID == "" &&
		slices.ContainsFunc(a.apiKeys.Now(), func(k api.Key) bool { return slices.Contains(k.Scopes, api.Desk) })
}

// elsewhere reports whether a conversation is that process's, which reads the feed itself:
// all but those of the web page here, and where this one tells units.
func (a *App) elsewhere() func(conv string) bool {
	if !a.chatsElsewhere() {
		return nil
	}
	return func(conv string) bool {
		prefix, _, _ := strings.Cut(conv, ":")
		return !slices.Contains([]string{"web", robot.Prefix, mail.Prefix, sms.Prefix}, prefix)
	}
}

// caseAPIAt is where the cases are, without a password that stands in the address.
func caseAPIAt(s *config.Settings) string {
	u, err := url.Parse(s.CaseAPI)
	if err != nil {
		return "…"
	}
	return u.Redacted()
}
