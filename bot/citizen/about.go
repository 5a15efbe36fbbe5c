package citizen

import (
	"dengwen/bot"
	"dengwen/petition"
)

// maxAbout is how many characters say whom a report is about.
const maxAbout = 200

// askAbout asks whom a report is about, once; nobody has to say. The units that the story
// names are offered, and always the one that gets reports: it must not get its own.
func askAbout(t *step) {
	o := t.conv.office
	var rows [][]bot.Button
	for _, u := range o.UnitsNamed(t.s.Draft.Filing.Facts, 3) {
		if u.Code != o.SealedUnit {
			rows = append(rows, []bot.Button{t.opt(u.NameIn(t.s.Lang), "is:"+u.Code)})
		}
	}
	sealed, _ := o.Find(o.SealedUnit)
	rows = append(rows,
		[]bot.Button{t.opt(t.text("about.receiver", "Unit", sealed.NameIn(t.s.Lang)), "is:"+sealed.Code)},
		[]bot.Button{t.btn("about.other", "is:"+petition.AboutOther)},
		t.common(true))
	t.say(t.text("about.ask"), rows...)
}

func pressAbout(t *step, action, arg string) bool {
	if action != "is" {
		return t.pressCommon(action)
	}
	if _, ok := t.conv.office.Find(arg); !ok && arg != petition.AboutOther {
		return false
	}
	t.setAbout(arg, "")
	return true
}

// receiverWords say the unit that gets reports without its name.
var receiverWords = []string{"你们", "就是你们", "受理的单位", "受理举报的单位", "收举报的单位", "你们自己", "you", "you yourselves", "the receiving body"}

func textAbout(t *step) bool {
	text, ok := t.answerText(maxAbout)
	if !ok {
		return false
	}
	if looksLikeQuestion(text) {
		return false
	}
	if isUnsure(text) {
		t.settled("skipped")
		return true
	}
	about := petition.AboutOther
	if oneOf(text, receiverWords) {
		about = t.conv.office.SealedUnit
	}
	for _, u := range t.conv.office.UnitsNamed(text, len(t.conv.office.Units)) {
		if about == petition.AboutOther || u.Code == t.conv.office.SealedUnit {
			about = u.Code
		}
	}
	t.setAbout(about, text)
	return true
}

// setAbout takes the answer. One for which this office has nobody is said to be so, with where
// to go, and the question stays open: it may be about somebody else.
func (t *step) setAbout(unit, words string) {
	o, f := t.conv.office, &t.s.Draft.Filing
	f.About, f.AboutText = unit, words
	sealed, _ := o.Find(o.SealedUnit)
	switch {
	case unit != o.SealedUnit:
	case o.SealedAbove == "":
		f.About, f.AboutText = "", ""
		above, _ := o.Find(sealed.Above)
		t.note("about.nobody", "Unit", sealed.NameIn(t.s.Lang), "Above", above.NameIn(t.s.Lang), "Address", above.Address, "Phone", above.Phone, "Discipline", o.Lines.Discipline)
		t.ask()
		return
	default:
		above, _ := o.Find(o.SealedAbove)
		t.note("about.above", "Unit", sealed.NameIn(t.s.Lang), "Above", above.NameIn(t.s.Lang))
	}
	t.settled("told")
}

// cardAbout shows whom a report is about, where that was said.
func (t *step) cardAbout() string {
	f := t.s.Draft.Filing
	name := f.AboutText
	if u, ok := t.conv.office.Find(f.About); ok && name == "" {
		name = u.NameIn(t.s.Lang)
	}
	if name == "" || f.Class != petition.Report {
		return ""
	}
	return t.text("card.about", "Text", clip(name, 100))
}
