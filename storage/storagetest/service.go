package storagetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	county "dengwen/internal/office"
	"dengwen/petition"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
)

// Service checks what petition.Cases promises. open answers an empty service of the
// example office.
func Service(t *testing.T, open func(t *testing.T) petition.Cases) {
	for _, name := range slices.Sorted(maps.Keys(serviceChecks)) {
		t.Run(name, func(t *testing.T) { t.Parallel(); serviceChecks[name](t, open(t)) })
	}
	for _, name := range slices.Sorted(maps.Keys(serviceFileChecks)) {
		t.Run(name, func(t *testing.T) { t.Parallel(); serviceFileChecks[name](t, open(t)) })
	}
}

var serviceChecks = map[string]func(*testing.T, petition.Cases){
	"a ticket for a filing":             serviceFile,
	"a key files once":                  serviceOnce,
	"a key files once at the same time": serviceRace,
	"a key is its owner's":              serviceKeyTaken,
	"faulty filings are refused":        serviceFaulty,
	"who may look":                      serviceLook,
	"wrong number and wrong code":       serviceWrong,
	"guessing is limited":               serviceGuess,
	"who sees which list":               serviceList,
	"pages and words":                   servicePages,
	"a move is made once":               serviceMoveOnce,
	"a stale move is refused":           serviceStale,
	"an unlawful move says why":         serviceUnlawful,
	"a move with the code":              serviceMoveByCode,
	"the office takes its course":       serviceCourse,
	"a report is sealed":                serviceReport,
	"a report about its receiver":       serviceReportAbove,
	"the feed":                          serviceFeed,
	"forget":                            serviceForget,
}

var (
	citizen  = petition.Actor{Owner: "tg:100", Asker: "tg:100"}
	neighbor = petition.Actor{Owner: "tg:200", Asker: "tg:200"}
)

// clerk is the intake clerk of the petition office, officer one of another unit,
// named the officer for reports.
func clerk() petition.Actor {
	return petition.Actor{Staff: "s-1", Unit: county.Example().Unit, Roles: []petition.Role{petition.Intake, petition.Supervisor}}
}

func officer(unit string) petition.Actor {
	return petition.Actor{Staff: "s-2", Unit: unit, Roles: []petition.Role{petition.Officer}}
}

func named() petition.Actor {
	return petition.Actor{Staff: "s-3", Unit: county.Example().SealedUnit, Roles: []petition.Role{petition.Sealed}}
}

// department is a unit that is not the petition office.
func department(t *testing.T) string {
	t.Helper()
	o := county.Example()
	for _, u := range o.Units {
		if u.Kind == "department" && u.Code != o.Unit && u.Code != o.SealedUnit {
			return u.Code
		}
	}
	t.Fatal("the example office has no department")
	return ""
}

func filing(owner, facts string) petition.Filing {
	return petition.Filing{
		Key: uuid.NewString(), Owner: owner, Channel: "telegram", Lang: "zh-CN", Class: petition.Claim,
		Facts: facts, Request: "请尽快处理", Used: petition.UsedNo, Contact: petition.Contact{Name: "李四", Phone: "13800000000"},
		Place: petition.Place{Text: "村口"},
	}
}

func lodge(t *testing.T, s petition.Cases, a petition.Actor, facts string) petition.Ticket {
	t.Helper()
	ticket, err := s.File(t.Context(), a, filing(a.Owner, facts))
	if err != nil {
		t.Fatalf("file: %v", err)
	}
	return ticket
}

func move(name petition.MoveName, text string) petition.Move {
	return petition.Move{Key: uuid.NewString(), Name: name, Text: text}
}

