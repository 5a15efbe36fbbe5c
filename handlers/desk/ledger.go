package desk

import (
	"net/http"
	"net/url"
	"strings"

	"dengwen/petition"
)

// ledgerRows is how many cases one page of the list has.
const ledgerRows = 25

type ledgerPage struct {
	frame
	Query   url.Values // of the address, without the page and what is not set
	Filters []filter
	Rows    []row
	Next    string // address of the next page, "" on the last
	First   string // address of the first page, "" there
	Total   int
	Over    bool
	Partial bool
	Bulk    []choice // moves that can be made on many
}

// choice is one entry of a list to choose from.
type choice struct {
	Value, Label string
	Chosen       bool
}

// ledger shows the cases that somebody may see, filtered and sorted as the address says.
func (d *Door) ledger(v *visit) error {
	q := d.query(v)
	page, err := d.Cases.List(v.ctx(), v.actor, q)
	if err != nil {
		return petition.Wrap(err, "list cases")
	}
	if number, ok := theOnly(q, page); ok && !v.partial() {
		http.Redirect(v.w, v.r, "/desk/cases/"+number, http.StatusSeeOther)
		return nil
	}
	f := d.inFrame(v, "ledger")
	p := ledgerPage{frame: f, Rows: d.rows(v, f, page.Items), Total: page.Total, Over: page.Over, Partial: page.Partial, Query: addressOf(v.r)}
	p.Filters = d.filters(v, f, q)
	for _, m := range bulkMoves {
		p.Bulk = append(p.Bulk, choice{string(m), v.names.Move(m), false})
	}
	p.Next, p.First = pageLinks(p.Query, page.After, q.After)
	return d.render(v, "ledger", "list", p)
}

// filter is one list to choose from above the cases; Any is what stands for no choice, "" = one is
// always made.
type filter struct {
	Key, Label, Any string
	Choices         []choice
}

func (d *Door) filters(v *visit, f frame, q petition.Query) []filter {
	n := v.names
	status := filter{Key: "status", Label: f.T("status"), Any: f.T("all")}
	for _, s := range petition.Statuses() {
		status.Choices = append(status.Choices, choice{string(s), n.Status(s), s == q.Status})
	}
	class := filter{Key: "class", Label: f.T("class"), Any: f.T("all")}
	for _, c := range []petition.Class{petition.Suggestion, petition.Claim, petition.Report} {
		class.Choices = append(class.Choices, choice{string(c), n.Class(c), c == q.Class})
	}
	subject := filter{Key: "subject", Label: f.T("subject"), Any: f.T("all")}
	for _, c := range d.Office.Categories {
		subject.Choices = append(subject.Choices, choice{c.Code, c.NameIn(n.Lang), c.Code == q.Subject})
	}
	place := filter{Key: "place", Label: f.T("place"), Any: f.T("all")}
	for _, l := range d.Office.Places {
		place.Choices = append(place.Choices, choice{l.Code, l.NameIn(n.Lang), l.Code == q.Place})
	}
	channel := filter{Key: "channel", Label: f.T("channel"), Any: f.T("all")}
	for _, c := range petition.Channels() {
		channel.Choices = append(channel.Choices, choice{c, f.T("channel." + c), c == q.Channel})
	}
	order := filter{Key: "order", Label: f.T("order")}
	for _, o := range []string{"due", "new"} {
		order.Choices = append(order.Choices, choice{o, f.T("order." + o), o == q.Order})
	}
	unit := filter{Key: "unit", Label: f.T("unit"), Any: f.T("all"), Choices: d.unitChoices(v, q.Unit)}
	return []filter{unit, status, order, class, subject, place, channel} // those from class on are folded
}

// query reads the address of a list.
func (d *Door) query(v *visit) petition.Query {
	r := v.r
	q := petition.Query{
		Unit: r.FormValue("unit"), Status: petition.Status(r.FormValue("status")), Words: strings.TrimSpace(r.FormValue("words")),
		Class: petition.Class(r.FormValue("class")), Subject: r.FormValue("subject"), Place: r.FormValue("place"), Channel: r.FormValue("channel"),
		From: r.FormValue("from"), To: r.FormValue("to"),
		Open: r.FormValue("open") == "1", Order: r.FormValue("order"), After: r.FormValue("after"), Limit: ledgerRows,
	}
	if r.FormValue("mine") == "1" {
		q.Officer = v.person.ID
	}
	if q.Order == "" {
		q.Order = "due"
	}
	return q
}

