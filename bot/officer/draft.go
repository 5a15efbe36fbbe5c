package officer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// Papers that somebody else signs are written as drafts: every answer is saved with the case,
// so that nothing that is done in between loses one.

// startPaper opens a paper: the officer's own draft of it where there is one. Who else writes it
// is said first.
func (t *step) startPaper(name petition.MoveName, v *petition.View) {
	for _, d := range v.Drafts {
		if d.Paper.Name != name {
			continue
		}
		if d.Author == t.id {
			t.openDraft(d, v)
			return
		}
		t.say(t.draftLine(d))
	}
	t.startMove(name)
}

// openDraft shows a draft, or goes on writing one that lacks something.
func (t *step) openDraft(d petition.Draft, v *petition.View) {
	if slices.Contains(d.Can, petition.MoveDraft) && d.State != petition.DraftSentBack && t.firstGap(d) >= 0 {
		t.rewrite(d)
		return
	}
	t.showDraft(d, v)
}

// firstGap is the first field of a draft that must be filled and is not, -1 when there is none.
func (t *step) firstGap(d petition.Draft) int {
	s, err := petition.SpecOf(d.Paper.Name, t.s.Class)
	if err != nil {
		return -1
	}
	return slices.IndexFunc(s.Fields, func(f petition.Field) bool {
		return !f.Optional && f.Kind != petition.KindFiles && strings.TrimSpace(d.Paper.Of(f)) == ""
	})
}

// rewrite opens the dialogue of a draft where it lacks something, else at its end.
func (t *step) rewrite(d petition.Draft) {
	m := d.Paper
	m.Draft, m.DraftVersion = d.ID, d.Version
	if m.Args == nil {
		m.Args = map[string]string{}
	}
	t.s.Filing, t.s.Open, t.s.Move = nil, "move", &m
	if t.s.Field = t.firstGap(d); t.s.Field < 0 {
		s, _ := t.spec()
		t.s.Field = len(s.Fields)
	}
	t.s.Step++
	t.ask()
}

// showDraft shows what a draft says, where it stands, and what this officer may do with it.
func (t *step) showDraft(d petition.Draft, v *petition.View) {
	t.closeQuestion()
	t.setCase(v)
	s, err := petition.SpecOf(d.Paper.Name, v.Class)
	if err != nil {
		t.card(v)
		return
	}
	lines := []string{t.text("desk.draft.head", "Paper", t.names().Move(d.Paper.Name), "Number", v.Number), t.draftLine(d)}
	for _, f := range s.Fields {
		lines = append(lines, t.linesOf(&d.Paper, s, f, maxAnswer)...)
	}
	var rows [][]bot.Button
	for _, name := range []petition.MoveName{petition.MoveSign, petition.MoveSendBack, petition.MoveSubmit, petition.MoveDraft, petition.MoveTakeBack, petition.MoveDropDraft} {
		if slices.Contains(d.Can, name) && (name != petition.MoveSubmit || t.firstGap(d) < 0) {
			rows = append(rows, []bot.Button{t.draftButton(name, v.Number, d)})
		}
	}
	t.say(strings.Join(lines, "\n"), append(slices.Collect(pairs(rows)), []bot.Button{t.link(v.Number, "case:"+v.Number)})...)
}

// pairs puts buttons in rows of two.
func pairs(rows [][]bot.Button) func(func([]bot.Button) bool) {
	return slices.Chunk(slices.Concat(rows...), 2)
}

// draftButton does something with a draft as it was read.
func (t *step) draftButton(name petition.MoveName, number string, d petition.Draft) bot.Button {
	return t.link(t.text("desk.draft.button."+string(name)), string(name)+":"+number+":"+strconv.Itoa(d.ID)+":"+strconv.Itoa(d.Version))
}

// lookButton opens a draft.
func (t *step) lookButton(number string, d petition.Draft) bot.Button {
	return t.link(t.text("desk.draft.look", "Paper", t.names().Move(d.Paper.Name)), "paperdraft:"+number+":"+strconv.Itoa(d.ID))
}

