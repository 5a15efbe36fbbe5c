package citizen

import (
	"strings"
	"testing"

	"dengwen/bot"
	"dengwen/petition"
)

// told brings a story to its card with what the reader made of it.
func told(t *testing.T, b *Conversation, s bot.Session, text string, request bot.Guess, derived bool) (bot.Session, string) {
	t.Helper()
	s, out := b.Step(s, bot.Event{ID: "tg:" + text, At: monday, Text: text}, monday)
	reading := &bot.Reading{
		Kind: "story", KindConf: 0.9, Class: bot.Guess{Value: string(petition.Claim), Conf: 0.9},
		Subject: bot.Guess{Value: "transport.roads", Conf: 0.9}, Place: bot.Guess{Value: "611026102", Conf: 0.9},
		Title: "路塌了", Request: request, Derived: derived,
	}
	s, out = b.Step(s, bot.Event{ID: "o:" + text, Outcome: &bot.Outcome{Effect: out[len(out)-1].Tag, Reading: reading}}, monday)
	if s.State != Card {
		t.Fatalf("state %s", s.State)
	}
	return s, out[len(out)-1].Say.Text
}

// pressed presses the button of the open question that does this.
func pressed(b *Conversation, s bot.Session, action string) (bot.Session, []bot.Effect) {
	return b.Step(s, bot.Event{ID: "tg:" + action, At: monday, Press: &bot.Press{Data: itoa(s.Step) + ":" + action}}, monday)
}

const oursOnTheCard = "我替您写的"

// A request the person did not write is marked as ours on the card and in what is
// filed; one they wrote, even in the same words, is theirs.
func TestWhoseRequest(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	repair := bot.Guess{Value: "把路修好", Conf: 0.4}

	s, card := told(t, b, bot.Session{}, "下梁镇三组的路塌了", repair, true)
	if !strings.Contains(card, oursOnTheCard) {
		t.Errorf("the card does not say that the request is ours: %q", card)
	}
	if _, out := pressed(b, s, "send"); out[0].File == nil || out[0].File.Request != "把路修好" || !out[0].File.RequestOurs {
		t.Errorf("a request that is ours is filed as %+v", out[0].File)
	}

	edited, _ := pressed(b, s, "edit")
	edited, _ = pressed(b, edited, "field:"+string(stateRequest))
	edited, out := b.Step(edited, bot.Event{ID: "tg:own", At: monday, Text: "把路修好"}, monday)
	if card := out[len(out)-1].Say.Text; strings.Contains(card, oursOnTheCard) || !strings.Contains(card, "把路修好") {
		t.Errorf("what the person wrote is called ours: %q", card)
	}
	if _, out := pressed(b, edited, "send"); out[0].File == nil || out[0].File.Request != "把路修好" || out[0].File.RequestOurs {
		t.Errorf("the person's own request is filed as %+v", out[0].File)
	}

	s, card = told(t, b, bot.Session{}, "下梁镇三组的路塌了，请修路", bot.Guess{Value: "请修路", Conf: 0.9}, false)
	if strings.Contains(card, oursOnTheCard) {
		t.Errorf("the person's clause is called ours: %q", card)
	}
	if _, out := pressed(b, s, "send"); out[0].File.RequestOurs {
		t.Error("the person's clause is filed as ours")
	}
}

// A story told on is read anew: a request left over from the reading before would be
// nobody's.
func TestRequestOfAnOlderReading(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	s, _ := told(t, b, bot.Session{}, "下梁镇三组的路塌了", bot.Guess{Value: "把路修好", Conf: 0.4}, true)
	s, card := told(t, b, s, "是我家门前的", bot.Guess{}, false)
	if s.Draft.Filing.Request != "" || strings.Contains(card, "把路修好") {
		t.Errorf("the older request is still there: %q", card)
	}
}
