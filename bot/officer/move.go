package officer

import (
	"cmp"
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition"
)

// begin opens the dialogue of a move. The case is looked at first: what a move asks
// for depends on its class, and the button may be older than what somebody else did.
func (t *step) begin(name petition.MoveName, number string) {
	t.do("begin:"+string(name), bot.Effect{Look: &bot.Look{Number: number}})
}

// startMove opens the dialogue of a move on the current case.
func (t *step) startMove(name petition.MoveName) {
	t.s.Filing, t.s.Field, t.s.Open = nil, -1, "move"
	t.s.Move = &petition.Move{Name: name, Args: map[string]string{}}
	t.next()
}

// moveLooked opens the dialogue with the case as it is now.
func (t *step) moveLooked(name petition.MoveName, v *petition.View) {
	if !t.mayShow(v) {
		return
	}
	t.setCase(v)
	if name == petition.MoveTake {
		t.claim(v)
		return
	}
	if slices.Contains(v.Papers, name) {
		t.startPaper(name, v)
		return
	}
	if !slices.Contains(v.Can, name) {
		t.closeQuestion()
		t.say(t.text("desk.not_now", "Move", t.names().Move(name)))
		t.sayWhoWasFirst(v)
		return
	}
	t.startMove(name)
}

// claim takes a case at the version that was shown: whoever pressed first has it, and the
// second is told who that was.
func (t *step) claim(v *petition.View) {
	if v.Officer != "" && (v.Officer == t.id || slices.Contains(v.Can, petition.MoveTake)) {
		t.closeQuestion()
		text := t.text("desk.taken", "Number", v.Number, "Name", t.person(v.Officer), "You", v.Officer == t.id)
		rows := []bot.Button{t.link(t.text("desk.button.look"), "case:"+v.Number)}
		if v.Officer != t.id {
			rows = append(rows, t.link(t.text("desk.button.over"), "over:"+v.Number))
		}
		t.say(text, rows)
		return
	}
	t.s.Open, t.s.Field = "move", 0
	t.s.Move = &petition.Move{Name: petition.MoveTake, Args: map[string]string{}, Version: v.Version}
	t.submit()
}

// takeOver takes a case that a colleague has, on purpose.
func (t *step) takeOver(number string) {
	t.s.Case, t.s.Open, t.s.Field = number, "move", 0
	t.s.Move = &petition.Move{Name: petition.MoveTake, Args: map[string]string{}}
	t.submit()
}

// spec is the row of the table of moves for the move being asked.
func (t *step) spec() (petition.MoveSpec, bool) {
	if t.s.Move == nil {
		return petition.MoveSpec{}, false
	}
	s, err := petition.StaffSpecOf(t.s.Move.Name, t.s.Class)
	return s, err == nil
}

// next asks the next question, or for confirmation. A move without fields
// is submitted at once: the press said it all.
func (t *step) next() {
	s, ok := t.spec()
	if !ok {
		t.s.Open, t.s.Move = "", nil
		t.say(t.text("desk.stale"))
		return
	}
	t.s.Field++
	if t.s.Again { // one answer of a paper was changed: the rest stands
		t.s.Again, t.s.Field = false, len(s.Fields)
	}
	for t.s.Field < len(s.Fields) && !t.inTurn(s, s.Fields[t.s.Field]) {
		t.s.Field++
	}
	if len(s.Fields) == 0 {
		t.submit()
		return
	}
	if s.Signs != nil && t.s.Field > 0 {
		t.save()
		return
	}
	t.s.Step++
	t.ask()
}

// inTurn reports whether a field is asked one after the other, given the answers so far.
func (t *step) inTurn(s petition.MoveSpec, f petition.Field) bool {
	return !f.Aside && s.Wants(f, *t.s.Move)
}

// turn is how many questions there are, and which of them this one is.
func (t *step) turn(s petition.MoveSpec) (at, of int) {
	for i, f := range s.Fields {
		if !t.inTurn(s, f) {
			continue
		}
		of++
		if i <= t.s.Field {
			at = of
		}
	}
	return at, of
}

