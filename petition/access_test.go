package petition_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"dengwen/petition"
)

var rightsOfficer = staff("rights-1", "petition", petition.Rights)

// log is what the access log says, oldest first, one line an access.
func (w *world) log(q petition.AccessQuery) (out []string) {
	w.t.Helper()
	q.Limit = 100
	lines, _, err := w.store.Accesses(w.t.Context(), q)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, x := range lines {
		who := x.Staff
		if x.Key != "" {
			who += "@" + x.Key
		}
		out = append([]string{strings.Join(strings.Fields(fmt.Sprint(who, " ", x.Door, " ", x.Act, " ", x.What, " ", len(x.Numbers), " ", x.Reason)), " ")}, out...)
	}
	return out
}

func (w *world) wantLog(what string, want ...string) {
	w.t.Helper()
	if got := w.log(petition.AccessQuery{}); strings.Join(got, "\n") != strings.Join(want, "\n") {
		w.t.Errorf("%s, log says\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (w *world) look(a petition.Actor, number, code string) petition.View {
	w.t.Helper()
	v, err := w.s.Look(w.t.Context(), a, number, code)
	if err != nil {
		w.t.Fatalf("look: %v", err)
	}
	return v
}

func TestEveryAccessIsLogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	w.look(lin, k.Number, "")
	w.wantLog("a citizen in their own chat")
	inChat := clerk
	inChat.Owner, inChat.Reason = "tg:77", "核实地址"
	w.look(inChat, k.Number, "")
	key := clerk
	key.Caller = "printer"
	w.look(key, k.Number, "")
	w.look(petition.Actor{Asker: "web:5"}, k.Number, k.Code)
	if _, err := w.s.List(t.Context(), clerk, petition.Query{}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.s.List(t.Context(), clerk, petition.Query{Words: "桥面"}); err != nil {
		t.Fatal(err)
	}
	w.do(clerk, k.Number, m(petition.MoveTransfer, "unit", "transport"))
	w.look(clerk, k.Number, "") // with another unit: no contact
	if _, err := w.s.Look(t.Context(), water, k.Number, ""); petition.CodeOf(err) != petition.NotFound {
		t.Fatalf("another unit looks: %v", err)
	}
	if _, err := w.s.Look(t.Context(), petition.System(), k.Number, ""); err != nil {
		t.Fatal(err)
	}
	w.wantLog("all others", "clerk tg contact 1 核实地址", "clerk@printer api contact 1", "web read 1", "clerk program list 1",
		"clerk program search 桥面 1", "clerk program change transfer 1", "clerk program read 1")
}

func TestSameReadsAreOneLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	for range 4 {
		w.look(clerk, k.Number, "")
	}
	w.look(chief, k.Number, "")
	w.wantLog("within ten minutes", "clerk program contact 1", "chief program contact 1")
	w.days(1)
	w.look(clerk, k.Number, "")
	lines, _, err := w.store.Accesses(t.Context(), petition.AccessQuery{Limit: 1})
	if err != nil || len(lines) != 1 || lines[0].Staff != "clerk" || lines[0].Repeats != 3 {
		t.Errorf("the next day: %+v, %v", lines, err)
	}
}

// refusing is a store whose access log can't be written.
type refusing struct{ petition.Store }

var errFull = errors.New("disk full")

func (refusing) NoteAccess(context.Context, petition.Access) error { return errFull }

func TestNothingIsShownUnlogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	s := petition.NewService(refusing{w.store}, w.o, petition.DefaultCalendar(), keyed, w.now, func() string { return "x" }, w.blobs)
	for range 2 {
		if v, err := s.Look(t.Context(), clerk, k.Number, ""); !errors.Is(err, errFull) || v.Facts != "" {
			t.Errorf("look: %q, %v", v.Facts, err)
		}
		if p, err := s.List(t.Context(), clerk, petition.Query{}); !errors.Is(err, errFull) || len(p.Items) > 0 {
			t.Errorf("list: %d, %v", len(p.Items), err)
		}
	}
	if v, err := s.Look(t.Context(), lin, k.Number, ""); err != nil || v.Facts == "" {
		t.Errorf("the citizen's own look: %v", err)
	}
}

