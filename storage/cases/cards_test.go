package cases

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// What was written on cards is read back, also pairs that go over several of them, and
// striking one case off leaves the others.
func TestCardsReadBack(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 1))
		want, cards := writeCards(t, r)
		if got := readCards(t, cards); !maps.EqualFunc(got, want, slices.Equal[[]int64]) {
			t.Fatalf("seed %d: %d pairs read, %d written", seed, len(got), len(want))
		}
		pairs := slices.Sorted(maps.Keys(want))
		pair := pairs[r.IntN(len(pairs))]
		ref := want[pair][r.IntN(len(want[pair]))]
		for i, body := range cards {
			struck, err := strike(body, pair, ref)
			if err != nil {
				t.Fatal(err)
			}
			if struck != nil {
				cards[i] = struck
			}
		}
		want[pair] = slices.DeleteFunc(slices.Clone(want[pair]), func(n int64) bool { return n == ref })
		if len(want[pair]) == 0 {
			delete(want, pair)
		}
		if got := readCards(t, cards); !maps.EqualFunc(got, want, slices.Equal[[]int64]) {
			t.Fatalf("seed %d: case %d struck off pair %d: the cards differ elsewhere", seed, ref, pair)
		}
	}
}

func writeCards(t *testing.T, r *rand.Rand) (want map[int64][]int64, cards [][]byte) {
	t.Helper()
	const base = 202600000001
	want = map[int64][]int64{}
	w := newCardWriter(base, func(c card) error {
		if len(c.body) > cardFull+64 {
			t.Errorf("a card of %d bytes", len(c.body))
		}
		cards = append(cards, c.body)
		return nil
	})
	pair := int64(0)
	for range 1 + r.IntN(300) {
		pair += 1 + r.Int64N(1<<20)
		ref := base + r.Int64N(100)
		for range 1 + r.IntN(1+r.IntN(3000)) {
			want[pair] = append(want[pair], ref)
			ref += 1 + r.Int64N(1+r.Int64N(1000))
		}
		if err := w.add(pair, want[pair]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.flush(); err != nil {
		t.Fatal(err)
	}
	return want, cards
}

func readCards(t *testing.T, cards [][]byte) map[int64][]int64 {
	t.Helper()
	got := map[int64][]int64{}
	for _, body := range cards {
		c, err := readCard(body)
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
	return got
}

// A spoilt card is an error and nothing worse.
func FuzzCard(f *testing.F) {
	f.Add([]byte{}, int64(1))
	f.Add([]byte{1, 2, 3, 0, 200, 1, 1}, int64(1))
	f.Fuzz(func(t *testing.T, body []byte, pair int64) {
		c, err := readCard(body)
		if err != nil {
			return
		}
		raw, err := c.find(pair)
		if err == nil {
			_, err = c.refs(nil, raw)
		}
		_, err2 := strike(body, pair, pair)
		t.Log(err, err2)
	})
}
