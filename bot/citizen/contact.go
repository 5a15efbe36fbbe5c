package citizen

import (
	"regexp"
	"strings"

	"dengwen/bot"
)

func askPublic(t *step) {
	t.say(t.text("public.ask"),
		[]bot.Button{t.btn("public.no", "is:no"), t.btn("public.yes", "is:yes")},
		t.common(false))
}

func pressPublic(t *step, action, arg string) bool {
	if action != "is" {
		return t.pressCommon(action)
	}
	t.s.Draft.Filing.Public = arg == "yes"
	t.settled("told")
	return true
}

func askName(t *step) {
	t.say(t.text("name.ask"), t.common(true))
	t.out[len(t.out)-1].Say.Ask = "contact"
}

func askAddress(t *step) { t.say(t.text("address.ask"), t.common(true)) }

func askPhone(t *step) {
	t.say(t.text("phone.ask"), t.common(true))
	t.out[len(t.out)-1].Say.Ask = "contact"
}

// pressContact skips one of the three; what was there is taken out again.
func pressContact(t *step, action, _ string) bool {
	if action == "skip" {
		*t.contactField() = ""
	}
	return t.pressCommon(action)
}

func (t *step) contactField() *string {
	c := &t.s.Draft.Filing.Contact
	switch t.s.State {
	case stateName:
		return &c.Name
	case stateAddress:
		return &c.Address
	}
	return &c.Phone
}

var phoneDigits = regexp.MustCompile(`[0-9+][0-9 \-()（）]{5,22}[0-9]`)

// declines reports that somebody would rather not say.
func declines(text string) bool {
	short := lettersIn(text) <= 8
	return short && (strings.HasPrefix(text, "没有") || strings.HasPrefix(text, "不")) || oneOf(text, []string{"跳过", "no", "skip", "none"})
}

// textContact takes a name, an address or a phone number. An identity number is
// never kept.
func textContact(t *step) bool {
	text, found := withoutIdentity(strings.TrimSpace(t.e.Text))
	if found {
		t.note("contact.identity")
	}
	if declines(text) {
		return pressContact(t, "skip", "")
	}
	text, cut := truncate(text, maxField)
	if cut {
		t.note("answer.long", "Max", maxField)
	}
	if t.s.State == statePhone {
		if text = phoneDigits.FindString(text); text == "" {
			return false
		}
	}
	if lettersIn(text) == 0 {
		return false
	}
	*t.contactField() = text
	t.settled("told")
	return true
}

// sharedCard takes the person's own address-book card: phone and, if none was left,
// the name. Somebody else's card is not theirs to leave.
func sharedCard(t *step) bool {
	c := t.e.Contact
	if !c.Own {
		return false
	}
	f := &t.s.Draft.Filing.Contact
	if c.Phone != "" {
		f.Phone = clip(c.Phone, maxPhone)
		t.s.Draft.Known[string(statePhone)] = "told"
	}
	if f.Name == "" && c.Name != "" {
		f.Name = clip(c.Name, maxField)
		t.s.Draft.Known[string(stateName)] = "told"
	}
	t.note("contact.shared")
	t.settled("told")
	return true
}