// A door that asks for reasons is shown no contact and no report without one; the log then says that the
// case was opened, and with one that the contact was, and why.
func TestNothingIsUncoveredWithoutAReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := filing(petition.Claim)
	f.Contact = petition.Contact{Name: "林大山", Phone: "13909140001"}
	bribe := filing(petition.Report)
	bribe.Key = "draft-2"
	claim, report := w.file(f), w.file(bribe)
	asks := func(a petition.Actor, why string) petition.Actor { a.Asks, a.Reason = true, why; return a }

	v, err := w.s.Look(t.Context(), asks(clerk, ""), claim.Number, "")
	if err != nil || v.Contact != nil || !v.Covered || v.Facts == "" {
		t.Errorf("without a reason: %+v, covered %v, %v", v.Contact, v.Covered, err)
	}
	v, err = w.s.Look(t.Context(), asks(clerk, "要和信访人联系"), claim.Number, "")
	if err != nil || v.Contact == nil || v.Contact.Phone != f.Contact.Phone || v.Covered {
		t.Errorf("with a reason: %+v, covered %v, %v", v.Contact, v.Covered, err)
	}
	_, err = w.s.Look(t.Context(), asks(sealed, ""), report.Number, "")
	wantError(t, err, petition.Forbidden, "access.why")
	_, err = w.s.Look(t.Context(), asks(clerk, ""), report.Number, "") // who may not see it is not told what it is
	wantError(t, err, petition.NotFound, "lookup.no_match")
	if v, err = w.s.Look(t.Context(), asks(sealed, "核实情况"), report.Number, ""); err != nil || v.Facts == "" {
		t.Errorf("a report with a reason: %v", err)
	}
	p, err := w.s.Accesses(t.Context(), chief, petition.AccessQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, x := range p.Lines {
		if x.Act == petition.ActRead || x.Act == petition.ActContact {
			got = append([]string{string(x.Act) + " " + x.Reason}, got...)
		}
	}
	if len(got) != 3 || got[0] != "read " || got[1] != "contact 要和信访人联系" || !strings.HasSuffix(got[2], " 核实情况") {
		t.Errorf("log: %q", got)
	}
}

func TestWhoReadsTheLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Report))
	w.look(sealed, k.Number, "")
	elsewhere := chief
	elsewhere.Unit = "transport"
	for _, a := range []petition.Actor{lin, stranger, clerk, road, roadHead, sealed, admin, elsewhere, {}} {
		if _, err := w.s.Accesses(t.Context(), a, petition.AccessQuery{}); petition.CodeOf(err) != petition.Forbidden {
			t.Errorf("%+v reads the log: %v", a, err)
		}
	}
	for _, a := range []petition.Actor{chief, rightsOfficer} {
		p, err := w.s.Accesses(t.Context(), a, petition.AccessQuery{Number: strings.ToLower(k.Number)})
		if err != nil || len(p.Lines) != 1 || p.Lines[0].Staff != "seal-1" {
			t.Errorf("%s: %+v, %v", a.Staff, p, err)
		}
	}
	if got := w.log(petition.AccessQuery{Staff: "rights-1"}); len(got) != 1 || got[0] != "rights-1 program log "+k.Number+" 0" {
		t.Errorf("that the log was read: %v", got)
	}
	if _, err := w.s.Look(t.Context(), rightsOfficer, k.Number, ""); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("the rights officer opens a report: %v", err)
	}
}

func TestCitizensSeeWhoHasSeenIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	w.look(clerk, k.Number, "")
	w.look(chief, k.Number, "")
	w.do(clerk, k.Number, m(petition.MoveTransfer, "unit", "transport"))
	w.days(2)
	w.look(road, k.Number, "")
	w.look(road, k.Number, "")
	for _, v := range []petition.View{w.look(lin, k.Number, ""), w.look(petition.Actor{Asker: "web:1"}, k.Number, k.Code)} {
		if len(v.Seen) != 2 || v.Seen[0].Unit != "petition" || v.Seen[0].Officers != 2 || v.Seen[1].Officers != 1 ||
			v.Seen[0].First != "2026-08-03" || v.Seen[1].First != "2026-08-05" || v.Seen[1].UnitName == "" {
			t.Errorf("seen by %+v", v.Seen)
		}
	}
	if v := w.look(road, k.Number, ""); v.Seen != nil {
		t.Errorf("an officer is told who has seen it: %+v", v.Seen)
	}
}
