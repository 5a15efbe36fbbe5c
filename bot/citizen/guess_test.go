package citizen

import (
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/petition"
)

// A subject that is likely but not sure stands on the card marked as a guess; the
// second likeliest is one press away, and a press settles it.
func TestGuessedSubjectOnTheCard(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, zone)
	s, out := b.Step(bot.Session{}, bot.Event{ID: "tg:1", Text: "下梁镇的路塌了，拖拉机过不去"}, now)
	if len(out) == 0 || out[len(out)-1].Read == nil {
		t.Fatalf("the story is not read: %+v", out)
	}
	reading := &bot.Reading{
		Kind: "story", KindConf: 0.9, Class: bot.Guess{Value: string(petition.Claim), Conf: 0.9},
		Subject: bot.Guess{Value: "transport.roads", Conf: 0.6}, Likely: []string{"transport.roads", "land.taking"},
		Place: bot.Guess{Value: "611026102", Conf: 0.9}, Title: "路塌了",
	}
	s, out = b.Step(s, bot.Event{ID: "tg:1/0", Outcome: &bot.Outcome{Effect: out[len(out)-1].Tag, Reading: reading}}, now)
	card := out[len(out)-1].Say
	if s.State != Card || !strings.Contains(card.Text, "拿不准") {
		t.Fatalf("state %s, card %q", s.State, card.Text)
	}
	last := card.Rows[len(card.Rows)-1][0]
	s, out = b.Step(s, bot.Event{ID: "tg:2", Press: &bot.Press{Data: last.Data}}, now)
	if s.Draft.Filing.Subject != "land.taking" || strings.Contains(out[len(out)-1].Say.Text, "拿不准") {
		t.Errorf("after pressing %q: subject %s, %q", last.Text, s.Draft.Filing.Subject, out[len(out)-1].Say.Text)
	}
	if _, stale := b.Step(s, bot.Event{ID: "tg:3", Press: &bot.Press{Data: last.Data}}, now); len(stale) == 0 {
		t.Error("the same press again is met with silence")
	}
}
