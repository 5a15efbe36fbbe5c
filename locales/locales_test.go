package locales

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/BurntSushi/toml"
)

func read(t *testing.T, lang string) map[string]string {
	t.Helper()
	m := map[string]string{}
	names, err := fs.Glob(files, lang+"/*.toml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no catalog for %s (%v)", lang, err)
	}
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := toml.Unmarshal(data, &m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return m
}

var placeholder = regexp.MustCompile(`\.[A-Za-z_]+`)

func TestAllLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	zh := read(t, Chinese)
	for _, lang := range c.Languages()[1:] {
		other := read(t, lang)
		for key, text := range zh {
			said, ok := other[key]
			if !ok || strings.TrimSpace(said) == "" || strings.TrimSpace(text) == "" {
				t.Errorf("%s: missing or empty in %s or Chinese", key, lang)
			}
			if a, b := holes(text), holes(said); !slices.Equal(a, b) {
				t.Errorf("%s: placeholders %v in Chinese, %v in %s", key, a, b, lang)
			}
		}
		for key := range other {
			if _, ok := zh[key]; !ok {
				t.Errorf("%s: only in %s", key, lang)
			}
		}
	}
}

// A language is added by a folder alone; what it does not say yet is said in Chinese.
func TestALanguageIsAFolder(t *testing.T) {
	t.Parallel()
	zh, err := files.ReadFile("zh-CN/citizen.toml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := parse(fstest.MapFS{
		"zh-CN/citizen.toml": {Data: zh},
		"bo/citizen.toml":    {Data: []byte(`"ticket.number" = "ཨང {{.Number}}"`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Languages(); !slices.Equal(got, []string{"zh-CN", "bo"}) {
		t.Errorf("languages %v", got)
	}
	if got := c.Say("bo", "ticket.number", "Number", "ZS26"); got != "ཨང ZS26" {
		t.Errorf("said %q", got)
	}
	if got := c.Say("bo", "ticket.head"); got != "登记好了。" {
		t.Errorf("what Tibetan does not say yet is said as %q", got)
	}
	for name, broken := range map[string]fstest.MapFS{
		"no Chinese":        {"en/a.toml": {Data: []byte(`a = "b"`)}},
		"no language":       {"zh-CN/a.toml": {Data: []byte(`a = "b"`)}, "not_a_tag_at_all/a.toml": {Data: []byte(`a = "b"`)}},
		"no TOML":           {"zh-CN/a.toml": {Data: []byte(`a = `)}},
		"a key twice":       {"zh-CN/a.toml": {Data: []byte(`a = "b"`)}, "zh-CN/b.toml": {Data: []byte(`a = "c"`)}},
		"a broken sentence": {"zh-CN/a.toml": {Data: []byte("a = 3")}},
	} {
		if _, err := parse(broken); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

func BenchmarkSay(b *testing.B) {
	c, err := New()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		c.Say(Chinese, "ticket.number", "Number", "ZS26-0417-3K")
		c.Say(Chinese, "ticket.head")
	}
}

func holes(text string) []string {
	var names []string
	for _, part := range strings.Split(text, "{{")[1:] {
		inside, _, _ := strings.Cut(part, "}}")
		names = append(names, placeholder.FindAllString(inside, -1)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// The tone: no officialese, no exclamation marks, no empty politeness.
func TestTone(t *testing.T) {
	t.Parallel()
	for key, text := range read(t, Chinese) {
		for _, bad := range []string{"！", "!", "贵", "兹", "予以", "敬请", "你"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: %q in %q", key, bad, text)
			}
		}
	}
	for key, text := range read(t, English) {
		if strings.Contains(text, "!") {
			t.Errorf("%s: exclamation mark in %q", key, text)
		}
	}
}

func TestSay(t *testing.T) {
	t.Parallel()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct{ got, text string }{
		{c.Say(Chinese, "ticket.number", "Number", "ZS26-0417-3K"), "编号 ZS26-0417-3K"},
		{c.Say(English, "ticket.number", map[string]string{"Number": "ZS26-0417-3K"}), "Number ZS26-0417-3K"},
		{c.Say("bo", "ticket.head"), "登记好了。"},
		{c.Say(Chinese, "no.such.key"), "no.such.key"},
	} {
		if want.got != want.text {
			t.Errorf("said %q, want %q", want.got, want.text)
		}
	}
	if c.Has("no.such.key") || !c.Has("ticket.head") || len(c.Keys()) < 200 {
		t.Error("Has and Keys do not show what there is")
	}
}

// TestKeysAreUsed holds the catalog to the code: a key in the code is in the
// catalog, a key in the catalog is named in the code, by itself or by its beginning
// ("status." + value).
func TestKeysAreUsed(t *testing.T) {
	t.Parallel()
	zh := read(t, Chinese)
	spaces := map[string]bool{}
	for key := range zh {
		space, _, _ := strings.Cut(key, ".")
		spaces[space] = true
	}
	said, asked := keysInCode(t, spaces)
	for _, key := range hints(t) {
		said[key], asked[key] = true, true
	}
	for key := range asked {
		if _, ok := zh[key]; !ok {
			t.Errorf("the code says %q, the catalogs do not", key)
		}
	}
	for key := range zh {
		space, _, _ := strings.Cut(key, ".")
		if !said[key] && !begun(said, key) && !refused[space] {
			t.Errorf("%q is said by nobody", key)
		}
	}
}

// begun reports whether the code says a beginning of the key ("desk.move." + name).
func begun(said map[string]bool, key string) bool {
	for i := range len(key) {
		if key[i] == '.' && said[key[:i+1]] {
			return true
		}
	}
	return false
}

// refused are the first words of the keys that only the stores and the case service
// say, some of them put together there.
var refused = map[string]bool{"need": true, "move": true, "staff": true, "feed": true, "file": true, "list": true, "broadcast": true}

// hints are the keys that the example office names for its subjects.
func hints(t *testing.T) []string {
	data, err := os.ReadFile("../internal/office/zhashui.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, m := range regexp.MustCompile(`hint: (hint\.[a-z_]+)`).FindAllStringSubmatch(string(data), -1) {
		keys = append(keys, m[1])
	}
	return keys
}

// TestRefusals holds the catalog to the case service: every key of its errors has a
// sentence.
func TestRefusals(t *testing.T) {
	t.Parallel()
	zh := read(t, Chinese)
	names, _ := filepath.Glob("../petition/*.go")
	refusal := regexp.MustCompile(`(?:Fail|refuse)\([^"\n]*"([a-z_]+\.[a-z_.]+[a-z])"|return "(move\.[a-z_]+)"|Need += "([a-z_]+)"`)
	found := 0
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil || strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, m := range refusal.FindAllStringSubmatch(string(data), -1) {
			key := m[1] + m[2]
			if m[3] != "" {
				key = "need." + m[3]
			}
			found++
			if zh[key] == "" {
				t.Errorf("%s: refuses with %q, which no catalog says", filepath.Base(name), key)
			}
		}
	}
	if found < 40 {
		t.Errorf("found only %d refusals: the pattern is wrong", found)
	}
}

var keyShape = regexp.MustCompile(`^[a-z_]+\.([a-z0-9_.]+)?$`)

// keysInCode collects the string literals of the module: all of them, and those of
// the conversation that can only be keys.
func keysInCode(t *testing.T, spaces map[string]bool) (said, asked map[string]bool) {
	said, asked = map[string]bool{}, map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return nil // somebody else's build error is not this test's matter
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			s, _ := strconv.Unquote(lit.Value)
			said[s] = true
			space, rest, _ := strings.Cut(s, ".")
			if rest != "" && !strings.HasSuffix(s, ".") && spaces[space] && keyShape.MatchString(s) && strings.HasPrefix(filepath.ToSlash(path), "../bot/") {
				asked[s] = true
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return said, asked
}