// equal compares what the service answered; times may come back in another zone.
func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func serviceFile(t *testing.T, s petition.Cases) {
	f := filing("tg:100", "村里的路灯坏了一年没人修 🚧")
	f.Public, f.People, f.RequestOurs = true, 12, true
	got, err := s.File(t.Context(), citizen, f)
	if err != nil {
		t.Fatal(err)
	}
	if n, ok := petition.ParseNumber(got.Number); !ok || n != got.Number {
		t.Errorf("number %q is not one", got.Number)
	}
	if code, ok := petition.NormaliseCode(got.Code); !ok || len(code) < 8 {
		t.Errorf("code %q is not one", got.Code)
	}
	if got.Next.Due == "" || got.Unit == "" || got.Filed.IsZero() || got.View.Status != petition.Registered {
		t.Errorf("ticket lacks something: %+v", got)
	}
	v, err := s.Look(t.Context(), citizen, got.Number, "")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "view on the ticket and view looked up", got.View, v)
	if v.Facts != f.Facts || v.Request != f.Request || !v.RequestOurs || !v.Public || v.Contact == nil || v.Contact.Name != "李四" || len(v.Timeline) != 1 {
		t.Errorf("view lacks something: %+v", v)
	}
}

func serviceOnce(t *testing.T, s petition.Cases) {
	f := filing("tg:100", "路灯")
	f.Key = "tg:100/7/0 钥匙%2F"
	first, err := s.File(t.Context(), citizen, f)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.File(t.Context(), citizen, f)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the same ticket, code included", again, first)
	page, err := s.List(t.Context(), citizen, petition.Query{})
	if err != nil || len(page.Items) != 1 {
		t.Errorf("%d cases (%v), want 1", len(page.Items), err)
	}
}

func serviceRace(t *testing.T, s petition.Cases) {
	f := filing("tg:100", "路灯")
	got := make([]petition.Ticket, 8)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			var err error
			if got[i], err = s.File(t.Context(), citizen, f); err != nil {
				t.Errorf("file: %v", err)
			}
		})
	}
	wg.Wait()
	for _, ticket := range got {
		if ticket.Number != got[0].Number || ticket.Code != got[0].Code {
			t.Errorf("one key gave %s and %s", got[0].Number, ticket.Number)
		}
	}
}

func serviceKeyTaken(t *testing.T, s petition.Cases) {
	f := filing("tg:100", "路灯")
	first, err := s.File(t.Context(), citizen, f)
	if err != nil {
		t.Fatal(err)
	}
	changed := f
	changed.Facts = "另一盏路灯"
	_, err = s.File(t.Context(), citizen, changed)
	wantError(t, err, petition.Conflict, "file.key_reused")
	f.Owner = "tg:200"
	theirs, err := s.File(t.Context(), neighbor, f)
	if err != nil || theirs.Number == first.Number || theirs.Code == first.Code {
		t.Fatalf("another's key answered %s, the first %s; %v", theirs.Number, first.Number, err)
	}
	again, err := s.File(t.Context(), neighbor, f)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "their own ticket again", again, theirs)
}

func serviceFaulty(t *testing.T, s petition.Cases) {
	for name, c := range map[string]struct {
		actor  petition.Actor
		change func(*petition.Filing)
		code   petition.Code
		key    string
	}{
		"no key":         {citizen, func(f *petition.Filing) { f.Key = "" }, petition.Invalid, "file.key"},
		"no words":       {citizen, func(f *petition.Filing) { f.Facts = " \n" }, petition.Invalid, "file.facts"},
		"no class":       {citizen, func(f *petition.Filing) { f.Class = "" }, petition.Invalid, "file.class"},
		"unknown class":  {citizen, func(f *petition.Filing) { f.Class = "joke" }, petition.Invalid, "file.class"},
		"unknown place":  {citizen, func(f *petition.Filing) { f.Place.Code = "atlantis" }, petition.Invalid, "file.place"},
		"long facts":     {citizen, func(f *petition.Filing) { f.Facts = strings.Repeat("长", 20_001) }, petition.Invalid, "text.too_long"},
		"another's chat": {citizen, func(f *petition.Filing) { f.Owner = "tg:200" }, petition.Forbidden, "file.owner"},
		"staff channel":  {citizen, func(f *petition.Filing) { f.Channel = "letter" }, petition.Forbidden, "file.channel"},
		"bad attachment": {citizen, func(f *petition.Filing) { f.Attachments = []petition.Attachment{{ID: "../x", Kind: "photo"}} }, petition.Invalid, "file.malformed"},
	} {
		f := filing(c.actor.Owner, "路灯")
		c.change(&f)
		_, err := s.File(t.Context(), c.actor, f)
		if !errors.Is(err, &petition.Error{Code: c.code, Key: c.key}) {
			t.Errorf("%s: %v, want %s (%s)", name, err, c.code, c.key)
		}
	}
	_, err := s.File(t.Context(), citizen, petition.Filing{Key: "k", Owner: "tg:100", Class: petition.Claim, Facts: strings.Repeat("长", 20_001)})
	var e *petition.Error
	if !errors.As(err, &e) || e.Args["max"] != "20000" || e.Args["field"] != "facts" {
		t.Errorf("what the sentence names is lost: %+v", e)
	}
}

