package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/office"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// newStaffed is a world whose API compares officers with a roster: Anna handles cases of the
// roads, Bo heads them, Cai does intake in the petition office, Dan has left.
func newStaffed(t *testing.T) (*world, rosterStore) {
	t.Helper()
	w, people := newWorld(t, func(k *keyring) {
		k.add("staff", "", api.Staff)
		k.add("road", "transport", api.Staff, api.Sealed)
		k.add("all", "", api.Citizens, api.Staff, api.Sealed, api.Admin)
		k.add("bot", "", api.Citizens, api.Staff, api.Sealed, api.Desk)
		k.add("erp", "", api.Staff, api.OwnOfficers)
		k.add("crm", "transport", api.Staff, api.OwnOfficers)
	}), newRosterStore()
	w.svc = w.svc.WithNames(roster.New(people, nil, office.Example(), time.Now, nil).Name)
	w.config.Cases, w.config.Roster = w.svc, people
	w.h = api.New(w.config)
	for _, p := range []roster.Person{
		{ID: "anna", Name: "安娜", Unit: "transport", Roles: []petition.Role{petition.Officer, petition.Intake}},
		{ID: "bo", Name: "薄云", Unit: "transport", Roles: []petition.Role{petition.Head}, Deputy: "anna"},
		{ID: "cai", Name: "蔡青", Unit: "petition", Roles: []petition.Role{petition.Intake}},
		{ID: "dan", Name: "丹丹", Unit: "transport", Roles: []petition.Role{petition.Officer}, Left: w.at},
	} {
		if err := people.PutPerson(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	return w, people
}

// Every call that acts for somebody takes officers of the roster alone, as they are there, and has
// one answer for all others, whatever key names them.
func TestOfficersAreTheRosters(t *testing.T) {
	t.Parallel()
	w, _ := newStaffed(t)
	at := w.lodge("tg:1", "ROAD", petition.Claim, "transport")
	claims := map[string]struct {
		headers []string
		status  int // 0 = an officer
		problem string
	}{
		"as they are":              {officerOf("transport", "anna", "officer"), 0, ""},
		"some of their roles":      {officerOf("", "anna", "officer"), 0, ""},
		"all of their roles":       {officerOf("transport", "anna", "officer,intake"), 0, ""},
		"nobody":                   {officerOf("transport", "nobody", "officer"), 403, "api.staff"},
		"left":                     {officerOf("transport", "dan", "officer"), 403, "api.staff"},
		"another unit":             {officerOf("transport", "cai", "intake"), 403, "api.staff"},
		"a role they lack":         {officerOf("transport", "anna", "officer,head"), 403, "api.staff"},
		"stands in for nobody now": {officerOf("transport", "anna", "acting_head"), 403, "api.staff"},
		"the program itself":       {officerOf("transport", petition.System().Staff, "officer"), 403, "api.staff"},
		"a group that is none":     {officerOf("transport", roster.GroupStaff, "officer"), 403, "api.staff"},
		"another program's":        {officerOf("transport", "erp/anna", "officer"), 403, "api.staff"},
		"nobody named":             {[]string{"Actor-Unit", "transport", "Actor-Roles", "officer"}, 400, "api.missing"},
	}
	rows := boundRows()
	acting := 0
	for id, row := range rows {
		if !slices.Contains([]string{"look", "accesses", "week", "proof", "list", "search", "file", "move", "check", "document", "open", "attach"}, id) {
			continue
		}
		acting++
		for name, c := range claims {
			for _, key := range []string{"staff", "road"} {
				one := trial{at: at, who: claim{Actor: petition.Actor{Roles: []petition.Role{petition.Officer}}}}
				r := row(one)
				headers := append(withKey(fmt.Sprint(id, name, key), "Attachment-Kind", "document", "Attachment-Name", "a.txt"), c.headers...)
				if c.status > 0 {
					w.refused(c.status, c.problem, key, r.method, r.path, r.body, headers...)
					continue
				}
				if status, text := w.call(key, r.method, r.path, r.body, headers...); status/100 != 2 && id != "accesses" {
					t.Errorf("%s of %s with key %s: %d %s", id, name, key, status, text)
				}
			}
		}
	}
	var d document
	w.ok(&d, "", "GET", "/v1/openapi.json", "")
	described := 0
	for _, item := range d.Paths {
		for _, op := range item {
			if strings.Contains(fmt.Sprint(op.Parameters), "Actor-Staff") {
				described++
			}
		}
	}
	if acting != described {
		t.Errorf("%d calls tried, %d take Actor-Staff", acting, described)
	}
	for _, e := range w.record(at.Number).Case.Timeline {
		if e.Text == "said here" && e.Staff != "anna" {
			t.Errorf("%s said something", e.Staff)
		}
	}
}

// Who leaves is refused at the next call; who stands in for a head may sign while the head is away.
func TestRosterCountsAtOnce(t *testing.T) {
	t.Parallel()
	w, people := newStaffed(t)
	list := func(status int, roles string) {
		t.Helper()
		if got, text := w.call("staff", "GET", "/v1/cases", "", officerOf("transport", "anna", roles)...); got != status {
			t.Errorf("as %s: %d %s, want %d", roles, got, text, status)
		}
	}
	bo, _ := people.Person(t.Context(), "bo")
	anna, _ := people.Person(t.Context(), "anna")
	for _, step := range []struct {
		away, left bool
		officer    int
		acting     int
	}{{false, false, 200, 403}, {true, false, 200, 200}, {false, false, 200, 403}, {true, true, 403, 403}} {
		bo.Away, anna.Left = step.away, time.Time{}
		if step.left {
			anna.Left = w.at
		}
		for _, p := range []roster.Person{bo, anna} {
			if err := people.PutPerson(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
		list(step.officer, "officer")
		list(step.acting, "acting_head")
	}
}

// A bot process acts for the program itself and for groups that are tied to their unit; no other
// program does.
func TestBotActsForTheProgram(t *testing.T) {
	t.Parallel()
	w, people := newStaffed(t)
	system := officerOf("transport", petition.System().Staff, "officer,head")
	group := officerOf("transport", roster.GroupStaff, "officer")
	w.ok(nil, "bot", "GET", "/v1/cases", "", system...)
	w.refused(403, "api.staff", "bot", "GET", "/v1/cases", "", group...)
	if err := people.PutBinding(t.Context(), roster.Binding{Chat: "tg:-1", Unit: "transport"}); err != nil {
		t.Fatal(err)
	}
	w.ok(nil, "bot", "GET", "/v1/cases", "", group...)
	w.refused(403, "api.staff", "bot", "GET", "/v1/cases", "", officerOf("transport", roster.GroupStaff, "officer,head")...)
	w.refused(403, "api.staff", "bot", "GET", "/v1/cases", "", officerOf("water", roster.GroupStaff, "officer")...)
	for _, key := range []string{"staff", "road"} {
		w.refused(403, "api.staff", key, "GET", "/v1/cases", "", system...)
		w.refused(403, "api.staff", key, "GET", "/v1/cases", "", group...)
	}
	w.refused(422, "api.staff_id", "bot", "POST", "/v1/desk/put-person", `{"record":{"id":"erp/anna","unit":"transport"}}`)
}

// Officers of a program of their own are written down under its name, so that none is taken for
// somebody of the roster or of another program, and no paper goes out with their names.
func TestOwnOfficersAreMarked(t *testing.T) {
	t.Parallel()
	w, _ := newStaffed(t)
	at := w.lodge("tg:1", "ROAD", petition.Claim, "transport")
	path := "/v1/cases/" + at.Number
	for i, key := range []string{"erp", "crm", "staff"} {
		w.ok(nil, key, "POST", path+"/moves", `{"name":"note","text":"said here"}`, withKey(fmt.Sprint(i), officerOf("transport", "anna", "officer")...)...)
	}
	w.ok(nil, "erp", "POST", path+"/moves", `{"name":"accept"}`, withKey("a", officerOf("transport", "erp/anna", "officer")...)...) // as its views have it
	var said []string
	for _, e := range w.record(at.Number).Case.Timeline {
		if e.By == "transport" {
			said = append(said, e.Staff)
		}
	}
	if want := []string{"erp/anna", "crm/anna", "anna", "erp/anna"}; !slices.Equal(said, want) {
		t.Errorf("written down are %q, want %q", said, want)
	}
	log, err := w.svc.Accesses(t.Context(), petition.Actor{Staff: "cai", Unit: "petition", Roles: []petition.Role{petition.Rights}}, petition.AccessQuery{Number: at.Number, Staff: "erp/anna"})
	if err != nil || len(log.Lines) == 0 {
		t.Errorf("the access log of erp/anna: %+v, %v", log, err)
	}

	paper := `{"name":"submit","for":"reply","text":"x","args":{"request":"修路","facts":"属实","basis":"《信访工作条例》第三十二条","outcome":"support"}}`
	var v petition.View
	w.ok(&v, "erp", "POST", path+"/moves", paper, withKey("p", officerOf("transport", "anna", "officer")...)...)
	sign := fmt.Sprintf(`{"name":"sign","draft":%d,"draft_version":%d}`, v.Drafts[0].ID, v.Drafts[0].Version)
	for _, key := range []string{"erp", "crm"} {
		w.refused(403, "draft.nameless", key, "POST", path+"/moves", sign, withKey("s", officerOf("transport", "bo", "head")...)...)
	}
	w.ok(nil, "staff", "POST", path+"/moves", sign, withKey("s", officerOf("transport", "bo", "head")...)...)
	if len(w.record(at.Number).Case.Drafts) > 0 {
		t.Error("what the head of the roster signs is a draft still")
	}
}

// The attribute is no part of any scope, and goes with neither a bot's key nor an ambiguous name.
func TestOwnOfficersAreDeclared(t *testing.T) {
	t.Parallel()
	w, _ := newStaffed(t)
	w.refused(403, "api.staff", "all", "GET", "/v1/cases", "", officerOf("transport", "own", "admin")...)
	for _, bad := range []struct {
		name   string
		scopes []api.Scope
	}{{"a/b", []api.Scope{api.Staff, api.OwnOfficers}}, {"bot", []api.Scope{api.Staff, api.Desk, api.OwnOfficers}}} {
		if _, _, err := api.NewKey(bad.name, bad.scopes, ""); err == nil {
			t.Errorf("there is a key %s with %v", bad.name, bad.scopes)
		}
	}
	if _, _, err := api.NewKey("a/b", []api.Scope{api.Staff}, ""); err != nil {
		t.Errorf("a key with a slash as before: %v", err)
	}
}

// Without a roster nobody is an officer, but who declares their own.
func TestNoRosterNoOfficers(t *testing.T) {
	t.Parallel()
	staff, l1 := newKey(t, "staff", "", api.Staff)
	own, l2 := newKey(t, "own", "", api.Staff, api.OwnOfficers)
	h := api.New(api.Config{Cases: service(t, ""), Office: office.Example(), Keys: keys(t, l1+"\n"+l2)})
	for key, want := range map[string]int{staff: http.StatusForbidden, own: http.StatusOK} {
		r := httptest.NewRequest("GET", "/v1/cases", nil)
		r.Header.Set("Authorization", "Bearer "+key)
		for i, headers := 0, officerOf("transport", "anna", "officer"); i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code != want || want == http.StatusForbidden && !json.Valid(rec.Body.Bytes()) {
			t.Errorf("%d %s, want %d", rec.Code, rec.Body, want)
		}
	}
}
