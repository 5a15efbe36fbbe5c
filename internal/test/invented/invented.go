// Package invented is a language nobody speaks, made by machine from the default one, and what
// finds sentences in what people see that are not in it.
package invented

import (
	"bytes"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"dengwen/assist/answer"
	"dengwen/locales"
	"dengwen/petition"
)

// Tag is the language's; clients say it as bo too.
const Tag = "bo"

const about = `name = "ⰀⰁⰂ"
codes = ["bo"]
[dates]
weekdays = ["Ⰰ1", "Ⰰ2", "Ⰰ3", "Ⰰ4", "Ⰰ5", "Ⰰ6", "Ⰰ7"]
months = ["Ⰱ1", "Ⰱ2", "Ⰱ3", "Ⰱ4", "Ⰱ5", "Ⰱ6", "Ⰱ7", "Ⰱ8", "Ⰱ9", "Ⰱ10", "Ⰱ11", "Ⰱ12"]
day = "{{.Day}} {{.MonthName}} {{.Weekday}}"
next_year = "{{.Day}} {{.MonthName}} {{.Year}}"
other_year = "{{.Day}} {{.MonthName}} {{.Year}}"
moment = "{{.Day}} {{.MonthName}} {{.Time}}"
`

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

// say puts the words of a sentence into letters of Glagolitic; what stands in placeholders stays.
func say(text string) string {
	return changed(text, func(words string) string {
		return strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Han, r) {
				return 'Ⰰ' + r%40
			}
			return r
		}, words)
	})
}

// changed is a sentence with what stands outside its placeholders changed.
func changed(text string, change func(string) string) string {
	var b strings.Builder
	at := 0
	for _, m := range append(placeholder.FindAllStringIndex(text, -1), []int{len(text), len(text)}) {
		b.WriteString(change(text[at:m[0]]))
		b.WriteString(strings.ReplaceAll(text[m[0]:m[1]], "{{han ", "{{"))
		at = m[1]
	}
	return b.String()
}

// Around each run of Chinese characters of a sentence that Marked says: invisible, and in nobody's
// words.
const from, to = "\u2063", "\u2064"

// Marked speaks the default language, each run of its sentences' characters between marks: so a
// dialogue that is written down in it can be walked, and what is said without marks seen.
func Marked(t testing.TB) *locales.Catalog {
	t.Helper()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	mark := func(text string) string {
		return quoted(changed(text, func(words string) string { return han.ReplaceAllString(words, from+"$0"+to) }))
	}
	var b, about strings.Builder
	for key, text := range words.Texts(locales.Default) {
		fmt.Fprintf(&b, "%q = %s\n", key, mark(text))
	}
	d := words.Languages()[0].Dates
	fmt.Fprintf(&about, "[dates]\nday = %s\nnext_year = %s\nother_year = %s\nmoment = %s\nclose = %s\n",
		mark(d.Day), mark(d.NextYear), mark(d.OtherYear), mark(d.Moment), quoted(from+d.Close))
	for name, list := range map[string][]string{"weekdays": d.Weekdays, "months": d.Months} {
		fmt.Fprintf(&about, "%s = [", name)
		for _, s := range list {
			fmt.Fprintf(&about, "%s, ", mark(s))
		}
		about.WriteString("]\n")
	}
	marked, err := locales.New(fstest.MapFS{
		locales.Default + "/language.toml": {Data: []byte(about.String())},
		locales.Default + "/words.toml":    {Data: []byte(b.String())},
	})
	if err != nil {
		t.Fatal(err)
	}
	return marked
}

// Titles are what official documents are called, which are in Chinese in every language, and what
// languages call themselves.
func Titles() []string {
	out := []string{"中文", "English"}
	for _, kind := range petition.DocumentKinds() {
		out = append(out, petition.DocumentTitle(kind))
	}
	return out
}

var marked = regexp.MustCompile(from + `\p{Han}*` + to + `?`)

// Unmarked is what Left finds in a text besides what stands between marks.
func Unmarked(text string, allowed ...string) []string {
	return Left(marked.ReplaceAllString(text, " · "), allowed...)
}

