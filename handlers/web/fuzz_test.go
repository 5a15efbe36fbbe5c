package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever a stranger puts into the fields, the door neither breaks nor passes on
// what the rooms behind it do not take.
func FuzzSay(f *testing.F) {
	f.Add("三组的路塌了", "", "", "", "", "", "")
	f.Add("/help me", "help", "x", "", "", "33", "109")
	f.Add("\x00\xff", "HELP", "p1", "me:1", "ZS26-0417-3K 1", "NaN", "1e400")
	f.Add(strings.Repeat("字", 20000), "a_b", strings.Repeat("p", 65), "\xff", strings.Repeat("9", 99), "-91", "181")
	f.Fuzz(func(t *testing.T, text, command, press, ref, number, lat, lon string) {
		b := newStage(t, nil).browser()
		v := b.fields("text", text, "command", command, "press", press, "ref", ref, "number", number, "lat", lat, "lon", lon)
		res := b.try(v)
		if !slices.Contains([]int{200, 400, 413, 422}, res) {
			t.Fatalf("status %d", res)
		}
		events := b.taken()
		if (res == 200) != (len(events) == 1) {
			t.Fatalf("status %d, %d events", res, len(events))
		}
		for _, e := range events {
			if !utf8.ValidString(e.Text+e.Args+e.Command) || strings.ContainsAny(e.Text, "\x00\r") || utf8.RuneCountInString(e.Text) > maxText+100 {
				t.Errorf("event = %+v", e)
			}
			if p := e.Press; p != nil && (len(p.Data) > 64 || !utf8.ValidString(p.Data+p.Ref)) {
				t.Errorf("press = %+v", p)
			}
		}
		b.get("/", 200)
	})
}

// try posts and answers the status.
func (b *browser) try(v url.Values) int {
	b.t.Helper()
	req, err := http.NewRequest("POST", b.srv.URL+"/say", strings.NewReader(v.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := b.c.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}
