package petition

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// documentSpec is one kind of official document.
type documentSpec struct {
	citizen bool           // the citizen holds it; the others go between units or stay in the file
	issued  bool           // it goes out under a document number of who issues it
	parts   []string       // what it must say besides number, unit and date
	fill    func(*filling) // gives the parts their values, nil where those that every kind has will do
}

var commonParts = []string{"number", "unit", "date"}

// documents is what each kind must carry: by the article beside it, and for letters
// and refusals by the practice of the field. Never written to.
var documents = map[string]documentSpec{
	"receipt":          {true, false, []string{"received", "matter", "next"}, (*filling).receipt},
	"transfer":         {false, true, []string{"to", "petitioner", "matter", "basis", "due"}, (*filling).transfer},                       // Art 22
	"forwarded":        {true, true, []string{"name", "received", "matter", "to", "due", "contact"}, (*filling).forwarded},               // Art 23(1)
	"objection":        {false, true, []string{"to", "matter", "reason"}, (*filling).objection},                                          // Art 23(3)
	"acceptance":       {true, true, []string{"name", "received", "source", "matter", "route", "due", "contact"}, (*filling).acceptance}, // Art 23
	"refusal":          {true, true, []string{"name", "received", "matter", "basis", "reason", "instead"}, (*filling).refusal},           // Art 23
	"no_longer":        {true, true, []string{"name", "matter", "opinion_number", "opinion_date"}, (*filling).noLonger},                  // Art 36(3)
	"in_hand":          {true, true, []string{"name", "received", "matter", "instead"}, (*filling).inHand},                               // Art 19(3)
	"guidance":         {true, true, []string{"name", "received", "matter", "route", "basis", "instead", "until"}, (*filling).guidance},  // Art 31
	"extension":        {true, true, []string{"name", "matter", "reason", "approved", "due"}, (*filling).extension},                      // Art 34
	"hearing_notice":   {true, true, []string{"name", "matter", "when", "place"}, (*filling).hearing},                                    // Art 31(6)
	"hearing_record":   {false, false, []string{"matter", "when", "place"}, (*filling).hearing},
	"agreement":        {true, false, []string{"name", "matter", "sort", "terms", "manner"}, (*filling).agreement},                                             // Art 33
	"opinion":          {true, true, []string{"name", "received", "request", "facts", "opinion", "basis", "review_body", "review_until"}, (*filling).opinion},  // Art 32, 35
	"suggestion_reply": {true, true, []string{"name", "received", "matter", "outcome", "opinion"}, (*filling).suggestion},                                      // Art 29
	"review":           {true, true, []string{"name", "challenged", "request", "facts", "opinion", "basis", "review_body", "review_until"}, (*filling).review}, // Art 35, 36
	"review_redo":      {true, true, []string{"name", "challenged", "request", "facts", "opinion", "basis"}, (*filling).redo},                                  // Art 35
	"rereview":         {true, true, []string{"name", "challenged", "request", "facts", "opinion", "basis"}, (*filling).review},                                // Art 36
	"review_refusal":   {true, true, []string{"name", "challenged", "basis", "reason"}, (*filling).reviewRefusal},                                              // Art 35, 36
	"review_request":   {true, false, []string{"name", "challenged", "request"}, (*filling).request},                                                           // Art 35
	"rereview_request": {true, false, []string{"name", "challenged", "request"}, (*filling).request},                                                           // Art 36
	"supervision":      {false, true, []string{"to", "matter", "facts", "basis", "ask", "due"}, (*filling).supervision},                                        // Art 40
	"completion":       {false, true, []string{"to", "matter", "done", "result", "view"}, (*filling).completion},                                               // Art 22(1)(3)
	"urgent_report":    {false, true, []string{"to", "when", "matter", "danger", "facts", "done"}, (*filling).urgentReport},                                    // Art 25
	leadSheet:          {false, false, []string{"matter", "holder", "plan"}, (*filling).leadSheet},                                                             // Art 18
	"meeting_minutes":  {false, false, []string{"matter", "when", "place", "attendees", "decided"}, (*filling).meetingMinutes},
	"strike_report":    {false, true, []string{"matter", "holder", "reason", "result", "view"}, (*filling).strikeReport},
	"leader_week":      {false, false, []string{"leader", "cases", "late"}, nil},                               // of a leader and no case, see LedWeek.Paper
	"mediation":        {false, false, []string{"mediator", "facts", "terms", "manner", "confirm_until"}, nil}, // of a dispute and no case: 人民调解法, Art 29; Art 33
	"delivery":         {false, false, []string{"document", "name", "method", "delivered"}, (*filling).delivery},
}