// Plain is a text without marks.
func Plain(text string) string { return strings.NewReplacer(from, "", to, "").Replace(text) }

// Folder is the language's folder, as one is added.
func Folder(t testing.TB) fs.FS {
	t.Helper()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for key, text := range words.Texts(locales.Default) {
		fmt.Fprintf(&b, "%q = %s\n", key, quoted(say(text)))
	}
	return fstest.MapFS{
		Tag + "/language.toml":    {Data: []byte(about)},
		Tag + "/words.toml":       {Data: []byte(b.String())},
		Tag + "/answers/all.yaml": {Data: answers(t, words)},
	}
}

// answers is the knowledge base in the language.
func answers(t testing.TB, words *locales.Catalog) []byte {
	t.Helper()
	book, err := answer.New(new(petition.Office), words)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	b.WriteString("entries:\n")
	for _, id := range book.Entries() {
		e, err := book.Entry(id, locales.Default)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "- {id: %s, title: %s, text: %s}\n", id, quoted(say(e.Title)), quoted(say(e.Text)))
	}
	return b.Bytes()
}

// quoted is a string of TOML and of YAML.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(s) + `"`
}

// Dir is Folder on disk, for DENGWEN_LOCALES.
func Dir(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, Folder(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, Tag)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Catalog speaks the language beside the built-in ones.
func Catalog(t testing.TB) *locales.Catalog {
	t.Helper()
	words, err := locales.New(Folder(t))
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// OfficeData is what stands in an office's file, which every language shows as it is.
func OfficeData(o *petition.Office) []string {
	out := []string{o.Name, o.County, o.Hours, o.Address, o.Reception.Place}
	out = append(out, o.Documents...)
	for _, u := range o.Units {
		out = append(append(out, u.Name), u.Short...)
	}
	for _, p := range o.Places {
		out = append(append(append(out, p.Name), p.Short...), p.Villages...)
	}
	for _, w := range o.Wordings {
		out = append(out, w.Name)
	}
	for _, g := range o.Guide {
		out = append(out, han.FindAllString(g.Text, -1)...)
	}
	for _, c := range o.Categories {
		out = append(out, c.Name)
	}
	for _, k := range o.Disputes.Kinds {
		out = append(out, k.Name)
	}
	for _, m := range o.Disputes.Mediators {
		out = append(out, m.Name, m.Committee)
	}
	for _, m := range o.Disputes.Method {
		out = append(append(out, m.Name), m.Form...)
	}
	return out
}

var cut = regexp.MustCompile(`\p{Han}+…`)

var han = regexp.MustCompile(`\p{Han}+`)

// Left is what is left of Chinese or English sentences in a text besides what is allowed: runs of
// Chinese characters, and three English words in a row.
func Left(text string, allowed ...string) []string {
	slices.SortFunc(allowed, func(a, b string) int { return len(b) - len(a) })
	for _, a := range allowed {
		if a != "" {
			text = strings.ReplaceAll(text, a, " · ")
		}
	}
	text = cut.ReplaceAllStringFunc(text, func(s string) string { // words that were shortened
		begun := strings.TrimSuffix(s, "…")
		if slices.ContainsFunc(allowed, func(a string) bool { return strings.Contains(a, begun) }) {
			return ""
		}
		return s
	})
	return append(han.FindAllString(text, -1), english.FindAllString(text, -1)...)
}

var english = regexp.MustCompile(`\b[A-Za-z']+ [a-z']+ [a-z']+\b`)

var tags = regexp.MustCompile(`(?s)<!--.*?-->|<script.*?</script>|<style.*?</style>|<[^>]*?>`)

var spoken = regexp.MustCompile(`(?:alt|placeholder|aria-label|title|data-[a-z]+)="([^"]*)"`)

// Shown is what people read on a page of HTML or hear of it.
func Shown(page string) string {
	texts := []string{tags.ReplaceAllString(page, "\n")}
	for _, m := range spoken.FindAllStringSubmatch(page, -1) {
		texts = append(texts, m[1])
	}
	return html.UnescapeString(strings.Join(texts, "\n"))
}
