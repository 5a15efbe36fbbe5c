package days

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
	"dengwen/petition"
)

func TestMain(m *testing.M) { faults.Main(m) }

// window is how somebody looks at the desk.
type window struct {
	Width  int  `json:"width"`
	Height int  `json:"height"`
	Script bool `json:"script"`
}

// windows are an old office computer and a phone, with JavaScript and without.
var windows = []window{{1366, 768, true}, {390, 844, false}, {1366, 768, false}, {390, 844, true}}

var roles = []string{"intake", "officer", "head", "supervisor", "leader", "rights"}

// outcome is what days.mjs prints.
type outcome struct {
	Pages, Moves, Largest, Requests, Lives int
	Wrong                                  []string
}

// One life in which each role has another window; with DENGWEN_DAYS=all (make days) four lives, in which each role
// has each. DENGWEN_DAYS_PICTURES is a folder for pictures of every page.
func TestDaysAtTheDesk(t *testing.T) {
	chromium := servers.Chromium(t)
	d := startDemo(t)
	count := 1
	if os.Getenv("DENGWEN_DAYS") == "all" {
		count = len(windows)
	}
	lives := make([]map[string]window, count)
	for n := range lives {
		lives[n] = map[string]window{}
		for i, r := range roles {
			lives[n][r] = windows[(n+i)%len(windows)]
		}
	}
	began := time.Now()
	var got outcome
	play(t, "days.mjs", map[string]any{
		"base": d.base, "browser": chromium, "links": d.links, "unit": d.unit, "unitName": d.unitName, "leader": d.leader,
		"today": petition.Day(time.Now()), "pictures": os.Getenv("DENGWEN_DAYS_PICTURES"), "lives": lives,
	}, &got)
	for _, w := range got.Wrong {
		t.Error(w)
	}
	// 10 moves and 60 pages are what a life has at least.
	if got.Lives != count || got.Moves < 10*count || got.Pages < 60*count {
		t.Errorf("%d lives, %d moves, %d pages; %d lives were to be played", got.Lives, got.Moves, got.Pages, count)
	}
	t.Logf("%d lives, %d moves, %d pages, the largest %d bytes, %d requests at a first visit; %s",
		got.Lives, got.Moves, got.Pages, got.Largest, got.Requests, time.Since(began).Round(time.Second))
}

// play runs a script with what it is to know and reads the JSON object that it prints.
func play(t *testing.T, script string, set, got any) {
	t.Helper()
	known, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", script, string(known))
	cmd.Dir = servers.NPM(t, filepath.Join(faults.Root(t), ".cache"), "days.mjs", "trouble.mjs", "pictures.mjs", "look.mjs")
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", script, err, out.String(), said.String())
	}
	if err := json.Unmarshal(out.Bytes(), got); err != nil {
		t.Fatalf("%s printed %q: %v", script, out.String(), err)
	}
}

// demo is a demonstration that runs, with a way in for each role.
type demo struct {
	base, unit, unitName, leader string
	links                        map[string]string
	addr, folder                 string
	process                      *exec.Cmd
}

// command is one of the program's own on the demonstration's data.
func (d demo) command(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), faults.Binary(t), args...)
	cmd.Env = append(faults.Environment(), d.settings()...)
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("dengwen %s: %v", strings.Join(args, " "), err)
	}
	return string(text)
}

func (d demo) settings() []string {
	return []string{"DENGWEN_DATA_DIR=" + d.folder, "DENGWEN_ADDR=" + d.addr, "DENGWEN_OFFICE=" + filepath.Join(d.folder, "office.yaml")}
}

// takeOn gives somebody a way in, as an administrator does from the command line.
func (d demo) takeOn(t *testing.T, name, unit, role string) (id string) {
	t.Helper()
	text := d.command(t, "staff", "add", "--name", name, "--unit", unit, "--role", role)
	d.links[name] = regexp.MustCompile(`http://\S+`).FindString(text)
	return regexp.MustCompile(`[0-9a-f-]{36}`).FindString(text)
}

var linkLine = regexp.MustCompile(`^  (\S+) \S+  (http://\S+/desk/enter/\S+)$`)

// startDemo runs the demonstration as its user would, and takes two more people on beside it.
func startDemo(t *testing.T) demo {
	t.Helper()
	d := demo{links: map[string]string{}, folder: t.TempDir(), addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(servers.FreePort(t)))}
	d.base = "http://" + d.addr
	cmd := exec.Command(faults.Binary(t), "demo", "--addr", d.addr, "--data-dir", d.folder)
	cmd.Env, d.process = faults.Environment(), cmd
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the demonstration said:\n%s", said.String())
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasSuffix(lines.Text(), d.base) {
		if m := linkLine.FindStringSubmatch(lines.Text()); m != nil {
			d.links[[]string{"intake", "officer", "head", "supervisor"}[len(d.links)]] = m[2]
			if len(d.links) == 2 {
				d.unitName = m[1]
			}
		}
	}
	if len(d.links) != 4 {
		t.Fatalf("%d ways to the desk are printed", len(d.links))
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	for _, u := range office.Example().Units {
		if u.Name == d.unitName {
			d.unit = u.Code
		}
	}
	d.leader = d.takeOn(t, "leader", "petition", "leader")
	d.takeOn(t, "rights", "petition", "rights")
	return d
}
