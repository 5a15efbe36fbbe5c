// Package search is an index in memory that tells which texts may hold some words. It
// keeps, for every two neighbouring characters, the texts that have them: two are right
// for Chinese, where most words have two characters and nothing separates them. It is a
// filter. A text that has all pairs of a word need not have the word, so whoever asks
// compares the text itself.
//
// The index is made again from the texts whenever a process starts. A list of pairs on
// disk, even of keyed hashes, can be opened by whoever may add texts and reads the list.
package search

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"sync"
	"unicode"
)

// Index keeps a value of V with each text, by which texts found are chosen and sorted. It
// is safe for concurrent use. The zero Index is not; see New.
type Index[V any] struct {
	writing sync.Mutex   // held by the one who changes the index
	mu      sync.RWMutex // guards t and what is in it
	t       *table[V]
}

// New answers an empty index.
func New[V any]() *Index[V] { return &Index[V]{t: newTable[V]()} }

// table is the index proper. Texts are numbered as they come, so that numbers in a
// posting list only grow. A text that is replaced gets a new number, and its old one is
// dead until the next merge.
type table[V any] struct {
	numbers map[int64]uint32 // of live texts, by ref
	refs    []int64          // by number
	values  []V              // by number
	dead    map[uint32]bool
	packed  segment
	recent  map[pair]*list // of texts that came since the last merge
	since   int            // how many those are
}

func newTable[V any]() *table[V] {
	return &table[V]{numbers: map[int64]uint32{}, dead: map[uint32]bool{}, recent: map[pair]*list{}}
}

// segment holds most posting lists one behind the other. A list by itself takes some 80
// bytes before it holds anything, and most pairs are in one text or two.
type segment struct {
	pairs []pair   // sorted
	ends  []uint32 // where the list of each ends in gaps
	gaps  []byte
}

func (s *segment) at(i int) postings {
	begin := uint32(0)
	if i > 0 {
		begin = s.ends[i-1]
	}
	return s.gaps[begin:s.ends[i]]
}

func (s *segment) find(p pair) postings {
	if i, ok := slices.BinarySearch(s.pairs, p); ok {
		return s.at(i)
	}
	return nil
}

// pair is two neighbouring characters, 32 bits each.
type pair uint64

// postings are the numbers of the texts that have a pair, each as the distance to the one
// before, in varints. Most distances take one byte.
type postings []byte

// list are postings that grow.
type list struct {
	postings
	last uint32
}

func (l *list) add(number uint32) {
	l.postings = binary.AppendUvarint(l.postings, uint64(number-l.last))
	l.last = number
}

// numbers calls yield for each number, in order.
func (p postings) numbers(yield func(uint32) bool) {
	number := uint32(0)
	for i := 0; i < len(p); {
		gap := uint64(p[i])
		if i++; gap >= 0x80 {
			var n int
			gap, n = binary.Uvarint(p[i-1:])
			i += n - 1
		}
		if number += uint32(gap); !yield(number) {
			return
		}
	}
}

// pairs are the neighbouring characters of texts, sorted, each once. Those with a blank
// are left out: no word holds one.
func pairs(texts []string) []pair {
	var all []pair
	for _, t := range texts {
		last := ' '
		for _, r := range t {
			if !unicode.IsSpace(last) && !unicode.IsSpace(r) {
				all = append(all, pair(last)<<32|pair(r))
			}
			last = r
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Term is something else that texts are found by, as their subject: all that have it, and no others.
type Term pair

// TermOf is the term of a value of some kind, as "subject", "water".
func TermOf(kind, value string) Term {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s", kind, value)
	return Term(h.Sum64() | 1<<63) // no pair has this bit
}

// Put adds a text in parts with its value and terms, or puts it in the place of the one with the
// same ref.
func (x *Index[V]) Put(ref int64, v V, terms []Term, parts ...string) {
	has := withTerms(pairs(parts), terms)
	x.change(func(t *table[V]) {
		t.remove(ref)
		number := t.add(ref, v)
		for _, p := range has {
			t.list(p).add(number)
		}
	})
}

func withTerms(all []pair, terms []Term) []pair {
	for _, t := range terms {
		all = append(all, pair(t))
	}
	return all
}

// Set gives a text another value; one that is not there is nothing to do.
func (x *Index[V]) Set(ref int64, v V) {
	x.change(func(t *table[V]) {
		if number, ok := t.numbers[ref]; ok {
			t.values[number] = v
		}
	})
}

// Remove takes a text out; one that is not there is nothing to do.
func (x *Index[V]) Remove(ref int64) { x.change(func(t *table[V]) { t.remove(ref) }) }

// mergeAt is how many texts lie beside the packed ones at most, and deadMost how many
// dead ones there may be anyway. A merge copies the whole index, some 100 ms for 200,000
// texts, while searches go on.
const mergeAt, deadMost = 4096, 1000

func (x *Index[V]) change(do func(*table[V])) {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	do(x.t)
	x.mu.Unlock()
	if n := len(x.t.dead); x.t.since >= mergeAt || n > deadMost && n > len(x.t.refs)/4 {
		merged := x.t.merge()
		x.mu.Lock()
		x.t = merged
		x.mu.Unlock()
	}
}

func (t *table[V]) remove(ref int64) {
	if number, ok := t.numbers[ref]; ok {
		delete(t.numbers, ref)
		t.dead[number] = true
	}
}

func (t *table[V]) add(ref int64, v V) (number uint32) {
	number = uint32(len(t.refs))
	t.refs, t.values = append(t.refs, ref), append(t.values, v)
	t.numbers[ref] = number
	t.since++
	return number
}

func (t *table[V]) list(p pair) *list {
	l := t.recent[p]
	if l == nil {
		l = new(list)
		t.recent[p] = l
	}
	return l
}

// merge answers a table with everything packed and nothing dead. The old one stays as
// it is for the searches under way.
func (t *table[V]) merge() *table[V] {
	fresh, moved := newTable[V](), make([]uint32, len(t.refs))
	for number, ref := range t.refs {
		if !t.dead[uint32(number)] {
			moved[number] = fresh.add(ref, t.values[number])
		}
	}
	fresh.since = 0
	recent := slices.Sorted(maps.Keys(t.recent))
	var s segment
	for i := 0; i < len(t.packed.pairs) || len(recent) > 0; {
		var l list
		l.postings = s.gaps
		take := func(p postings) {
			for number := range p.numbers {
				if !t.dead[number] {
					l.add(moved[number])
				}
			}
		}
		p := least(t.packed.pairs[i:], recent)
		if i < len(t.packed.pairs) && t.packed.pairs[i] == p {
			take(t.packed.at(i))
			i++
		}
		if len(recent) > 0 && recent[0] == p {
			take(t.recent[p].postings)
			recent = recent[1:]
		}
		if len(l.postings) > len(s.gaps) {
			s.pairs, s.ends, s.gaps = append(s.pairs, p), append(s.ends, uint32(len(l.postings))), l.postings
		}
	}
	fresh.packed = segment{slices.Clone(s.pairs), slices.Clone(s.ends), slices.Clone(s.gaps)}
	return fresh
}

// least is the lower of the first of two sorted lists, of which one may be empty.
func least(a, b []pair) pair {
	if len(a) == 0 || len(b) > 0 && b[0] < a[0] {
		return b[0]
	}
	return a[0]
}

// Has reports whether a text is in the index.
func (x *Index[V]) Has(ref int64) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	_, ok := x.t.numbers[ref]
	return ok
}

// Len is how many texts there are.
func (x *Index[V]) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.t.numbers)
}

