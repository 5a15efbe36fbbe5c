package api_test

import (
	"strings"
	"testing"
	"time"

	"dengwen/assist/replycheck"
	"dengwen/handlers/api"
	"dengwen/internal/office"
	"dengwen/petition"
)

// A reply is checked for the officer who has the case, for nobody else, and
// nothing changes by it.
func TestCheckOfAnAnswer(t *testing.T) {
	t.Parallel()
	s := service(t, "")
	citizen := petition.Actor{Owner: "tg:1"}
	ticket, err := s.File(t.Context(), citizen, petition.Filing{
		Key: "k", Owner: citizen.Owner, Class: petition.Claim, Facts: "村口的桥面塌了", Request: "把桥修好；公开账目",
	})
	if err != nil {
		t.Fatal(err)
	}
	staff, line := newKey(t, "desk", "", api.Staff)
	bots, line2 := newKey(t, "bot", "", api.Citizens)
	o := office.Example()
	srv := serve(t, api.Config{Cases: s, ReplyCheck: replycheck.New(o, time.Now, nil).Check, Keys: keys(t, line+"\n"+line2)})
	body := `{"name":"reply","text":"桥10月修好，请签息诉罢访承诺书","args":{"facts":"8月4日看了下梁镇的桥","basis":"《公路法》第三十五条","request":"修桥","outcome":"support"}}`
	path := "/v1/cases/" + ticket.Number + "/check"
	clerk := []string{"Actor-Staff", "c1", "Actor-Unit", o.Unit, "Actor-Roles", "intake", "Authorization", "Bearer " + staff}
	resp, text := ask(t, srv, "POST", path, body, clerk...)
	if resp.StatusCode != 200 || !strings.Contains(text, "gate.waiver") || !strings.Contains(text, `"demand":"公开账目"`) || strings.Contains(text, "把桥修好") {
		t.Errorf("%s: %s", resp.Status, text)
	}
	if resp, text = ask(t, srv, "POST", path, body, "Actor-Owner", "tg:1", "Authorization", "Bearer "+bots); resp.StatusCode != 403 {
		t.Errorf("a citizen's key: %s %s", resp.Status, text)
	}
	if resp, text = ask(t, srv, "POST", "/v1/cases/ZS26-9999-22/check", body, clerk...); resp.StatusCode != 404 {
		t.Errorf("no such case: %s %s", resp.Status, text)
	}
	if v, err := s.Look(t.Context(), citizen, ticket.Number, ""); err != nil || len(v.Timeline) != 1 {
		t.Errorf("the case changed: %v %v", v.Timeline, err)
	}
}
