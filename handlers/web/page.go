package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"

	"dengwen/bot"
)

//go:embed templates/*.html static/*
var files embed.FS

// pages holds the template and the page's own files. The files' address carries a
// hash of what they hold, so that a browser may keep them for ever.
type pages struct {
	tmpl   *template.Template
	prefix string
	hash   string
	assets map[string]asset
}

// asset is one of the page's own files, as it is and compressed with gzip.
type asset struct{ plain, gzipped []byte }

func loadPages() (*pages, error) {
	t, err := template.ParseFS(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("read page template: %w", err)
	}
	p := &pages{tmpl: t, assets: map[string]asset{}}
	sum := sha256.New()
	names, err := fs.Glob(files, "static/*")
	if err != nil {
		return nil, fmt.Errorf("list page files: %w", err)
	}
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read page file: %w", err)
		}
		p.assets[path.Base(name)] = asset{b, gzipped(b)}
		sum.Write(b)
	}
	p.hash = hex.EncodeToString(sum.Sum(nil)[:6])
	p.prefix = "/web/" + p.hash + "/"
	return p, nil
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // a level there is
	z.Write(b)                                              // into memory: cannot fail
	z.Close()
	return out.Bytes()
}

func (p *pages) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	a, ok := p.assets[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	if r.PathValue("hash") == p.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Content-Type", assetTypes[path.Ext(name)])
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		a.plain = a.gzipped
	}
	w.Write(a.plain)
}

var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

func (p *pages) icon(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, p.prefix+"drum.svg", http.StatusFound)
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
		Name: d.Name, Example: d.Example, Assets: d.page.prefix,
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
	}{d.wordsFor(r), d.Name, d.page.prefix, why})
	if err != nil {
		d.Log.Error("web: page not written", "err", err)
	}
}
