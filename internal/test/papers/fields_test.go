package papers

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dengwen/documents"
	"dengwen/petition"
)

// Every paper of every life carries what its kind must, in the text a reader copies from the PDF and in
// the words of the DOCX.
func TestPapersCarryTheirFields(t *testing.T) {
	needs(t, "pdftotext")
	fields, err := documents.Fields()
	if err != nil {
		t.Fatal(err)
	}
	to := folder(t)
	render(t, "docx", to)
	filled := map[string]bool{} // fields that some life has
	for name, d := range render(t, "pdf", to) {
		var pdf strings.Builder
		for _, page := range text(t, filepath.Join(to, name+".pdf")) {
			pdf.WriteString(pageNumber.ReplaceAllString(page, ""))
		}
		forms := map[string]string{"pdf": words(pdf.String()), "docx": words(docx(t, filepath.Join(to, name+".docx")))}
		all := fields[d.Kind]
		if d.Values["assigned"] != "" {
			all = append(all[:len(all):len(all)], fields[d.Kind+".assigned"]...)
		}
		for _, f := range all {
			want := f.Says
			if f.Value != "" {
				want = d.Values[f.Value]
			}
			if want == "" {
				continue
			}
			filled[d.Kind+"/"+f.Name] = true
			for form, got := range forms {
				for line := range strings.SplitSeq(want, "\n") {
					if !carries(got, words(line), form == "pdf" && tabled[d.Kind]) {
						t.Errorf("%s as %s does not carry %s (%s): %s", name, form, f.Name, f.Source, line)
					}
				}
			}
		}
	}
	for kind, all := range fields {
		kind, _, _ := strings.Cut(kind, ".")
		for _, f := range all {
			if !filled[kind+"/"+f.Name] {
				t.Errorf("no %s has its %s", kind, f.Name)
			}
		}
	}
}

// carries reports whether a text has some words. Cells of a table are copied line by line across, so
// there each character is looked for after the one before it.
func carries(text, words string, across bool) bool {
	if !across {
		return strings.Contains(text, words)
	}
	rest := text
	for _, c := range words {
		i := strings.IndexRune(rest, c)
		if i < 0 {
			return false
		}
		rest = rest[i+len(string(c)):]
	}
	return true
}

func docx(t *testing.T, file string) string {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var all strings.Builder
	for _, f := range z.File { // signature and copies may stand in a footer
		if !strings.HasPrefix(f.Name, "word/") || !strings.HasSuffix(f.Name, ".xml") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(r); ; {
			tok, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if c, ok := tok.(xml.CharData); ok {
				all.Write(c)
			}
		}
		r.Close()
	}
	return all.String()
}

// Where no calendar is published, each day on a paper that is computed says that it is provisional.
func TestPapersSayWhatIsProvisional(t *testing.T) {
	t.Parallel()
	marked := map[string]bool{}
	for name, d := range newLives(t, variants[0], new(petition.Calendar)).all() {
		for _, key := range []string{"due", "next", "before", "review_until"} {
			v := d.Values[key]
			if !aDay.MatchString(v) {
				continue
			}
			marked[key] = true
			if !strings.Contains(v, "暂定") {
				t.Errorf("%s: %s is %q", name, key, v)
			}
		}
	}
	if len(marked) != 4 {
		t.Errorf("days only under %v", marked)
	}
}

var aDay = regexp.MustCompile(`\d年\d+月\d+日`)
