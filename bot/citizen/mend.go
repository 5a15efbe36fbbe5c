package citizen

import (
	"encoding/json"
	"regexp"
	"strings"

	"dengwen/bot"
	"dengwen/bot/acts"
	"dengwen/bot/corrections"
)

// meant goes on with words in front of the card that no rule knew: by what they most likely
// do. What is not sure belongs to the story, and is taken back with one press.
func (t *step) meant(text string) bool {
	m := actMessage(text, t.s.Draft.Filing.Facts)
	act, p := acts.Read(m)
	switch {
	case p < acts.Sure || addsOn.MatchString(text) && act == acts.Correction:
		return false
	case act == acts.Stop && p >= sureStop && lettersIn(text) <= longestStop:
		t.dropDraft()
	case act == acts.Yes && p >= sureYes && lettersIn(text) <= longestYes:
		t.note("card.press")
		t.ask()
	case act == acts.Question && p >= sureAsked:
		if p < sureAsks {
			t.set("doubt", text)
		}
		t.question(text)
	case act == acts.Correction && lettersIn(text) <= longestCorrection && !strings.Contains(text, "\n"):
		field, _ := acts.FieldOf(m)
		return (p >= sureMended || t.setsRight(text, field, p)) && t.mend(field, text, p)
	default:
		return false
	}
	return true
}

// setsRight reports words that say that something stands wrong, or want something else instead. Without any
// such words a short matter of its own looks much like a correction.
func (t *step) setsRight(text string, field acts.Field, p float64) bool {
	return mends.MatchString(text) || only.MatchString(text) || p >= sureAligned && len(corrections.Find(text, t.toldBefore(), fieldsMended[field])) > 0
}

var only = regexp.MustCompile(`(?i)只[要求想]|就[行好中]|要的是|我[姓叫]|属|归|\bonly\b|\bjust\b|\binstead\b`)

// addsOn begins words that are more of the story, whatever they look like.
var addsOn = regexp.MustCompile(`(?i)^(?:还有|另外|补充|再加|再说|顺便|对了|also\b|and also)`)

// How sure the reader must be, and how long such words are at most: what is taken for a yes is
// not kept.
const (
	sureStop    = 0.5 // asked about
	sureMended  = 0.9
	sureAligned = 0.92 // where something of the story would change
	sureYes     = 0.85
	sureAsked   = 0.6
	sureAsks    = 0.8 // a question without an answer stays one
	sureOther   = 0.8
	leastOther  = 12
	longestStop = 40
	longestYes  = 30
)

// readsOther reports words that most likely tell another matter.
func (t *step) readsOther(text string) bool {
	act, p := acts.Read(actMessage(text, t.s.Draft.Filing.Facts))
	return act == acts.Other && p >= sureOther && lettersIn(text) >= leastOther
}

// surelyAsks reports words that most likely ask, whether there is an answer or not.
func (t *step) surelyAsks(text string) bool {
	act, p := acts.Read(actMessage(text, t.s.Draft.Filing.Facts))
	return act == acts.Question && p >= sureAsks
}

// doubted goes back to the story with what was taken for a question and has no answer; false
// where there was none.
func (t *step) doubted() bool {
	text := t.get("doubt")
	t.set("doubt", "")
	if text == "" || t.s.State != Card || t.s.Draft == nil {
		return false
	}
	t.e.Text = text
	t.addToStory()
	return true
}

// toldBefore is what a correction is aligned with.
func (t *step) toldBefore() corrections.Told {
	f := t.s.Draft.Filing
	return corrections.Told{Story: f.Facts, Name: f.Contact.Name, Phone: f.Contact.Phone, Request: f.Request}
}

var fieldsMended = map[acts.Field]corrections.Field{acts.Place: corrections.Place, acts.Name: corrections.Name, acts.Phone: corrections.Phone, acts.Request: corrections.Request}

