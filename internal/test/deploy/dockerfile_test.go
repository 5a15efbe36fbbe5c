package deploy

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// instruction is one of a Dockerfile: FROM, its words as they stand.
type instruction struct{ name, rest string }

// dockerfile reads instructions: comments gone, continued lines joined.
func dockerfile(t *testing.T) (all []instruction) {
	t.Helper()
	known := []string{"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
	joined := strings.ReplaceAll(text(t, "Dockerfile"), "\\\n", " ")
	for line := range strings.Lines(joined) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		if !slices.Contains(known, name) || strings.TrimSpace(rest) == "" {
			t.Errorf("Dockerfile: cannot read %q", line)
		}
		all = append(all, instruction{name, strings.TrimSpace(rest)})
	}
	return all
}

// last is the instruction of this name in the last stage, which is what runs.
func last(t *testing.T, name string) string {
	t.Helper()
	found := ""
	for _, i := range dockerfile(t) {
		if i.name == "FROM" {
			found = ""
		}
		if i.name == name {
			found = i.rest
		}
	}
	if found == "" {
		t.Fatalf("Dockerfile: the last stage has no %s", name)
	}
	return found
}

func TestImageIsSmallAndNotRoot(t *testing.T) {
	t.Parallel()
	if from := last(t, "FROM"); from != "scratch" {
		t.Errorf("the image holds %s", from)
	}
	if user := last(t, "USER"); !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(user) {
		t.Errorf("USER %s: want numbers, not 0: without /etc/passwd there are no names", user)
	}
	uid, _, _ := strings.Cut(last(t, "USER"), ":")
	data := last(t, "VOLUME")
	owned := regexp.MustCompile(`^--from=\S+ --chown=` + uid + `:\d+ \S+ ` + regexp.QuoteMeta(data) + `$`)
	if !slices.ContainsFunc(dockerfile(t), func(i instruction) bool { return i.name == "COPY" && owned.MatchString(i.rest) }) {
		t.Errorf("%s does not belong to user %s", data, uid)
	}
}

func TestImageFollowsTheSettings(t *testing.T) {
	t.Parallel()
	known, set := settings(), map[string]string{}
	for _, pair := range strings.Fields(last(t, "ENV")) {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || !known[name] {
			t.Errorf("the program has no setting %s", pair)
		}
		set[name] = value
	}
	if set["DENGWEN_DATA_DIR"] != last(t, "VOLUME") {
		t.Errorf("data goes to %s, the volume is %s", set["DENGWEN_DATA_DIR"], last(t, "VOLUME"))
	}
	if port := last(t, "EXPOSE"); set["DENGWEN_ADDR"] != "0.0.0.0:"+port {
		t.Errorf("it listens on %s, exposed is %s", set["DENGWEN_ADDR"], port)
	}
}

func TestImageRunsCommandsThatExist(t *testing.T) {
	t.Parallel()
	known := commands(t)
	entry := list(t, last(t, "ENTRYPOINT"))
	if !slices.Equal(entry, []string{"/dengwen"}) {
		t.Errorf("ENTRYPOINT %q", entry)
	}
	_, health, _ := strings.Cut(last(t, "HEALTHCHECK"), "CMD ")
	if h := list(t, health); len(h) != 2 || h[0] != entry[0] || !known[h[1]] {
		t.Errorf("HEALTHCHECK runs %q", h)
	}
	if cmd := list(t, last(t, "CMD")); len(cmd) != 1 || !known[cmd[0]] {
		t.Errorf("CMD %q is no command", cmd)
	}
	if !slices.ContainsFunc(dockerfile(t), func(i instruction) bool {
		return i.name == "COPY" && strings.HasSuffix(i.rest, " "+entry[0])
	}) {
		t.Errorf("nothing copies the program to %s", entry[0])
	}
}

// The image is built with the Go the module asks for.
func TestImageIsBuiltWithTheRightGo(t *testing.T) {
	t.Parallel()
	want := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(text(t, "go.mod"))
	first := dockerfile(t)[0]
	if want == nil || !strings.HasPrefix(first.rest, "golang:"+want[1]) {
		t.Errorf("go.mod asks for Go %v, the image is built FROM %s", want, first.rest)
	}
}

// list is the exec form of an instruction, without a shell.
func list(t *testing.T, s string) (words []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(s), &words); err != nil || len(words) == 0 {
		t.Fatalf("Dockerfile: %q is not a list: the image has no shell", s)
	}
	return words
}

// What is nobody's business never reaches the builder.
func TestImageIsBuiltWithoutSecrets(t *testing.T) {
	t.Parallel()
	left := strings.Fields(text(t, ".dockerignore"))
	for _, name := range []string{"secrets", "data", ".git"} {
		if !slices.Contains(left, name) {
			t.Errorf(".dockerignore lets %s into the build", name)
		}
	}
}
