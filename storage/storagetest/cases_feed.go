package storagetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"dengwen/petition"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var feedChecks = map[string]func(*testing.T, petition.Store){
	"the feed tells in order":           feedOrder,
	"the feed is read in pages":         feedPages,
	"an unknown position is refused":    feedCursor,
	"the feed loses nothing in a crowd": feedCrowd,
}

func feedOrder(t *testing.T, s petition.Store) {
	entry := petition.Entry{Seq: 1, At: day, Move: petition.MoveFile, Public: true, By: "citizen", Text: "收到"}
	one := petition.Notice{To: "tg:1", Number: "n", Entry: entry, View: petition.View{Number: "n", Facts: "路", Since: day, Received: day}, Lang: "en"}
	two := petition.Notice{To: "unit:town", Number: "n", Entry: entry}
	r, _, err := s.Create(t.Context(), "k", 2026, buildOf(draft{}, one, two))
	if err != nil {
		t.Fatal(err)
	}
	three := petition.Notice{To: "staff:7"}
	save(t, s, r, three)
	got, err := s.Notices(t.Context(), "", 10)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]petition.Notice{one, two, three}, got, cmpopts.IgnoreFields(petition.Notice{}, "ID"), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("feed (-want +got):\n%s", d)
	}
	for i := 1; i < len(got); i++ {
		if got[i].ID <= got[i-1].ID || len(got[i].ID) != len(got[i-1].ID) {
			t.Errorf("positions %q, %q do not sort as text", got[i-1].ID, got[i].ID)
		}
	}
}

func feedPages(t *testing.T, s petition.Store) {
	r := file(t, s, draft{})
	for i := range 5 {
		r = save(t, s, r, petition.Notice{To: fmt.Sprint(2 * i)}, petition.Notice{To: fmt.Sprint(2*i + 1)})
	}
	after, read := "", []string{}
	for {
		ns, err := s.Notices(t.Context(), after, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(ns) == 0 {
			break
		}
		if len(ns) > 3 {
			t.Errorf("%d notices, asked for 3", len(ns))
		}
		for _, n := range ns {
			read = append(read, n.To)
		}
		after = ns[len(ns)-1].ID
	}
	if want := "[0 1 2 3 4 5 6 7 8 9]"; fmt.Sprint(read) != want {
		t.Errorf("read %v, want %v", read, want)
	}
	save(t, s, r, petition.Notice{To: "later"})
	ns, err := s.Notices(t.Context(), after, 3)
	if err != nil || len(ns) != 1 || ns[0].To != "later" {
		t.Errorf("after the end: %v, %v", ns, err)
	}
}

func feedCursor(t *testing.T, s petition.Store) {
	save(t, s, file(t, s, draft{}), petition.Notice{To: "tg:1"})
	ns, err := s.Notices(t.Context(), "", 1)
	if err != nil || len(ns) != 1 {
		t.Fatalf("%v, %v", ns, err)
	}
	beyond := ns[0].ID[:len(ns[0].ID)-1] + "9"
	for _, c := range []string{"x", "-1", "1", beyond, ns[0].ID + "0", "' OR 1=1 --"} {
		_, err := s.Notices(t.Context(), c, 1)
		wantError(t, err, petition.Invalid, "feed.cursor")
	}
}

// feedCrowd follows the feed while many write: nothing may appear behind the reader.
func feedCrowd(t *testing.T, s petition.Store) {
	const writers, each = 6, 25
	var wg sync.WaitGroup
	for w := range writers {
		r := file(t, s, draft{})
		wg.Go(func() {
			for i := range each {
				r = save(t, s, r, petition.Notice{To: fmt.Sprintf("%d/%02d", w, i)})
			}
		})
	}
	written := make(chan struct{})
	go func() { wg.Wait(); close(written) }()
	read := follow(t, s, written)
	if len(read) != writers*each {
		t.Errorf("the reader saw %d notices, %d were written", len(read), writers*each)
	}
	all, err := s.Notices(t.Context(), "", writers*each+1)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, n := range all {
		order = append(order, n.To)
	}
	if !slices.Equal(order, read) {
		t.Error("what the reader saw is not what the feed holds")
	}
	last := map[byte]string{}
	for _, to := range read {
		if to <= last[to[0]] {
			t.Errorf("%s came after %s", to, last[to[0]])
		}
		last[to[0]] = to
	}
}

// follow reads until the writers have ended and the end is reached.
func follow(t *testing.T, s petition.Store, written <-chan struct{}) []string {
	t.Helper()
	var read []string
	after, ending := "", false
	for {
		ns, err := s.Notices(t.Context(), after, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range ns {
			read, after = append(read, n.To), n.ID
		}
		if len(ns) > 0 {
			continue
		}
		if ending {
			return read
		}
		select {
		case <-written:
			ending = true
		default:
		}
	}
}
