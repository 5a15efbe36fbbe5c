package desk

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"
	"time"

	"dengwen/internal/naming"
	"dengwen/internal/webpage"
	"dengwen/locales"
	"dengwen/petition"
)

//go:embed templates/*.html static/*
var embedded embed.FS

// pages holds the templates, a tree for each page, read when it is first shown, and the pages' own files.
type pages struct {
	trees  map[string]func() (*template.Template, error)
	assets *webpage.Assets
}

// pageNames are the pages; each template file of that name fills the frame.
var pageNames = []string{"today", "ledger", "case", "hard", "bulk", "register", "reception", "reception_sheet", "outreach", "learn", "course", "figures", "named", "reports", "batches", "batch", "import", "disputes", "dispute", "dispute_new", "dispute_day", "dispute_figures", "dispute_rounds", "office", "people", "webhooks", "places", "keys", "calendar", "log", "beside", "miniapp", "me", "login", "prove", "enter", "closed", "fault", "why"}

func loadPages() (*pages, error) {
	p := &pages{trees: map[string]func() (*template.Template, error){}}
	for _, name := range pageNames {
		p.trees[name] = sync.OnceValues(func() (*template.Template, error) { return loadPage(name) })
	}
	var err error
	p.assets, err = webpage.NewAssets(embedded, "static/*", "/desk/static/", webpage.Bundle{Name: "all.js", Files: []string{"htmx.min.js", "desk.js", "writing.js", "entry.js"}})
	return p, err
}

func loadPage(name string) (*template.Template, error) {
	t, err := template.New("").Funcs(template.FuncMap{"bind": bind, "add": func(a, b int) int { return a + b }, "lines": func(s string) []string { return strings.Split(s, "\n") }}).ParseFS(embedded, "templates/frame.html", "templates/parts.html", "templates/"+name+".html")
	if err != nil {
		return nil, fmt.Errorf("read template %s: %w", name, err)
	}
	return t, nil
}

// bound is a part of a page and the page, for a template that needs both.
type bound struct{ Page, Part any }

func bind(page, part any) bound { return bound{page, part} }

func (p *pages) icon(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, p.assets.Prefix+"desk.svg", http.StatusFound)
}

// frame is what every page has around it. Its methods are the words of the templates.
type frame struct {
	N       naming.Names
	Assets  string
	Example bool
	Me      *visit // nil for who is not in
	Keys    bool   // passkeys hold here
	Here    string // which part of the menu is open
	Done    string // what was done just now
}

func (d *Door) frame(n naming.Names) frame {
	return frame{N: n, Assets: d.pages.assets.Prefix, Example: d.Office.Example, Keys: d.keys != nil}
}

// inFrame is the frame for somebody who is in.
func (d *Door) inFrame(v *visit, here string) frame {
	f := d.frame(v.names)
	f.Me, f.Here = v, here
	if m := petition.MoveName(v.r.FormValue("done")); m != "" {
		if _, err := petition.SpecsOf(m); err == nil {
			f.Done = v.names.Text("desk.page.done", "Move", v.names.Move(m))
		}
	}
	return f
}

// T is a sentence of the desk's own, desk.page.key.
func (f frame) T(key string, args ...any) string { return f.N.Text("desk.page."+key, args...) }

// Office is what the office is called.
func (f frame) Office() string { return f.N.Office.Name }

// Person is who is in.
func (f frame) Person() string {
	if f.Me == nil {
		return ""
	}
	return f.Me.person.Name
}

// PersonID is the roster's id of who is in.
func (f frame) PersonID() string { return f.Me.person.ID }

// MayRegister reports whether who is in writes down what came by letter, visit or call.
func (f frame) MayRegister() bool { return f.Me != nil && f.Me.actor.MayFile() }

// Day is a moment's civil date as people say it.
func (f frame) Day(t time.Time) string { return f.N.Day(petition.Day(t)) }

// Clock is a moment's time of day at the office.
func (f frame) Clock(t time.Time) string { return t.In(zone).Format("15:04") }

// Others are the languages that can be changed to.
func (f frame) Others() (others []*locales.Language) {
	for _, l := range f.N.Locales.Languages() {
		if l.Tag != f.N.Lang {
			others = append(others, l)
		}
	}
	return others
}

var zone = time.FixedZone("CST", 8*3600) // the whole country keeps Beijing time

// languageCookie holds the language that somebody chose.
const languageCookie = "dengwen_lang"

// namesFor speaks the language that was chosen, else the browser's.
func (d *Door) namesFor(r *http.Request) naming.Names {
	lang := d.Locales.Accept(r.Header.Get("Accept-Language"))
	if c, err := r.Cookie(languageCookie); err == nil && d.Locales.Speaks(c.Value) {
		lang = c.Value
	}
	if !d.Locales.Speaks(lang) {
		lang = locales.Default
	}
	return naming.Names{Locales: d.Locales, Office: d.Office, Lang: lang, Now: d.Now()}
}

// render writes a page, or of it the one part that the script asked for.
func (d *Door) render(v *visit, name, part string, data any) error {
	if !v.partial() {
		part = "frame"
	}
	return d.write(v.w, http.StatusOK, name, part, data)
}

// show writes a page to who may not be in.
func (d *Door) show(w http.ResponseWriter, status int, name string, data any) {
	if err := d.write(w, status, name, "frame", data); err != nil {
		d.Log.Error("desk: page not written", "page", name, "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

func (d *Door) write(w http.ResponseWriter, status int, name, part string, data any) error {
	tree, err := d.pages.trees[name]()
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := tree.ExecuteTemplate(&buf, part, data); err != nil {
		return fmt.Errorf("render page %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(buf.Bytes())
	return nil
}

// statuses are the HTTP statuses of failures; RFC 9110.
var statuses = map[petition.Code]int{
	petition.Invalid: http.StatusUnprocessableEntity, petition.NotFound: http.StatusNotFound, petition.Conflict: http.StatusConflict,
	petition.Forbidden: http.StatusForbidden, petition.Limited: http.StatusTooManyRequests, petition.Unavailable: http.StatusServiceUnavailable,
	petition.Internal: http.StatusInternalServerError,
}

type faultPage struct {
	frame
	Why string
}

// fail shows why a request was not answered.
func (d *Door) fail(w http.ResponseWriter, r *http.Request, n naming.Names, err error) {
	code := petition.CodeOf(err)
	if r.Context().Err() == nil && (code == petition.Internal || code == petition.Unavailable) {
		d.Log.Error("desk: request failed", "path", r.Pattern, "err", err)
	}
	why := n.Error(err)
	if code == petition.NotFound {
		why = n.Text("desk.page.nothing")
	}
	d.show(w, statuses[code], "fault", faultPage{d.frame(n), why})
}

func (d *Door) missing(v *visit) error {
	return petition.Fail(petition.NotFound, "desk.page.nothing")
}
