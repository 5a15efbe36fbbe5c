package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dengwen/handlers/api"
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
	if why := noDesk(ctx, client); why != "" {
		h.log.Warn("officers cannot work in chat here: " + why)
		return nil
	}
	h.desk = petition.NewDesk(client, client, h.office, time.Now, newID)
	h.board = petition.NewBoard(client, h.office, time.Now, newID)
	h.digest = client.Digests
	return nil
}

// noDesk says why the office's people can't be had from a case API, "" when they can. An
// API that does not answer now is no reason: it may in a minute.
func noDesk(ctx context.Context, client *api.Client) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, err := client.Bindings(ctx, "")
	switch petition.CodeOf(err) {
	case petition.Forbidden:
		return "the key of CASE_API_KEY has no scope desk (dengwen api-key NAME --scopes citizens,staff,sealed,desk)"
	case petition.NotFound:
		return "the case API there is of an older version"
	}
	return ""
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

// withRemote is withDesk over a case API.
func (h *house) withRemote(ctx context.Context, do func(h *house) error) error {
	if err := h.openRemote(ctx); err != nil {
		return err
	}
	if h.desk == nil {
		return fmt.Errorf("the case API at %s does not let this key see the office's people", h.set.CaseAPI)
	}
	return do(h)
}