func serviceLook(t *testing.T, s petition.Cases) {
	ticket := lodge(t, s, citizen, "路灯")
	typed := strings.ToLower(strings.ReplaceAll(ticket.Number, "-", " "))
	for name, c := range map[string]struct {
		actor        petition.Actor
		number, code string
		sees         bool
	}{
		"own chat":              {citizen, ticket.Number, "", true},
		"own chat, as typed":    {citizen, typed, "", true},
		"another chat and code": {neighbor, ticket.Number, ticket.Code, true},
		"stranger and code":     {petition.Actor{Asker: "web:1"}, typed, strings.ToLower(ticket.Code), true},
		"another chat":          {neighbor, ticket.Number, "", false},
		"nobody":                {petition.Actor{}, ticket.Number, "", false},
		"intake clerk":          {clerk(), ticket.Number, "", true},
		"officer elsewhere":     {officer(department(t)), ticket.Number, "", false},
	} {
		v, err := s.Look(t.Context(), c.actor, c.number, c.code)
		switch {
		case c.sees && (err != nil || v.Number != ticket.Number || v.Facts != "路灯"):
			t.Errorf("%s: %+v, %v", name, v, err)
		case !c.sees && (petition.CodeOf(err) != petition.NotFound || v.Number != ""):
			t.Errorf("%s: %+v, %v; want not found", name, v, err)
		}
	}
}

func serviceWrong(t *testing.T, s petition.Cases) {
	ticket := lodge(t, s, citizen, "路灯")
	other := petition.FormatNumber(ticket.Number[:2], 2026, 9999)
	var first error
	for i, guess := range [][2]string{{ticket.Number, "2222-2222"}, {other, "2222-2222"}, {"no number at all", "2222-2222"}, {"..", "x"}, {"a/b?c#d", "码"}} {
		stranger := petition.Actor{Asker: fmt.Sprint("web:", i)}
		v, err := s.Look(t.Context(), stranger, guess[0], guess[1])
		if v.Number != "" || petition.CodeOf(err) != petition.NotFound {
			t.Errorf("guess %d: %+v, %v", i, v, err)
		}
		if first == nil {
			first = err
		}
		equal(t, "errors of two wrong guesses", refusal(err), refusal(first))
	}
}

// refusal is what a person hears of an error.
func refusal(err error) petition.Error {
	var e *petition.Error
	if !errors.As(err, &e) {
		return petition.Error{}
	}
	return petition.Error{Code: e.Code, Key: e.Key, Args: e.Args}
}

func serviceGuess(t *testing.T, s petition.Cases) {
	ticket := lodge(t, s, citizen, "路灯")
	thief := petition.Actor{Asker: "tg:666"}
	limited := false
	for range 12 {
		_, err := s.Look(t.Context(), thief, ticket.Number, "2222-2222")
		if limited = petition.CodeOf(err) == petition.Limited; limited {
			break
		}
	}
	if !limited {
		t.Fatal("twelve wrong codes were not limited")
	}
	if _, err := s.Look(t.Context(), thief, ticket.Number, ticket.Code); petition.CodeOf(err) != petition.Limited {
		t.Errorf("the right code while limited: %v", err)
	}
	if _, err := s.Look(t.Context(), citizen, ticket.Number, ""); err != nil {
		t.Errorf("the owner was locked out of their own case: %v", err)
	}
	if _, err := s.Look(t.Context(), petition.Actor{Asker: "tg:777"}, ticket.Number, ticket.Code); err != nil {
		t.Errorf("whoever has the code was locked out by another's guesses: %v", err)
	}
}
