package bot

import (
	"strconv"
	"strings"

	"dengwen/locales"
)

func itoa(n int) string { return strconv.Itoa(n) }

// atoi answers 0 for what is no number.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func (t *talk) otherLang() string {
	if t.s.Lang == locales.English {
		return locales.Chinese
	}
	return locales.English
}

func (t *talk) help() {
	t.say(t.w("help")+"\n"+t.person3(), t.homeRows()...)
	t.again()
}

// rightsPages is how many pages of rights there are: rights.0, rights.1 …
const rightsPages = 4

// rights are the petitioner's rights by article, in our own words, a page at a time.
func (t *talk) rights(page int) {
	page = min(max(page, 0), rightsPages-1)
	var row []Button
	if page > 0 {
		row = append(row, Button{Text: t.w("rights.back"), Data: "0:rights:" + itoa(page-1) + ":"})
	}
	if page < rightsPages-1 {
		row = append(row, Button{Text: t.w("rights.more"), Data: "0:rights:" + itoa(page+1)})
	}
	if page > 0 || len(t.out) == 0 && t.e.Press != nil && strings.HasPrefix(t.e.Press.Data, "0:rights:0:") {
		t.inPlace()
	}
	t.say(t.w("rights."+itoa(page)), row)
	t.again()
}

// privacy is built from the live settings: it says what is, not what should be.
func (t *talk) privacy() {
	o := t.b.office
	lines := []string{
		t.w("privacy.who", "Office", t.officeName()),
		t.w("privacy.what"),
		t.w("privacy.drafts", "Days", o.Settings.KeepDraftDays),
	}
	if o.Settings.KeepCaseYears > 0 {
		lines = append(lines, t.w("privacy.years", "Years", o.Settings.KeepCaseYears))
	} else {
		lines = append(lines, t.w("privacy.archive"))
	}
	if t.b.set.Model != "" {
		lines = append(lines, t.w("privacy.model", "Model", t.b.set.Model))
	} else {
		lines = append(lines, t.w("privacy.offline"))
	}
	if t.b.set.Hears {
		lines = append(lines, t.w("privacy.voice"))
	}
	if t.b.set.Telegram || t.get("door") == "tg" {
		lines = append(lines, t.w("privacy.telegram"))
	}
	lines = append(lines, t.w("privacy.notices"), t.w("privacy.rights"))
	t.say(strings.Join(lines, "\n"), []Button{t.link("privacy.mydata", "mydata"), t.link("privacy.forget", "forget")},
		[]Button{t.link("privacy.notices.button", "notices:look")})
	t.again()
}

func (t *talk) language() {
	t.say(t.w("language.ask"), []Button{
		{Text: "中文", Data: "0:lang:" + locales.Chinese}, {Text: "English", Data: "0:lang:" + locales.English},
	})
	t.again()
}

func (t *talk) speak(lang string) bool {
	if lang != locales.Chinese && lang != locales.English {
		return false
	}
	t.s.Lang = lang
	t.set("chosen", "yes")
	if d := t.s.Draft; d != nil {
		d.Filing.Lang = lang
	}
	t.note("language.set")
	if t.state().quiet {
		t.say(t.w("home"), t.homeRows()...)
		return true
	}
	t.again()
	return true
}