func (t *step) ask() {
	s, ok := t.spec()
	if !ok {
		t.menu()
		return
	}
	if t.s.Field >= len(s.Fields) {
		t.confirm(s)
		return
	}
	f := s.Fields[t.s.Field]
	if f.Kind == petition.KindOfficer && s.Name == petition.MoveLead {
		t.do("people", bot.Effect{Roster: &bot.RosterQuery{Leaders: true}})
		return
	}
	if f.Kind == petition.KindOfficer {
		unit := ""
		if t.e.Officer != nil {
			unit = t.e.Officer.Unit
		}
		t.do("people", bot.Effect{Roster: &bot.RosterQuery{People: unit}})
		return
	}
	t.say(t.question(s, f), t.fieldRows(f)...)
	t.out[len(t.out)-1].Say.Number = f.Kind == petition.KindNumber
}

// question says what is asked, why, and by which article; how much is left is
// counted.
func (t *step) question(s petition.MoveSpec, f petition.Field) string {
	at, of := t.turn(s)
	lines := []string{t.text("desk.ask.head", "Move", t.names().Move(s.Name), "Number", t.s.Case, "Step", at, "Of", of)}
	line, why := t.names().Question(s, f, t.s.Class)
	if f.Article != "" {
		line += t.text("desk.article", "Article", t.names().Article(f.Article))
	}
	lines = append(lines, line)
	if why != "" {
		lines = append(lines, why)
	}
	if f.Inner {
		lines = append(lines, t.text("desk.inner"))
	}
	if f.Kind == petition.KindDate {
		lines = append(lines, t.text("desk.date.how"))
	}
	if t.inGroup() && t.e.Topic == "" {
		lines = append(lines, t.text("desk.reply_here"))
	}
	return strings.Join(lines, "\n")
}

func (t *step) fieldRows(f petition.Field) [][]bot.Button {
	var rows [][]bot.Button
	switch f.Kind {
	case petition.KindChoice:
		rows = t.choices(f)
	case petition.KindUnit:
		rows = t.units(0)
	case petition.KindStep:
		for _, p := range t.s.Steps {
			rows = append(rows, []bot.Button{t.btn(naming.Clip(t.names().Step(p), 60), "is:"+itoa(p.ID))})
		}
	case petition.KindFiles:
		if len(t.s.Move.Files) > 0 {
			rows = append(rows, []bot.Button{t.btn(t.text("desk.button.enough"), "skip")})
		}
	}
	last := []bot.Button{t.btn(t.text("desk.button.leave"), "leave")}
	if t.maySkip(f) && f.Optional && (f.Kind != petition.KindFiles || len(t.s.Move.Files) == 0) {
		last = append([]bot.Button{t.btn(t.text("desk.button.skip"), "skip")}, last...)
	}
	if t.s.Field > 0 {
		last = append(last, t.btn(t.text("desk.button.prev"), "prev"))
	}
	return append(rows, last)
}

func (t *step) choices(f petition.Field) [][]bot.Button {
	var buttons []bot.Button
	for _, c := range f.Choices {
		buttons = append(buttons, t.btn(t.names().Choice(t.s.Move.Name, f, c), "is:"+c))
	}
	return slices.Collect(slices.Chunk(buttons, 2))
}

const unitsAPage = 8

// units are the office's units, a page at a time, the likeliest one first of all.
func (t *step) units(page int) [][]bot.Button {
	s, _ := t.spec()
	all := t.conv.office.Units
	if s.Elsewhere() {
		all = t.conv.office.Receivers(t.s.Class, t.s.Subject, t.s.Place, t.s.At)
	}
	if s.ToBody() {
		return t.reviewBodies()
	}
	all = slices.DeleteFunc(slices.Clone(all), func(u petition.Unit) bool { return u.Code == t.s.Near })
	from := page * unitsAPage
	if from >= len(all) || from < 0 {
		from, page = 0, 0
	}
	to := min(from+unitsAPage, len(all))
	var rows [][]bot.Button
	if t.s.Near != "" && page == 0 {
		rows = append(rows, []bot.Button{t.btn(t.text("desk.likely", "Unit", t.names().Unit(t.s.Near)), "is:"+t.s.Near)})
	}
	var buttons []bot.Button
	for _, u := range all[from:to] {
		buttons = append(buttons, t.btn(t.shortUnit(u), "is:"+u.Code))
	}
	rows = slices.AppendSeq(rows, slices.Chunk(buttons, 3))
	if len(all) > unitsAPage {
		rows = append(rows, []bot.Button{t.btn(t.text("desk.button.more"), "page:"+itoa(page+1))})
	}
	return rows
}