// DocumentKinds lists every kind that is printed, in alphabetical order.
func DocumentKinds() []string { return slices.Sorted(maps.Keys(documents)) }

// PartsOf is what a kind must carry; nil for a kind that is not printed.
func PartsOf(kind string) []Part {
	spec, ok := documents[kind]
	if !ok {
		return nil
	}
	var parts []Part
	for _, key := range slices.Concat(commonParts, spec.parts) {
		parts = append(parts, Part{key, or(word("part."+kind, key), word("part", key))})
	}
	return parts
}

// DocumentTitle is what a kind of document is called, "" for one that is not printed.
func DocumentTitle(kind string) string { return word("title", kind) }

// DocumentsOf lists the kinds of document an entry of the timeline has, those a citizen
// holds or all of them. The first is the entry's own.
func DocumentsOf(e Entry, citizen bool) []string {
	kinds := []string{e.Args["document"]}
	switch {
	case kinds[0] == "transfer":
		kinds = append(kinds, "forwarded")
	case kinds[0] == "hearing_notice":
		kinds = append(kinds, "hearing_record") // the form to be written in the room
	case e.Move == MoveReviewRedo:
		kinds[0] = "review_redo"
	case e.Move == MoveLead:
		kinds[0] = leadSheet
	}
	return slices.DeleteFunc(kinds, func(k string) bool {
		spec, ok := documents[k]
		return !ok || citizen && (!spec.citizen || !e.Public)
	})
}

// titleOf is what the document of an entry is called.
func titleOf(e Entry) string {
	if kinds := DocumentsOf(e, false); len(kinds) > 0 {
		return DocumentTitle(kinds[0])
	}
	return phrase("answer.written")
}

// filling is a document being filled.
type filling struct {
	law    *Law
	kind   string
	issued bool // under a number of its own
	c      *Case
	i      int // index of its entry in the timeline
	e      Entry
	v      map[string]string
	today  string             // day on which it is printed
	title  func(Entry) string // what another entry's document is called
}

// ChineseDay writes 2026-12-08 as 2026年12月8日, as official documents do; "" for what
// is no day.
func ChineseDay(day string) string {
	t, err := parseDay(day)
	if err != nil {
		return ""
	}
	return phrase("day", "year", itoa(t.Year()), "month", itoa(int(t.Month())), "day", itoa(t.Day()))
}

// chineseMoment is ChineseDay with the time of day.
func chineseMoment(at time.Time) string {
	return ChineseDay(Day(at)) + at.In(shanghai).Format("15:04")
}

// until is a last day, marked where it rests on a year whose holidays are not published.
func until(day string, provisional bool) string {
	switch {
	case ChineseDay(day) == "":
		return ""
	case provisional:
		return phrase("until.provisional", "day", ChineseDay(day))
	}
	return phrase("until", "day", ChineseDay(day))
}

// period is the last day of a period that begins with a day; "" for no day.
func (f *filling) period(rule, from string) string {
	d, err := Due(rule, from, f.law.Calendar, f.law.Office.Settings)
	if err != nil {
		return ""
	}
	return until(d.Due, d.Provisional)
}

// due is the last day that an entry names, marked as its clock was.
func (f *filling) due(e Entry) string {
	return until(e.Args["due"], slices.ContainsFunc(f.c.Clocks, func(k Clock) bool { return k.last() == e.Args["due"] && k.Provisional }))
}

// numberOf is the number of an entry's document of a kind: the one it went out under, or
// the case's where there is none.
func (f *filling) numberOf(e Entry, kind string) string {
	if n := e.Args[numberKey(kind)]; n != "" {
		return n
	}
	return phrase("number.case", "case", f.c.Number)
}

