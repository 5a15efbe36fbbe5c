package deploy

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"dengwen/internal/config"
	"dengwen/internal/test/faults"
)

var (
	block  = regexp.MustCompile("(?s)```sh\n(.*?)```")
	called = regexp.MustCompile(`(?:go run \.|\./dengwen|\bdengwen)((?: [a-z][a-z-]*)*)((?: --[a-z-]+(?:[= ][^-\s]\S*)?)*)`)
	flag   = regexp.MustCompile(`--[a-z-]+`)
	link   = regexp.MustCompile(`\]\(([^)#]+)\)`)
	folder = regexp.MustCompile("`((?:[a-z]+/)+[a-z._-]*)`")
)

// Every command the README shows is one, and has the flags shown with it.
func TestReadmeShowsCommandsThatExist(t *testing.T) {
	t.Parallel()
	known, shown, asked := commands(t), 0, &sync.Map{}
	for _, b := range block.FindAllStringSubmatch(text(t, "README.md"), -1) {
		for line := range strings.Lines(b[1]) {
			line, _, _ = strings.Cut(line, "#")
			if strings.HasPrefix(strings.TrimSpace(line), "go build") {
				_, line, _ = strings.Cut(line, "&&")
			}
			if strings.Contains(line, "sudo") || strings.Contains(line, "export ") {
				continue
			}
			for _, c := range called.FindAllStringSubmatch(line, -1) {
				shown++
				checkCommand(t, known, asked, strings.Fields(c[1]), flag.FindAllString(line, -1))
			}
		}
	}
	if shown < 6 {
		t.Errorf("only %d commands were found", shown)
	}
}

func checkCommand(t *testing.T, known map[string]bool, asked *sync.Map, words, flags []string) {
	t.Helper()
	name := ""
	for n := range words { // the longest that is a command; what follows are its arguments
		if c := strings.Join(words[:n+1], " "); known[c] {
			name = c
		}
	}
	if name == "" && len(words) > 0 {
		t.Errorf("README: there is no command %q", words[0])
		return
	}
	for _, f := range flags {
		if !strings.Contains(helps(t, asked, name), f) {
			t.Errorf("README: %q has no flag %s", name, f)
		}
	}
}

// Every setting the README names exists.
func TestReadmeNamesSettingsThatExist(t *testing.T) {
	t.Parallel()
	known := settings()
	for _, name := range regexp.MustCompile(`\b(?:DENGWEN|TELEGRAM|OPENAI|CASE|REDIS|DATABASE)_[A-Z_]+\b`).FindAllString(text(t, "README.md"), -1) {
		if !known[name] {
			t.Errorf("README: there is no setting %s", name)
		}
	}
}

func TestReadmeTableIsCurrent(t *testing.T) {
	t.Parallel()
	if !strings.Contains(text(t, "README.md"), "<!-- settings -->\n"+config.Table()+"<!-- /settings -->") {
		t.Error("the settings table is not what the code says; run: go run . settings --write README.md")
	}
}

// What the README points to is there.
func TestReadmeLeadsSomewhere(t *testing.T) {
	t.Parallel()
	readme := text(t, "README.md")
	for _, re := range []*regexp.Regexp{link, folder} {
		for _, m := range re.FindAllStringSubmatch(readme, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(faults.Root(t), m[1])); err != nil {
				t.Errorf("README points to %s: %v", m[1], err)
			}
		}
	}
}

// The test command makes the servers it needs, and CI runs that command.
func TestOneCommandTests(t *testing.T) {
	t.Parallel()
	if !regexp.MustCompile(`(?m)^test:.*\bservers\b`).MatchString(text(t, "Makefile")) {
		t.Error("make test does not install what it needs")
	}
	if !strings.Contains(text(t, ".ci/run"), "make test") {
		t.Error("CI does not run make test")
	}
}
