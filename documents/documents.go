// Package paper makes what people hold in their hands: the official notices of a
// case as PDF and DOCX, from templates an office can edit. Which parts a notice must
// carry is the law's (petition.PartsOf); one with a part missing is refused.
package documents

import (
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"text/template"

	"dengwen/petition"
)

//go:embed templates/*.txt
var builtin embed.FS

// Kinds lists all kinds in alphabetical order; a kind's template is
// templates/<kind>.txt.
func Kinds() []string { return petition.DocumentKinds() }

// Values fills a notice. Besides the required keys a template may use any other.
type Values = map[string]string

// Renderer makes notices. Safe for concurrent use.
type Renderer struct{ t *template.Template }

// New reads the templates: the built-in ones, with those of folder ("" = none) in
// the place of theirs. A template that cannot be read is a fault that names it.
func New(folder string) (*Renderer, error) {
	t, err := template.New("").Option("missingkey=zero").ParseFS(builtin, "templates/*.txt")
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
	return &Renderer{t: t}, nil
}

// Render writes a document as "pdf" or "docx". Invalid "paper.missing" when a required
// part is missing: Args["parts"] names every one. NotFound for another form or kind.
func (p *Renderer) Render(w io.Writer, form string, d petition.Document) error {
	switch form {
	case "pdf":
		return p.PDF(w, d.Kind, d.Values)
	case "docx":
		return p.DOCX(w, d.Kind, d.Values)
	}
	return petition.Fail(petition.NotFound, "paper.form", "form", form)
}

func check(kind string, v Values) error {
	if petition.PartsOf(kind) == nil {
		return petition.Fail(petition.NotFound, "paper.kind", "kind", kind)
	}
	d := petition.Document{Kind: kind, Values: v}
	if missing := d.Missing(); missing != nil {
		return petition.Fail(petition.Invalid, "paper.missing", "parts", strings.Join(missing, "、"), "title", petition.DocumentTitle(kind))
	}
	return nil
}

func (p *Renderer) lines(k string, v Values) ([]line, error) {
	if err := check(k, v); err != nil {
		return nil, err
	}
	var b strings.Builder
	if err := p.t.ExecuteTemplate(&b, k+".txt", shield(v)); err != nil {
		return nil, fmt.Errorf("fill notice %s: %w", k, err)
	}
	return parse(b.String()), nil
}
