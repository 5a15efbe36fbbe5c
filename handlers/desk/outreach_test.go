package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"dengwen/petition/outreach"
)

// Posters are printed and their counts read by who keeps the reception days and by heads, and by nobody else.
func TestPostersAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	at := outreach.Spot{Place: s.office.Places[0].Code, Village: s.office.Places[0].Villages[0]}
	for range 3 {
		if err := s.outreach.Add(t.Context(), at, outreach.Begun+":web"); err != nil {
			t.Fatal(err)
		}
	}
	for _, who := range []string{"clerk", "head"} {
		b := s.enter(who)
		b.get("/desk/outreach")
		b.shows(at.Name(s.office, "zh-CN"), "A4 海报", "网页 3", `value="`+at.Param(outreach.Tell)+`"`)
		b.get("/desk/outreach.pdf?to=at&form=a5&lang=zh-CN&channel=web&at=" + at.Param(outreach.Tell))
		if b.status != http.StatusOK || !strings.Contains(b.page, "a5 "+at.Village) {
			t.Errorf("%s: %d %s", who, b.status, b.page)
		}
		b.get("/desk/outreach.pdf?to=at&form=a5&lang=zh-CN&at=at_1")
		b.shows(`role="alert"`, "没有这一种")
	}
	for _, who := range []string{"town", "grid", "named"} {
		b := s.enter(who)
		b.get("/desk/")
		b.hides("/desk/outreach")
		for _, path := range []string{"/desk/outreach", "/desk/outreach.pdf?to=at&form=a5&lang=zh-CN&at=" + at.Param(outreach.Tell)} {
			if b.get(path); b.status != http.StatusForbidden {
				t.Errorf("%s at %s: %d", who, path, b.status)
			}
		}
	}
}
