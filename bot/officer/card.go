package officer

import (
	"slices"
	"strings"
	"unicode"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition"
)

func (t *step) lookup(number, kind string) {
	if n, ok := petition.FindNumber(number); ok {
		number = n
	}
	t.do(kind, bot.Effect{Look: &bot.Look{Number: number}})
}

// mayShow reports whether a case may be shown in this chat, and says so where it may not: a
// report on misconduct is only for the private chats of its named officers.
func (t *step) mayShow(v *petition.View) bool {
	if v.Class != petition.Report || !t.inGroup() {
		return true
	}
	t.closeQuestion()
	t.s.Case = ""
	t.say(t.text("desk.private_only"))
	return false
}

// setCase makes a case the current one: what is said next is about it.
func (t *step) setCase(v *petition.View) {
	t.s.Case, t.s.Class, t.s.Near = v.Number, v.Class, v.Toward
	if v.Toward == v.Unit {
		t.s.Near = ""
	}
	t.s.Subject, t.s.Place = v.Subject, v.Place.Code
	t.s.At, t.s.Handle, t.s.Bodies, t.s.Steps = v.Unit, "", nil, v.Steps
	for _, b := range v.Bodies {
		t.s.Bodies = append(t.s.Bodies, b.Code)
	}
	for _, k := range v.Clocks {
		if k.Rule == "handle" && k.State == petition.ClockRunning {
			t.s.Handle = k.Due
		}
	}
}

// card is a case in short, with the moves this officer is likely to make now. It
// never holds the query code or a contact.
func (t *step) card(v *petition.View) {
	t.closeQuestion()
	t.setCase(v)
	t.say(strings.Join(t.cardLines(v), "\n"), t.cardRows(v)...)
}

func (t *step) cardLines(v *petition.View) []string {
	if v.Class == "" { // given away: what it became is no longer theirs to see
		return []string{t.text("desk.card.gone", "Number", v.Number, "Status", t.names().Status(v.Status), "Unit", t.unitOf(v))}
	}
	if v.Received.IsZero() { // a notice of a sealed report tells no more than that it is there
		return append([]string{
			t.text("desk.card.head", "Clock", t.names().Clock(v.Item()), "Number", v.Number, "Title", t.names().Title(v.Item())),
			t.text("desk.card.status", "Status", t.names().Status(v.Status), "Unit", t.unitOf(v), "Who", t.holderName(v)),
		}, t.urgentLine(v)...)
	}
	lines := []string{
		t.text("desk.card.head", "Clock", t.names().Clock(v.Item()), "Number", v.Number, "Title", naming.Clip(t.names().Title(v.Item()), 40)),
		t.text("desk.card.facts", "Place", t.names().Place(v.Place, petition.Day(v.Received)), "Class", t.text("class."+string(v.Class)), "Subject", t.names().Subject(v.Subject, petition.Day(v.Received)), "Received", t.names().Day(petition.Day(v.Received))),
		t.text("desk.card.status", "Status", t.names().Status(v.Status), "Unit", t.unitOf(v), "Who", t.holderName(v)),
	}
	lines = append(lines, t.urgentLine(v)...)
	lines = append(lines, t.originLine(v)...)
	switch {
	case v.Paused != "":
		lines = append(lines, t.text("desk.card.paused", "What", t.names().Rule(v.Rule), "Since", t.names().Day(v.Paused), "Days", v.Left, "Article", v.Article))
	case v.Due != "" && v.Colour == "" && v.Rule != "lead_progress": // a period of the citizen's: nothing for the office to do
		lines = append(lines, t.text("desk.card.window", "What", t.names().Rule(v.Rule), "Due", t.names().Due(v.Due, v.Provisional), "Article", v.Article))
	case v.Due != "":
		lines = append(lines, t.text("desk.card.due", "What", t.names().Rule(v.Rule), "Due", t.names().Due(v.Due, v.Provisional), "Article", v.Article))
	}
	if lead := v.Item().Lead; lead != "" {
		lines = append(lines, t.text("desk.card.lead", "Name", t.person(lead), "You", lead == t.id && !t.inGroup()))
	}
	if item := v.Item(); len(item.Plan) > 0 {
		lines = append(lines, t.text("desk.card.step", "Step", naming.Clip(item.Plan[0].Words, 60), "State", t.names().StepState(item.Plan[0])))
	}
	if linked := v.State["linked"]; linked != "" {
		lines = append(lines, t.text("desk.card.linked", "Numbers", linked))
	}
	if v.About != "" {
		lines = append(lines, t.text("desk.card.about", "Text", naming.Clip(v.About, 100)))
	}
	for _, d := range v.Drafts {
		lines = append(lines, t.draftLine(d))
	}
	if n := len(v.Files); n > 0 {
		lines = append(lines, t.text("desk.card.files", "Count", n))
	}
	return lines
}