// Found are the texts that may hold what was looked for, as they were at that moment.
type Found[V any] struct {
	mu      *sync.RWMutex
	t       *table[V]
	numbers []uint32
}

// Find answers the texts that have every term and every pair of every word. ok is false when there
// is no term and no word has a pair, as a single character has none: the index can say nothing then.
func (x *Index[V]) Find(words []string, terms ...Term) (f Found[V], ok bool) {
	want := withTerms(pairs(words), terms)
	if len(want) == 0 {
		return Found[V]{}, false
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	f = Found[V]{mu: &x.mu, t: x.t}
	for i, p := range x.t.rarestFirst(want) {
		if i == 0 {
			f.numbers = x.t.all(p)
		} else {
			f.numbers = x.t.among(p, f.numbers)
		}
	}
	if len(x.t.dead) > 0 {
		f.numbers = slices.DeleteFunc(f.numbers, func(n uint32) bool { return x.t.dead[n] })
	}
	return f, true
}

// of are the two parts of a pair's posting list; the numbers of the second are above.
func (t *table[V]) of(p pair) [2]postings {
	two := [2]postings{t.packed.find(p)}
	if l := t.recent[p]; l != nil {
		two[1] = l.postings
	}
	return two
}

func (t *table[V]) rarestFirst(some []pair) []pair {
	size := map[pair]int{}
	for _, p := range some {
		for _, part := range t.of(p) {
			size[p] += len(part)
		}
	}
	slices.SortFunc(some, func(a, b pair) int { return size[a] - size[b] })
	return some
}

// all are the numbers of the texts that have a pair.
func (t *table[V]) all(p pair) (all []uint32) {
	for _, part := range t.of(p) {
		all = slices.Grow(all, len(part))
		for number := range part.numbers {
			all = append(all, number)
		}
	}
	return all
}

// among keeps those numbers, sorted, whose text has a pair too.
func (t *table[V]) among(p pair, numbers []uint32) []uint32 {
	kept, i := numbers[:0], 0
	for _, part := range t.of(p) {
		for number := range part.numbers {
			for i < len(numbers) && numbers[i] < number {
				i++
			}
			if i == len(numbers) {
				return kept
			}
			if numbers[i] == number {
				kept = append(kept, number)
			}
		}
	}
	return kept
}

// Len is how many texts were found.
func (f Found[V]) Len() int { return len(f.numbers) }

// Count is how many of those found are to be kept, most at most; nil keeps all.
func (f Found[V]) Count(keep func(*V) bool, most int) (n int) {
	if keep == nil || f.t == nil {
		return min(len(f.numbers), most)
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, number := range f.numbers {
		if keep(&f.t.values[number]) {
			if n++; n == most {
				break
			}
		}
	}
	return n
}

// First answers the n first of those found that are to be kept, in the order of compare; nil
// keeps all. Both are called under a lock of the index and must not use it.
func (f Found[V]) First(n int, keep func(*V) bool, compare func(a, b *V) int) []V {
	if len(f.numbers) == 0 || n < 1 {
		return nil
	}
	f.mu.RLock()
	defer f.mu.RUnlock()
	var first []V // in order, never more than n
	for i := range f.numbers {
		// From both ends in turn: in the order of time the first were added last, or first by
		// whoever went back in time, and behind them hardly any has to be moved into place.
		at := i / 2
		if i%2 == 0 {
			at = len(f.numbers) - 1 - at
		}
		v := &f.t.values[f.numbers[at]]
		if len(first) == n && compare(v, &first[n-1]) >= 0 || keep != nil && !keep(v) {
			continue
		}
		at, _ = slices.BinarySearchFunc(first, v, func(a V, b *V) int { return compare(&a, b) })
		if len(first) == n {
			first = first[:n-1]
		}
		first = slices.Insert(first, at, *v)
	}
	return first
}
