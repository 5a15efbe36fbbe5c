// Key is the value that these tests keep with a text: its place in the order of time.
package search

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Whatever is put, replaced and removed: what is found are the live texts that have every
// pair, in the order of time, and every text that holds the words is among them.
func TestFindsWhatAScanFinds(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	letters := []rune("路灯水电井盖山河村镇a1 ")
	text := func(most int) string {
		var b strings.Builder
		for range 1 + r.IntN(most) {
			b.WriteRune(letters[min(r.IntN(len(letters)), r.IntN(len(letters)))])
		}
		return b.String()
	}
	type doc struct {
		key  key
		text string
	}
	x, held := New[key](), map[int64]doc{}
	for step := range 20_000 {
		switch ref := r.Int64N(1500); {
		case r.IntN(10) == 0:
			x.Remove(ref)
			delete(held, ref)
		case r.IntN(10) == 0:
			d, ok := held[ref]
			d.key = key{r.Int64N(300), ref}
			if x.Set(ref, d.key); ok {
				held[ref] = d
			}
		default:
			d := doc{key{r.Int64N(300), ref}, text(40)}
			x.Put(ref, d.key, nil, d.text)
			held[ref] = d
		}
		if step%200 > 0 {
			continue
		}
		words := strings.Fields(text(4) + " " + text(3))
		found, ok := x.Find(words)
		if !ok {
			continue
		}
		var want []key
		for _, d := range held {
			has := pairs([]string{d.text})
			if !slices.ContainsFunc(pairs(words), func(p pair) bool { return !slices.Contains(has, p) }) {
				want = append(want, d.key)
			} else if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(d.text, w) || len([]rune(w)) < 2 }) {
				t.Fatalf("%q is in %q and not found", words, d.text)
			}
		}
		slices.SortFunc(want, func(a, b key) int { return newestFirst(&a, &b) })
		got, last := []key{}, key{math.MaxInt64, math.MaxInt64}
		for {
			more := found.First(7, func(k *key) bool { return newestFirst(k, &last) > 0 }, newestFirst)
			if got = append(got, more...); len(more) < 7 {
				break
			}
			last = more[6]
		}
		if n := found.Count(func(k *key) bool { return k.at%2 == 0 }, 5); n != min(5, len(slices.DeleteFunc(slices.Clone(want), func(k key) bool { return k.at%2 != 0 }))) {
			t.Fatalf("%d counted of %v", n, want)
		}
		if !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Fatalf("step %d, %q: found %v, want %v", step, words, got, want)
		}
		if found.Len() != len(want) {
			t.Fatalf("%d found, want %d", found.Len(), len(want))
		}
	}
	if x.Len() != len(held) || len(x.t.dead) > deadMost+len(x.t.refs)/4 {
		t.Errorf("%d texts, want %d; %d dead", x.Len(), len(held), len(x.t.dead))
	}
}

// key is the value that tests keep with a text: its place in the order of time, newest first.
type key struct{ at, ref int64 }

func newestFirst(a, b *key) int { return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.ref, a.ref)) }

func TestNoPairNoAnswer(t *testing.T) {
	t.Parallel()
	x := New[key]()
	x.Put(1, key{1, 1}, nil, "水")
	for _, words := range [][]string{nil, {""}, {"水"}, {"水", "电"}} {
		if _, ok := x.Find(words); ok {
			t.Errorf("%q: the index says it can tell", words)
		}
	}
	if f, ok := x.Find([]string{"水电"}); !ok || f.Len() > 0 || f.First(5, nil, newestFirst) != nil {
		t.Errorf("found %d, %v", f.Len(), ok)
	}
}

// A search under way keeps what it found while the index is merged.
func TestFoundOutlivesAMerge(t *testing.T) {
	t.Parallel()
	x := New[key]()
	for i := range int64(3 * deadMost) {
		x.Put(i, key{i, i}, nil, fmt.Sprintf("第%d号井盖", i))
	}
	f, _ := x.Find([]string{"井盖"})
	before := x.t
	for i := range int64(2 * deadMost) {
		x.Remove(i)
	}
	if x.t == before {
		t.Fatal("nothing was merged")
	}
	last := int64(3*deadMost - 1)
	if got := f.First(1, nil, newestFirst); len(got) != 1 || got[0].ref != last {
		t.Errorf("newest %v", got)
	}
	if f, _ = x.Find([]string{"井盖"}); f.Len() != deadMost {
		t.Errorf("%d found after it", f.Len())
	}
}
