package petition_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/scrub"
	"dengwen/internal/test/memory"
	"dengwen/petition"
)

// world is an office at work on a clock that only the test moves.
type world struct {
	t     *testing.T
	s     *petition.Service
	store *memory.Memory
	blobs *memory.Blobs
	o     *petition.Office
	mu    sync.Mutex
	at    time.Time
	ids   atomic.Int64
}

// example is read once: reading the file takes longer than most tests.
var example = sync.OnceValue(office.Example)

var zone = time.FixedZone("UTC+8", 8*60*60)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, store: memory.NewMemory(), blobs: new(memory.Blobs), o: example()}
	w.at = time.Date(2026, 8, 3, 10, 0, 0, 0, zone)
	w.s = petition.NewService(w.store, w.o, petition.DefaultCalendar(), keyed, w.now,
		func() string { return fmt.Sprintf("id-%06d", w.ids.Add(1)) }, w.blobs).WithScrub(scrub.New(scrub.DefaultLimits()))
	return w
}

func keyed(purpose, value string) []byte {
	h := hmac.New(sha256.New, []byte("test key"))
	fmt.Fprintf(h, "%d:%s:%s", len(purpose), purpose, value)
	return h.Sum(nil)
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

// days lets days pass.
func (w *world) days(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.AddDate(0, 0, n)
}

func (w *world) today() string { return petition.Day(w.now()) }

func staff(id, unit string, roles ...petition.Role) petition.Actor {
	return petition.Actor{Staff: id, Unit: unit, Roles: roles}
}

var (
	lin      = petition.Actor{Owner: "tg:1", Asker: "tg:1"}
	stranger = petition.Actor{Owner: "tg:99", Asker: "tg:99"}
	clerk    = staff("clerk", "petition", petition.Intake)
	chief    = staff("chief", "petition", petition.Supervisor)
	road     = staff("road-1", "transport", petition.Officer)
	roadHead = staff("road-0", "transport", petition.Head)
	water    = staff("water-1", "water", petition.Officer, petition.Head)
	county   = staff("gov-1", "county-gov", petition.Officer, petition.Head)
	city     = staff("city-1", "city-gov", petition.Officer, petition.Head)
	sealed   = staff("seal-1", "discipline", petition.Sealed)
	admin    = staff("root", "", petition.Admin)
)

func filing(class petition.Class) petition.Filing {
	return petition.Filing{
		Key: "draft-1", Owner: lin.Owner, Channel: "telegram", Lang: "zh-CN", Class: class, Subject: "transport.roads",
		Place: petition.Place{Code: "611026102"}, Title: "桥面塌了", Facts: "村口的桥面塌了一半，拖拉机过不去。", Request: "把桥修好",
		Contact: petition.Contact{Name: "林某", Address: "下梁镇某村", Phone: "0914-0000000"},
	}
}

func (w *world) file(f petition.Filing) petition.Ticket {
	w.t.Helper()
	k, err := w.s.File(w.t.Context(), petition.Actor{Owner: f.Owner}, f)
	if err != nil {
		w.t.Fatalf("file: %v", err)
	}
	return k
}

// moves known by their shortest complete form.
func m(name petition.MoveName, pairs ...string) petition.Move {
	mv := petition.Move{Name: name, Args: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		mv.Set(pairs[i], pairs[i+1])
	}
	return mv
}

func (w *world) try(a petition.Actor, number string, mv petition.Move) (petition.View, error) {
	w.t.Helper()
	if r, err := w.store.Load(w.t.Context(), number); err == nil && signedOff(mv.Name, r.Case.Filing.Class) && a.Staff != "" {
		return w.issue(a, number, mv)
	}
	return w.s.Do(w.t.Context(), a, number, mv)
}

// signedOff reports whether somebody signs what a move of officers issues.
func signedOff(name petition.MoveName, class petition.Class) bool {
	s, err := petition.SpecOf(name, class)
	return err == nil && s.Signs != nil
}

// issue writes a paper, lays it before the head of the unit and has it signed.
func (w *world) issue(a petition.Actor, number string, mv petition.Move) (petition.View, error) {
	w.t.Helper()
	paper := mv
	paper.Name, paper.For = petition.MoveSubmit, mv.Name
	v, err := w.s.Do(w.t.Context(), a, number, paper)
	if err != nil {
		return v, err
	}
	d := v.Drafts[len(v.Drafts)-1]
	sign := petition.Move{Name: petition.MoveSign, Draft: d.ID, DraftVersion: d.Version}
	v, err = w.s.Do(w.t.Context(), staff(d.Unit+"-signer", d.Unit, petition.Head), number, sign)
	if err != nil {
		return v, err
	}
	if mine, err := w.s.Look(w.t.Context(), a, number, ""); err == nil {
		return mine, nil
	}
	return v, nil
}

func (w *world) do(a petition.Actor, number string, mv petition.Move) petition.View {
	w.t.Helper()
	v, err := w.try(a, number, mv)
	if err != nil {
		w.t.Fatalf("%s on %s: %v", mv.Name, w.today(), err)
	}
	return v
}

func (w *world) refused(a petition.Actor, number string, mv petition.Move, code petition.Code, key string) {
	w.t.Helper()
	_, err := w.try(a, number, mv)
	wantError(w.t, err, code, key)
}

func wantError(t *testing.T, err error, code petition.Code, key string) {
	t.Helper()
	e, ok := err.(*petition.Error)
	if !ok || e.Code != code || e.Key != key {
		t.Errorf("got %v, want %s (%s)", err, code, key)
	}
}

// accepted brings a fresh claim to acceptance by the transport bureau on its first day.
func (w *world) accepted() string {
	w.t.Helper()
	n := w.file(filing(petition.Claim)).Number
	w.do(clerk, n, m(petition.MoveTransfer, "unit", "transport"))
	w.do(road, n, m(petition.MoveAccept))
	return n
}

func opinion() petition.Move {
	return m(petition.MoveReply, "request", "修桥", "facts", "7 月 20 日下雨冲毁，8 月 5 日现场核实属实", "text", "列入水毁修复，9 月 30 日前完工",
		"basis", "《公路法》第三十五条", "outcome", "support")
}

func (w *world) replied() string {
	w.t.Helper()
	n := w.accepted()
	w.do(road, n, opinion())
	w.do(road, n, m(petition.MoveDeliver, "date", w.today(), "method", "signed"))
	return n
}

// rereviewing brings a claim before the city on its first day.
func (w *world) rereviewing() string {
	w.t.Helper()
	n := w.replied()
	w.do(lin, n, m(petition.MoveReview, "text", "没有说什么时候完工", "unit", "county-gov"))
	reply := opinion()
	reply.Name, reply.Args["outcome"] = petition.MoveReviewReply, "maintain"
	w.do(county, n, reply)
	w.do(lin, n, m(petition.MoveReceive))
	w.do(lin, n, m(petition.MoveRereview, "text", "复查没有到现场看"))
	return n
}

func clock(t *testing.T, v petition.View, rule string) petition.Clock {
	t.Helper()
	for i := len(v.Clocks) - 1; i >= 0; i-- {
		if v.Clocks[i].Rule == rule {
			return v.Clocks[i]
		}
	}
	t.Errorf("%s has no clock %s", v.Number, rule)
	return petition.Clock{}
}

func wantClock(t *testing.T, v petition.View, rule, due, state string) {
	t.Helper()
	if k := clock(t, v, rule); k.Due != due || k.State != state {
		t.Errorf("clock %s: due %s, %s; want %s, %s", rule, k.Due, k.State, due, state)
	}
}

func wantAt(t *testing.T, v petition.View, status petition.Status, unit string) {
	t.Helper()
	if v.Status != status || v.Unit != unit {
		t.Errorf("%s is %s with %s, want %s with %s", v.Number, v.Status, v.Unit, status, unit)
	}
}

// told checks that the last notice to a chat is about a move.
func (w *world) told(chat string, move petition.MoveName) {
	w.t.Helper()
	feed, err := w.s.Notices(w.t.Context(), "", 500)
	if err != nil {
		w.t.Fatal(err)
	}
	var last petition.MoveName
	for _, n := range feed {
		if n.To == chat {
			last = n.Entry.Move
		}
	}
	if last != move {
		w.t.Errorf("the last that %s was told of is %q, want %q", chat, last, move)
	}
}

func rating(office, unit string) petition.Move {
	return petition.Move{Name: petition.MoveRate, Args: map[string]string{"office": office, "unit": unit}}
}

func entered(office, unit string) petition.Move {
	mv := rating(office, unit)
	mv.Args["how"] = "call_back"
	return mv
}
