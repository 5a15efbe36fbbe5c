package days

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
)

// lines is how many cases are transferred at once: some seconds, in the middle of which the program is killed.
const lines = 600

// In a real browser on the program as it is started: a kill -9 in the middle of a transfer of many cases, two officers at one case, a
// connection lost while writing, somebody whose access ends while their page is open with something typed in it. Nothing is lost,
// nothing is done twice, and it is said.
func TestTroubleAtTheDesk(t *testing.T) {
	chromium := servers.Chromium(t)
	d := startDemo(t)
	d.takeOn(t, "admin", "petition", "admin")
	d.takeOn(t, "leaves", "petition", "intake")
	again := faults.NewProgram(t, d.settings()...)
	again.URL, again.Data = d.base, d.folder
	var steps http.ServeMux
	steps.HandleFunc("/kill", func(w http.ResponseWriter, _ *http.Request) {
		if err := d.process.Process.Kill(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = d.process.Wait() // killed: that is its error
	})
	steps.HandleFunc("/start", func(w http.ResponseWriter, _ *http.Request) {
		if err := again.Start(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	control := httptest.NewServer(&steps)
	defer control.Close()
	var got struct {
		Wrong, Said, Steps []string
		Between            int
	}
	began := time.Now()
	play(t, "trouble.mjs", map[string]any{
		"base": d.base, "control": control.URL, "browser": chromium, "links": d.links, "unit": d.unit, "leaves": "leaves", "table": table(), "lines": lines,
		"pictures": os.Getenv("DENGWEN_DAYS_PICTURES"),
	}, &got)
	for _, w := range got.Wrong {
		t.Error(w)
	}
	t.Logf("killed with %d of %d done; %s; %s: said %q", got.Between, lines, strings.Join(got.Steps, ", "), time.Since(began).Round(time.Second), got.Said)
}

// table is what another system hands over: cases that nobody has transferred yet.
func table() string {
	var b strings.Builder
	b.WriteString("编号,收到日期,信访形式,信访人,属地,信访内容,诉求,信访目的,办理状态\n")
	for n := range lines {
		fmt.Fprintf(&b, "旧%04d,2026-11-20,领导信箱,程兰英,下梁镇,村里第%d段水渠漏水,请修好,求决,已登记\n", n, n)
	}
	return b.String()
}
