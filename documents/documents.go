// Package documents sets the official notices of a case as PDF and DOCX, from templates
// an office can edit; which parts a notice must carry is the law's (petition.PartsOf),
// and seal and signature are put on the paper.
package documents

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"text/template"
	"time"

	"golang.org/x/sync/semaphore"

	"dengwen/petition"
)

// Official documents are in Chinese by law, whatever language people are spoken to in
// (国家通用语言文字法, Article 9).
//
//go:embed templates/zh-CN/*.txt
var builtin embed.FS

// Kinds lists all kinds in alphabetical order; a kind's template is
// templates/zh-CN/<kind>.txt; notes.txt is what the layout adds.
func Kinds() []string { return petition.DocumentKinds() }

// Values are what a template is filled with. Besides the required keys it may use any
// other.
type Values = map[string]string

// Renderer makes documents. Safe for concurrent use.
type Renderer struct {
	templates *template.Template
	faces     *typefaces
	slots     *semaphore.Weighted // one rendering each
	timeout   time.Duration       // of a rendering, waiting included
}

// What one rendering may cost, however long the words of a citizen or an officer are:
// anybody with a case can ask for its documents, again and again.
const (
	renderings = 2 // at once, some 10 MB each
	timeout    = 10 * time.Second
	maxText    = 100_000 // characters of all values, see limit: some 130 to 170 pages
	maxPages   = 200
)

// New reads the templates: the built-in ones, with those of folder ("" = none) in
// the place of theirs; and the typefaces, with those of faces ("" = none): body.ttf,
// title.ttf, heading.ttf and level.ttf are set in the place of the built-in ones, every other .ttf
// file is asked for characters that those lack. What cannot be read is a fault that
// names it.
func New(folder, faces string) (*Renderer, error) {
	t, err := template.New("").Option("missingkey=zero").ParseFS(builtin, "templates/zh-CN/*.txt")
	if err != nil {
		return nil, fmt.Errorf("read notice templates: %w", err)
	}
	if folder != "" {
		own, err := fs.ReadDir(os.DirFS(folder), ".") // a folder that is not there would pass for an empty one
		if err == nil && slices.ContainsFunc(own, func(e fs.DirEntry) bool { return path.Ext(e.Name()) == ".txt" }) {
			t, err = t.ParseFS(os.DirFS(folder), "*.txt")
		}
		if err != nil {
			return nil, fmt.Errorf("read notice templates in %s: %w", folder, err)
		}
	}
	f, err := loadFaces(faces)
	if err != nil {
		return nil, err
	}
	return &Renderer{templates: t, faces: f, slots: semaphore.NewWeighted(renderings), timeout: timeout}, nil
}

// Render writes a document as "pdf" or "docx". Invalid "paper.missing" when a required
// part is missing: Args["parts"] names every one. NotFound for another form or kind.
// Text beyond a limit is left out, and a note in its place says so. When ctx ends or
// the document takes longer than 10 seconds, the error is that of the context. An error
// of the document leaves nothing written.
func (r *Renderer) Render(ctx context.Context, w io.Writer, form string, d petition.Document) error {
	b, err := r.render(ctx, form, d)
	if err != nil {
		return err
	}
	if _, err := w.Write(b); err != nil { // the next one need not wait for a slow reader
		return fmt.Errorf("write notice %s: %w", d.Kind, err)
	}
	return nil
}

func (r *Renderer) render(ctx context.Context, form string, d petition.Document) ([]byte, error) {
	encode, ok := map[string]func(context.Context, io.Writer, petition.Document, paper, *measurer) error{"pdf": r.encodePDF, "docx": r.encodeDOCX}[form]
	if !ok {
		return nil, petition.Fail(petition.NotFound, "paper.form", "form", form)
	}
	if err := check(d); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	if err := r.slots.Acquire(ctx, 1); err != nil {
		return nil, fmt.Errorf("wait to render notice %s: %w", d.Kind, err)
	}
	defer r.slots.Release(1)
	lines, err := r.lines(d)
	if err != nil {
		return nil, err
	}
	if d.Title == "" {
		d.Title = petition.DocumentTitle(d.Kind)
	}
	var b bytes.Buffer
	if err := encode(ctx, &b, d, arrange(lines), r.faces.measurer()); err != nil {
		return nil, fmt.Errorf("render notice %s as %s: %w", d.Kind, form, err)
	}
	return b.Bytes(), nil
}

// note is what the layout adds to a document; "" where an office's own cannot be filled.
func (r *Renderer) note(name string, values map[string]any) string {
	var b strings.Builder
	if r.templates.ExecuteTemplate(&b, name, values) != nil {
		return ""
	}
	return b.String()
}

// lines are those of a document within the limit.
func (r *Renderer) lines(d petition.Document) ([]line, error) {
	var b strings.Builder
	if err := r.templates.ExecuteTemplate(&b, d.Kind+".txt", shield(r.limit(d.Values, maxText))); err != nil {
		return nil, fmt.Errorf("fill notice %s: %w", d.Kind, err)
	}
	lines := parse(b.String())
	if len(lines) == 0 {
		return nil, fmt.Errorf("fill notice %s: its template is empty", d.Kind)
	}
	return lines, nil
}

func check(d petition.Document) error {
	if petition.PartsOf(d.Kind) == nil {
		return petition.Fail(petition.NotFound, "paper.kind", "kind", d.Kind)
	}
	if missing := d.Missing(); missing != nil {
		return petition.Fail(petition.Invalid, "paper.missing", "parts", strings.Join(missing, "、"), "title", petition.DocumentTitle(d.Kind))
	}
	return nil
}

// Lacking are the characters of a text that no typeface here has, each once: a PDF shows
// 〓 in their place and says so.
func (r *Renderer) Lacking(text string) []rune { return r.faces.lacking(text) }
