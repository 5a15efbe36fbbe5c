package citizen

import (
	"slices"
	"strconv"
	"strings"

	"dengwen/bot"
	"dengwen/locales"
)

func itoa(n int) string { return strconv.Itoa(n) }

// atoi answers 0 for what is no number.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// otherLanguage is the button under the first message for whoever does not read it: the other
// language, or what leads to all of them. It is the one button in another language than its message.
func (t *step) otherLanguage() bot.Button {
	var others []*locales.Language
	for _, l := range t.conv.locales.Languages() {
		if l.Tag != t.s.Lang {
			others = append(others, l)
		}
	}
	if len(others) == 1 {
		return bot.Button{Text: others[0].Name, Data: "0:lang:" + others[0].Tag}
	}
	var names []string
	for _, l := range others {
		names = append(names, l.Name)
	}
	return bot.Button{Text: clip(strings.Join(names, " · "), 40), Data: "0:language"}
}

func (t *step) help() {
	t.say(t.text("help")+"\n"+t.officeContact(), t.homeRows()...)
	t.again()
}

// rightsPages is how many pages of rights there are: rights.0, rights.1 …
const rightsPages = 4

// rights are the petitioner's rights by article, in our own words, a page at a time.
func (t *step) rights(page int) {
	page = min(max(page, 0), rightsPages-1)
	var row []bot.Button
	if page > 0 {
		row = append(row, bot.Button{Text: t.text("rights.back"), Data: "0:rights:" + itoa(page-1) + ":"})
	}
	if page < rightsPages-1 {
		row = append(row, bot.Button{Text: t.text("rights.more"), Data: "0:rights:" + itoa(page+1)})
	}
	if page > 0 || len(t.out) == 0 && t.e.Press != nil && strings.HasPrefix(t.e.Press.Data, "0:rights:0:") {
		t.inPlace()
	}
	t.say(t.text("rights."+itoa(page)), row)
	t.again()
}

// privacy is built from the live settings: it says what is, not what should be.
func (t *step) privacy() {
	o := t.conv.office
	lines := []string{
		t.text("privacy.who", "Office", t.officeName()),
		t.text("privacy.what"),
		t.text("privacy.drafts", "Days", o.Settings.KeepDraftDays),
	}
	if o.Settings.KeepCaseYears > 0 {
		lines = append(lines, t.text("privacy.years", "Years", o.Settings.KeepCaseYears))
	} else {
		lines = append(lines, t.text("privacy.archive"))
	}
	if t.conv.set.Model != "" {
		lines = append(lines, t.text("privacy.model", "Model", t.conv.set.Model))
	} else {
		lines = append(lines, t.text("privacy.offline"))
	}
	if t.conv.set.Hears {
		lines = append(lines, t.text("privacy.voice"))
	}
	if t.conv.set.Telegram || t.e.Door.Abroad {
		lines = append(lines, t.text("privacy.telegram"))
	}
	lines = append(lines, t.text("privacy.notices"), t.text("privacy.rights"))
	t.say(strings.Join(lines, "\n"), []bot.Button{t.link("privacy.mydata", "mydata"), t.link("privacy.forget", "forget")},
		[]bot.Button{t.link("privacy.notices.button", "notices:look")})
	t.again()
}

func (t *step) askLanguage() {
	var buttons []bot.Button
	for _, l := range t.conv.locales.Languages() {
		buttons = append(buttons, bot.Button{Text: l.Name, Data: "0:lang:" + l.Tag})
	}
	t.say(t.text("language.ask"), slices.Collect(slices.Chunk(buttons, 2))...)
	t.again()
}

func (t *step) setLanguage(lang string) bool {
	if !t.conv.locales.Speaks(lang) {
		return false
	}
	t.s.Lang = lang
	t.set("chosen", "yes")
	if d := t.s.Draft; d != nil {
		d.Filing.Lang = lang
	}
	t.note("language.set")
	if t.state().idle {
		t.say(t.text("home"), t.homeRows()...)
		return true
	}
	t.again()
	return true
}
