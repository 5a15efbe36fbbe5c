package deploy

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"dengwen/internal/config"
	"dengwen/internal/test/faults"
	"dengwen/locales"
)

var (
	block  = regexp.MustCompile("(?s)```sh\n(.*?)```")
	called = regexp.MustCompile(`(?:go run \.|\./dengwen|\bdengwen)((?: [a-z][a-z-]*)*)((?: --[a-z-]+(?:[= ][^-\s]\S*)?)*)`)
	flag   = regexp.MustCompile(`--[a-z-]+`)
	link   = regexp.MustCompile(`\]\(([^)#]+)\)`)
	code   = regexp.MustCompile("`([^` \n]+)`")
	ours   = regexp.MustCompile(`^(?:assist|bench|bot|docs|documents|handlers|internal|locales|petition|scripts|storage)/[A-Za-z0-9_./-]*$`)
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
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	table := config.Table(func(flag string) string { return words.Say("en", "help.setting."+flag) })
	if !strings.Contains(text(t, "README.md"), "<!-- settings -->\n"+table+"<!-- /settings -->") {
		t.Error("the settings table is not what the code says; run: go run . settings --write README.md")
	}
}

// What the commands among "What else it does" print is not looked at here, only that
// each works as it stands in a folder with the project's examples.
func TestReadmeCommandsWork(t *testing.T) {
	t.Parallel()
	dir, ran := t.TempDir(), 0
	if err := os.Symlink(filepath.Join(faults.Root(t), "docs"), filepath.Join(dir, "docs")); err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(text(t, "README.md"), "\n## What else it does\n")
	for line := range strings.Lines(block.FindStringSubmatch(part)[1]) {
		line, _, _ = strings.Cut(line, "  #")
		if line = strings.TrimSpace(line); line == "go run . demo" || line == "go run . practice" { // they go on until they are stopped
			continue
		}
		cmd := exec.Command("sh", "-c", strings.Replace(line, "go run .", faults.Binary(t), 1))
		cmd.Dir, cmd.Env = dir, faults.Environment()
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
		ran++
	}
	if ran < 8 {
		t.Errorf("only %d commands were run", ran)
	}
}

// The map names every folder that has code, and no other.
func TestReadmeMapIsComplete(t *testing.T) {
	t.Parallel()
	_, part, _ := strings.Cut(text(t, "README.md"), "\n## Packages\n")
	part, _, _ = strings.Cut(part, "\n## ")
	named := map[string]bool{}
	for line := range strings.Lines(part) {
		cells := strings.SplitN(line, "|", 3)
		if len(cells) < 3 {
			continue
		}
		base := ""
		for _, m := range code.FindAllStringSubmatch(cells[1], -1) {
			base = strings.TrimSuffix(m[1], "/")
			named[base] = true
		}
		for _, m := range code.FindAllStringSubmatch(cells[2], -1) {
			if inner, ok := strings.CutSuffix(m[1], "/"); ok && !strings.Contains(inner, "/") {
				named[base+"/"+inner] = true
			}
		}
	}
	for name := range named {
		if _, err := os.Stat(filepath.Join(faults.Root(t), name)); err != nil {
			t.Errorf("README's map has %s: %v", name, err)
		}
	}
	for _, dir := range folders(t) {
		if !named[dir] && !strings.HasPrefix(dir, "bench/") {
			t.Errorf("README's map does not have %s", dir)
		}
	}
}

// folders are those with Go files.
func folders(t *testing.T) (all []string) {
	t.Helper()
	walk(t, func(path string, e fs.DirEntry) {
		if dir := filepath.Dir(path); strings.HasSuffix(path, ".go") && dir != "." && !slices.Contains(all, dir) {
			all = append(all, dir)
		}
	})
	return all
}

// walk goes through the files of the project, by their names from its folder.
func walk(t *testing.T, see func(path string, e fs.DirEntry)) {
	t.Helper()
	root := faults.Root(t)
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		switch {
		case e.IsDir() && (rel == ".git" || rel == ".cache" || rel == "data" || e.Name() == "node_modules"):
			return fs.SkipDir
		case !e.IsDir():
			see(filepath.ToSlash(rel), e)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever a page links to, and every path of this project it names, is there. What the
// changes and the decisions name may be gone.
func TestPagesLeadSomewhere(t *testing.T) {
	t.Parallel()
	root, links := faults.Root(t), 0
	is := func(path string) bool { _, err := os.Stat(path); return err == nil }
	walk(t, func(name string, _ fs.DirEntry) {
		if !strings.HasSuffix(name, ".md") {
			return
		}
		page := text(t, name)
		for _, m := range link.FindAllStringSubmatch(page, -1) {
			if links++; !strings.Contains(m[1], ":") && !is(filepath.Join(root, filepath.Dir(name), m[1])) {
				t.Errorf("%s links to %s, which is not there", name, m[1])
			}
		}
		if name == "CHANGELOG.md" || strings.HasPrefix(name, "docs/decisions/") {
			return
		}
		for _, m := range code.FindAllStringSubmatch(page, -1) {
			if ours.MatchString(m[1]) && !strings.Contains(m[1], "...") && !is(filepath.Join(root, m[1])) {
				t.Errorf("%s names %s, which is not there", name, m[1])
			}
		}
	})
	if links < 20 {
		t.Errorf("only %d links were found", links)
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