// common fills what stands on most documents.
func (f *filling) common(name string) {
	f.v["number"] = phrase("number.case", "case", f.c.Number)
	if f.issued {
		f.v["number"] = f.numberOf(f.e, f.kind)
	}
	f.v["case"] = f.c.Number
	f.v["unit"] = f.name(f.issuer())
	f.v["date"] = ChineseDay(Day(f.e.At))
	f.v["name"] = or(strings.TrimSpace(name), phrase("petitioner"))
	f.v["received"] = ChineseDay(Day(f.c.Received))
	f.v["source"] = f.source()
	f.v["matter"] = f.matter(300)
	f.v["place"] = f.place()
	f.v["text"] = f.e.Text
	f.v["due"] = f.due(f.e)
	f.v["basis"] = f.e.Args["basis"]
	if u, ok := f.law.Office.Find(f.issuer()); ok {
		f.v["phone"] = u.Phone
	}
	f.v["approved"] = f.approved()
}

// source is how the case came, and under which number another body passed it on.
func (f *filling) source() string {
	o, how := f.c.Filing.Origin, or(word("source", f.c.Filing.Channel), word("source", "web"))
	if o.Name+o.Date+o.Number == "" {
		return how
	}
	return phrase("source.origin", "how", how, "name", o.Name, "day", ChineseDay(o.Date), "number", o.Number)
}

// ownWords are the parts in somebody's own words: paragraphs, which end with a full stop
// whether whoever wrote them put one or not.
var ownWords = []string{
	"matter", "request", "facts", "opinion", "basis", "reason", "route", "due", "instead", "until", "terms", "manner", "done", "result", "view", "next",
	"danger", "text", "note", "contact", "when", "place", "outcome", "petitioner",
}

// finish puts the full stops. A value that stands inside a sentence keeps its own end, see
// inline.
func (f *filling) finish() {
	for _, key := range ownWords {
		if !slices.Contains(inline[f.kind], key) {
			f.v[key] = sentences(f.v[key])
		}
	}
}

// inline are the values that a kind sets within a sentence or in a table.
var inline = map[string][]string{
	"receipt": {"place"}, "transfer": {"basis", "place"}, "extension": {"due"}, "review": {"outcome"}, "rereview": {"outcome"}, "hearing_notice": {"basis"},
	"hearing_record": {"when", "place"}, "delivery": {"place"}, "supervision": {"due", "ask"}, "urgent_report": {"place"},
	"meeting_minutes": {"when", "place"}, "strike_report": {"result", "view"},
}

// sentences ends every paragraph of a text with a full stop that has no end of its own.
func sentences(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, l := range lines {
		l = strings.TrimRight(l, " \r，,、")
		if bare := strings.TrimRight(l, "”’）》"); l != "" && !strings.HasSuffix(bare, "…") && strings.TrimRight(bare, "。！？；：.!?;:") == bare {
			l += "。"
		}
		lines[i] = l
	}
	return strings.Join(lines, "\n")
}

// attached names files: those with names one by one, the others by how many of a kind
// there are.
func attached(files []Attachment) string {
	count := map[string]int{}
	var names []string
	for _, a := range files {
		if name := strings.TrimSpace(a.Name); name != "" && a.Kind == "document" {
			names = append(names, name)
			continue
		}
		count[a.Kind]++
	}
	for _, kind := range []string{"photo", "document", "video", "audio", "voice"} {
		if n := count[kind]; n > 0 {
			names = append(names, itoa(n)+word("attached", kind))
		}
	}
	if len(names) > 1 {
		for i := range names {
			names[i] = itoa(i+1) + ". " + names[i]
		}
	}
	return strings.Join(names, "\n")
}

