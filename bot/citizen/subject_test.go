package citizen

import (
	"strings"
	"testing"

	"dengwen/bot"
	"dengwen/petition"
)

// askedSubject is a conversation at the question what the matter is about.
func askedSubject() bot.Session {
	return bot.Session{Schema: bot.Schema, Lang: "zh-CN", State: stateSubject, Step: 4, Last: monday, Draft: &bot.Draft{ID: "tg:1", Began: monday,
		Filing: petition.Filing{Class: petition.Claim, Facts: "有件事没人管"},
		Known:  map[string]string{"class": "told", "place": "skipped", "facts": "told", "kind": "told"}, Parts: []bot.Part{{Text: "有件事没人管"}}}}
}

// Only a subject that was named is taken; one that is only mentioned is offered, one
// that is ruled out is neither.
func TestTypedSubject(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	for text, want := range map[string]string{
		"路灯":                      "=construction.municipal",
		"路灯的事":                    "=construction.municipal",
		"应该是路灯的问题。":               "=construction.municipal",
		"公路建设":                    "=transport.roads",
		"Taxis":                   "=transport.taxis",
		"it is about noise":       "=environment.noise",
		"不是路灯的事":                  "list",
		"跟路灯没关系":                  "list",
		"not street lamps":        "list",
		"不是路灯是出租车的事":              "transport.taxis",
		"不是路灯，是垃圾没人收":             "construction.municipal",
		"停车":                      "construction.municipal transport.traffic",
		"晚上路灯不亮":                  "construction.municipal",
		"my business is a bus":    "transport.buses",
		"the garbage is piled up": "construction.municipal",
	} {
		s, out := b.Step(askedSubject(), bot.Event{ID: "tg:2", At: monday, Text: text}, monday)
		got := ""
		switch subject := s.Draft.Filing.Subject; {
		case subject != "":
			got = "=" + subject
		case s.State == stateSubject:
			got = offeredIn(out)
		default:
			got = string(s.State)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// offeredIn are the subjects that the last message offers by a press, or "list".
func offeredIn(out []bot.Effect) string {
	var codes []string
	for _, row := range out[len(out)-1].Say.Rows {
		for _, b := range row {
			if _, action, arg := parsePress(b.Data); action == "this" {
				codes = append(codes, arg)
			}
		}
	}
	if len(codes) == 0 {
		return "list"
	}
	return strings.Join(codes, " ")
}
