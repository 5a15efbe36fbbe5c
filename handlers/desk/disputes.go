package desk

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/internal/naming"
	"dengwen/petition"
	"dengwen/petition/mediation"
)

// MayDisputes reports whether who is in reports disputes, works on them or reads their figures.
func (f frame) MayDisputes() bool { return f.Me != nil && f.Me.disputes }

// disputesOnly lets those to a page of disputes who have one.
func (d *Door) disputesOnly(next page) page {
	return func(v *visit) error {
		if d.Disputes == nil || !v.disputes {
			return d.missing(v)
		}
		return next(v)
	}
}

// disputePages are those of disputes, by their addresses.
func (d *Door) disputePages() map[string]page {
	all := map[string]page{
		"GET /desk/disputes":                         d.disputes,
		"GET /desk/disputes/new":                     d.askDispute,
		"POST /desk/disputes/new":                    d.reportDispute,
		"GET /desk/disputes/day":                     d.disputeDay,
		"GET /desk/disputes/figures":                 d.disputeFigures,
		"GET /desk/disputes/figures.csv":             d.disputeCSV,
		"GET /desk/disputes/rounds":                  d.disputeRounds,
		"POST /desk/disputes/rounds":                 d.putRound,
		"GET /desk/disputes/{dispute}":               d.dispute,
		"POST /desk/disputes/{dispute}/{move}":       d.moveDispute,
		"GET /desk/disputes/{dispute}/agreement.pdf": d.disputePaper("pdf", "application/pdf"),
		"GET /desk/disputes/{dispute}/agreement.docx": d.disputePaper("docx",
			"application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
	}
	for pattern, p := range all {
		all[pattern] = d.disputesOnly(p)
	}
	return all
}

// disputeFrame is the frame of the pages of disputes with the menu of their own.
type disputeFrame struct {
	frame
	Works, Leads bool // on the disputes of the unit; reads figures
	Error        string
}

func (d *Door) disputeFrame(v *visit) disputeFrame {
	f := disputeFrame{frame: d.inFrame(v, "disputes"), Works: d.Office.WorksDisputes(v.actor), Leads: v.actor.Leads()}
	if m := v.r.FormValue("made"); slices.Contains(mediation.MoveNames(), mediation.MoveName(m)) || m == string(mediation.MoveReport) {
		f.Done = f.T("done", "Move", f.N.DisputeMove(mediation.MoveName(m)))
	}
	return f
}

// disputeLine is a dispute in a list.
type disputeLine struct {
	mediation.Dispute
	frame
	Next string // the day on which something falls due
	Step string // of the office's method
}

// Matter is what it is about, in one line.
func (l disputeLine) Matter() string {
	return naming.Clip(strings.Join(strings.Fields(l.Words), " "), 40)
}

// Late reports whether the day is over.
func (l disputeLine) Late() bool { return l.Next != "" && l.Next < petition.Day(l.N.Now) }

func (d *Door) disputeLine(f frame, x mediation.Dispute) disputeLine {
	l := disputeLine{Dispute: x, frame: f, Next: x.NextDay(d.Office)}
	for _, s := range x.Steps(d.Office) {
		if s.Done.Day == "" && x.Status.Open() {
			l.Step = s.NameIn(f.N.Lang)
			break
		}
	}
	return l
}

type disputesPage struct {
	disputeFrame
	Lines  []disputeLine
	Whose  string
	Mine   bool
	States []choice
}

// disputes lists those of the unit, or those that a grid worker reported.
func (d *Door) disputes(v *visit) error {
	f := d.disputeFrame(v)
	if !d.Office.ReportsDisputes(v.actor) {
		http.Redirect(v.w, v.r, "/desk/disputes/figures", http.StatusSeeOther)
		return nil
	}
	status := mediation.Status(v.r.FormValue("status"))
	q := mediation.Query{Open: status == "" && f.Works}
	if slices.Contains(mediation.Statuses(), status) {
		q.Status = status
	}
	all, err := d.Disputes.List(v.ctx(), v.actor, q)
	if err != nil {
		return petition.Wrap(err, "list disputes")
	}
	p := disputesPage{disputeFrame: f, Whose: v.names.Unit(v.actor.Unit), Mine: !f.Works}
	for _, x := range all {
		p.Lines = append(p.Lines, d.disputeLine(f.frame, x))
	}
	slices.SortStableFunc(p.Lines, func(a, b disputeLine) int { return cmp.Compare(cmp.Or(a.Next, "9"), cmp.Or(b.Next, "9")) })
	p.States = []choice{{"", f.T("dispute.open"), status == ""}, {"all", f.T("all"), status == "all"}}
	for _, s := range mediation.Statuses() {
		p.States = append(p.States, choice{string(s), v.names.DisputeStatus(s), s == status})
	}
	return d.render(v, "disputes", "body", p)
}

type disputeNewPage struct {
	disputeFrame
	Key, Words, A, B, Village string
	Places, Kinds, Dangers    []choice
}

func (d *Door) askDispute(v *visit) error { return d.disputeForm(v, d.disputeFrame(v)) }

func (d *Door) disputeForm(v *visit, f disputeFrame) error {
	r := v.r
	p := disputeNewPage{disputeFrame: f, Key: cmp.Or(r.FormValue("key"), d.NewID()), Words: r.FormValue("words"), A: r.FormValue("a"), B: r.FormValue("b"), Village: r.FormValue("village")}
	for _, l := range d.Office.Places {
		own := l.Unit == v.actor.Unit && r.FormValue("place") == ""
		p.Places = append(p.Places, choice{l.Code, l.NameIn(v.names.Lang), own || l.Code == r.FormValue("place")})
	}
	for _, k := range d.Office.Disputes.Kinds {
		p.Kinds = append(p.Kinds, choice{k.Code, k.NameIn(v.names.Lang), k.Code == r.FormValue("kind")})
	}
	for _, u := range petition.Urgencies() {
		p.Dangers = append(p.Dangers, choice{string(u), v.names.Urgency(u), string(u) == r.FormValue("urgency")})
	}
	return d.render(v, "dispute_new", "body", p)
}

// reportDispute writes down what a grid worker or an officer found.
func (d *Door) reportDispute(v *visit) error {
	r := v.r
	r.Body = http.MaxBytesReader(v.w, r.Body, maxDisputeForm)
	words := says(r, "words")
	report := mediation.Report{
		Key: "desk:" + v.person.ID + ":" + r.FormValue("key"), Words: words, Place: petition.Place{Code: r.FormValue("place"), Text: says(r, "village")}, Kind: r.FormValue("kind"),
		Urgency: petition.Urgency(r.FormValue("urgency")), Lang: v.names.Lang,
		Parties: map[string]string{mediation.PartyA: says(r, "a"), mediation.PartyB: says(r, "b")},
	}
	report.Village = d.Office.VillageIn(report.Place.Code, report.Place.Text+" "+words)
	if report.Kind == "" {
		report.Kind = d.Office.KindOfDispute(words, "")
	}
	x, err := d.Disputes.Report(v.ctx(), v.actor, report)
	if shownInForm(err) {
		f := d.disputeFrame(v)
		f.Error = v.names.Error(err)
		return d.disputeForm(v, f)
	}
	if err != nil {
		return petition.Wrap(err, "report dispute")
	}
	http.Redirect(v.w, v.r, "/desk/disputes/"+x.Number+"?made=report", http.StatusSeeOther)
	return nil
}

// maxDisputeForm is how many bytes a form of a dispute may have.
const maxDisputeForm = 256 << 10

func says(r *http.Request, key string) string {
	return strings.TrimSpace(strings.ReplaceAll(r.FormValue(key), "\r\n", "\n"))
}

// shownInForm reports whether a refusal is said beside the form that was sent.
func shownInForm(err error) bool {
	return slices.Contains([]petition.Code{petition.Invalid, petition.Conflict, petition.Limited}, petition.CodeOf(err))
}

// disputeMove is the form of one move.
type disputeMove struct {
	Name, Label string
	Fields      []disputeField
	Open        bool // it was sent and refused
}

type disputeField struct {
	Key, Label, Kind, Value string
	Optional                bool
	Choices                 []choice
}

type disputePage struct {
	disputeFrame
	X        disputeLine
	Steps    []mediation.MethodState
	Moves    []disputeMove
	Mediator petition.Mediator
	Paper    bool
	Seen     int
	names    map[string]string // of colleagues, by id
}

// Colleague is what the office calls somebody, "" for a villager.
func (p disputePage) Colleague(id string) string { return cmp.Or(p.names[id], id) }

func (d *Door) dispute(v *visit) error { return d.showDispute(v, "", "") }

// showDispute shows a dispute; move is one that was refused, and why.
func (d *Door) showDispute(v *visit, move, why string) error {
	x, err := d.Disputes.Look(v.ctx(), v.actor, v.r.PathValue("dispute"))
	if err != nil {
		return petition.Wrap(err, "look at dispute")
	}
	f := d.disputeFrame(v)
	f.Error = why
	p := disputePage{disputeFrame: f, X: d.disputeLine(f.frame, x), Steps: x.Steps(d.Office), Paper: x.Agreement != nil && d.Paper != nil, Seen: len(x.Log), names: map[string]string{}}
	for _, e := range x.Log {
		if e.Staff != "" {
			p.names[e.Staff] = d.Roster.Name(v.ctx(), e.Staff)
		}
	}
	p.Mediator, _ = d.Office.Mediator(x.Mediator)
	for _, s := range d.Disputes.Can(v.actor, &x) {
		m := disputeMove{Name: string(s.Name), Label: v.names.DisputeMove(s.Name), Open: string(s.Name) == move}
		for _, field := range s.Fields {
			m.Fields = append(m.Fields, d.disputeField(v, &x, s.Name, field, m.Open))
		}
		p.Moves = append(p.Moves, m)
	}
	return d.render(v, "dispute", "body", p)
}

func (d *Door) disputeField(v *visit, x *mediation.Dispute, m mediation.MoveName, f petition.Field, sent bool) disputeField {
	n := v.names
	out := disputeField{Key: f.Key, Label: n.DisputeField(m, f.Key), Kind: string(f.Kind), Optional: f.Optional}
	if sent {
		out.Value = v.r.FormValue(f.Key)
	} else if m == mediation.MoveParties {
		out.Value = x.Parties[f.Key]
	}
	for _, c := range x.Options(d.Office, f) {
		out.Choices = append(out.Choices, choice{c, n.DisputeOption(*x, f, c), c == out.Value})
	}
	return out
}

// moveDispute makes a move.
func (d *Door) moveDispute(v *visit) error {
	r := v.r
	r.Body = http.MaxBytesReader(v.w, r.Body, maxDisputeForm)
	m := mediation.Move{Name: mediation.MoveName(r.PathValue("move")), Args: map[string]string{}}
	row, err := mediation.SpecOf(m.Name)
	if err != nil {
		return err
	}
	for _, f := range row.Fields {
		if value := says(r, f.Key); value != "" {
			m.Args[f.Key] = value
		}
	}
	seen, _ := strconv.Atoi(r.FormValue("seen"))
	x, err := d.Disputes.Do(v.ctx(), v.actor, r.PathValue("dispute"), m, seen)
	if shownInForm(err) {
		return d.showDispute(v, string(m.Name), v.names.Error(err))
	}
	if err != nil {
		return petition.Wrap(err, "make a move of a dispute")
	}
	to := "/desk/disputes/" + x.Number
	if m.Name == mediation.MovePass {
		to = "/desk/disputes"
	}
	http.Redirect(v.w, v.r, to+"?made="+string(m.Name), http.StatusSeeOther)
	return nil
}

// disputePaper writes the agreement as a file.
func (d *Door) disputePaper(form, kind string) page {
	return func(v *visit) error {
		x, err := d.Disputes.Look(v.ctx(), v.actor, v.r.PathValue("dispute"))
		if err != nil {
			return petition.Wrap(err, "look at dispute")
		}
		doc, err := x.Paper(d.Office)
		if err != nil {
			return err
		}
		if d.Paper == nil {
			return d.missing(v)
		}
		var b bytes.Buffer
		if err := d.Paper(v.ctx(), &b, form, doc); err != nil {
			return petition.Wrap(err, "write agreement")
		}
		v.w.Header().Set("Content-Type", kind)
		v.w.Header().Set("Content-Disposition", `attachment; filename="`+x.Number+"."+form+`"`)
		_, err = v.w.Write(b.Bytes())
		return petition.Wrap(err, "send agreement")
	}
}

// mediatorDay are the sessions of a mediator on a day.
type mediatorDay struct {
	Name     string
	Sessions []meetingLine
}

type meetingLine struct {
	mediation.Session
	X disputeLine
}

// Clock is the time of day of a session.
func (s meetingLine) Clock() string { return s.When[len("2006-01-02 "):] }

type disputeDayPage struct {
	disputeFrame
	Of        string // the day
	Mediators []mediatorDay
	Promises  []promiseLine
}

type promiseLine struct {
	mediation.Promise
	X disputeLine
}

// disputeDay is the sheet of a day: who mediates what when, and which promises fall due.
func (d *Door) disputeDay(v *visit) error {
	f := d.disputeFrame(v)
	if !f.Works {
		return d.missing(v)
	}
	p := disputeDayPage{disputeFrame: f, Of: v.r.FormValue("day")}
	if _, err := time.Parse(time.DateOnly, p.Of); err != nil {
		p.Of = petition.Day(d.Now())
	}
	all, err := d.Disputes.List(v.ctx(), v.actor, mediation.Query{Open: true})
	if err != nil {
		return petition.Wrap(err, "list disputes")
	}
	of := map[string][]meetingLine{}
	for _, x := range all {
		line := d.disputeLine(f.frame, x)
		for _, s := range x.Sessions {
			if strings.HasPrefix(s.When, p.Of) {
				of[x.Mediator] = append(of[x.Mediator], meetingLine{s, line})
			}
		}
		if x.Agreement != nil {
			for _, promise := range x.Agreement.Promises {
				if promise.Due == p.Of && promise.State == mediation.Running {
					p.Promises = append(p.Promises, promiseLine{promise, line})
				}
			}
		}
	}
	for _, m := range d.Office.Disputes.Mediators {
		if lines := of[m.Code]; len(lines) > 0 {
			slices.SortFunc(lines, func(a, b meetingLine) int { return cmp.Compare(a.When, b.When) })
			p.Mediators = append(p.Mediators, mediatorDay{m.Name, lines})
		}
	}
	return d.render(v, "dispute_day", "body", p)
}

type disputeFiguresPage struct {
	disputeFrame
	mediation.Figures
	Whose string
}

// LineName is what a line of a table of figures is called.
func (f disputeFrame) LineName(l mediation.Line) string {
	if l.Place == "" && l.Code == "" {
		return f.T("figures.unknown")
	}
	if l.Place == "" {
		return f.N.DisputeKind(l.Code)
	}
	return f.N.DisputePlace(mediation.Dispute{Place: petition.Place{Code: l.Place}, Village: l.Code})
}

// Share is a share with its percentage.
func (f disputeFrame) Share(s petition.Share) string { return share(s) }

func (d *Door) figuresOf(v *visit) (mediation.Figures, error) {
	today := petition.Day(d.Now())
	return d.Disputes.Figures(v.ctx(), v.actor, cmp.Or(v.r.FormValue("from"), today[:4]+"-01-01"), cmp.Or(v.r.FormValue("to"), today))
}

// disputeFigures shows heads what became of the disputes of a time, by village and kind.
func (d *Door) disputeFigures(v *visit) error {
	f, err := d.figuresOf(v)
	if err != nil {
		return petition.Wrap(err, "count disputes")
	}
	p := disputeFiguresPage{disputeFrame: d.disputeFrame(v), Figures: f}
	if f.Unit != "" {
		p.Whose = v.names.Unit(f.Unit)
	}
	return d.render(v, "dispute_figures", "body", p)
}

// disputeCSV are the figures for outside: small counts are hidden.
func (d *Door) disputeCSV(v *visit) error {
	f, err := d.figuresOf(v)
	if err != nil {
		return petition.Wrap(err, "count disputes")
	}
	page := d.disputeFrame(v)
	v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="disputes-`+f.From+`-`+f.To+`.csv"`)
	if _, err := io.WriteString(v.w, "\ufeff"); err != nil { // Excel reads it as GBK without
		return petition.Wrap(err, "send figures")
	}
	w := csv.NewWriter(v.w)
	w.UseCRLF = true
	head := []string{page.T("dispute.village"), page.T("dispute.found"), page.T("dispute.settled")}
	err = w.Write(head)
	for _, row := range mediation.Public(f.Villages, page.LineName) {
		err = errors.Join(err, w.Write(row))
	}
	head[0] = page.T("dispute.kind")
	err = errors.Join(err, w.Write(head))
	for _, row := range mediation.Public(f.Kinds, page.LineName) {
		err = errors.Join(err, w.Write(row))
	}
	w.Flush()
	return petition.Wrap(errors.Join(err, w.Error()), "send figures")
}

type disputeRoundsPage struct {
	disputeFrame
	Rounds   []mediation.RoundFigures
	Villages []string
	Today    string
}

// Was reports whether a village was visited in a round.
func (p disputeRoundsPage) Was(r mediation.RoundFigures, village string) bool {
	return slices.Contains(r.Visited, village)
}

func (d *Door) disputeRounds(v *visit) error { return d.showRounds(v, "") }

func (d *Door) showRounds(v *visit, why string) error {
	all, err := d.Disputes.Rounds(v.ctx(), v.actor)
	if err != nil {
		return petition.Wrap(err, "read survey rounds")
	}
	p := disputeRoundsPage{disputeFrame: d.disputeFrame(v), Rounds: all, Today: petition.Day(d.Now())}
	p.Error = why
	for _, l := range d.Office.Places {
		if l.Unit == v.actor.Unit {
			p.Villages = append(p.Villages, l.Villages...)
		}
	}
	return d.render(v, "dispute_rounds", "body", p)
}

// putRound begins a survey round or notes what was visited.
func (d *Door) putRound(v *visit) error {
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "dispute.round")
	}
	f := v.r.Form
	_, err := d.Disputes.PutRound(v.ctx(), v.actor, mediation.Round{
		ID: f.Get("id"), Name: f.Get("name"), From: f.Get("from"), To: f.Get("to"), Villages: f["village"], Visited: f["visited"],
	})
	if shownInForm(err) {
		return d.showRounds(v, v.names.Error(err))
	}
	if err != nil {
		return petition.Wrap(err, "write survey round")
	}
	http.Redirect(v.w, v.r, "/desk/disputes/rounds", http.StatusSeeOther)
	return nil
}