// mend takes words for a correction of a field. What cannot be put anywhere is kept after the story as what it is, where
// they say that something was wrong.
func (t *step) mend(field acts.Field, text string, p float64) bool {
	list := corrections.Find(text, t.toldBefore(), fieldsMended[field])
	if (p >= sureAligned || len(list) > 0 && list[0].Plain) && t.setRight(list) {
		return true
	}
	if field == acts.Place && t.mendPlace(text) {
		return true
	}
	if !mends.MatchString(text) {
		return false
	}
	t.keepUndo()
	t.note("correct.added")
	t.tell("told")
	return true
}

// setRight makes the change that words ask for, or asks between the two they could; false where there is none.
func (t *step) setRight(list []corrections.Change) bool {
	switch len(list) {
	case 0:
		return false
	case 1:
		return t.change(list[0])
	}
	kept, err := json.Marshal(list)
	if err != nil {
		return false
	}
	t.set("mend", string(kept))
	t.set("mending", t.e.Text)
	t.enter(stateMend)
	return true
}

// change puts what is right in its place: in the field, and in the story wherever it told otherwise; both are read again.
func (t *step) change(c corrections.Change) bool {
	d := t.s.Draft
	then, hidden := withoutIdentity(clip(c.Then, maxAnswer))
	if hidden || then == "" {
		return false
	}
	t.keepUndo()
	f := &d.Filing
	fields := map[corrections.Field]struct {
		state bot.State
		at    *string
	}{
		corrections.Name: {stateName, &f.Contact.Name}, corrections.Phone: {statePhone, &f.Contact.Phone}, corrections.Request: {stateRequest, &f.Request},
	}
	if field, ok := fields[c.Field]; ok {
		*field.at = then
		d.Known[string(field.state)] = "told"
	}
	if c.Field == corrections.Request {
		t.note("correct.done", "Text", then)
		t.enter(Card)
		return true
	}
	if c.Field != corrections.Place {
		f.Place.Text = replaced(f.Place.Text, c.Wrong, then)
	}
	for _, at := range []*string{&f.Contact.Name, &f.Contact.Address, &f.Request, &f.Title} {
		*at = replaced(*at, c.Wrong, then)
	}
	if c.Field == corrections.Place {
		t.changePlace(c.Wrong, then)
	}
	t.note("correct.changed", "Wrong", c.Wrong, "Then", then)
	if c.Wrong == "" || !strings.Contains(f.Facts, c.Wrong) {
		t.enter(Card)
		return true
	}
	t.replaceInStory(correction{wrong: c.Wrong, then: then})
	t.read()
	return true
}

func replaced(text, wrong, then string) string {
	if wrong == "" || text == then {
		return text
	}
	return strings.ReplaceAll(text, wrong, then)
}

// changePlace sets the place on the card right, where it is the one that was wrong or says nothing else.
func (t *step) changePlace(wrong, then string) {
	d := t.s.Draft
	p := &d.Filing.Place
	town, _ := t.locality(p.Code)
	code, exact := t.findPlace(then)
	switch {
	case code != "" && exact:
		p.Code, p.Text = code, t.belowTown(*p)
	case p.Text != "" && !strings.Contains(p.Text, wrong) && town.Name != wrong:
		return
	case code != "":
		p.Code, p.Text = code, then
	case strings.Contains(p.Text, wrong):
		p.Text = replaced(p.Text, wrong, then)
	default:
		p.Text = then
	}
	d.Known[string(statePlace)] = "told"
}

// askMend asks which of two changes is meant.
func askMend(t *step) {
	var rows [][]bot.Button
	for i, c := range t.mendings() {
		rows = append(rows, []bot.Button{t.opt(t.text("mend.option", "Wrong", clip(c.Wrong, 20), "Then", clip(c.Then, 20)), "this:"+itoa(i))})
	}
	t.say(t.text("mend.ask"), append(rows, []bot.Button{t.btn("mend.neither", "neither")})...)
}

// mendings are the two changes that were asked between.
func (t *step) mendings() (list []corrections.Change) {
	if json.Unmarshal([]byte(t.get("mend")), &list) != nil {
		return nil
	}
	return list
}

