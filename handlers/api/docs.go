package api

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html
var docsHTML string

//go:embed docs.css
var docsCSS []byte

// page is what the template of the description shows.
type page struct {
	Title, Version string
	About          []string
	Tags           []tagDoc
	Types          []typeDoc
}

type tagDoc struct {
	Name, About string
	Calls       []callDoc
}

type callDoc struct {
	ID, Method, Path, Summary, About, Body, BodyKind string
	Curl                                             string
	Open                                             bool
	Inputs                                           []fieldDoc
	Answers                                          []answerDoc
}

type fieldDoc struct {
	Name, In, Type, Link, About string
	Required                    bool
}

type answerDoc struct{ Status, About, Link, Kind string }

type typeDoc struct {
	Name, About string
	Fields      []fieldDoc
}

// docs serves the description as a page: written once at the start, no script, one
// style sheet, nothing from elsewhere.
func (s *server) docs() {
	t := template.Must(template.New("docs").Parse(docsHTML))
	var b bytes.Buffer
	if err := t.Execute(&b, pageOf(s.api.OpenAPI())); err != nil {
		panic("api: description page: " + err.Error()) // the template is ours; tests run it
	}
	s.mux.Handle("GET /v1/docs", static("text/html; charset=utf-8", b.Bytes()))
	s.mux.Handle("GET /v1/docs.css", static("text/css; charset=utf-8", docsCSS))
}

func static(kind string, body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		w.Header().Set("Cache-Control", "public, max-age=300")
		_, _ = w.Write(body)
	})
}

func pageOf(o *huma.OpenAPI) page {
	calls := samples()
	p := page{Title: o.Info.Title, Version: o.Info.Version, About: paragraphs(o.Info.Description)}
	for _, t := range o.Tags {
		d := tagDoc{Name: t.Name, About: t.Description}
		for path, item := range o.Paths {
			for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
				if op != nil && slices.Contains(op.Tags, t.Name) {
					c := callOf(path, op)
					c.Curl = calls[op.OperationID].curl(op.Method, o.Servers[0].URL, c.Open)
					d.Calls = append(d.Calls, c)
				}
			}
		}
		slices.SortFunc(d.Calls, func(a, b callDoc) int { return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method) })
		p.Tags = append(p.Tags, d)
	}
	for name, schema := range o.Components.Schemas.Map() {
		p.Types = append(p.Types, typeDoc{Name: name, About: schema.Description, Fields: fieldsOf(schema)})
	}
	slices.SortFunc(p.Types, func(a, b typeDoc) int { return strings.Compare(a.Name, b.Name) })
	return p
}

// paragraphs drops the two marks of Markdown that the description uses.
func paragraphs(text string) []string {
	return strings.Split(strings.NewReplacer("\n\n", "\x00", "**", "", "*", "", "`", "", "\n", " ").Replace(text), "\x00")
}

func callOf(path string, op *huma.Operation) callDoc {
	c := callDoc{ID: op.OperationID, Method: op.Method, Path: path, Summary: op.Summary, About: op.Description, Open: len(op.Security) == 1 && len(op.Security[0]) == 0}
	for _, p := range op.Parameters {
		c.Inputs = append(c.Inputs, fieldDoc{Name: p.Name, In: p.In, Type: typeName(p.Schema), About: p.Description, Required: p.Required})
	}
	if op.RequestBody != nil {
		c.Body, c.BodyKind = bodyName(op.RequestBody.Content)
	}
	for status, r := range op.Responses {
		link, kind := bodyName(r.Content)
		c.Answers = append(c.Answers, answerDoc{Status: status, About: r.Description, Link: link, Kind: kind})
	}
	slices.SortFunc(c.Answers, func(a, b answerDoc) int { return strings.Compare(a.Status, b.Status) })
	return c
}

// bodyName answers the type to link to, if the body has one, and the media type.
func bodyName(content map[string]*huma.MediaType) (link, kind string) {
	for kind, m := range content {
		if m.Schema != nil && m.Schema.Ref != "" {
			return refName(m.Schema.Ref), kind
		}
		return "", kind
	}
	return "", ""
}

func fieldsOf(s *huma.Schema) []fieldDoc {
	var out []fieldDoc
	for name, p := range s.Properties {
		f := fieldDoc{Name: name, Type: typeName(p), About: p.Description, Required: slices.Contains(s.Required, name)}
		f.Link = linkOf(p)
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b fieldDoc) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func typeName(s *huma.Schema) string {
	switch {
	case s == nil:
		return ""
	case s.Ref != "":
		return refName(s.Ref)
	case s.Type == huma.TypeArray:
		return "list of " + typeName(s.Items)
	case s.Format != "":
		return s.Type + " (" + s.Format + ")"
	case len(s.Enum) > 0:
		return "one of " + enumText(s.Enum)
	default:
		return s.Type
	}
}

func enumText(values []any) string {
	var out []string
	for _, v := range values {
		if text, _ := v.(string); text != "" {
			out = append(out, text)
		}
	}
	return strings.Join(out, ", ")
}

func linkOf(s *huma.Schema) string {
	if s.Ref != "" {
		return refName(s.Ref)
	}
	if s.Items != nil {
		return refName(s.Items.Ref)
	}
	return ""
}

func refName(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }
