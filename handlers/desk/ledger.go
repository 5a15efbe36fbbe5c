package desk

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dengwen/petition"
)

// ledgerRows is how many cases one page of the list has.
const ledgerRows = 25

type ledgerPage struct {
	frame
	Query   url.Values // of the address, without the page and what is not set
	Words   string     // that are looked for
	Filters []filter
	Rows    []row
	Next    string // address of the next page, "" on the last
	First   string // address of the first page, "" there
	Total   int
	Over    bool
	Partial bool
	Bulk    []choice // what can be done with many
	Columns []column // every one
	Views   []viewLine
	Every   int  // how many cases a press can mean at most, 0 = those of this page
	Asks    bool // somebody looks for a person and has not said why
}

// choice is one entry of a list to choose from.
type choice struct {
	Value, Label string
	Chosen       bool
}

// ledger shows the cases that somebody may see, filtered and sorted as the address says.
func (d *Door) ledger(v *visit) error {
	q, a, err := d.query(v)
	if err != nil {
		return err
	}
	page, err := d.Cases.List(v.ctx(), a, q)
	asks := errors.Is(err, petition.Fail(petition.Forbidden, "access.why_person"))
	if err != nil && !asks {
		return petition.Wrap(err, "list cases")
	}
	if number, ok := theOnly(q, page); ok && !v.partial() {
		http.Redirect(v.w, v.r, "/desk/cases/"+number, http.StatusSeeOther)
		return nil
	}
	f := d.inFrame(v, "ledger")
	p := ledgerPage{frame: f, Rows: d.rows(v, f, page.Items), Total: page.Total, Over: page.Over, Partial: page.Partial, Query: addressOf(v.r.Form), Words: q.Words, Asks: asks}
	p.Filters = d.filters(v, f, q)
	for _, m := range bulkMoves {
		p.Bulk = append(p.Bulk, choice{string(m), v.names.Move(m), false})
	}
	for _, file := range bulkFiles {
		p.Bulk = append(p.Bulk, choice{file, f.T("bulk." + file), false})
	}
	p.Columns = columnsFor(f, v.r.Form["col"])
	if page.Total > len(page.Items) && q.After == "" {
		p.Every = min(page.Total, maxBulk)
	}
	if p.Views, err = d.views(v, selection(p.Query, q.Words)); err != nil {
		return err
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

// query reads the address of a list, and says who asks with which reason.
func (d *Door) query(v *visit) (petition.Query, petition.Actor, error) {
	_ = v.r.ParseForm() // what of an address can't be read selects nothing
	return d.queryOf(v, v.r.Form)
}

func (d *Door) queryOf(v *visit, r url.Values) (petition.Query, petition.Actor, error) {
	words, a, err := d.sought(v, r)
	q := petition.Query{
		Unit: r.Get("unit"), Status: petition.Status(r.Get("status")), Words: words,
		Class: petition.Class(r.Get("class")), Subject: r.Get("subject"), Place: r.Get("place"), Channel: r.Get("channel"),
		From: r.Get("from"), To: r.Get("to"),
		Open: r.Get("open") == "1", Order: r.Get("order"), After: r.Get("after"), Limit: ledgerRows,
	}
	if r.Get("mine") == "1" {
		q.Officer = v.person.ID
	}
	if q.Order == "" {
		q.Order = "due"
	}
	return q, a, err
}

// columnsFor are the columns to choose from.
func columnsFor(f frame, named []string) (all []column) {
	shown := chosenColumnsOf(named, func(c columnSpec) bool { return c.usual })
	for _, c := range columns {
		chosen := slices.ContainsFunc(shown, func(s columnSpec) bool { return s.key == c.key })
		all = append(all, column{c.key, f.T(c.label), chosen, c.wide})
	}
	return all
}

// theOnly is the number of the one case that a search found.
func theOnly(q petition.Query, p petition.Page) (string, bool) {
	if q.Words == "" || q.After != "" || p.After != "" || len(p.Items) != 1 {
		return "", false
	}
	return p.Items[0].Number, true
}

// addressKeys are what a list's address selects and sorts by.
var addressKeys = []string{"find", "unit", "status", "class", "subject", "place", "channel", "from", "to", "open", "mine", "order", "col"}

// addressOf is what a form or a list's address selects by, without its page.
func addressOf(r url.Values) url.Values {
	kept := url.Values{}
	for _, key := range addressKeys {
		if value := strings.Join(r[key], ","); value != "" {
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

// File is the address of what is listed, as a file of an ending.
func (p ledgerPage) File(ending string) string {
	return "/desk/cases" + ending + "?" + p.Query.Encode()
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
