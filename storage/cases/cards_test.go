package cases

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestCards(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		want := map[int64][]int64{}
		var cards [][]byte
		base := int64(202600000001)
		w := newCardWriter(base, func(c card) error { cards = append(cards, c.body); return nil })
		pair := int64(0)
		for range 1 + r.IntN(300) {
			pair += 1 + r.Int64N(1<<20)
			ref := base + r.Int64N(100)
			var refs []int64
			for range 1 + r.IntN(1+r.IntN(3000)) {
				refs = append(refs, ref)
				ref += 1 + r.Int64N(1+r.Int64N(1000))
			}
			want[pair] = refs
			if err := w.add(pair, refs); err != nil {
				t.Fatal(err)
			}
		}
		w.flush()
		got := map[int64][]int64{}
		for _, b := range cards {
			c, err := readCard(b)
			if err != nil {
				t.Fatal(err)
			}
			for {
				raw, ok, err := c.next()
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					break
				}
				if got[c.at], err = c.refs(got[c.at], raw); err != nil {
					t.Fatal(err)
				}
			}
		}
		for p, refs := range want {
			if !slices.Equal(refs, got[p]) {
				t.Fatalf("seed %d pair %d: %d want %d", seed, p, len(got[p]), len(refs))
			}
		}
		if len(got) != len(want) {
			t.Fatal("n")
		}
	}
}
