package demo

import (
	"maps"
	"slices"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/mediation"
)

// The example year finds 345 disputes and settles 342. The figures are counted again from what was done, move by move, in
// another way than the service counts.
func TestDisputesOfTheYear(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 18, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))
	o, clock, store, n := office.Example(), new(Clock), memory.NewDisputes(), 0
	s := mediation.New(store, o, nil, clock.Now, NewID, func(int) int { n++; return n })
	if err := Disputes(t.Context(), s, clock, o, now); err != nil {
		t.Fatal(err)
	}
	head := petition.Actor{Staff: "h", Unit: o.Unit, Roles: []petition.Role{petition.Supervisor}}
	f, err := s.Figures(t.Context(), head, petition.Day(now.AddDate(-1, 0, 0)), petition.Day(now))
	if err != nil {
		t.Fatal(err)
	}
	if want := (mediation.Count{Found: 345, Settled: 342, Open: 1, Refused: 1, Handed: 1}); f.All != want {
		t.Errorf("figures %+v, want %+v", f.All, want)
	}
	all, err := store.Disputes(t.Context(), mediation.Query{})
	if err != nil || len(all) != disputesFound {
		t.Fatalf("%d disputes, %v", len(all), err)
	}
	settled, kinds, villages := 0, map[string][2]int{}, map[string][2]int{}
	for _, d := range all {
		is := 0
		if byMoves(d) {
			is = 1
		}
		settled += is
		kinds[d.Kind] = [2]int{kinds[d.Kind][0] + 1, kinds[d.Kind][1] + is}
		villages[d.Place.Code+d.Village] = [2]int{villages[d.Place.Code+d.Village][0] + 1, villages[d.Place.Code+d.Village][1] + is}
		for i := 1; i < len(d.Log); i++ {
			if d.Log[i].At.Before(d.Log[i-1].At) || d.Log[i].At.After(now) {
				t.Fatalf("%s: %s at %s", d.Number, d.Log[i].Move, d.Log[i].At)
			}
		}
	}
	if settled != disputesSettled {
		t.Errorf("by their moves %d are settled", settled)
	}
	for what, lines := range map[string][]mediation.Line{"kinds": f.Kinds, "villages": f.Villages} {
		got := map[string][2]int{}
		for _, l := range lines {
			got[l.Place+l.Code] = [2]int{l.Found, l.Settled}
		}
		if want := map[string]map[string][2]int{"kinds": kinds, "villages": villages}[what]; !maps.Equal(got, want) {
			t.Errorf("%s: %v, counted again %v", what, got, want)
		}
	}
	for _, l := range o.Places {
		rounds, err := s.Rounds(t.Context(), townOfficer(l))
		if err != nil || len(rounds) != 1 {
			t.Fatalf("%s: %d rounds, %v", l.Name, len(rounds), err)
		}
		r, found := rounds[0], 0
		for _, d := range all {
			if day := petition.Day(d.Received); d.Unit == l.Unit && day >= r.From && day <= r.To && slices.Contains(l.Villages, d.Village) {
				found++
			}
		}
		if r.All.Found != found || r.Visits() != (petition.Share{N: len(l.Villages) - 1, Of: len(l.Villages)}) {
			t.Errorf("%s: round %+v, counted again %d", l.Name, r.All, found)
		}
	}
}

// byMoves reports whether a dispute is settled, from its moves alone: the parties said so themselves, or they agreed and as many
// promises were kept as were made.
func byMoves(d mediation.Dispute) bool {
	promised, kept, agreed := 0, 0, false
	for _, e := range d.Log {
		switch e.Move {
		case mediation.MoveSelves:
			return true
		case mediation.MoveAgree:
			agreed = true
			if e.Args["promises"] != "" {
				promised++
			}
		case mediation.MoveKeep:
			kept++
		}
	}
	return agreed && kept == promised
}