// reviewBodies are those that may be asked to review the case, by their names in full.
func (t *step) reviewBodies() (rows [][]bot.Button) {
	for _, code := range t.s.Bodies {
		rows = append(rows, []bot.Button{t.btn(t.names().Unit(code), "is:"+code)})
	}
	return rows
}

// unitShort is shortUnit of a code.
func (t *step) unitShort(code string) string {
	u, ok := t.conv.office.Find(code)
	if !ok {
		return code
	}
	return t.shortUnit(u)
}

// shortUnit is what people in the county call a unit.
func (t *step) shortUnit(u petition.Unit) string {
	name := t.names().Unit(u.Code)
	if name == u.Name && len(u.Short) > 0 {
		return u.Short[0]
	}
	return name
}

// mayChange: one answer alone, of a paper that is signed or for the paper alone.
func mayChange(s petition.MoveSpec, f petition.Field) bool { return s.Signs != nil || f.Aside }

// confirm shows the whole move and asks for the last press, after the reply check if there
// is one.
func (t *step) confirm(s petition.MoveSpec) {
	if !t.startReplyCheck(s) {
		t.sayConfirmation(s, "")
	}
}

// sayConfirmation shows the move with the findings of the reply check.
func (t *step) sayConfirmation(s petition.MoveSpec, found string) {
	lines := []string{t.text("desk.over.head", "Move", t.names().Move(s.Name), "Number", t.s.Case)}
	for _, f := range s.Fields {
		lines = append(lines, t.fieldLines(s, f)...)
	}
	switch {
	case s.Signs != nil:
		lines = append(lines, t.text("desk.over.signed"))
	case s.Public:
		lines = append(lines, t.text("desk.over.public"))
	}
	if found != "" {
		lines = append(lines, found)
	}
	do, change := t.text("desk.button.do"), []bot.Button(nil)
	if s.Signs != nil {
		do = t.text("desk.draft.button.submit")
	}
	for i, f := range s.Fields {
		if !mayChange(s, f) {
			continue
		}
		label := "desk.draft.change"
		if f.Aside && t.s.Move.Of(f) == "" {
			label = "desk.button.add"
		}
		change = append(change, t.btn(t.text(label, "Field", cmp.Or(t.names().Field(f), t.text("desk.draft.files"))), "at:"+itoa(i)))
	}
	t.say(strings.Join(lines, "\n"), append(slices.Collect(slices.Chunk(change, 3)),
		[]bot.Button{t.btn(do, "do"), t.btn(t.text("desk.button.prev"), "prev"), t.btn(t.text("desk.button.leave"), "leave")})...)
}

func (t *step) fieldLines(s petition.MoveSpec, f petition.Field) []string {
	return t.linesOf(t.s.Move, s, f, 600)
}

// linesOf says what a move answers to a field, in at most so many characters.
func (t *step) linesOf(m *petition.Move, s petition.MoveSpec, f petition.Field, most int) []string {
	value := m.Of(f)
	if f.Kind == petition.KindFiles {
		if n := len(m.Files); n > 0 {
			return []string{t.text("desk.card.files", "Count", n)}
		}
		return nil
	}
	if value == "" {
		return nil
	}
	switch f.Kind {
	case petition.KindUnit:
		value = t.names().Unit(value)
	case petition.KindStep:
		for _, p := range t.s.Steps {
			if itoa(p.ID) == value {
				value = t.names().Step(p)
				break
			}
		}
	case petition.KindOfficer:
		value = cmp.Or(t.s.People[value], t.person(value))
	case petition.KindDate:
		value = t.names().Day(value)
	case petition.KindChoice:
		value = t.names().Choice(s.Name, f, value)
	}
	name := t.names().Field(f)
	if name == "" {
		return []string{"· " + naming.Clip(value, most)}
	}
	return []string{t.text("desk.over.line", "Name", name, "Value", naming.Clip(value, most))}
}

// submit asks the case service for the move. The answers are kept until its outcome, so that
// a refused one can be corrected.
func (t *step) submit() {
	m := *t.s.Move
	if s, ok := t.spec(); ok && s.Signs != nil {
		m = asDraft(m, petition.MoveSubmit)
	}
	t.do("made:"+string(m.Name), bot.Effect{Do: &bot.Do{Number: t.s.Case, Move: m}})
}
