package cli

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"testing"
	"time"
)

// A newcomer sees everything within a minute, and nothing stays behind.
func TestDemoShows(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // seconds, but for a machine that is busy
	defer cancel()
	r, w := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"demo", "--addr", "127.0.0.1:0"}, streams{os.Stdin, w, io.Discard})
		_ = w.Close()
		ended <- err
	}()
	codes, join, desks, address := 0, false, 0, ""
	for lines := bufio.NewScanner(r); address == "" && lines.Scan(); {
		if regexp.MustCompile(`^  ZS\d\d-\d{6}-\w\w \w{4}-\w{4} `).MatchString(lines.Text()) {
			codes++
		}
		join = join || regexp.MustCompile(`^  /join \w{26}$`).MatchString(lines.Text())
		if regexp.MustCompile(`^  \S+ \S+  http://\S+/desk/enter/\S{43}$`).MatchString(lines.Text()) {
			desks++
			continue
		}
		if m := regexp.MustCompile(`http://\S+`).FindString(lines.Text()); m != "" {
			address = m
		}
	}
	if codes != 3 || !join || desks != 4 || address == "" {
		t.Fatalf("%d examples, invitation %t, %d ways to the desk, address %q", codes, join, desks, address)
	}
	go func() { _, _ = io.Copy(io.Discard, r) }()
	res, err := http.Get(address + "/readyz")
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("ready: %v, %v", res, err)
	}
	_ = res.Body.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("the demo ended with %v", err)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
