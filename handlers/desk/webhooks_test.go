package desk_test

import (
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/google/uuid"

	"dengwen/petition"
	"dengwen/petition/telling"
)

// An administrator adds another system that is told, is shown its key once and sends again what it did
// not take; nobody else does.
func TestOtherSystemsAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	chief, admin := s.enter("chief"), s.enter("admin")
	form := url.Values{"do": {"add"}, "url": {"https://crm.example.cn/hooks/hush-hush"}, "unit": {s.town}}
	chief.get("/desk/office/webhooks")
	if chief.status != 403 {
		t.Errorf("the head sees other systems: %d", chief.status)
	}
	chief.post("/desk/office/webhooks", form)
	if chief.status != 403 {
		t.Errorf("the head adds another system: %d", chief.status)
	}
	admin.post("/desk/office/webhooks", url.Values{"do": {"add"}, "url": {"ftp://crm.example.cn"}})
	if admin.status != 422 {
		t.Errorf("an address that is none: %d", admin.status)
	}
	admin.post("/desk/office/webhooks", form)
	admin.shows("whsec_", "https://crm.example.cn")
	admin.hides("hush-hush")
	admin.get("/desk/office/webhooks")
	admin.hides("whsec_")
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(admin.page)[1]
	number := s.undelivered(id)
	admin.get("/desk/office/webhooks")
	admin.shows(number, "case.file", "500")
	admin.post("/desk/office/webhooks", url.Values{"do": {"resend"}})
	admin.hides(number)
	admin.post("/desk/office/webhooks", url.Values{"do": {"remove"}, "id": {id}})
	admin.hides("crm.example.cn")
}

// undelivered files a case in the town of which an endpoint took no word.
func (s *stage) undelivered(endpoint string) string {
	s.t.Helper()
	ctx, now := s.t.Context(), time.Unix(0, s.now.Load())
	told := petition.NewService(s.told, s.office, petition.DefaultCalendar(), func(purpose, value string) []byte { return []byte(purpose + value) }, func() time.Time { return now }, uuid.NewString, nil)
	who := petition.Actor{Staff: "clerk", Unit: s.office.Unit, Roles: []petition.Role{petition.Intake, petition.Supervisor}}
	k, err := told.File(ctx, petition.Actor{Owner: "tg:5", Asker: "tg:5"}, petition.Filing{Key: "k", Owner: "tg:5", Channel: "telegram", Class: petition.Claim, Facts: "村口的路灯坏了", Request: "请修。"})
	if err == nil {
		_, err = told.Do(ctx, who, k.Number, petition.Move{Name: petition.MoveTransfer, Unit: s.town})
	}
	for again := err == nil; again; {
		var d telling.Delivery
		if _, err = s.told.GatherEvents(ctx, now); err != nil {
			break
		}
		if d, again, err = s.told.ClaimDelivery(ctx, endpoint, now, now.Add(time.Minute)); again {
			d.Last, d.Why = now, "500"
			err = s.told.PostponeDelivery(ctx, d, time.Time{})
		}
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return k.Number
}