// copyTo names who gets a copy besides, each once and never who issues it.
func (f *filling) copyTo(units ...string) {
	var names []string
	for _, u := range units {
		if name := f.name(u); u != "" && u != f.issuer() && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	f.v["copies"] = strings.Join(names, "，")
}

// approved is who signed the paper and when, "" where nobody had to. Papers of before have a name that
// somebody typed.
func (f *filling) approved() string {
	name := f.e.Args["approved_by"]
	switch {
	case name == "" || f.e.Args["author"] == "":
		return ""
	case f.e.Args["self_approved"] != "":
		return phrase("approved.self", "Name", name, "Date", ChineseDay(Day(f.e.At)))
	}
	return phrase("approved", "Name", name, "Date", ChineseDay(Day(f.e.At)))
}

// issuer is the unit in whose name the document goes out: who had the case when it was
// made, except where the move belongs to somebody else.
func (f *filling) issuer() string {
	office := f.law.Office.Unit
	switch f.e.Move {
	case MoveFile:
		return or(f.unitAt(f.i), office)
	case MoveRegister, MoveDesignate:
		return or(f.e.By, office)
	case MoveSupervise:
		return office
	case MoveReview, MoveRereview:
		return f.e.Unit
	case MoveComplete, MoveAnswerSender, MoveDeliver:
		if f.e.By != office {
			return f.e.By
		}
	}
	return f.holder()
}

// holder is the unit that had the case before the entry.
func (f *filling) holder() string {
	if f.i == 0 {
		return f.unitAt(0)
	}
	return f.unitAt(f.i - 1)
}

func (f *filling) unitAt(i int) string {
	return or(f.c.Timeline[i].Unit, or(f.c.Timeline[i].By, f.c.Unit))
}

// heldSince is the day since when the holder had the case.
func (f *filling) heldSince() string {
	since := f.i
	for since > 0 && f.unitAt(since-1) == f.holder() {
		since--
	}
	if since == 0 {
		return Day(f.c.Received)
	}
	return Day(f.c.Timeline[since].At)
}

// sender is the unit the case came to the holder from, "" when it came from nobody.
func (f *filling) sender() string {
	for i := f.i - 1; i > 0; i-- {
		if f.unitAt(i-1) != f.holder() {
			return f.unitAt(i - 1)
		}
	}
	return ""
}

// last finds the latest entry before this one that was one of these moves.
func (f *filling) last(moves ...MoveName) (Entry, bool) {
	for _, e := range slices.Backward(f.c.Timeline[:f.i]) {
		if slices.Contains(moves, e.Move) {
			return e, true
		}
	}
	return Entry{}, false
}

func (f *filling) name(unit string) string {
	if unit == "citizen" || unit == "system" || unit == f.law.Office.Unit {
		return f.law.Office.Name
	}
	return f.law.Office.UnitNameOn(unit, "", Day(f.e.At))
}

// matter is the case in the petitioner's words, cut at n characters. A report on
// misconduct is left out of documents, which leave the office (Art 30).
func (f *filling) matter(n int) string {
	p := f.c.Filing
	if p.Class == Report {
		return phrase("matter.sealed")
	}
	text := or(truncate(p.Facts, n), p.Title)
	if text == "" && len(p.Attachments) > 0 {
		text = phrase("matter.attached")
	}
	if p.Request != "" {
		text = strings.TrimSpace(text + "\n" + phrase("matter.request", "request", f.requestText(n)))
	}
	return text
}

// requestText is what the petitioner asks for, cut at n characters, and whose words it is.
func (f *filling) requestText(n int) string {
	p := f.c.Filing
	text := p.Request
	if n > 0 {
		text = truncate(text, n)
	}
	if p.RequestOurs && text != "" {
		text = phrase("request.ours", "request", text)
	}
	return text
}

func truncate(s string, n int) string {
	r := []rune(strings.TrimSpace(s))
	if len(r) > n {
		return string(r[:n]) + "……"
	}
	return string(r)
}

func (f *filling) place() string {
	p := f.c.Filing.Place
	if f.c.Filing.Class == Report {
		return ""
	}
	l, _ := f.law.Office.Locality(p.Code)
	if strings.HasPrefix(p.Text, l.Name) {
		return p.Text
	}
	return strings.TrimSpace(l.Name + p.Text)
}

// contact is how to reach a unit. A number nobody gave is not invented.
func (f *filling) contact(unit string) string {
	u, _ := f.law.Office.Find(unit)
	switch {
	case u.Phone != "" && u.Address != "":
		return phrase("contact.unit", "phone", u.Phone, "address", u.Address)
	case u.Phone+u.Address != "":
		return u.Phone + u.Address
	case f.law.Office.Phone != "":
		return phrase("contact.office", "office", f.law.Office.Name, "phone", f.law.Office.Phone)
	}
	return phrase("contact.none", "unit", f.name(unit))
}

func (f *filling) answer() string { return strings.TrimSpace(f.e.Text) }

// What stands in the documents up to acceptance, or on the way elsewhere.

func (f *filling) receipt() {
	f.v["matter"] = or(f.c.Filing.Facts, f.matter(0))
	f.v["request"] = f.requestText(0)
	if f.c.Filing.Class == Report {
		f.v["matter"], f.v["request"] = f.matter(0), ""
	}
	next := "other"
	switch {
	case f.v["due"] == "":
		next = "open"
	case f.e.Args["rule"] == "forward" && f.c.Filing.Class != Report:
		next = "forward"
	case f.e.Args["rule"] == "notify":
		next = "notify"
	}
	f.v["next"] = phrase("receipt.next."+next, "unit", f.v["unit"], "due", f.v["due"])
	f.v["attached"] = attached(f.c.Filing.Attachments)
	if f.c.Filing.Class == Report { // a file's name may say whom the report is about (Art 30)
		f.v["sealed"], f.v["attached"] = "yes", attached(nameless(f.c.Filing.Attachments))
	}
}

// nameless are files without their names.
func nameless(files []Attachment) []Attachment {
	files = slices.Clone(files)
	for i := range files {
		files[i].Name = ""
	}
	return files
}

func (f *filling) transfer() {
	f.v["to"] = f.name(f.e.Unit)
	f.v["basis"], f.v["due"] = phrase("transfer.basis"), phrase("transfer.due")
	f.v["note"] = f.answer()
	f.v["petitioner"], f.v["attached"] = f.petitioner(), attached(f.c.Filing.Attachments)
	switch {
	case f.e.Move == MoveDesignate:
		f.v["basis"] = phrase("transfer.basis.designate")
	case f.e.Move == MoveAssign:
		f.v["assigned"] = "yes"
		f.v["due"] = phrase("transfer.due.assign", "until", until(f.e.Args["date"], f.provisional(f.e.Args["date"])))
	}
}

// provisional reports whether a day is in a year whose holidays are not published.
func (f *filling) provisional(day string) bool {
	t, err := parseDay(day)
	return err == nil && f.law.Calendar.provisional(t, t)
}

// petitioner is who petitions and how to reach them, for the unit that handles the matter:
// no more than the name that the document may carry.
func (f *filling) petitioner() string {
	who, to := f.v["name"], f.c.Filing.Contact
	if f.c.Filing.People > 1 {
		who = phrase("petitioner.many", "name", who, "count", itoa(f.c.Filing.People))
	}
	if to.Name == "" || f.v["name"] != strings.TrimSpace(to.Name) {
		return who
	}
	if to.Phone != "" {
		who += phrase("petitioner.phone", "value", to.Phone)
	}
	if to.Address != "" {
		who += phrase("petitioner.address", "value", to.Address)
	}
	return who
}

func (f *filling) forwarded() {
	f.v["to"] = f.name(f.e.Unit)
	f.v["contact"] = f.contact(f.e.Unit)
	f.v["due"] = phrase("forwarded.term", "unit", f.v["to"])
	if day := f.period("notify", Day(f.e.At)); day != "" {
		f.v["due"] = phrase("forwarded.due", "unit", f.v["to"], "due", day)
	}
}

func (f *filling) objection() {
	f.v["to"] = f.name(or(f.sender(), f.law.Office.Unit))
	f.v["reason"] = f.answer()
	if u := f.e.Args["unit"]; u != "" {
		f.v["proper"] = f.name(u)
	}
}

func (f *filling) acceptance() {
	f.v["received"], f.v["source"] = ChineseDay(f.heldSince()), f.passedOn()
	f.v["contact"] = or(f.e.Args["contact"], f.contact(f.issuer()))
	rule, key := "handle", "acceptance"
	if f.c.Filing.Class == Suggestion {
		rule, key = "suggestion_reply", "suggestion"
	}
	f.v["route"], f.v["due"] = phrase(key+".route"), phrase(key+".term")
	if day := f.period(rule, Day(f.e.At)); day != "" {
		f.v["due"] = phrase(key+".due", "until", day)
	}
}

// passedOn is how the case came, and which unit passed it on to the holder.
func (f *filling) passedOn() string {
	if from := f.sender(); from != "" {
		return phrase("source.forwarded", "source", f.v["source"], "unit", f.name(from))
	}
	return f.v["source"]
}

func (f *filling) refusal() {
	f.v["received"] = ChineseDay(f.heldSince())
	f.v["basis"], f.v["reason"] = f.e.Args["rule"], f.answer()
	f.v["instead"] = withTerm(f.e.Args["elsewhere"], f.e.Args["until"])
}

func (f *filling) noLonger() {
	f.v["opinion_number"] = f.e.Args["opinion"]
	f.v["opinion_date"] = ChineseDay(f.e.Args["date"])
}

func (f *filling) inHand() {
	f.v["received"] = ChineseDay(f.heldSince())
	f.v["instead"] = withTerm(f.e.Args["elsewhere"], f.e.Args["until"])
}

func (f *filling) guidance() {
	f.v["received"] = ChineseDay(f.heldSince())
	f.v["route"] = word("route", f.e.Args["route"])
	f.v["instead"], f.v["until"] = f.e.Args["elsewhere"], dayOr(f.e.Args["until"])
}

func withTerm(where, until string) string {
	if until == "" {
		return where
	}
	return phrase("elsewhere", "where", strings.TrimRight(where, "。；"), "until", dayOr(until))
}

// dayOr writes a day in Chinese and leaves other words as they are.
func dayOr(s string) string { return or(ChineseDay(s), s) }

// What stands in answers and in what comes after them.

func (f *filling) extension() {
	f.v["reason"], f.v["basis"] = f.answer(), phrase("extension.basis")
	f.v["due"] = lastDay(f.e.Args["due"], f.provisional(f.e.Args["due"]))
	if e, ok := f.last(MoveAccept, MoveReviewRedo); ok {
		if d, err := Due("handle", Day(e.At), f.law.Calendar, f.law.Office.Settings); err == nil {
			f.v["before"] = lastDay(d.Due, d.Provisional)
		}
	}
}

// hearing fills the notice, and the record that is written in the room, before or after it.
func (f *filling) hearing() {
	e := f.e
	if e.Move == MoveHearingDone {
		e, _ = f.last(MoveHearing)
	} else if f.kind == "hearing_record" {
		f.v["text"] = ""
	}
	f.v["when"], f.v["place"], f.v["handler"] = ChineseDay(e.Args["date"])+strings.TrimSpace(e.Args["time"]), e.Args["place"], f.name(f.holder())
	f.v["open"] = word("open", e.Args["open"])
	for _, k := range []string{"time", "chair", "members", "clerk"} {
		f.v[k] = strings.TrimSpace(e.Args[k])
	}
	f.v["contact"], f.v["basis"] = f.contact(f.issuer()), phrase("hearing.basis")
	if f.e.From == Reviewing || f.e.From == Rereviewing {
		f.v["handler"] = f.name(f.handler())
	}
	if f.e.From == Rereviewing {
		f.v["basis"], f.v["paused"] = phrase("hearing.basis.rereview"), phrase("hearing.paused")
	}
}

// handler is the unit whose answer is under review or re-review.
func (f *filling) handler() string {
	if e, ok := f.last(MoveReply); ok {
		return f.unitAt(e.Seq - 1)
	}
	return f.holder()
}

func (f *filling) agreement() {
	f.v["sort"] = word("agreement", f.e.Args["kind"])
	f.v["terms"] = f.answer()
	f.copyArgs("party", "mediator")
	f.v["manner"] = or(strings.TrimSpace(f.e.Args["manner"]), phrase("agreement.manner"))
	if day := ChineseDay(f.e.Args["date"]); day != "" {
		f.v["date"] = day // the day it was signed
	}
}

func (f *filling) opinion() {
	f.copyArgs("request", "facts")
	f.v["opinion"] = f.answer()
	f.v["outcome"] = word("outcome", f.e.Args["outcome"])
	f.v["attached"], f.v["source"] = attached(f.e.Files), f.passedOn()
	if e, ok := f.last(MoveAccept, MoveReviewRedo); ok && e.Move == MoveAccept {
		f.v["accepted"] = ChineseDay(Day(e.At))
	}
	f.copyTo(f.sender())
	f.nextReview("review_window")
}

func (f *filling) copyArgs(keys ...string) {
	for _, k := range keys {
		f.v[k] = strings.TrimSpace(f.e.Args[k])
	}
}

// nextReview names the body to go to and the last day for whoever receives the document the
// day it is made; later receipt makes it later (Art 35, 36).
func (f *filling) nextReview(rule string) {
	f.v["review_body"] = f.e.Args["review_body"]
	if d, err := Due(rule, Day(f.e.At), f.law.Calendar, f.law.Office.Settings); err == nil {
		f.v["review_until"] = lastDay(or(d.Rolled, d.Due), d.Provisional)
	}
}

// lastDay is a day, marked where it rests on a year whose holidays are not published.
func lastDay(day string, provisional bool) string {
	if provisional && ChineseDay(day) != "" {
		return phrase("day.provisional", "day", ChineseDay(day))
	}
	return ChineseDay(day)
}

func (f *filling) suggestion() {
	f.v["opinion"], f.v["outcome"] = f.answer(), word("outcome", f.e.Args["outcome"])
}

// review fills a review opinion, and the re-review opinion, which has no way on.
func (f *filling) review() {
	f.copyArgs("request", "facts")
	f.v["opinion"], f.v["outcome"] = f.answer(), word("outcome", f.e.Args["outcome"])
	f.v["challenged"], f.v["applied"] = f.challenged(), f.applied()
	f.copyTo(f.handler(), f.sender())
	if f.e.Move == MoveReviewReply {
		f.nextReview("rereview_window")
	}
}

func (f *filling) redo() {
	f.copyArgs("facts")
	if e, ok := f.last(MoveReview); ok {
		f.v["request"] = strings.TrimSpace(e.Text)
	}
	f.v["opinion"], f.v["challenged"] = f.answer(), f.challenged()
	f.v["handler"], f.v["applied"] = f.name(f.e.Unit), f.applied()
	f.copyTo(f.e.Unit)
}

// applied is the day on which review or re-review was asked for.
func (f *filling) applied() string {
	e, _ := f.last(MoveReview, MoveRereview)
	return ChineseDay(Day(e.At))
}

// challenged is the answer that review or re-review is about.
func (f *filling) challenged() string {
	what := []MoveName{MoveReply}
	if f.e.Move == MoveRereview || f.e.Move == MoveRereviewReply || f.e.Move == MoveRereviewRefuse {
		what = []MoveName{MoveReviewReply, MoveReviewRefuse}
	}
	e, ok := f.last(what...)
	if !ok {
		return ""
	}
	of := &filling{law: f.law, c: f.c, i: e.Seq - 1, e: e}
	return phrase("challenged", "unit", of.name(of.issuer()), "day", ChineseDay(Day(e.At)), "title", f.title(e), "number", of.numberOf(e, ""))
}

func (f *filling) reviewRefusal() {
	f.v["stage"] = phrase("stage.review")
	if f.e.Move == MoveRereviewRefuse {
		f.v["stage"] = phrase("stage.rereview")
	}
	f.v["challenged"], f.v["basis"], f.v["reason"], f.v["applied"] = f.challenged(), f.e.Args["rule"], f.answer(), f.applied()
}

func (f *filling) request() {
	f.v["challenged"], f.v["request"], f.v["attached"] = f.challenged(), f.answer(), attached(f.e.Files)
	f.v["petitioner"] = f.petitioner()
	if f.e.Args["late"] != "" {
		f.v["late"] = "yes"
	}
}

func (f *filling) supervision() {
	f.v["to"], f.v["facts"] = f.name(f.holder()), f.answer()
	f.v["basis"] = phrase("supervision.basis", "reason", word("supervised", f.e.Args["reason"]))
	f.v["ask"], f.v["due"] = word("demanded", f.e.Args["kind"]), until(f.e.Args["date"], f.provisional(f.e.Args["date"]))
}

func (f *filling) completion() {
	f.v["to"], f.v["done"] = f.name(or(f.sender(), f.law.Office.Unit)), f.answer()
	f.v["asked"] = phrase("completion.assigned")
	if f.e.Move == MoveAnswerSender {
		o := f.c.Filing.Origin
		f.v["to"] = or(o.Name, word("source", f.c.Filing.Channel))
		f.v["asked"] = phrase("completion.passed", "day", ChineseDay(o.Date))
		if o.Number != "" {
			f.v["asked"] += phrase("completion.passed.number", "number", o.Number)
		}
	}
	f.v["result"], f.v["view"] = phrase("completion.open"), phrase("completion.silent")
	f.v["attached"] = attached(f.e.Files)
	if e, ok := f.last(MoveReply, MoveAgreement, MoveReviewReply, MoveRereviewReply, MoveRefuse, MoveGuide); ok {
		f.v["result"] = phrase("completion.result", "day", ChineseDay(Day(e.At)), "title", f.title(e))
		if o := word("outcome", e.Args["outcome"]); o != "" {
			f.v["result"] = phrase("completion.concluded", "result", f.v["result"], "outcome", or(word("outcome.others", e.Args["outcome"]), o))
		}
	}
	if e, ok := f.last(MoveSettle); ok {
		f.v["view"] = word("settled", e.Args["outcome"]) + word("heard", e.Args["how"])
	}
}

// urgentReport is about the matter: who petitioned is not on it.
func (f *filling) urgentReport() {
	u, _ := f.law.Office.Find(f.issuer())
	f.v["to"] = f.name(or(u.Above, f.law.Office.Unit))
	f.v["name"], f.v["facts"] = phrase("petitioner"), f.answer()
	f.v["when"] = phrase("urgent.when", "at", chineseMoment(f.c.Received))
	if f.v["place"] != "" {
		f.v["when"] += phrase("urgent.place", "place", f.v["place"])
	}
	f.v["when"] += phrase("urgent.people", "count", itoa(max(f.c.Filing.People, 1)))
	f.copyTo(f.law.Office.Unit)
	if f.v["to"] == f.law.Office.Name {
		f.v["copies"] = ""
	}
	danger, since := f.c.Filing.Urgency, f.c.Received
	var done []string
	for _, e := range f.c.Timeline[:f.i] {
		at := chineseMoment(e.At)
		switch e.Move {
		case MoveAlarm:
			danger, since = Urgency(e.Args["kind"]), e.At
		case MoveEndAlarm:
			danger = ""
		case MoveAttend:
			done = append(done, phrase("urgent.attended", "at", at, "unit", f.name(e.By)))
		case MoveAttended:
			done = append(done, strings.TrimRight(phrase("urgent.did", "at", at, "measure", word("measure", or(e.Args["measure"], "other")), "text", e.Text), "："))
		}
	}
	f.v["danger"] = or(word("danger", string(danger)), phrase("urgent.see"))
	if danger != "" {
		f.v["danger"] = phrase("urgent.since", "danger", f.v["danger"], "at", chineseMoment(since))
	}
	f.v["done"] = or(strings.Join(done, "\n"), phrase("urgent.see"))
}

func (f *filling) delivery() {
	if e, ok := f.last(MoveReply, MoveAgreement, MoveReviewReply, MoveRereviewReply); ok {
		f.v["document"] = phrase("delivered", "title", f.title(e), "day", ChineseDay(Day(e.At)))
		f.v["document_number"] = f.numberOf(e, "")
	}
	f.v["method"], f.v["delivered"], f.v["note"] = word("method", f.e.Args["method"]), ChineseDay(f.e.Args["date"]), f.answer()
	f.v["place"] = ""
	f.copyArgs("place", "server", "time", "proxy", "relation", "refused", "witness")
	for _, rule := range []string{"review_window", "rereview_window"} {
		if f.e.Args["rule"] == rule {
			f.v["review_until"] = lastDay(f.e.Args["due"], f.provisional(f.e.Args["due"]))
		}
	}
}
