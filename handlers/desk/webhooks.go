package desk

import (
	"net/http"

	"dengwen/petition"
	"dengwen/petition/telling"
)

type webhooksPage struct {
	frame
	Units         []choice
	All           []webhookLine
	Dead          []telling.Delivery
	Waiting       int
	Key, KeyOf    string // that was just made, and where it belongs
	Resent        bool
	DeadElsewhere int // beyond those listed
}

type webhookLine struct {
	telling.Endpoint
	UnitName string
}

// webhooks shows which other systems are told that a case moved, and what they did not take.
func (d *Door) webhooks(v *visit) error { return d.webhooksWith(v, telling.Endpoint{}) }

func (d *Door) webhooksWith(v *visit, made telling.Endpoint) error {
	if d.Systems == nil {
		return d.missing(v)
	}
	if err := administers(v); err != nil {
		return err
	}
	p := webhooksPage{frame: d.inFrame(v, "office"), Units: d.unitChoices(v, ""), Resent: v.r.FormValue("resent") == "1"}
	if len(made.Secrets) > 0 {
		p.Key, p.KeyOf = made.Secrets[0], made.Host()
	}
	all, err := d.Systems.List(v.ctx())
	if err != nil {
		return err
	}
	for _, e := range all {
		l := webhookLine{Endpoint: e, UnitName: p.T("all")}
		if e.Unit != "" {
			l.UnitName = v.names.Unit(e.Unit)
		}
		p.All = append(p.All, l)
	}
	if p.Dead, err = d.Systems.Dead(v.ctx()); err != nil {
		return err
	}
	dead := 0
	if p.Waiting, dead, err = d.Systems.Count(v.ctx()); err != nil {
		return err
	}
	p.DeadElsewhere = dead - len(p.Dead)
	return d.render(v, "webhooks", "body", p)
}

// changeWebhooks adds, removes or changes one, or sends again what was not taken.
func (d *Door) changeWebhooks(v *visit) error {
	if d.Systems == nil {
		return d.missing(v)
	}
	if err := administers(v); err != nil {
		return err
	}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	f := v.r.PostForm
	id, to := f.Get("id"), "/desk/office/webhooks"
	var err error
	switch f.Get("do") {
	case "add", "key":
		var e telling.Endpoint
		if f.Get("do") == "add" {
			e, err = d.Systems.Add(v.ctx(), f.Get("url"), f.Get("unit"))
		} else {
			e, err = d.Systems.Rotate(v.ctx(), id)
		}
		if err != nil {
			return err
		}
		return d.webhooksWith(v, e) // a key is shown once, so there is no other page to go to
	case "on":
		_, err = d.Systems.SwitchOn(v.ctx(), id)
	case "remove":
		err = d.Systems.Remove(v.ctx(), id)
	case "resend":
		to += "?resent=1"
		_, err = d.Systems.Resend(v.ctx(), f["event"]...)
	default:
		err = petition.Fail(petition.Invalid, "desk.page.nothing")
	}
	if err == nil {
		http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	}
	return err
}
