package desk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dengwen/internal/office"
	"dengwen/petition"
)

// APIKeys are the keys by which other programs reach the case API, in a file of their own.
type APIKeys struct {
	Scopes []string // all there are
	List   func() []APIKey
	Make   func(k APIKey) (key string, err error) // the key itself is shown once and kept nowhere
	Revoke func(name string) error                // it opens nothing from now on
}

// APIKey is one of them, without the key.
type APIKey struct {
	Name   string
	Scopes []string
	Unit   string // acts for this unit only, "" = for any
}

type keysPage struct {
	frame
	Keys   []keyLine
	Scopes []choice
	Units  []choice
	Made   string // the key that was made just now
	For    string
	InFile bool
}

type keyLine struct{ Name, Scopes, Unit string }

// administers reports whether who is in makes API keys and names other systems that are told: what opens or tells everything is for the office's administrators alone.
func administers(v *visit) error {
	if !v.office || !v.person.Has(petition.Admin) {
		return petition.Fail(petition.Forbidden, "staff.admin_only")
	}
	return nil
}

func (d *Door) apiKeys(v *visit) error { return d.apiKeysWith(v, "", "") }

func (d *Door) apiKeysWith(v *visit, made, name string) error {
	if d.Book == nil {
		return d.missing(v)
	}
	if err := administers(v); err != nil {
		return err
	}
	p := keysPage{frame: d.inFrame(v, "office"), Made: made, For: name, InFile: d.Book.Keys != nil, Units: d.unitChoices(v, "")}
	if p.InFile {
		for _, s := range d.Book.Keys.Scopes {
			p.Scopes = append(p.Scopes, choice{s, v.names.Text("office_file.scope." + s), false})
		}
		for _, k := range d.Book.Keys.List() {
			l := keyLine{Name: k.Name, Unit: v.names.Unit(k.Unit)}
			for i, s := range k.Scopes {
				if i > 0 {
					l.Scopes += v.names.Text("desk.comma")
				}
				l.Scopes += v.names.Text("office_file.scope." + s)
			}
			p.Keys = append(p.Keys, l)
		}
	}
	return d.render(v, "keys", "body", p)
}

// changeAPIKeys makes a key, or takes one back. Both are in the log of the office's data, without the key.
func (d *Door) changeAPIKeys(v *visit) error {
	if d.Book == nil || d.Book.Keys == nil {
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
	name := strings.TrimSpace(f.Get("name"))
	there := slices.ContainsFunc(d.Book.Keys.List(), func(k APIKey) bool { return k.Name == name })
	change := office.Change{List: "keys", Code: name, Name: name}
	switch {
	case f.Get("do") == "revoke" && there:
		if err := d.Book.Keys.Revoke(name); err != nil {
			return err
		}
		change.Was = name
		if err := d.noteEdit(v, change); err != nil {
			return err
		}
		http.Redirect(v.w, v.r, "/desk/office/keys", http.StatusSeeOther)
		return nil
	case f.Get("do") != "make" || name == "" || strings.ContainsAny(name, ":#\n\r") || len(f["scope"]) == 0 || there:
		return petition.Fail(petition.Invalid, "office_file.key_name")
	}
	key, err := d.Book.Keys.Make(APIKey{name, f["scope"], f.Get("unit")})
	if err != nil {
		e := petition.Fail(petition.Invalid, "office_file.key_refused")
		e.Err = err
		return e
	}
	change.Now = strings.Join(f["scope"], ",")
	if err := d.noteEdit(v, change); err != nil {
		return err
	}
	return d.apiKeysWith(v, key, name)
}

func (d *Door) noteEdit(v *visit, changes ...office.Change) error {
	return d.Book.Note(office.Edit{At: d.Now().UTC(), By: v.person.Name + " (" + v.person.ID + ")", What: changes})
}

type calendarPage struct {
	frame
	Years  []int
	Year   int
	Notice string
	Off    string
	Work   string
	Error  string
	Found  string // what would change
	Looked bool
	Saved  bool
}

// calendar shows the days off and at work of a year by the notice of the State Council.
func (d *Door) calendar(v *visit) error {
	p, c, err := d.calendarPageOf(v)
	if err != nil {
		return err
	}
	h := office.HolidaysOf(c, p.Year)
	p.Notice, p.Off, p.Work, p.Saved = h.Notice, strings.Join(h.Off, "\n"), strings.Join(h.Work, "\n"), v.r.FormValue("saved") == "1"
	return d.render(v, "calendar", "body", p)
}

func (d *Door) calendarPageOf(v *visit) (calendarPage, *petition.Calendar, error) {
	p := calendarPage{frame: d.inFrame(v, "office"), Year: d.Now().In(zone).Year()}
	if d.Book == nil || d.Book.Calendar == "" {
		return p, nil, d.missing(v)
	}
	if !v.office {
		return p, nil, petition.Fail(petition.Forbidden, "office_file.who")
	}
	for y := p.Year - 1; y <= p.Year+1; y++ {
		p.Years = append(p.Years, y)
	}
	if y, err := strconv.Atoi(v.r.FormValue("year")); err == nil && slices.Contains(p.Years, y) {
		p.Year = y
	}
	c, err := office.LoadCalendar(d.Book.Calendar)
	return p, c, err
}

// changeCalendar looks at the days of a year, and with the second press has periods computed by them from then on. Those that run
// already keep their days.
func (d *Door) changeCalendar(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	p, c, err := d.calendarPageOf(v)
	if err != nil {
		return err
	}
	f := v.r.PostForm
	p.Notice, p.Off, p.Work = strings.TrimSpace(f.Get("notice")), f.Get("off"), f.Get("work")
	h := office.Holidays{Notice: p.Notice, Off: strings.Fields(p.Off), Work: strings.Fields(p.Work)}
	next, data, err := h.With(c, p.Year)
	if err != nil {
		p.Error = d.Book.Explain(v.names.Lang, err)
		return d.render(v, "calendar", "body", p)
	}
	was, now := office.HolidaysOf(c, p.Year), office.HolidaysOf(next, p.Year)
	if f.Get("put") != "1" {
		p.Looked = true
		p.Found = strings.Join(slices.Concat(marked("＋", now.Off, was.Off), marked("－", was.Off, now.Off), marked("＋", now.Work, was.Work), marked("－", was.Work, now.Work)), " ")
		return d.render(v, "calendar", "body", p)
	}
	if err := office.WriteCalendar(data, []int{p.Year}, d.Book.Calendar); err != nil {
		return err
	}
	year := strconv.Itoa(p.Year)
	if err := d.noteEdit(v, office.Change{List: "calendar", Code: year, Field: "off", Was: strings.Join(was.Off, " "), Now: strings.Join(now.Off, " ")}, office.Change{List: "calendar", Code: year, Field: "work", Was: strings.Join(was.Work, " "), Now: strings.Join(now.Work, " ")}); err != nil {
		return err
	}
	if _, err := d.pending(v); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/desk/office/calendar?saved=1&year="+year, http.StatusSeeOther)
	return nil
}

// marked are the days that a has and b lacks.
func marked(mark string, a, b []string) (all []string) {
	for _, day := range a {
		if !slices.Contains(b, day) {
			all = append(all, mark+day)
		}
	}
	return all
}
