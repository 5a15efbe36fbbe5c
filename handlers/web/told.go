package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"dengwen/petition"
	"dengwen/petition/telling"
)

// The page /told shows where the person of this browser is told of their petitions besides the
// conversation, and changes it; /told/<id>, to which a mail leads, ends mail and shows nothing.

type toldPage struct {
	form
	Name, Assets string
	Example      bool
	Notice, Done string // why not, or what was done
	Path         string // to which the form goes
	Leaving      bool   // the page to which a mail leads
	Ways         []toldWay
	Answers      bool
	From, To     string
	Some         bool // is told somewhere
}

// toldWay is one channel.
type toldWay struct {
	Way, Address, Since string // Address as it is shown, "" = nothing was agreed to
	Bad, Offered        bool
}

func (d *Door) newTold(r *http.Request, v visitor) *toldPage {
	return &toldPage{form: form{d.words(r, &thread{}), v.csrf, randomID(12)}, Name: d.Name, Assets: d.page.assets.Prefix, Example: d.Example, Path: r.URL.Path}
}

// told shows the page.
func (d *Door) told(w http.ResponseWriter, r *http.Request) {
	v, ok := d.visitorOf(w, r)
	if !ok {
		return
	}
	page := d.newTold(r, v)
	wishes, err := d.Citizens.Look(r.Context(), v.conv)
	d.showTold(w, page.fill(d, wishes), d.toldStatus(r.Context(), page, err))
}

// maxToldForm is how many bytes the form of the page has.
const maxToldForm = 4 << 10

// changeTold answers the form.
func (d *Door) changeTold(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxToldForm)
	v, err := d.visitor(r)
	page := d.newTold(r, v)
	if status, notice := d.turnedAway(w, r, v, err); status != 0 {
		page.Notice = notice
		d.showTold(w, page, status)
		return
	}
	status := d.toldStatus(r.Context(), page, d.toldAsked(r, v, page))
	wishes, err := d.Citizens.Look(r.Context(), v.conv)
	if status == http.StatusOK {
		status = d.toldStatus(r.Context(), page, err)
	}
	if page.Notice == "" {
		page.Done = page.W.catalog.Say(page.W.Lang, "told.noted")
	}
	d.showTold(w, page.fill(d, wishes), status)
}

// toldAsked does what the form asks. An address that was typed is agreed to by sending it.
func (d *Door) toldAsked(r *http.Request, v visitor, page *toldPage) error {
	ctx := r.Context()
	if way, stop := strings.CutPrefix(typed(r, "do"), "stop-"); stop {
		_, err := d.Citizens.Stop(ctx, v.conv, way)
		return err
	}
	for _, way := range d.Ways {
		if address := clean(typed(r, way)); address != "" {
			if _, err := d.Citizens.Agree(ctx, v.conv, page.W.Lang, way, address); err != nil {
				return err
			}
		}
	}
	if typed(r, "want") == "" { // the form had no more
		return nil
	}
	if _, err := d.Citizens.Want(ctx, v.conv, typed(r, "want") == telling.KindAnswers); err != nil {
		return err
	}
	_, err := d.Citizens.Quiet(ctx, v.conv, typed(r, "from"), typed(r, "to"))
	return err
}

func (p *toldPage) fill(d *Door, w telling.Wishes) *toldPage {
	for way, at := range map[string]telling.Place{telling.SMS: w.Phone, telling.Mail: w.Mail} {
		offered := slices.Contains(d.Ways, way)
		if at.Address == "" && !offered {
			continue
		}
		l := toldWay{Way: way, Offered: offered, Bad: !at.Bad.IsZero()}
		if at.Address != "" {
			l.Address, l.Since = telling.Masked(at.Address), d.Locales.Moment(p.W.Lang, at.At.In(d.Zone))
		}
		p.Some = p.Some || at.Open()
		p.Ways = append(p.Ways, l)
	}
	slices.SortFunc(p.Ways, func(a, b toldWay) int { return strings.Compare(b.Way, a.Way) }) // sms, mail
	p.Answers, p.From, p.To = !w.Wants(telling.KindSteps, false), w.From, w.To
	return p
}

// toldStatus is the answer's status; it says why not.
func (d *Door) toldStatus(ctx context.Context, page *toldPage, err error) int {
	var known *petition.Error
	switch {
	case err == nil:
		return http.StatusOK
	case errors.As(err, &known) && known.Code == petition.Invalid:
		page.Notice = d.Locales.Say(page.W.Lang, known.Key, known.Args)
		return http.StatusUnprocessableEntity
	case ctx.Err() == nil:
		d.Log.Error("web: where somebody is told was not changed", "err", err)
	}
	page.Notice = page.W.Say("away")
	return http.StatusServiceUnavailable
}

// leaving shows the page to which a mail leads. It does not say whether there is such an id.
func (d *Door) leaving(w http.ResponseWriter, r *http.Request) {
	page := d.newTold(r, visitor{})
	page.Leaving = true
	d.showTold(w, page, http.StatusOK)
}

// leaveMail ends mail to whose it is, without a session: mail programs call it by themselves (RFC 8058).
func (d *Door) leaveMail(w http.ResponseWriter, r *http.Request) {
	page := d.newTold(r, visitor{})
	page.Leaving = true
	if !d.limits.addr.Allow(d.Proxies.Of(r), d.Now(), 1) {
		d.unavailable(w, r, http.StatusTooManyRequests, page.W.Say("crowd"))
		return
	}
	status := d.toldStatus(r.Context(), page, petition.IgnoreNotFound(d.Citizens.LeaveMail(r.Context(), r.PathValue("id"))))
	if status == http.StatusOK {
		page.Done = page.W.catalog.Say(page.W.Lang, "told.stopped.mail")
	}
	d.showTold(w, page, status)
}

func (d *Door) showTold(w http.ResponseWriter, page *toldPage, status int) {
	var buf bytes.Buffer
	if err := d.page.tmpl.ExecuteTemplate(&buf, "told", page); err != nil {
		d.Log.Error("web: page not rendered", "err", err)
		http.Error(w, page.W.Say("trouble"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(buf.Bytes())
}

// Told is a sentence of where people are told, told.key.
func (p *toldPage) Told(key string, args ...any) string {
	return p.W.catalog.Say(p.W.Lang, "told."+key, args...)
}
