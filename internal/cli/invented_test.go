package cli

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"dengwen/internal/office"
	"dengwen/internal/test/invented"
)

// Commands, the conversation in the terminal and errors speak a language that was added by a
// folder, chosen by the environment.
func TestAnAddedLanguageIsSpokenByCommands(t *testing.T) {
	t.Setenv("LC_ALL", "bo_CN.UTF-8")
	dir, words := t.TempDir(), invented.Dir(t)
	story := "下梁镇三组的路一下雨就塌，拖拉机过不去，找村上说没钱，请把路修好"
	allowed := append(invented.OfficeData(office.Example()), story, "下梁镇三组的路一下雨就塌", "找村上说没钱", "请把路修好", "下梁镇三组", "中文", "English", "路", "村组道路损坏", "下雨过不去车", "三组", "dengwen calendar import", "dengwen staff invite", "dengwen key rotate", "zh-CN bo en")
	for _, c := range []struct{ args, in string }{
		{"talk", "/start\n" + story + "\n/help\n/rights\n/privacy\n/my\n/language\n/quit\n"},
		{"due --rule handle --from 2026-08-03", ""}, {"due --rule never --from 2026-08-03", ""}, {"due", ""},
		{"due --rule assigned_report --from 2026-08-03", ""}, {"calendar", ""}, {"check", ""},
		{"report --week", ""}, {"report --year", ""}, {"report --year --day soon", ""}, {"staff", ""},
		{"staff invite --unit petition --role intake", ""}, {"broadcast --list", ""}, {"broadcast", ""}, {"notice", ""}, {"notice --number x --list", ""},
		{"talk --lang tlh", ""}, {"ask --lang bo 信访多久办完", ""}, {"ask --lang bo 天上有几颗星", ""},
		{"--help", ""}, {"staff --help", ""}, {"staff invite --help", ""}, {"key rotate --help", ""}, {"due --rul x", ""}, {"due x", ""},
		{"replay", ""}, {"replay --number=x", ""}, {"talk --stop-wait=soon", ""}, {"classify none.jsonl", ""}, {"accesses", ""}, {"verify", ""}, {"key", ""}, {"check --telegram-webhook-url https://x.example --addr 8080 --redis-url http://x", ""},
	} {
		var out, faults strings.Builder
		args := append(strings.Fields(c.args), "--data-dir", dir, "--locales", words, "--log-level", "error")
		if err := run(t.Context(), args, streams{strings.NewReader(c.in), &out, &faults}); err != nil {
			out.WriteString(err.Error())
		}
		text := strings.ReplaceAll(out.String()+faults.String(), "\n  ", "") // lines that were broken
		for _, left := range invented.Left(text, allowed...) {
			t.Errorf("%s: %q in\n%s", c.args, left, out.String())
			break
		}
	}
}

// Every command, argument and flag says what it is for, in each language.
func TestEveryCommandSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	s, err := speechOf(nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := kong.New(new(command))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range s.words.Languages() {
		said := &speech{s.words, l.Tag}
		said.describe(p)
		look := func(what, help string) {
			if help == "" || strings.HasPrefix(help, "help.") {
				t.Errorf("%s: %s: %q", l.Tag, what, help)
			}
		}
		_ = kong.Visit(p.Model, func(n kong.Visitable, next kong.Next) error {
			switch n := n.(type) {
			case *kong.Node:
				look(n.Path(), n.Help)
			case *kong.Flag:
				look("--"+n.Name, n.Help)
			case *kong.Value:
				look(n.Name, n.Help)
			}
			return next(nil)
		})
	}
}
