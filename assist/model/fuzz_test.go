package model

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"dengwen/bot"
	"dengwen/internal/office"
	"dengwen/petition"
)

// What a model answers is dropped, or no more than a proposal: words that stand in the story, codes
// that there are, nothing about who petitions, and a report stays one.
func FuzzReply(f *testing.F) {
	o := office.Example()
	r := &Reader{cfg: Config{Name: "m"}, places: map[string]bool{}, subjects: map[string]bool{}}
	for _, p := range o.Places {
		r.places[p.Code] = true
	}
	const story = "下梁镇三组的路一下雨就塌，拖拉机过不去，找村上说没钱，请把路修好"
	f.Add(`{"class":"claim","title":"路塌了","request":"请把路修好","summary":["路塌","找村上","没钱"]}`)
	f.Add("```json\n{\"class\":\"report\"}\n```")
	f.Add(`{"class":"suggestion"}{"class":"report"}`)
	f.Add(`{"title":"` + strings.Repeat("路", 100) + `"}`)
	f.Fuzz(func(t *testing.T, reply string) {
		var got form
		if got.parse(reply) != nil {
			return
		}
		if strings.Contains(reply, "}{") && !json.Valid([]byte(strings.Trim(reply, "`json \t\r\n"))) {
			t.Errorf("%q is more than one object", reply)
		}
		got.reveal(mask{})
		base := bot.Reading{Class: bot.Guess{Value: string(petition.Report), Conf: 0.9}}
		out := r.merge(base, got, story)
		switch {
		case out.Class.Value != string(petition.Report):
			t.Errorf("%q makes a report a %s", reply, out.Class.Value)
		case utf8.RuneCountInString(out.Title) > 30 || utf8.RuneCountInString(out.Request.Value) > 200 || out.Title != "" && !stands(out.Title, story):
			t.Errorf("%q proposes %q, %q", reply, out.Title, out.Request.Value)
		}
		if _, err := json.Marshal(out); err != nil {
			t.Error(err)
		}
	})
}
