// Package related finds the petitions that are about the same matter at the same place: copies, paraphrases, and
// what neighbours wrote independently. It proposes links to an officer and rejects nothing.
package related

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// A Hit is a petition related to the one asked about.
type Hit struct {
	ID    string  `json:"id"`
	Score float64 `json:"score"` // 0 to 1; from 0.5 on they are probably one matter, below it perhaps
	Why   Shared  `json:"why"`
}

// Index holds petitions. It grows with Add and may be asked and added to from many goroutines.
// A petition takes about 2 KB of memory.
type Index struct {
	mu       sync.RWMutex
	docs     []features
	ids      []string
	at       map[string]int32
	postings map[uint32][]int32 // by bucket: the petitions with the term, oldest first
	nameSeen map[string]int     // by a name's core: petitions with it
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	return &Index{at: map[string]int32{}, postings: map[uint32][]int32{}, nameSeen: map[string]int{}}
}

// Add puts a petition into the index and says whether it was new: one with a known id is left as it is.
func (x *Index) Add(d Doc) bool {
	f := read(d).kept()
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, known := x.at[d.ID]; known {
		return false
	}
	n := int32(len(x.docs))
	x.at[d.ID] = n
	x.ids = append(x.ids, d.ID)
	x.docs = append(x.docs, f)
	for _, t := range f.terms {
		x.postings[t.bucket()] = append(x.postings[t.bucket()], n)
	}
	for core := range cores(f.names) {
		x.nameSeen[core]++
	}
	return true
}

// Has reports whether the index holds a petition.
func (x *Index) Has(id string) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	_, ok := x.at[id]
	return ok
}

// Len is how many petitions the index holds.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.docs)
}

func cores(all []named) map[string]named {
	out := map[string]named{}
	for _, n := range all {
		out[n.core] = n
	}
	return out
}

const (
	visits     = 30_000 // postings looked at for one question
	candidates = 200    // petitions compared in full
)

// Query returns up to k petitions related to d, best first; d itself, if it is in the index, is left out.
func (x *Index) Query(d Doc, k int) []Hit {
	return x.query(d, k, fitted)
}

func (x *Index) query(d Doc, k int, w weights) []Hit {
	x.mu.RLock()
	defer x.mu.RUnlock()
	q := x.ask(d)
	out := []Hit{}
	for _, h := range x.scored(q, d.ID, w) {
		if len(out) == k {
			break
		}
		f := x.docs[h.at]
		if shared := why(q.features, f, x.sharedRuns(q, []rune(f.text))); shared != (Shared{}) { // what can't be said is not proposed
			out = append(out, Hit{x.ids[h.at], h.score, shared})
		}
	}
	return out
}

type scoredHit struct {
	at    int32
	score float64
}

func (x *Index) scored(q question, id string, w weights) []scoredHit {
	var hits []scoredHit
	for _, n := range x.shortlist(q.features) {
		if x.ids[n] == id {
			continue
		}
		f := x.docs[n]
		p := x.compare(q, f)
		score := w.score(p)
		if elsewhere(p, q.features.names, f.names) {
			score *= doubted
		}
		if score >= threshold && !swapped(p, q.features.names, f.names) {
			hits = append(hits, scoredHit{n, score})
		}
	}
	slices.SortFunc(hits, func(a, b scoredHit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(x.ids[a.at], x.ids[b.at]))
	})
	return hits
}

// rarity is how telling a term is: ln(petitions / petitions with it).
func (x *Index) rarity(bucket uint32) float64 {
	return math.Log(float64(x.size()+1) / float64(len(x.postings[bucket])+1))
}

// fewest is the size an index is taken for while it is smaller: among three petitions every word would be common.
const fewest = 2000

func (x *Index) size() int { return max(len(x.docs), fewest) }

// shortlist returns the petitions that share most of the rarest terms.
func (x *Index) shortlist(f features) []int32 {
	byRarity := slices.Clone(f.terms)
	slices.SortStableFunc(byRarity, func(a, b term) int {
		return cmp.Compare(len(x.postings[a.bucket()]), len(x.postings[b.bucket()]))
	})
	share := map[int32]float64{}
	left := visits
	for _, t := range byRarity {
		list := x.postings[t.bucket()]
		if left -= len(list); left < 0 {
			break
		}
		w := x.rarity(t.bucket())
		w *= w * weight(t)
		for _, n := range list {
			share[n] += w
		}
	}
	return top(share, candidates)
}

// top returns the n petitions with the most in common, most first.
func top(share map[int32]float64, n int) []int32 {
	best := make([]int32, 0, n+1)
	order := func(a, b int32) int { return cmp.Or(cmp.Compare(share[b], share[a]), cmp.Compare(a, b)) }
	for id := range share {
		if len(best) == n && order(id, best[n-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, id, order)
		best = slices.Insert(best, at, id)
		best = best[:min(len(best), n)]
	}
	return best
}

func weight(t term) float64 { return 1 + math.Log(float64(t.count())) }
