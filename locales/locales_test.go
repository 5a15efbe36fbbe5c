package locales

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

func read(t *testing.T, lang string) map[string]string {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for key, s := range c.in(lang).own {
		m[key] = s.text
	}
	return m
}

// Every built-in language says everything, with the same placeholders, and parses.
func TestAllLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.check(); err != nil {
		t.Error(err)
	}
	for _, l := range c.Languages() {
		for _, gap := range c.Gaps(l.Tag) {
			t.Errorf("%s: %s: missing or empty, or without %v", l.Tag, gap.Key, gap.Lost)
		}
	}
}

// A language is added by a folder alone; what it does not say yet is said in its fallback.
func TestALanguageIsAFolder(t *testing.T) {
	t.Parallel()
	bo := fstest.MapFS{
		"bo/language.toml": {Data: []byte("name = \"བོད་ཡིག\"\ncodes = [\"bo\"]\nfallback = \"en\"\nletters = \"Tibetan\"\n[dates]\nmonths = [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\"]")},
		"bo/citizen.toml":  {Data: []byte(`"ticket.number" = "ཨང {{.Number}}"`)},
		"zh-CN/own.toml":   {Data: []byte(`"ticket.head" = "登记完毕。"`)},
	}
	c, err := New(bo)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct{ got, text string }{
		{c.Languages()[1].Tag, "bo"},
		{c.Say("bo", "ticket.number", "Number", "ZS26"), "ཨང ZS26"},
		{c.Say("bo", "ticket.head"), "Registered."},
		{c.Say("zh-CN", "ticket.head"), "登记完毕。"},
		{c.Day("bo", "2026-12-08", "2026-01-01"), "Tue 8 12"},
		{c.Match("bo_CN"), "bo"}, {c.Match("zh-Hant-TW"), "zh-CN"}, {c.Match("fr"), ""},
		{c.Written("ང་ཚོའི ལམ འཐོར"), "bo"}, {c.Written("the road broke"), "en"}, {c.Written("the road 塌了 again"), ""}, {c.Written("lu huai le mei ren xiu"), ""}, {c.Written("shuo cuo le, shi san wan"), ""}, {c.Written("hello there"), ""},
		{c.Named(" བོད་ཡིག"), "bo"}, {c.Named("ENGLISH"), "en"}, {c.Named(""), ""},
		{c.Accept("bo;q=0.5,fr,en;q=0.4"), "bo"}, {c.Accept("xx;;"), "zh-CN"},
	} {
		if want.got != want.text {
			t.Errorf("%q, want %q", want.got, want.text)
		}
	}
	gaps := c.Gaps("bo")
	if len(gaps) != len(c.Keys())-1 || len(c.Gaps("zh-CN")) != 0 {
		t.Errorf("%d gaps of %d sentences", len(gaps), len(c.Keys()))
	}
	env := map[string]string{"LANG": "en_US.UTF-8", "LC_MESSAGES": "bo_CN.UTF-8"}
	if got := c.Environ(func(k string) string { return env[k] }); got != "bo" {
		t.Errorf("LC_MESSAGES is not heard: %s", got)
	}
	if got := c.Environ(func(k string) string { return map[string]string{"LANG": "C.UTF-8"}[k] }); got != Default {
		t.Errorf("C is %s", got)
	}
}

// What is wrong with a folder is said with the file and the key.
func TestBrokenFolders(t *testing.T) {
	t.Parallel()
	named := &fstest.MapFile{Data: []byte(`name = "བོད"`)}
	for want, broken := range map[string]fstest.MapFS{
		"no language tag":                      {"12/a.toml": {Data: []byte(`a = "b"`)}},
		"bo/a.toml":                            {"bo/language.toml": named, "bo/a.toml": {Data: []byte(`a = `)}},
		"another file too":                     {"bo/language.toml": named, "bo/a.toml": {Data: []byte(`"home" = "b"`)}, "bo/b.toml": {Data: []byte(`"home" = "c"`)}},
		"incompatible":                         {"bo/language.toml": named, "bo/a.toml": {Data: []byte("a = 3")}},
		"bo: \"hom\" is no":                    {"bo/language.toml": named, "bo/a.toml": {Data: []byte(`"hom" = "b"`)}},
		"ticket.number: nothing fills .Nummer": {"bo/language.toml": named, "bo/a.toml": {Data: []byte(`"ticket.number" = "{{.Nummer}}"`)}},
		"bo: ticket.number: template":          {"bo/language.toml": named, "bo/a.toml": {Data: []byte(`"ticket.number" = "{{.Number"`)}},
		"name is missing":                      {"bo/a.toml": {Data: []byte(`"home" = "b"`)}},
		"no language \"xx\"":                   {"bo/language.toml": {Data: []byte("name = \"བོད\"\nfallback = \"xx\"")}},
		"no script of Unicode":                 {"bo/language.toml": {Data: []byte("name = \"བོད\"\nletters = \"Runes\"")}},
		"nothing called nom":                   {"bo/language.toml": {Data: []byte("name = \"བོད\"\nnom = \"x\"")}},
		"seven weekdays":                       {"bo/language.toml": {Data: []byte("name = \"བོད\"\n[dates]\nweekdays = [\"a\"]")}},
	} {
		if _, err := New(broken); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want it to say %q", err, want)
		}
	}
	if _, err := parse(fstest.MapFS{"en/a.toml": {Data: []byte(`a = "b"`)}}); err == nil {
		t.Error("a catalog without the default language is read")
	}
}

func BenchmarkSay(b *testing.B) {
	c, err := New()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		c.Say(Default, "ticket.number", "Number", "ZS26-0417-3K")
		c.Say(Default, "ticket.head")
	}
}

// The tone: no officialese, no exclamation marks, no empty politeness.
func TestTone(t *testing.T) {
	t.Parallel()
	for key, text := range read(t, Default) {
		for _, bad := range []string{"！", "!", "贵", "兹", "予以", "敬请", "你"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: %q in %q", key, bad, text)
			}
		}
	}
	for key, text := range read(t, "en") {
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
		{c.Say(Default, "ticket.number", "Number", "ZS26-0417-3K"), "编号 ZS26-0417-3K"},
		{c.Say("en", "ticket.number", map[string]string{"Number": "ZS26-0417-3K"}), "Number ZS26-0417-3K"},
		{c.Say("bo", "ticket.head"), "登记好了。"},
		{c.Say(Default, "no.such.key"), "no.such.key"},
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
	zh := read(t, Default)
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
	zh := read(t, Default)
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
