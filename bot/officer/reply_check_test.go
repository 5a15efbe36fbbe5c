package officer_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/assist/replycheck"
	"dengwen/bot"
	"dengwen/bot/officer"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// An answer is held against the case before it goes out; what is found stands under
// it and the button to make the move is there all the same.
func TestAnswerIsReadOver(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	o := office.Example()
	c := officer.New(o, words, func(string, bool) string { return "" }).WithReplyCheck(replycheck.New(o, time.Now, nil).Check)
	now := time.Date(2026, 8, 4, 2, 0, 0, 0, time.UTC)
	who := roster.Person{ID: "road-1", Unit: "transport", Roles: []petition.Role{petition.Officer}}
	s := bot.Session{Schema: bot.Schema, Officers: map[string]*bot.OfficerSession{"road-1": {
		Case: "ZS26-0001-KN", Class: petition.Claim, Open: "move", Field: 7, Step: 5,
		Move: &petition.Move{Name: petition.MoveReply, Text: "桥修好了，今后不得再上访。", Args: map[string]string{
			"request": "修桥；公开账目", "facts": "查看了现场", "basis": "有关规定", "outcome": "support",
		}},
	}}}
	written := &petition.View{Number: "ZS26-0001-KN", Drafts: []petition.Draft{{ID: 1, Version: 7, Author: who.ID}}}
	s, out := c.Step(s, bot.Event{ID: "1", Officer: &who, Outcome: &bot.Outcome{Effect: "desk:road-1:saved", View: written}}, now)
	if len(out) != 1 || out[0].Look == nil || out[0].Look.Number != "ZS26-0001-KN" || !out[0].Staff {
		t.Fatalf("the case is not looked at: %+v", out)
	}
	tag := out[0].Tag
	view := &petition.View{Number: "ZS26-0001-KN", Class: petition.Claim, Request: "修桥；公开账目"}
	for name, o := range map[string]bot.Outcome{
		"with the case":    {Effect: tag, View: view},
		"without the case": {Effect: tag, Err: petition.Fail(petition.Unavailable, "")},
	} {
		_, out := c.Step(s, bot.Event{ID: "2", Officer: &who, Outcome: &o}, now)
		if len(out) != 1 || out[0].Say == nil || !slices.ContainsFunc(slices.Concat(out[0].Say.Rows...), func(b bot.Button) bool { return strings.HasSuffix(b.Data, ":do") }) {
			t.Fatalf("%s: the answer cannot be sent: %+v", name, out)
		}
		for _, want := range []string{"公开账目", "不得再上访”像是要对方放弃权利", "没有写地点", "没有写是哪部法律"} {
			if found := strings.Contains(out[0].Say.Text, want); want != "公开账目" && found != (o.View != nil) {
				t.Errorf("%s: %q: %v in\n%s", name, want, found, out[0].Say.Text)
			}
		}
	}
	_, out = c.Step(s, bot.Event{ID: "3", Officer: &who, Outcome: &bot.Outcome{Effect: "desk:road-1:over:4", View: view}}, now)
	if len(out) != 0 {
		t.Errorf("an outcome that came too late is told: %+v", out)
	}
}
