package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"regexp"
	"strings"

	"dengwen/bot"
	"dengwen/internal/webpage"
)

//go:embed templates/*.html static/*
var files embed.FS

// pages holds the template and the page's own files.
type pages struct {
	tmpl   *template.Template
	assets *webpage.Assets
}

func loadPages() (*pages, error) {
	t, err := template.ParseFS(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("read page template: %w", err)
	}
	a, err := webpage.NewAssets(files, "static/*", "/web/")
	return &pages{t, a}, err
}

func (p *pages) icon(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, p.assets.Prefix+"drum.svg", http.StatusFound)
}

// view is what the page template shows.
type view struct {
	form
	Name, Assets        string
	Greeting            string
	Notice, Text        string
	Number              string
	Example, Empty      bool
	Waiting, Find       bool
	Verifies            bool // there is a page /verify
	Receives            bool // there is a page /reception
	Guides              bool // there is a page /guide
	Tells               bool // there is a page /told, and something to agree to
	Last                int64
	Bubbles             []bubble
	MaxFiles, MaxText   int
	MaxMB, MaxFile      int64
	PhotosNote, TooMany string
	Endings             string // of the names of files that are taken, .jpg .png …; "" = any
}

// form is what every form of the page carries.
type form struct {
	W    words
	CSRF string
	ID   string // idempotency key of what the form sends
}

// bubble is one message as the page shows it.
type bubble struct {
	form
	Elem, Key, Lang, Who, ISO, Time, Text string
	Seq                                   int64
	Mine, Point, AskPlace                 bool
	Files                                 []string
	Rows                                  [][]key
	Dial                                  []call
	Receipt                               *picture
	Documents                             []documentLink
}

type key struct {
	bot.Button
	Chosen bool
}

// call is a telephone number to call with one press.
type call struct {
	Href template.URL
	Text string
}

// documentLink leads to an official document in the visitor's own log.
type documentLink struct{ Href, Name string }

type picture struct {
	Src, Alt, File string
	Verify         string // address where it is compared with the record, "" = nowhere
	Height         int
}

// refusedPost is what a refused post leaves on the page: why, and the words to send again.
type refusedPost struct{ notice, text, id string }

func (d *Door) show(w http.ResponseWriter, r *http.Request) {
	if !d.limits.addr.Allow(d.Proxies.Of(r), d.Now(), 1) {
		d.unavailable(w, r, http.StatusTooManyRequests, d.wordsFor(r).Say("crowd"))
		return
	}
	d.render(w, r, http.StatusOK, refusedPost{})
}

// missing is every address that leads nowhere: the page, and why it is that.
func (d *Door) missing(w http.ResponseWriter, r *http.Request) {
	if !d.limits.addr.Allow(d.Proxies.Of(r), d.Now(), 1) {
		http.Error(w, d.wordsFor(r).Say("busy"), http.StatusTooManyRequests)
		return
	}
	d.refuse(w, r, http.StatusNotFound, d.wordsFor(r).Say("missing"))
}

func (d *Door) render(w http.ResponseWriter, r *http.Request, status int, kept refusedPost) {
	v, ended, err := d.ensureSession(w, r)
	if errors.Is(err, errCrowd) {
		d.unavailable(w, r, http.StatusTooManyRequests, d.wordsFor(r).Say("crowd"))
		return
	}
	t := &thread{}
	if err == nil {
		t, err = d.thread(r.Context(), v.conv)
	}
	if ended && kept.notice == "" {
		kept.notice = d.words(r, t).Say("ended")
	}
	if err != nil {
		if r.Context().Err() == nil { // else nobody is there to be shown it
			d.Log.Error("web: log not shown", "err", err)
		}
		if kept.text == "" {
			d.unavailable(w, r, http.StatusServiceUnavailable, d.wordsFor(r).Say("away"))
			return
		}
		t = &thread{} // what was written is handed back all the same
	}
	var buf bytes.Buffer
	if err := d.page.tmpl.ExecuteTemplate(&buf, "page", d.view(r, v, t, kept)); err != nil {
		d.Log.Error("web: page not rendered", "err", err)
		http.Error(w, d.wordsFor(r).Say("trouble"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(buf.Bytes())
}

func (d *Door) view(r *http.Request, v visitor, t *thread, kept refusedPost) view {
	wd := d.words(r, t)
	if kept.id == "" {
		kept.id = randomID(12)
	}
	mb := d.MaxFile >> 20
	p := view{
		form: form{wd, v.csrf, kept.id},
		Name: d.Name, Example: d.Example, Assets: d.page.assets.Prefix, Verifies: d.Prove != nil, Receives: d.Receptions != nil, Guides: d.Office != nil, Tells: d.Citizens != nil && len(d.Ways) > 0,
		Notice: kept.notice, Text: kept.text,
		Greeting: d.greeting(wd),
		Empty:    len(t.msgs) == 0, Waiting: t.waiting(), Last: t.last,
		MaxFiles: d.MaxFiles, MaxText: maxText, MaxMB: mb, MaxFile: d.MaxFile,
		Endings:    strings.Join(d.Endings, " "),
		PhotosNote: wd.Say("photos_note", "Count", d.MaxFiles, "MB", mb), TooMany: wd.Say("too_many", "Count", d.MaxFiles),
	}
	p.Number, p.Find = lookup(r)
	for _, m := range t.msgs {
		p.Bubbles = append(p.Bubbles, d.bubble(m, form{wd, v.csrf, randomID(12)}))
	}
	return p
}

func (d *Door) greeting(w words) string {
	if d.Greeting != nil {
		return d.Greeting(w.Lang)
	}
	return w.Say("hello_more")
}

// words are those of the language the bot last spoke; ?lang= chooses them before
// that, and then the browser's wish.
func (d *Door) words(r *http.Request, t *thread) words {
	if l := t.lang(); l != "" {
		return d.wordsIn(l)
	}
	if l := r.FormValue("lang"); d.Locales.Speaks(l) {
		return d.wordsIn(l)
	}
	return d.wordsFor(r)
}

var numberLike = regexp.MustCompile(`^[A-Za-z0-9-]{1,32}$`)

// lookup reads the number of a deep link /c/<number>; what is no number leaves the
// field empty.
func lookup(r *http.Request) (number string, find bool) {
	rest, find := strings.CutPrefix(r.URL.Path, "/c/")
	if !numberLike.MatchString(rest) {
		rest = ""
	}
	return strings.ToUpper(rest), find
}

// unavailable writes the page of an outage or overload: why, what to do instead, and the
// emergency numbers. It reloads by itself.
func (d *Door) unavailable(w http.ResponseWriter, r *http.Request, status int, why string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Retry-After", "15")
	w.WriteHeader(status)
	err := d.page.tmpl.ExecuteTemplate(w, "closed", struct {
		W                 words
		Name, Assets, Why string
	}{d.wordsFor(r), d.Name, d.page.assets.Prefix, why})
	if err != nil {
		d.Log.Error("web: page not written", "err", err)
	}
}
