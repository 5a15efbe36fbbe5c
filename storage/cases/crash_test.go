package cases_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/storage/cases"
)

// TestKilled files cases in another process, kills that at random moments with
// SIGKILL, and wants every case it was told of, and nothing half-done.
func TestKilled(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv("CASES_KILL_DIR"); dir != "" {
		fileUntilKilled(t, dir, os.Getenv("CASES_KILL_KEY"))
		return
	}
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	dir, told := t.TempDir(), map[string]bool{}
	const kills = 10
	for range kills {
		for _, n := range runAndKill(t, dir, key) {
			if told[n] {
				t.Errorf("%s was given twice", n)
			}
			told[n] = true
		}
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	checkTold(t, open(t, "", dir, box), told)
}

func runAndKill(t *testing.T, dir, key string) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	cmd.Env = append(os.Environ(), "CASES_KILL_DIR="+dir, "CASES_KILL_KEY="+key)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var told []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		n, ok := strings.CutPrefix(lines.Text(), "filed ")
		if !ok {
			continue
		}
		if told = append(told, n); len(told) == 1 {
			time.AfterFunc(time.Duration(20+rand.IntN(200))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait() // says that it was killed
	if len(told) == 0 {
		t.Fatal("nothing was filed before the kill")
	}
	return told
}

// fileUntilKilled files and moves without end and says so after each is done. A line
// is one write, so it is there or not.
func fileUntilKilled(t *testing.T, dir, key string) {
	box, err := seal.Open(key)
	if err != nil {
		panic(err)
	}
	s, err := cases.Open(context.Background(), "", dir, box)
	if err != nil {
		panic(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				r := create(t, s, story)
				fmt.Printf("filed %s\n", r.Case.Number)
				if _, err := s.Save(context.Background(), r, []petition.Notice{{To: "x"}}); err != nil {
					panic(err)
				}
			}
		})
	}
	wg.Wait()
}

func checkTold(t *testing.T, s *cases.Store, told map[string]bool) {
	t.Helper()
	for n := range told {
		if _, err := s.Load(t.Context(), n); err != nil {
			t.Errorf("lost %s: %v", n, err)
		}
	}
	listed, q := map[string]bool{}, petition.Query{Order: "new", Limit: 100}
	for {
		rs, after, err := s.List(t.Context(), petition.Scope{All: true}, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rs {
			if listed[r.Case.Number] {
				t.Errorf("%s is listed twice", r.Case.Number)
			}
			listed[r.Case.Number] = true
		}
		if q.After = after; after == "" {
			break
		}
	}
	for n := range told {
		if !listed[n] {
			t.Errorf("%s is not listed", n)
		}
	}
	if found := walkPages(t, s, petition.Query{Order: "new", Words: "小学 路灯 镇上说要等资金", Limit: 100}); len(found) != len(listed) {
		t.Errorf("%d of %d cases are found by their words", len(found), len(listed))
	}
	t.Logf("%d filings were confirmed before ten kills, %d cases are there", len(told), len(listed))
}