// theOnly is the number of the one case that a search found.
func theOnly(q petition.Query, p petition.Page) (string, bool) {
	if q.Words == "" || q.After != "" || p.After != "" || len(p.Items) != 1 {
		return "", false
	}
	return p.Items[0].Number, true
}

// addressKeys are what a list's address selects and sorts by.
var addressKeys = []string{"words", "unit", "status", "class", "subject", "place", "channel", "from", "to", "open", "mine", "order"}

// addressOf is what a list's address selects by, without its page.
func addressOf(r *http.Request) url.Values {
	kept := url.Values{}
	for _, key := range addressKeys {
		if value := r.FormValue(key); value != "" {
			kept.Set(key, value)
		}
	}
	return kept
}

func pageLinks(kept url.Values, after, was string) (next, first string) {
	if was != "" {
		first = "/desk/cases?" + kept.Encode()
	}
	if after != "" {
		on := url.Values{"after": {after}}
		for key, value := range kept {
			on[key] = value
		}
		next = "/desk/cases?" + on.Encode()
	}
	return next, first
}

// More reports whether one of the folded filters is set.
func (p ledgerPage) More() bool {
	for _, key := range []string{"class", "subject", "place", "channel", "from", "to"} {
		if p.Query.Has(key) {
			return true
		}
	}
	return false
}

// Has is what the address says for a key.
func (p ledgerPage) Has(key string) string { return p.Query.Get(key) }

func (d *Door) unitChoices(v *visit, chosen string) []choice {
	var all []choice
	for _, u := range d.Office.Units {
		all = append(all, choice{u.Code, u.NameIn(v.names.Lang), u.Code == chosen})
	}
	return all
}

// bulkMoves are the moves that can be made on many cases at once: those that ask for nothing that
// differs from case to case.
var bulkMoves = []petition.MoveName{petition.MoveTake, petition.MoveTransfer, petition.MoveHandOver, petition.MoveNote}

type bulkPage struct {
	frame
	Move    petition.MoveName
	Numbers []string
	Form    *moveForm // what is asked; nil once it is made
	Made    []string
	Refused []refusal
}

// refusal is a case that a move was refused on, and why.
type refusal struct{ Number, Why string }

// maxBulk is how many cases one press moves at most: what one page shows.
const maxBulk = 100

// bulk makes one move on many cases, each under its own key, and lists what was refused and why. The
// first press chooses, the second, where the move asks for something, says what.
func (d *Door) bulk(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	name := petition.MoveName(v.r.PostForm.Get("move"))
	numbers := v.r.PostForm["number"]
	p := bulkPage{frame: d.inFrame(v, "ledger"), Move: name, Numbers: numbers[:min(len(numbers), maxBulk)]}
	spec, err := bulkSpec(name)
	if err != nil || len(numbers) == 0 {
		return petition.Fail(petition.Invalid, "desk.page.bulk.nothing")
	}
	form, m, err := d.readForm(v, spec, petition.View{})
	if err != nil {
		return err
	}
	if len(spec.Fields) > 0 && v.r.PostForm.Get("said") == "" {
		p.Form = form
		return d.render(v, "bulk", "body", p)
	}
	batch := m.Key
	for _, number := range p.Numbers {
		m.Key = batch + ":" + number
		if _, err := d.Cases.Do(v.ctx(), v.actor, number, m); err != nil {
			p.Refused = append(p.Refused, refusal{number, v.names.Error(err)})
			continue
		}
		p.Made = append(p.Made, number)
	}
	return d.render(v, "bulk", "body", p)
}

func bulkSpec(name petition.MoveName) (petition.MoveSpec, error) {
	for _, m := range bulkMoves {
		if m == name {
			return petition.SpecOf(name, petition.Claim)
		}
	}
	return petition.MoveSpec{}, petition.Fail(petition.Invalid, "move.unknown", "move", string(name))
}