// originLine says how what an officer wrote down came, and who passed it on.
func (t *step) originLine(v *petition.View) []string {
	if !petition.ByStaff(v.Channel) {
		return nil
	}
	var o petition.Origin
	if v.Origin != nil {
		o = *v.Origin
	}
	day := t.names().Day
	return []string{t.text("desk.card.origin", "Channel", t.text("desk.letter."+v.Channel), "Name", o.Name, "Number", o.Number, "Date", day(o.Date), "Due", day(o.Due))}
}

// urgentLine says what the danger is and whether somebody takes care of it.
func (t *step) urgentLine(v *petition.View) []string {
	if v.Urgency == "" {
		return nil
	}
	return []string{t.text("desk.urgent.card", "What", t.text("desk.choice.alarm."+string(v.Urgency)), "Taken", !v.Taken.IsZero(), "Since", v.Taken.In(zone).Format("15:04"))}
}

// holderName is who took the case, as colleagues call them.
func (t *step) holderName(v *petition.View) string {
	switch {
	case v.Officer == "":
		return t.text("desk.card.nobody")
	case v.Officer == t.id && !t.inGroup():
		return t.text("desk.card.you")
	}
	return t.text("desk.card.who", "Name", t.person(v.Officer))
}

func (t *step) person(id string) string {
	if name := t.e.Names[id]; name != "" {
		return name
	}
	return t.text("desk.somebody")
}

const movesOnCard = 4 // moves on a card; the rest are one press further

func (t *step) cardRows(v *petition.View) [][]bot.Button {
	first, rest := naming.Likely(v, movesOnCard)
	rows := t.moveRows(v, first)
	if !t.inGroup() {
		for _, d := range v.Drafts[:min(len(v.Drafts), 3)] {
			rows = append(rows, []bot.Button{t.lookButton(v.Number, d)})
		}
	}
	last := []bot.Button{t.link(t.text("desk.button.full"), "full:"+v.Number)}
	if len(rest) > 0 {
		last = append(last, t.link(t.text("desk.button.moves"), "moves:"+v.Number))
	}
	return append(rows, last)
}

func (t *step) moveRows(v *petition.View, moves []petition.MoveName) [][]bot.Button {
	var buttons []bot.Button
	for _, m := range moves {
		buttons = append(buttons, t.moveButton(m, v.Number))
	}
	return slices.Collect(slices.Chunk(buttons, 2))
}

// moveButton begins a move. What an officer enters for the petitioner is named as that.
func (t *step) moveButton(m petition.MoveName, number string) bot.Button {
	name := t.names().Move(m)
	if key := "desk.button.enter." + string(m); t.conv.locales.Has(key) {
		name = t.text(key)
	}
	return t.link(upper(name), "do:"+string(m)+":"+number)
}

// upper begins a button's label with a capital, where its script has them.
func upper(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}

// moves shows everything that is possible now.
func (t *step) moves(v *petition.View) {
	t.closeQuestion()
	t.setCase(v)
	var buttons []bot.Button
	for _, m := range naming.Offered(v) {
		buttons = append(buttons, t.moveButton(m, v.Number))
	}
	t.say(t.text("desk.moves", "Number", v.Number), append(slices.Collect(slices.Chunk(buttons, 3)), append([]bot.Button{t.link(v.Number, "case:"+v.Number)}, t.documentsButton(v)...))...)
}

