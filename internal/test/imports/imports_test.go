// Package imports holds the program to its plan: imports point one way.
package imports

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// may lists, for a package and everything below it, which others it may import.
// The longest that fits counts; "=package" means that one and nothing below it.
// Packages that are not listed (internal/app, internal/cli, test kits) may import everybody.
var may = map[string][]string{
	"petition":             {},
	"petition/batch":       {"=petition"},
	"petition/roster":      {"=petition", "=petition/telling"},
	"petition/bulletin":    {"=petition"},
	"petition/reception":   {"=petition"},
	"petition/mediation":   {"=petition"},
	"petition/telling":     {"=petition"},
	"petition/outreach":    {"=petition"},
	"petition/issuing":     {"=petition"},
	"locales":              {},
	"bot":                  {"petition", "locales"},
	"bot/acts":             {},
	"bot/corrections":      {},
	"bot/citizen":          {"=bot", "bot/acts", "bot/corrections", "assist/prefilter", "petition", "locales", "internal/officials"},
	"bot/officer":          {"=bot", "petition", "locales", "internal/naming"},
	"bot/oneway":           {"=bot", "petition", "locales", "internal/naming"},
	"bot/broadcast":        {"=bot", "petition"},
	"bot/turn":             {"=bot", "petition", "internal/seal"},
	"storage/redis":        {"bot/turn", "internal/groupcommit", "internal/websession", "internal/backup"},
	"storage/sqlite":       {"bot/turn", "internal/groupcommit", "internal/websession", "internal/backup"},
	"storage/cases":        {"petition", "petition/batch", "petition/telling", "internal/login", "internal/seal", "internal/groupcommit", "internal/search"},
	"storage/blob":         {"petition", "internal/seal"},
	"handlers/telegram":    {"=bot", "bot/turn", "petition", "locales"},
	"handlers/robot":       {"=bot", "bot/turn"},
	"handlers/mail":        {"=bot", "bot/turn"},
	"handlers/sms":         {"=bot", "bot/turn"},
	"handlers/webhook":     {"petition/telling"},
	"handlers/wechat":      {"=bot", "bot/turn", "petition", "locales", "internal/seal"},
	"handlers/web":         {"=bot", "bot/turn", "petition", "locales", "internal/seal", "internal/receipt", "internal/websession", "internal/webpage", "internal/ratelimit", "internal/netaddr"},
	"handlers/desk":        {"=petition", "=petition/batch", "=petition/issuing", "=petition/mediation", "=petition/outreach", "=petition/reception", "=petition/roster", "=petition/telling", "locales", "internal/archive", "internal/backlog", "internal/courses", "internal/exchange", "internal/login", "internal/naming", "internal/office", "internal/report", "internal/websession", "internal/webpage", "internal/ratelimit", "internal/netaddr"},
	"handlers/terminal":    {"=bot", "bot/turn", "petition", "locales"},
	"handlers/open311":     {"=petition", "locales", "internal/ratelimit", "internal/netaddr"},
	"handlers/api":         {"petition", "internal/ratelimit", "internal/netaddr"},
	"assist":               {"=bot", "petition", "assist", "internal/officials"},
	"assist/prefilter":     {},
	"assist/answer":        {"assist/linear", "petition", "locales"},
	"documents":            {"petition", "internal/fonts"},
	"internal/archive":     {"=petition", "=petition/batch"},
	"internal/backlog":     {"=petition", "=petition/batch"},
	"internal/exchange":    {"=petition", "=petition/batch", "internal/archive", "internal/backlog"},
	"internal/seal":        {},
	"internal/backup":      {"bot/turn", "internal/seal", "internal/websession"},
	"internal/scrub":       {"=petition"},
	"internal/officials":   {},
	"internal/receipt":     {"=bot", "locales", "internal/fonts"},
	"internal/office":      {"=petition", "=petition/mediation"},
	"internal/courses":     {},
	"internal/config":      {"=petition", "internal/netaddr"},
	"internal/login":       {},
	"internal/naming":      {"=petition", "=petition/mediation", "locales"},
	"internal/netaddr":     {},
	"internal/groupcommit": {},
	"internal/report":      {"=petition", "locales"},
	"internal/search":      {},
	"internal/webpage":     {},
	"internal/websession":  {"internal/seal"},
}

// alone names the one package that may import a library.
var alone = map[string]string{
	"github.com/go-telegram/bot":        "handlers/telegram",
	"github.com/redis/go-redis/v9":      "storage/redis",
	"github.com/sashabaranov/go-openai": "assist",
}

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	root := "../../.."
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if d.IsDir() {
			if rel != "." && (strings.HasPrefix(d.Name(), ".") || rel == "bench" || rel == "data") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		return check(t, filepath.ToSlash(rel), path)
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Fatalf("looked at only %d files", files)
	}
}

func check(t *testing.T, rel, path string) error {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
	pkg, listed := packageOf(rel)
	for _, spec := range f.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		if inner, ok := strings.CutPrefix(name, "dengwen/"); ok {
			if listed && !allowed(pkg, inner) {
				t.Errorf("%s imports %s: %s may import only %v", rel, inner, pkg, may[pkg])
			}
			continue
		}
		if within(rel, "petition") && strings.Contains(name, ".") {
			t.Errorf("%s imports %s: petition stands on the standard library alone", rel, name)
		}
		if within(rel, "petition") && (name == "net" || strings.HasPrefix(name, "net/")) {
			t.Errorf("%s imports %s: petition knows no network", rel, name)
		}
		for lib, home := range alone {
			if (name == lib || strings.HasPrefix(name, lib+"/")) && !within(rel, home) && !within(rel, "internal") {
				t.Errorf("%s imports %s: only %s may", rel, lib, home)
			}
		}
	}
	return nil
}

func packageOf(rel string) (string, bool) {
	best := ""
	for pkg := range may {
		if within(rel, pkg) && len(pkg) > len(best) {
			best = pkg
		}
	}
	return best, best != ""
}

func allowed(pkg, inner string) bool {
	if inner == pkg || strings.HasPrefix(inner, pkg+"/") && pkg != "bot" && pkg != "petition" {
		return true
	}
	for _, ok := range may[pkg] {
		if exact, found := strings.CutPrefix(ok, "="); found {
			if inner == exact {
				return true
			}
			continue
		}
		if inner == ok || strings.HasPrefix(inner, ok+"/") {
			return true
		}
	}
	return false
}

func within(path, pkg string) bool { return strings.HasPrefix(path, pkg+"/") }
