package desk

import (
	"io"
	"net/http"
	"net/url"
	"slices"

	"dengwen/internal/exchange"
	"dengwen/petition"
	"dengwen/petition/batch"
)

// MayExchange reports whether who is in exchanges files with the system above.
func (f frame) MayExchange() bool { return f.MayImport() && f.MayExport() }

// ExchangeForms are the forms of an exchange file.
func (f frame) ExchangeForms() []string { return exchange.Forms() }

// startExchange begins a file for the system above.
func (d *Door) startExchange(v *visit) error {
	form := v.r.FormValue("form")
	switch {
	case d.Exchanger == nil || !v.imports || !v.exports:
		return petition.Fail(petition.Forbidden, "exchange.who")
	case !slices.Contains(exchange.Forms(), form):
		return petition.Fail(petition.Invalid, "exchange.form")
	}
	all := v.r.FormValue("all") == "1"
	name := v.names.Text("desk.page.exchange.changed")
	if all {
		name = v.names.Text("desk.page.exchange.all")
	}
	return d.queue(v, batch.Batch{ID: d.NewID(), Kind: exchange.KindExport, Name: name}, exchange.Wanted{Form: form, All: all})
}

// compareExchange keeps a file of the system above and begins to compare it with what is here.
func (d *Door) compareExchange(v *visit) error {
	if d.Exchanger == nil || !v.imports || !v.exports {
		return petition.Fail(petition.Forbidden, "exchange.who")
	}
	return d.firstUpload(v, func(name string, r io.Reader) error {
		b, err := d.Exchanger.Take(v.ctx(), v.actor, name, r)
		if err != nil {
			return err
		}
		return d.goTo(v, b)
	})
}

// takeInExchange begins to take in what a compared file has and this office has not.
func (d *Door) takeInExchange(v *visit) error {
	if d.Exchanger == nil {
		return petition.Fail(petition.Forbidden, "exchange.who")
	}
	b, err := d.batchOf(v)
	if err != nil {
		return err
	}
	if b, err = d.Exchanger.TakeIn(v.ctx(), v.actor, b); err != nil {
		return err
	}
	return d.goTo(v, b)
}

// goTo wakes the worker and leads to the page of a batch.
func (d *Door) goTo(v *visit, b batch.Batch) error {
	d.Wake()
	d.waitFor(v, b.ID)
	http.Redirect(v.w, v.r, "/desk/batches/"+url.PathEscape(b.ID), http.StatusSeeOther)
	return nil
}
