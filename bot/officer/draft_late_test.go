package officer_test

import (
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/officer"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// An answer of a paper that waited for the case service is told of when it is saved, with the
// button that goes on, as was promised when its question was closed.
func TestAnswerSavedLateIsTold(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	c := officer.New(office.Example(), words, func(string, bool) string { return "" })
	now := time.Date(2026, 8, 4, 2, 0, 0, 0, time.UTC)
	who := roster.Person{ID: "road-1", Unit: "transport", Roles: []petition.Role{petition.Officer}}
	s := bot.Session{Schema: bot.Schema, Officers: map[string]*bot.OfficerSession{who.ID: {
		Case: "ZS26-0001-KN", Class: petition.Claim, Open: "move", Field: 1, Move: &petition.Move{Name: petition.MoveReply},
	}}}
	away := &bot.Outcome{Effect: "desk:road-1:saved", Err: petition.Fail(petition.Unavailable, ""), Pending: true}
	s, _ = c.Step(s, bot.Event{ID: "1", Officer: &who, Outcome: away}, now)
	written := &petition.View{Number: "ZS26-0001-KN", Class: petition.Claim, Drafts: []petition.Draft{{
		ID: 1, Version: 1, State: petition.DraftWriting, Author: who.ID, Writers: []string{who.ID}, Paper: petition.Move{Name: petition.MoveReply},
	}}}
	_, out := c.Step(s, bot.Event{ID: "2", Officer: &who, Outcome: &bot.Outcome{Effect: "desk:road-1:saved", View: written}}, now)
	if len(out) != 1 || out[0].Say == nil || len(out[0].Say.Rows) != 1 || !strings.Contains(out[0].Say.Rows[0][0].Data, "paperdraft:ZS26-0001-KN:1") {
		t.Fatalf("the officer is not told: %+v", out)
	}
}