func pressMend(t *step, action, arg string) bool {
	list, text := t.mendings(), t.get("mending")
	i := atoi(arg)
	switch {
	case action == "this" && i >= 0 && i < len(list):
		t.endMending()
		return t.change(list[i])
	case action == "neither":
		t.endMending()
		t.keepUndo()
		t.e.Text = text
		t.note("correct.added")
		t.tell("told")
		return true
	}
	return false
}

func (t *step) endMending() {
	t.set("mend", "")
	t.set("mending", "")
}

// mendText takes one of the two in words.
func mendText(t *step) bool {
	kept := t.get("mend")
	for i, c := range t.mendings() {
		for _, word := range []string{c.Wrong, c.Then} {
			if word != "" && strings.Contains(t.e.Text, word) && strings.Count(kept, word) == 1 {
				return pressMend(t, "this", itoa(i))
			}
		}
	}
	return oneOf(t.e.Text, []string{"都不是", "都不对", "neither"}) && pressMend(t, "neither", "")
}

var (
	// aside are clauses that only say that something was wrong, or what it was.
	aside = regexp.MustCompile(`(?i)^(?:(?:不好意思|对不起|哎呀?|哦|啊|那个|更正(?:一下)?|纠正(?:一下)?)|.{0,10}(?:错|岔|混|糊涂|识别|听成|看成|写成|打成|说成).{0,8}|.{0,12}(?:不对|有误)(?:了)?|.{0,8}(?:不是|不在|并非|并不是).{1,16}|sorry.*|.*\bwrong\b.*|.*\bmixed\b.*|not .*)$`)
	// leadIn are words before what is right.
	leadIn  = regexp.MustCompile(`(?i)^(?:请|把|我(?:是|家|们|说的|要的|住)?|地点|地方|地址|名字|姓名|村子?|镇|电话|那是|这是|要求|希望|诉求)*(?:应该|其实|实际上?|就)?(?:改成|改为|换成|写成|写|改|归|属于|算|是|叫|在|为|it is|it's|i meant|it should be|should be)?(?:在|于)?[：: ]*`)
	leadOut = regexp.MustCompile(`(?:才对|管的?|那边|那里|这边|这里|上的|的路|的事|的渠|的地|的|吧|了|咧|啊|呀|哈|才是)+$`)
	clause  = regexp.MustCompile(`[，,。；;！!、 ]+`)
	notLeft = regexp.MustCompile(`^(.+?)(?:[，, ]*(?:并)?不是|[，, ]*而?不是).+$`)
)

// right is what a correction says is right: the clause that says neither that something was
// wrong nor what, without the words around it.
func right(text string) []string {
	var list []string
	for _, c := range clause.Split(strings.TrimSpace(text), -1) {
		c = strings.TrimSpace(c)
		if m := notLeft.FindStringSubmatch(c); m != nil {
			c = m[1]
		}
		if c == "" || aside.MatchString(c) {
			continue
		}
		c = leadIn.ReplaceAllString(c, "")
		if c = leadOut.ReplaceAllString(c, ""); lettersIn(c) >= 2 {
			list = append(list, c)
		}
	}
	return list
}

// placeIn are words that name a place somewhere in a clause.
var placeIn = regexp.MustCompile(`[\p{Han}0-9]{0,12}(?:街道|社区|小区|[镇乡村组街路河庄坪沟湾寨台])[\p{Han}0-9]{0,6}`)

// mendPlace finds the place that is right: the last clause with a town of the office's list,
// else with a place at all.
func (t *step) mendPlace(text string) bool {
	then, towned := "", false
	for _, c := range right(text) {
		code, _ := t.findPlace(c)
		if code == "" && (towned || !placeIn.MatchString(c)) || lettersIn(c) > longPlace {
			continue
		}
		if !placeAlone.MatchString(bare(c)) && !mends.MatchString(text) {
			continue // names a place and tells more of it
		}
		then, towned = c, code != ""
	}
	return then != "" && t.correctPlace(correction{then: then})
}
