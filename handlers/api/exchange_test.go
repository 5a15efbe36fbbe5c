package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/mediation"
	"dengwen/petition/reception"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the answers of testdata/exchanges")

// Each file of testdata/exchanges is one conversation with an empty service at a
// fixed time: lines with > are sent, lines with < must come back, the rest explains.
// {bot}, {staff} and {named} stand for keys.
func TestExchanges(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/exchanges/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no exchanges: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(raw))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(string(raw), got); d != "" {
				t.Errorf("exchange differs (-file +got); go test -update rewrites the answers:\n%s", d)
			}
		})
	}
}

// play sends what a file says and writes the file anew with what came back.
func play(t *testing.T, text string) string {
	t.Helper()
	srv, replace := fixedService(t)
	var out strings.Builder
	var request []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		sent := line == ">" || strings.HasPrefix(line, "> ")
		if !sent && len(request) > 0 {
			out.WriteString(exchange(t, srv, replace.Replace(strings.Join(request, "\n"))))
			request = nil
		}
		switch {
		case sent:
			request = append(request, strings.TrimPrefix(strings.TrimPrefix(line, ">"), " "))
			out.WriteString(line + "\n")
		case line != "<" && !strings.HasPrefix(line, "< "):
			out.WriteString(line + "\n")
		}
	}
	if len(request) > 0 {
		out.WriteString(exchange(t, srv, replace.Replace(strings.Join(request, "\n"))))
	}
	return out.String()
}

// exchange sends one request and writes the answer as lines.
func exchange(t *testing.T, srv *httptest.Server, request string) string {
	t.Helper()
	head, body, _ := strings.Cut(request, "\n\n")
	lines := strings.Split(head, "\n")
	method, path, _ := strings.Cut(lines[0], " ")
	var headers []string
	for _, l := range lines[1:] {
		name, value, _ := strings.Cut(l, ": ")
		headers = append(headers, name, value)
	}
	resp, answer := ask(t, srv, method, path, body, headers...)
	var b strings.Builder
	fmt.Fprintf(&b, "< %s\n", resp.Status)
	for _, h := range []string{"Content-Type", "Content-Disposition", "Attachment", "WWW-Authenticate"} {
		if v := resp.Header.Get(h); v != "" {
			fmt.Fprintf(&b, "< %s: %s\n", h, v)
		}
	}
	b.WriteString("<\n")
	for line := range strings.Lines(drawn.ReplaceAllString(pretty(answer), `"mark": "…"`)) {
		b.WriteString("< " + strings.TrimRight(line, "\n") + "\n")
	}
	return b.String()
}

// drawn is a mark: no two are alike, because what the chain holds is salted.
var drawn = regexp.MustCompile(`"mark": "[0-9A-Z]{4}(-[0-9A-Z]{4}){4}"`)

func pretty(body string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(body), "", "  ") != nil {
		return body
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// exchangeKey is a key of no other use: numbers of cases are drawn under it.
const exchangeKey = `eyJzZWFsIjp7InByaW1hcnlLZXlJZCI6MTIxNjA5MjQwMywia2V5IjpbeyJrZXlEYXRhIjp7InR5cGVVcmwiOiJ0eXBlLmdvb2dsZWFwaXMuY29tL2dvb2dsZS5jcnlwdG8udGluay5BZXNHY21LZXkiLCJ2YWx1ZSI6IkdpQlo4SVRqWEphTjhnZXpPQjRPenViQTVxOHE0ZnIrb3h0cG1ZUm5LcTB0UWc9PSIsImtleU1hdGVyaWFsVHlwZSI6IlNZTU1FVFJJQyJ9LCJzdGF0dXMiOiJFTkFCTEVEIiwia2V5SWQiOjEyMTYwOTI0MDMsIm91dHB1dFByZWZpeFR5cGUiOiJUSU5LIn1dfSwiaGFzaCI6eyJwcmltYXJ5S2V5SWQiOjYyMzA4OTksImtleSI6W3sia2V5RGF0YSI6eyJ0eXBlVXJsIjoidHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUuY3J5cHRvLnRpbmsuSG1hY1ByZktleSIsInZhbHVlIjoiRWdJSUF4b2dweFJvMncwbVI2M09WNFc4WVR4TkFuRGZZM3BVeUt1OStJU3UxNGVlMGNZPSIsImtleU1hdGVyaWFsVHlwZSI6IlNZTU1FVFJJQyJ9LCJzdGF0dXMiOiJFTkFCTEVEIiwia2V5SWQiOjYyMzA4OTksIm91dHB1dFByZWZpeFR5cGUiOiJSQVcifV19fQ`

// fixedService answers the same for ever: its key, clock, ids and hashes are fixed.
func fixedService(t *testing.T) (*httptest.Server, *strings.Replacer) {
	t.Helper()
	var n atomic.Int64
	hash := func(purpose, value string) []byte {
		sum := sha256.Sum256([]byte(purpose + "\x00" + value))
		return sum[:]
	}
	now := func() time.Time { return time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC) }
	box, err := seal.Open(exchangeKey)
	if err != nil {
		t.Fatal(err)
	}
	newID := func() string { return fmt.Sprintf("id-%d", n.Add(1)) }
	svc := serviceWith(t, "", box, hash, now, newID)
	dayID := func() string { return "booking-1" }
	days := reception.New(memory.NewReceptions(memory.NewMemory()), svc, office.Example(), now, dayID)
	clerk := petition.Actor{Staff: "clerk", Unit: office.Example().Unit, Roles: []petition.Role{petition.Intake}}
	if _, err := days.PutDay(t.Context(), clerk, reception.Day{ID: "day-1", Leader: "王某某 副县长", Charge: "交通", Date: "2026-03-10", Time: "09:00", Minutes: 20, Slots: 2, Each: 1, Place: "一楼接访室"}); err != nil {
		t.Fatal(err)
	}
	drawn := 48213906
	disputes := mediation.New(memory.NewDisputes(), office.Example(), svc, now, dayID, func(int) int { drawn++; return drawn })
	bot, l1 := newKey(t, "bot", "", api.Citizens)
	staff, l2 := newKey(t, "desk", "", api.Staff)
	named, l3 := newKey(t, "named", "", api.Sealed)
	srv := serve(t, api.Config{Cases: svc, Receptions: days, Disputes: disputes, Keys: keys(t, l1+"\n"+l2+"\n"+l3)})
	return srv, strings.NewReplacer("{bot}", bot, "{staff}", staff, "{named}", named)
}
