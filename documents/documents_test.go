package documents_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dengwen/documents"
	"dengwen/petition"
)

func renderer(t testing.TB, folder string) *documents.Renderer {
	t.Helper()
	r, err := documents.New(folder, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// render is a document of a kind filled with values.
func render(t testing.TB, r *documents.Renderer, form, kind string, v documents.Values) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.Render(t.Context(), &b, form, petition.Document{Kind: kind, Values: v}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// full fills every required part of a kind with words that can be found again.
func full(k string) documents.Values {
	v := documents.Values{}
	for _, part := range petition.PartsOf(k) {
		v[part.Key] = "值" + part.Name
	}
	return v
}

func TestEveryKindInBothForms(t *testing.T) {
	t.Parallel()
	r := renderer(t, "")
	for _, k := range documents.Kinds() {
		t.Run(k, func(t *testing.T) {
			t.Parallel()
			pdf := render(t, r, "pdf", k, full(k))
			if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 5000 {
				t.Errorf("not a PDF with a font in it: %d bytes", len(pdf))
			}
			text := docxText(t, render(t, r, "docx", k, full(k)))
			for _, part := range petition.PartsOf(k) {
				if !strings.Contains(text, "值"+part.Name) {
					t.Errorf("the notice does not show %q (%s)", part.Key, part.Name)
				}
			}
		})
	}
}

// Every required part, taken away alone, is missed by name.
func TestMissingPartIsRefused(t *testing.T) {
	t.Parallel()
	r := renderer(t, "")
	for _, k := range documents.Kinds() {
		for _, part := range petition.PartsOf(k) {
			v := full(k)
			v[part.Key] = " \n"
			err := r.Render(t.Context(), io.Discard, "pdf", petition.Document{Kind: k, Values: v})
			var e *petition.Error
			if !errors.As(err, &e) || e.Code != petition.Invalid || !strings.Contains(e.Args["parts"], part.Name) {
				t.Errorf("%s without %s: %v", k, part.Key, err)
			}
		}
	}
	for _, form := range []string{"pdf", "docx", "odt"} {
		kind := "letter"
		if form == "odt" {
			kind = "opinion"
		}
		if err := r.Render(t.Context(), io.Discard, form, petition.Document{Kind: kind, Values: full(kind)}); petition.CodeOf(err) != petition.NotFound {
			t.Errorf("%s as %s: %v", kind, form, err)
		}
	}
}

func TestWordsCannotBecomeMarks(t *testing.T) {
	t.Parallel()
	v := full("opinion")
	v["request"] = "= 也不是标题"
	v["facts"] = "查明：\n= 假标题\n> 假落款 <w:p> & 𠂇"
	text := docxText(t, render(t, renderer(t, ""), "docx", "opinion", v))
	if strings.Contains(text, "\u2060") {
		t.Error("a guard was left behind")
	}
	if !strings.Contains(text, "= 假标题") || !strings.Contains(text, "= 也不是标题") || !strings.Contains(text, "> 假落款 <w:p> & 𠂇") {
		t.Errorf("the words were taken for marks: %s", text)
	}
}

func TestLongRareAndEmptyTexts(t *testing.T) {
	t.Parallel()
	v := full("acceptance")
	v["matter"] = strings.Repeat("路塌了，拖拉机过不去。\n", 200)
	v["contact"] = strings.Repeat("x", 400) + "😀𠂇"
	if n := pages(render(t, renderer(t, ""), "pdf", "acceptance", v)); n < 2 {
		t.Errorf("200 paragraphs stand on %d page(s)", n)
	}
}

func TestOwnTemplates(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	own := "= 本局回执\n> {{.number}}\n{{.received}}{{.matter}}{{.next}}\n> {{.unit}} {{.date}}\n"
	if err := os.WriteFile(filepath.Join(folder, "receipt.txt"), []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	if text := docxText(t, render(t, renderer(t, folder), "docx", "receipt", full("receipt"))); !strings.Contains(text, "本局回执") {
		t.Errorf("the office's own template was not used: %s", text)
	}
	if err := os.WriteFile(filepath.Join(folder, "receipt.txt"), []byte("{{.number"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := documents.New(folder, ""); err == nil || !strings.Contains(err.Error(), "receipt.txt") {
		t.Errorf("a broken template: %v", err)
	}
}

func pages(pdf []byte) int { return bytes.Count(pdf, []byte("/Type /Page\n")) }

func docxText(t testing.TB, b []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(f)
	var text strings.Builder
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		if err != nil {
			t.Fatalf("the document is not well-formed: %v", err)
		}
		if c, ok := tok.(xml.CharData); ok {
			text.Write(c)
		}
	}
}

// A folder that is not there is a fault: its templates were meant to be used.
func TestTemplatesOfNoFolder(t *testing.T) {
	t.Parallel()
	if _, err := documents.New(filepath.Join(t.TempDir(), "missing"), ""); err == nil {
		t.Error("a folder that is not there passes for an empty one")
	}
	if _, err := documents.New(t.TempDir(), ""); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
}
