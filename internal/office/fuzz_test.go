package office

import (
	"os"
	"testing"
	"time"

	"dengwen/petition"
)

// An office's file is refused in words or is an office that cases can be opened in.
func FuzzRead(f *testing.F) {
	whole, err := os.ReadFile("zhashui.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	for _, text := range []string{"", "name: x", "units: [{code: a}]", "settings: {filings_days: -1}", "units: &a [*a]", "duty: [{from: 25:99}]", "hours: {mon: [9, 8]}"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 64<<10 {
			t.Skip()
		}
		o, _, err := read(text)
		if err != nil || o == nil {
			return
		}
		law := petition.NewLaw(o, petition.DefaultCalendar())
		if _, err := law.Open(petition.Filing{Class: petition.Claim, Facts: "x"}, petition.Actor{Owner: "tg:1"}, "id", "n", time.Now()); petition.CodeOf(err) == petition.Internal {
			t.Errorf("no case can be opened: %v", err)
		}
		law.OfficeClosed(time.Now())
	})
}