// full is everything this officer may see: the citizen's own words first. In a group
// the contact is left out.
func (t *step) full(v *petition.View) {
	t.setCase(v)
	lines := append(t.cardLines(v), "", t.text("desk.full.facts"), v.Facts)
	if v.Request != "" {
		key := "desk.full.request"
		if v.RequestOurs {
			key = "desk.full.request_ours"
		}
		lines = append(lines, t.text(key, "Request", v.Request))
	}
	if v.Contact != nil && *v.Contact != (petition.Contact{}) && !t.inGroup() {
		lines = append(lines, t.text("desk.full.contact", "Name", v.Contact.Name, "Phone", v.Contact.Phone, "Mail", v.Contact.Mail, "Address", v.Contact.Address))
	}
	if v.Covered && !t.inGroup() {
		lines = append(lines, t.text("desk.full.covered"))
	}
	lines = append(lines, "", t.text("desk.full.past"))
	for _, e := range v.Timeline {
		lines = append(lines, t.entry(e))
	}
	rows := t.cardRows(v)
	more := t.documentsButton(v)
	if slices.Contains(v.Can, petition.MoveLink) {
		more = append(more, t.link(t.text("desk.button.related"), "related:"+v.Number))
	}
	if t.e.Officer != nil && t.conv.office.MayReadLog(t.e.Officer.Actor()) && !t.inGroup() {
		more = append(more, t.link(t.text("desk.button.access"), "access:"+v.Number))
	}
	if v.Covered && !t.inGroup() {
		more = append([]bot.Button{t.link(t.text("desk.button.contact"), "contact:"+v.Number)}, more...)
	}
	if len(more) > 0 {
		rows = append(rows, more)
	}
	t.say(strings.Join(lines, "\n"), rows...)
	t.sendFiles(v.Number, v.Files)
}

// sendFiles sends the attachments of a case, one message an album.
func (t *step) sendFiles(number string, files []petition.Attachment) {
	for _, album := range bot.Albums(files) {
		t.out = append(t.out, bot.Effect{Say: &bot.Say{Text: t.filesText(number, album), Media: album, About: number, ForOffice: true, Place: t.under()}})
	}
}

func (t *step) under() string {
	if t.inGroup() {
		return bot.UnderCard
	}
	return ""
}

func (t *step) filesText(number string, files []petition.Attachment) string {
	var names []string
	for _, f := range files {
		name := t.text("desk.kind_of." + fileKind(f.Kind))
		if f.Name != "" {
			name = naming.Clip(f.Name, 60)
		}
		if f.Traces {
			name = t.text("desk.file_traces", "Name", name)
		}
		names = append(names, name)
	}
	return t.text("desk.files", "Number", number, "Names", strings.Join(names, t.text("desk.comma")))
}

func fileKind(kind string) string {
	if slices.Contains([]string{"photo", "voice", "video", "audio"}, kind) {
		return kind
	}
	return "document"
}

func (t *step) entry(e petition.Entry) string {
	by := t.names().UnitOn(e.By, petition.Day(e.At))
	switch {
	case e.By == "citizen":
		by = t.text("desk.by.citizen")
	case e.By == "system":
		by = t.text("desk.by.system")
	case e.Staff != "" && t.e.Names[e.Staff] != "":
		by += " " + t.e.Names[e.Staff]
	}
	line := t.text("desk.full.entry", "Day", t.names().Day(petition.Day(e.At)), "By", by, "Move", t.names().Move(e.Move))
	if e.Args["unit_name"] != "" {
		line += " → " + e.Args["unit_name"]
	}
	if m := e.Args["measure"]; m != "" {
		line += t.text("desk.told.measure", "What", t.text("desk.choice.attended."+m))
	}
	if e.Args["by_code"] != "" {
		line += t.text("desk.told.by_code")
	}
	if how := e.Args["how"]; how != "" {
		line += t.text("desk.told.how", "How", t.text("desk.choice."+how))
	}
	if p := t.paperOf(e); p != "" {
		line += t.text("desk.full.paper", "Paper", p)
	}
	line += t.signedBy(e)
	if e.Text != "" {
		line += t.text("desk.full.text", "Text", naming.Clip(e.Text, 300))
	}
	if !e.Public {
		line += t.text("desk.full.inner")
	}
	return line
}