// draftLine says where a draft stands and in whose hands it is.
func (t *step) draftLine(d petition.Draft) string {
	who := t.person(d.Author)
	if d.Author == t.id && !t.inGroup() {
		who = t.text("desk.draft.you")
	}
	return t.text("desk.draft.is."+string(d.State), "Paper", t.names().Move(d.Paper.Name), "Who", who, "Day", t.names().Day(petition.Day(d.At)),
		"Words", d.Words, "By", t.person(d.By), "Unit", t.names().Unit(d.Unit))
}

// pressDraft takes the press of a draft's button, "number:id:version". What only needs a press is
// done; what is to be written, or read first, looks at the case.
func (t *step) pressDraft(action, arg string) {
	number, rest, _ := strings.Cut(arg, ":")
	id, version, _ := strings.Cut(rest, ":")
	switch name := petition.MoveName(action); name {
	case petition.MoveSign, petition.MoveTakeBack, petition.MoveDropDraft, petition.MoveSubmit:
		n, _ := strconv.Atoi(id)
		m := petition.Move{Name: name, Draft: n}
		m.DraftVersion, _ = strconv.Atoi(version)
		t.closeQuestion()
		t.s.Case = number
		t.do("made:"+action, bot.Effect{Do: &bot.Do{Number: number, Move: m}})
	default:
		t.do("draft:"+action+":"+id, bot.Effect{Look: &bot.Look{Number: number}})
	}
}

// draftLooked goes on with a draft once its case is there.
func (t *step) draftLooked(arg string, v *petition.View) {
	if !t.mayShow(v) {
		return
	}
	action, id, _ := strings.Cut(arg, ":")
	t.closeQuestion()
	t.setCase(v)
	i := slices.IndexFunc(v.Drafts, func(d petition.Draft) bool { return strconv.Itoa(d.ID) == id })
	if i < 0 {
		t.say(t.text("draft.gone"))
		t.sayWhoWasFirst(v)
		return
	}
	d := v.Drafts[i]
	switch name := petition.MoveName(action); {
	case name == petition.MoveDraft && slices.Contains(d.Can, name):
		t.rewrite(d)
	case name == petition.MoveSendBack && slices.Contains(d.Can, name):
		t.s.Open, t.s.Field = "move", -1
		t.s.Move = &petition.Move{Name: name, Args: map[string]string{}, Draft: d.ID, DraftVersion: d.Version}
		t.next()
	default:
		t.showDraft(d, v)
	}
}

// asDraft is the move that saves what is being written, or lays it before who signs.
func asDraft(m petition.Move, name petition.MoveName) petition.Move {
	m.Name, m.For = name, m.Name
	return m
}

// save writes what was answered so far into the draft; the next question waits for it.
func (t *step) save() {
	t.do("saved", bot.Effect{Do: &bot.Do{Number: t.s.Case, Move: asDraft(*t.s.Move, petition.MoveDraft)}})
}

// saved notes which draft is being written, and asks on. An answer that waited for the case
// service is told of when it is saved: its question was closed meanwhile.
func (t *step) saved(v *petition.View) {
	if s, ok := t.spec(); ok && s.Signs != nil && t.s.Open == "move" && t.s.Case == v.Number {
		for _, d := range v.Drafts {
			if d.ID == t.s.Move.Draft || t.s.Move.Draft == 0 && d.Author == t.id && d.ID == newest(v.Drafts, t.id) {
				t.s.Move.Draft, t.s.Move.DraftVersion = d.ID, d.Version
				break
			}
		}
		t.s.Step++
		t.ask()
		return
	}
	for _, d := range v.Drafts {
		if slices.Contains(d.Writers, t.id) && d.ID == newest(v.Drafts, d.Author) {
			head := t.text("desk.draft.head", "Paper", t.names().Move(d.Paper.Name), "Number", v.Number)
			t.sayAbout(v.Number, func() { t.say(head+"\n"+t.draftLine(d), []bot.Button{t.lookButton(v.Number, d)}) })
			return
		}
	}
}

