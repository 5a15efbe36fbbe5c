package web

import (
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	exampleoffice "dengwen/internal/office"
	"dengwen/internal/test/invented"
	"dengwen/petition/outreach"
)

// newGuideStage is a stage with the page /guide; ready says whether its figures are counted.
func newGuideStage(t *testing.T, ready *bool, change func(*Config)) *stage {
	t.Helper()
	return newStage(t, func(c *Config) {
		c.Office = exampleoffice.Example()
		c.Statistics = func(_ context.Context, lang string) ([]Table, bool, error) {
			if lang == "en" && *ready {
				return []Table{{Title: "T, \"1\"", Rows: [][]string{{"", "2026"}, {"Roads", "<5"}}}, {Title: "T2", None: "none", Rows: [][]string{{"x"}}}}, true, nil
			}
			return nil, *ready, nil
		}
		if change != nil {
			change(c)
		}
	})
}

// The page says how to petition, the rights and the periods of the law in both languages, remembers nobody, and its
// table stands in the file as well.
func TestGuideForEverybody(t *testing.T) {
	t.Parallel()
	ready := false
	s := newGuideStage(t, &ready, nil)
	for lang, want := range map[string][]string{
		"zh-CN": {"怎么信访", "受理之日", "60 日", "条例第 34 条", "5 个工作日", "谁都不得因为您反映问题打击报复您", "正在数"},
		"en":    {"How to petition", "60 days", "Regulation, Art 34", "5 working days", "Still being counted"},
	} {
		res, err := http.Get(s.srv.URL + "/guide?lang=" + lang)
		if err != nil {
			t.Fatal(err)
		}
		page := body(t, res)
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s: the page lacks %q", lang, w)
			}
		}
		if len(res.Cookies()) > 0 || strings.Contains(page, "<script") {
			t.Errorf("%s: cookies %v, or a script", lang, res.Cookies())
		}
	}
	res, err := http.Get(s.srv.URL + "/guide.csv?lang=en")
	if err != nil || res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		t.Errorf("before they are counted: %v %v", res.Status, err)
	}
	ready = true
	if res, err = http.Get(s.srv.URL + "/guide.csv?lang=en"); err != nil {
		t.Fatal(err)
	}
	file := csv.NewReader(strings.NewReader(strings.TrimPrefix(body(t, res), "\ufeff")))
	file.FieldsPerRecord = -1
	rows, err := file.ReadAll()
	if want := [][]string{{"T, \"1\"", "", "2026"}, {"T, \"1\"", "Roads", "<5"}, {"T2", "x"}}; !reflect.DeepEqual(rows, want) {
		t.Errorf("%q, %v", rows, err)
	}
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A code opens a page that names its place and begins there with one press; nothing happens before. One of a place that
// is no more leads to the first page.
func TestCodeOfAPlace(t *testing.T) {
	t.Parallel()
	ready := true
	s := newGuideStage(t, &ready, nil)
	b := s.browser()
	param := outreach.Spot{Place: "611026102", Village: "石瓮"}.Param(outreach.Tell)
	b.get("/go/"+param, http.StatusOK)
	b.shows("<h1>下梁镇石瓮</h1>", `name="args" value="`+param+`"`)
	if n := len(b.taken()); n != 0 {
		t.Errorf("%d events before the press", n)
	}
	b.post("/say", b.fields("command", "start", "args", param), http.StatusOK)
	if e := b.taken()[0]; e.Command != "start" || e.Args != param {
		t.Errorf("pressed: %+v", e)
	}
	for _, bad := range []string{"at_1", "x", "at_611026102_%3Cb%3E", "at_" + strings.Repeat("6", 100)} {
		b.get("/go/"+bad, http.StatusOK)
		b.hides("<b>", "at_1", "石瓮")
	}
}

// Both pages speak a language that was added by a folder.
func TestAnAddedLanguageIsSpokenByTheGuide(t *testing.T) {
	t.Parallel()
	ready := true
	s := newGuideStage(t, &ready, func(c *Config) { c.Locales = invented.Catalog(t) })
	b := s.browser()
	for _, path := range []string{"/guide", "/go/at_611026102", "/go/quiz_"} {
		b.get(path+"?lang=bo", http.StatusOK)
		shown := invented.Shown(b.page)
		if left := invented.Left(shown, append([]string{"柞水县信访局", "中文", "English", "下梁镇", "周一至周五"}, officeWords()...)...); len(left) > 0 || !strings.ContainsFunc(shown, func(r rune) bool { return r >= 'Ⰰ' && r <= 'ⰿ' }) {
			t.Errorf("%s: %q left in\n%s", path, left, shown)
		}
	}
}

func officeWords() []string { return []string{exampleoffice.Example().Hours} }
