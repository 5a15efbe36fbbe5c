package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	fakes "dengwen/internal/test/memory"

	exampleoffice "dengwen/internal/office"
	"dengwen/internal/test/invented"
	"dengwen/petition"
	"dengwen/petition/reception"
)

// newReceptionStage is a stage with two reception days, and a petition lodged in a chat.
func newReceptionStage(t *testing.T) (*stage, petition.Ticket) {
	t.Helper()
	var cases *petition.Service
	var receptions *reception.Service
	s := newStage(t, func(c *Config) {
		n := 0
		id := func() string { n++; return fmt.Sprintf("id-%06d", n) }
		store, o := fakes.NewMemory(), exampleoffice.Example()
		cases = petition.NewService(store, o, petition.DefaultCalendar(), c.Box.Hash, c.Now, id, new(fakes.Blobs))
		receptions = reception.New(fakes.NewReceptions(store), cases, o, c.Now, id)
		c.Cases, c.Receptions = cases, receptions
	})
	clerk := petition.Actor{Staff: "p1", Unit: "petition", Roles: []petition.Role{petition.Intake}}
	for n := range 2 {
		d := reception.Day{Leader: fmt.Sprint("王某某", n), Date: petition.Day(start.AddDate(0, 0, 7+n)), Time: "09:00", Minutes: 20, Slots: 2, Each: 1, Place: "一楼"}
		if _, err := receptions.PutDay(t.Context(), clerk, d); err != nil {
			t.Fatal(err)
		}
	}
	k, err := cases.File(t.Context(), petition.Actor{Owner: "tg:1", Asker: "tg:1"}, petition.Filing{Key: "k", Channel: "telegram", Class: petition.Claim, Facts: "三组的路塌了"})
	if err != nil {
		t.Fatal(err)
	}
	return s, k
}

// With number and query code a time is booked at the page, moved and given back; without both nothing
// is told.
func TestReceptionByNumberAndCode(t *testing.T) {
	t.Parallel()
	s, k := newReceptionStage(t)
	b := s.browser()
	b.get("/reception", http.StatusOK)
	for _, want := range []string{"王某某0", "王某某1", "还能约 2 件"} {
		if !strings.Contains(b.page, want) {
			t.Fatalf("the timetable lacks %q", want)
		}
	}
	b.post("/reception", b.fields("do", "find", "number", k.Number, "code", "AAAA-BBBB"), http.StatusNotFound)
	if strings.Contains(b.page, `name="at"`) {
		t.Error("a wrong code opens the case")
	}
	b.post("/reception", b.fields("do", "find", "number", k.Number, "code", k.Code), http.StatusOK)
	at := strings.SplitN(b.page[strings.Index(b.page, `<option value="`)+len(`<option value="`):], `"`, 2)[0]
	b.post("/reception", b.fields("do", "book", "number", k.Number, "code", k.Code, "at", at), http.StatusOK)
	if !strings.Contains(b.page, "约好了") || !strings.Contains(b.page, `id="booking"`) {
		t.Fatalf("not booked:\n%s", b.page)
	}
	b.post("/reception", b.fields("do", "book", "number", k.Number, "code", k.Code, "at", at), http.StatusConflict)
	day, _, _ := strings.Cut(at, ":")
	b.post("/reception", b.fields("do", "move", "number", k.Number, "code", k.Code, "at", day+":1"), http.StatusOK)
	if !strings.Contains(b.page, "09:20") {
		t.Error("not moved")
	}
	b.post("/reception", b.fields("do", "tell", "number", k.Number, "code", k.Code, "people", "6"), http.StatusConflict)
	b.post("/reception", b.fields("do", "tell", "number", k.Number, "code", k.Code, "people", "5", "help", "sign"), http.StatusOK)
	b.post("/reception", b.fields("do", "back", "number", k.Number, "code", k.Code), http.StatusOK)
	if strings.Contains(b.page, `id="booking"`) {
		t.Error("not given back")
	}
}

// The page speaks a language that was added by a folder.
func TestReceptionSpeaksAnAddedLanguage(t *testing.T) {
	t.Parallel()
	s, k := newReceptionStage(t)
	s.door.Locales = invented.Catalog(t)
	b := s.browser()
	b.get("/reception?lang=bo", http.StatusOK)
	b.post("/reception", b.fields("do", "find", "number", k.Number, "code", k.Code, "lang", "bo"), http.StatusOK)
	at := strings.SplitN(b.page[strings.Index(b.page, `<option value="`)+len(`<option value="`):], `"`, 2)[0]
	b.post("/reception", b.fields("do", "book", "number", k.Number, "code", k.Code, "at", at, "lang", "bo"), http.StatusOK)
	if left := invented.Left(invented.Shown(b.page), "柞水县信访局", "中文", "English", "王某某0", "王某某1", "一楼"); len(left) > 0 {
		t.Errorf("%q left", left)
	}
}