// newest is the draft that somebody began last.
func newest(drafts []petition.Draft, author string) int {
	id := 0
	for _, d := range drafts {
		if d.Author == author {
			id = max(id, d.ID)
		}
	}
	return id
}

// draftLists are the lists of drafts: what waits for this officer's signature, and what they write.
func (t *step) draftList(which string) {
	t.list(petition.Query{Drafts: which, Order: "due"})
}

// draftsListed shows a page of drafts, one button each.
func (t *step) draftsListed(p *petition.Page) {
	back := []bot.Button{t.link(t.text("desk.button.menu"), "menu")}
	if len(p.Items) == 0 {
		t.say(t.text("desk.draft.none."+t.s.Find.Drafts), back)
		return
	}
	lines := []string{t.text("desk.draft.list." + t.s.Find.Drafts)}
	var buttons []bot.Button
	for _, v := range p.Items {
		for _, d := range v.Drafts {
			lines = append(lines, t.text("desk.draft.line", "Clock", t.names().Clock(v), "Number", v.Number, "Draft", t.draftLine(d)))
			buttons = append(buttons, t.link(v.Number+" "+t.names().Move(d.Paper.Name), "paperdraft:"+v.Number+":"+strconv.Itoa(d.ID)))
		}
	}
	rows := slices.Collect(slices.Chunk(buttons, 2))
	if p.After != "" {
		rows = append(rows, []bot.Button{t.link(t.text("desk.button.more"), "more")})
	}
	t.say(strings.Join(lines, "\n"), append(rows, back)...)
}

// signs reports whether the officer signs papers of their unit.
func (t *step) signs() bool {
	return slices.ContainsFunc(t.e.Officer.Roles, func(r petition.Role) bool { return r.Leads() || r == petition.ActingHead })
}

// draftNotice tells who signs what waits for them: the paper itself, to sign or to send back.
func (t *step) draftNotice(n *petition.Notice, v *petition.View) bool {
	id := n.Entry.Args["draft"]
	i := slices.IndexFunc(v.Drafts, func(d petition.Draft) bool { return strconv.Itoa(d.ID) == id })
	if i < 0 || !n.Entry.Move.Drafts() && n.Entry.Move != petition.MoveUnsigned {
		return false
	}
	d := v.Drafts[i]
	lines := append([]string{t.noticeText(n) + t.whyHere(n)}, t.cardLines(v)...)
	buttons := []bot.Button{t.lookButton(v.Number, d)}
	if d.State == petition.DraftSubmitted && t.e.Officer.Unit == d.Unit {
		if s, err := petition.SpecOf(d.Paper.Name, v.Class); err == nil {
			for _, f := range s.Fields {
				lines = append(lines, t.linesOf(&d.Paper, s, f, 600)...)
			}
		}
		buttons = append(buttons, t.draftButton(petition.MoveSign, v.Number, d), t.draftButton(petition.MoveSendBack, v.Number, d))
	}
	t.say(strings.Join(lines, "\n"), buttons)
	return true
}

// paperOf is the paper that an entry of the timeline is about, "" for none.
func (t *step) paperOf(e petition.Entry) string {
	if p := e.Args["paper"]; p != "" {
		return t.names().Move(petition.MoveName(p))
	}
	return ""
}

// signedBy says who wrote and who signed what an entry issued, "" where nobody had to.
func (t *step) signedBy(e petition.Entry) string {
	if e.Args["approved_by"] == "" || e.Args["author"] == "" {
		return ""
	}
	return t.text("desk.full.signed", "Author", cmp.Or(t.e.Names[e.Args["author"]], e.Args["author"]), "Name", e.Args["approved_by"], "Self", e.Args["self_approved"] != "")
}
