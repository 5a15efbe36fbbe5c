package api_test

import (
	"fmt"
	"strings"
	"testing"

	"dengwen/handlers/api"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/mediation"
	"dengwen/petition/reception"

	"github.com/google/uuid"
)

// newEarly is a world with reception days and disputes, and keys bound to the town, to another unit and to none.
func newEarly(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, func(k *keyring) {
		k.add("bot", "", api.Citizens)
		k.add("staff", "", api.Staff)
		k.add("town", "xialiang", api.Staff)
		k.add("road", "transport", api.Staff)
		k.add("sms", "", api.Broadcast)
	})
	n := 0
	c := w.config
	c.Disputes = mediation.New(memory.NewDisputes(), c.Office, w.svc, w.svcNow, uuid.NewString, func(int) int { n++; return n })
	c.Receptions = reception.New(memory.NewReceptions(w.store), w.svc, c.Office, w.svcNow, uuid.NewString)
	clerk := petition.Actor{Staff: "clerk", Unit: c.Office.Unit, Roles: []petition.Role{petition.Intake}}
	day := reception.Day{ID: "day", Leader: "王某某", Staff: "boss", Date: petition.Day(w.at.AddDate(0, 0, 7)), Time: "09:00", Minutes: 20, Slots: 3, Each: 1, Place: "一楼"}
	if _, err := c.Receptions.PutDay(t.Context(), clerk, day); err != nil {
		t.Fatal(err)
	}
	w.config, w.h = c, hired(c)
	return w
}

// Who may see and move a dispute, and read a day's sheet, is the same over the API as at the desk, for every role, unit and key.
func TestDisputesAndSheetsForTheirPeople(t *testing.T) {
	t.Parallel()
	w := newEarly(t)
	var d struct{ Number string }
	w.ok(&d, "bot", "POST", "/v1/disputes", `{"words":"两家为地界吵了三年","place":{"code":"611026102"}}`, "Actor-Owner", "tg:1", "Idempotency-Key", "a")
	w.refused(404, "dispute.none", "bot", "GET", "/v1/disputes/"+d.Number, "", "Actor-Owner", "tg:2")
	w.ok(nil, "bot", "GET", "/v1/disputes/"+d.Number, "", "Actor-Owner", "tg:1")
	w.refused(403, "api.scope", "sms", "GET", "/v1/disputes", "")
	tried := 0
	for _, unit := range []string{"petition", "xialiang", "transport", "discipline"} {
		for _, role := range petition.Roles() {
			if w.config.Office.CheckRole(role, unit) != nil || role == petition.Sealed || role == petition.Admin {
				continue
			}
			for _, key := range []string{"staff", "town", "road"} {
				tried++
				who := officerOf(unit, fmt.Sprint(unit, "-", role), string(role))
				bound := key == "town" && unit != "xialiang" || key == "road" && unit != "transport"
				works := !bound && unit == "xialiang" && (role == petition.Officer || role == petition.Head || role == petition.ActingHead)
				keeps := !bound && unit == "petition" && (role == petition.Intake || role == petition.Officer || role == petition.Head || role == petition.ActingHead || role == petition.Supervisor)
				for path, want := range map[string]bool{"/v1/disputes/" + d.Number: works, "/v1/reception/days/day/sheet": keeps} {
					if status, text := w.call(key, "GET", path, "", who...); (status == 200) != want {
						t.Errorf("%s of %s with %s at %s: %d %s, want %v", role, unit, key, path, status, text, want)
					}
				}
				status, text := w.call(key, "POST", "/v1/disputes/"+d.Number+"/moves", `{"name":"parties","args":{"a":"张家"}}`, who...)
				if (status == 200) != works {
					t.Errorf("%s of %s with %s moves it: %d %s, want %v", role, unit, key, status, text, works)
				}
				if status, text := w.call(key, "GET", "/v1/disputes", "", who...); strings.Contains(text, d.Number) != works {
					t.Errorf("%s of %s with %s lists it: %d %s", role, unit, key, status, text)
				}
			}
		}
	}
	if tried < 40 {
		t.Errorf("%d officers and keys tried", tried)
	}
	status, text := w.call("staff", "GET", "/v1/reception/days/day/sheet", "", officerOf("county-gov", "boss", "leader")...)
	if status != 200 {
		t.Errorf("the leader of the day: %d %s", status, text)
	}
}

// A waiver of the right to petition is refused over the API too, and a report on misconduct gets no time.
func TestEarlyRedlines(t *testing.T) {
	t.Parallel()
	w := newEarly(t)
	town := officerOf("xialiang", "x1", "officer")
	var d struct{ Number string }
	w.ok(&d, "bot", "POST", "/v1/disputes", `{"words":"两家为地界吵了三年","place":{"code":"611026102"}}`, "Actor-Owner", "tg:1", "Idempotency-Key", "a")
	move := func(status int, key, body string) {
		t.Helper()
		if status == 200 {
			w.ok(nil, "town", "POST", "/v1/disputes/"+d.Number+"/moves", body, town...)
			return
		}
		w.refused(status, key, "town", "POST", "/v1/disputes/"+d.Number+"/moves", body, town...)
	}
	move(200, "", `{"name":"match","args":{"mediator":"xl-1"}}`)
	move(200, "", `{"name":"ask","args":{"way":"visit"}}`)
	move(200, "", `{"name":"answer","args":{"party":"a","yes":"yes","way":"visit"}}`)
	move(200, "", `{"name":"answer","args":{"party":"b","yes":"yes","way":"phone"}}`)
	move(422, "dispute.waives", `{"name":"agree","args":{"facts":"地界不清","terms":"按界石走，今后不再上访","manner":"当场"}}`)
	var k struct{ Number string }
	w.ok(&k, "bot", "POST", "/v1/cases", `{"class":"report","facts":"某科长收钱"}`, "Actor-Owner", "tg:1", "Idempotency-Key", "r")
	w.refused(409, "reception.report", "bot", "POST", "/v1/cases/"+k.Number+"/appointment", `{"day":"day","slot":0}`, "Actor-Owner", "tg:1", "Idempotency-Key", "b")
}

// The description has both, and each call says what it does.
func TestDescriptionOfEarlyCalls(t *testing.T) {
	t.Parallel()
	w := newEarly(t)
	var d document
	w.ok(&d, "", "GET", "/v1/openapi.json", "")
	found := 0
	for path, item := range d.Paths {
		for method, op := range item {
			if op.Tags[0] != "reception" && op.Tags[0] != "disputes" {
				continue
			}
			found++
			if op.Summary == "" || op.Description == "" {
				t.Errorf("%s %s says nothing", method, path)
			}
			if acts := op.Tags[0] == "disputes" || strings.Contains(path, "appointment"); acts && !strings.Contains(fmt.Sprint(op.Parameters), "Actor-Staff") {
				t.Errorf("%s %s does not say who acts", method, path)
			}
		}
	}
	if found != 11 {
		t.Errorf("%d calls are described", found)
	}
}
