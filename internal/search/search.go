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
	"maps"
	"slices"
	"sync"
	"unicode"
)

// Index is safe for concurrent use. The zero Index is not; see New.
type Index struct {
	writing sync.Mutex   // held by the one who changes the index
	mu      sync.RWMutex // guards t, for moments only
	t       *table
}

// New answers an empty index.
func New() *Index { return &Index{t: newTable()} }

// Key is a text's name and its place in the order of time: a later At is newer, and of
// two with the same At the larger Ref.
type Key struct{ At, Ref int64 }

func (k Key) before(o Key) bool { return k.At < o.At || k.At == o.At && k.Ref < o.Ref }

// table is the index proper. Texts are numbered as they come, so that numbers in a
// posting list only grow. A text that is replaced gets a new number, and its old one is
// dead until the next merge.
type table struct {
	numbers map[int64]uint32 // of live texts, by Ref
	keys    []Key            // by number
	dead    map[uint32]bool
	packed  segment
	recent  map[pair]*list // of texts that came since the last merge
	since   int            // how many those are
}

func newTable() *table {
	return &table{numbers: map[int64]uint32{}, dead: map[uint32]bool{}, recent: map[pair]*list{}}
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

// Put adds a text in parts, or puts it in the place of the one with the same Ref.
func (x *Index) Put(k Key, parts ...string) {
	has := pairs(parts)
	x.change(func(t *table) {
		t.remove(k.Ref)
		number := t.add(k)
		for _, p := range has {
			t.list(p).add(number)
		}
	})
}

// Remove takes a text out; one that is not there is nothing to do.
func (x *Index) Remove(ref int64) { x.change(func(t *table) { t.remove(ref) }) }

// mergeAt is how many texts lie beside the packed ones at most, and deadMost how many
// dead ones there may be anyway. A merge copies the whole index, some 100 ms for 200,000
// texts, while searches go on.
const mergeAt, deadMost = 4096, 1000

func (x *Index) change(do func(*table)) {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	do(x.t)
	x.mu.Unlock()
	if n := len(x.t.dead); x.t.since >= mergeAt || n > deadMost && n > len(x.t.keys)/4 {
		merged := x.t.merge()
		x.mu.Lock()
		x.t = merged
		x.mu.Unlock()
	}
}

func (t *table) remove(ref int64) {
	if number, ok := t.numbers[ref]; ok {
		delete(t.numbers, ref)
		t.dead[number] = true
	}
}

func (t *table) add(k Key) (number uint32) {
	number = uint32(len(t.keys))
	t.keys = append(t.keys, k)
	t.numbers[k.Ref] = number
	t.since++
	return number
}

func (t *table) list(p pair) *list {
	l := t.recent[p]
	if l == nil {
		l = new(list)
		t.recent[p] = l
	}
	return l
}

// merge answers a table with everything packed and nothing dead. The old one stays as
// it is for the searches under way.
func (t *table) merge() *table {
	fresh, moved := newTable(), make([]uint32, len(t.keys))
	for number, k := range t.keys {
		if !t.dead[uint32(number)] {
			moved[number] = fresh.add(k)
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
func (x *Index) Has(ref int64) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	_, ok := x.t.numbers[ref]
	return ok
}

// Len is how many texts there are.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.t.numbers)
}

// Found are the texts that may hold what was looked for, as they were at that moment.
type Found struct {
	mu      *sync.RWMutex
	t       *table
	numbers []uint32
}

// Find answers the texts that have every pair of every word. ok is false when no word
// has a pair, as a single character has none: the index can say nothing then.
func (x *Index) Find(words []string) (f Found, ok bool) {
	want := pairs(words)
	if len(want) == 0 {
		return Found{}, false
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	f = Found{mu: &x.mu, t: x.t}
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
func (t *table) of(p pair) [2]postings {
	two := [2]postings{t.packed.find(p)}
	if l := t.recent[p]; l != nil {
		two[1] = l.postings
	}
	return two
}

func (t *table) rarestFirst(some []pair) []pair {
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
func (t *table) all(p pair) (all []uint32) {
	for _, part := range t.of(p) {
		all = slices.Grow(all, len(part))
		for number := range part.numbers {
			all = append(all, number)
		}
	}
	return all
}

// among keeps those numbers, sorted, whose text has a pair too.
func (t *table) among(p pair, numbers []uint32) []uint32 {
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
func (f Found) Len() int { return len(f.numbers) }

// Has reports whether a text is among those found.
func (f Found) Has(ref int64) bool {
	if len(f.numbers) == 0 {
		return false
	}
	f.mu.RLock()
	number, ok := f.t.numbers[ref]
	f.mu.RUnlock()
	if ok {
		_, ok = slices.BinarySearch(f.numbers, number)
	}
	return ok
}

// Newest answers the n newest of those found before a key, the newest first.
func (f Found) Newest(before Key, n int) []Key {
	if len(f.numbers) == 0 || n < 1 {
		return nil
	}
	f.mu.RLock()
	keys := f.t.keys // numbers found never change their key
	f.mu.RUnlock()
	var top []Key // oldest first, never more than n
	for i := range f.numbers {
		// From both ends in turn: the newest were added last, or first by whoever went
		// back in time, and behind them hardly any key has to be moved into place.
		at := i / 2
		if i%2 == 0 {
			at = len(f.numbers) - 1 - at
		}
		k := keys[f.numbers[at]]
		if !k.before(before) || len(top) == n && k.before(top[0]) {
			continue
		}
		at, _ = slices.BinarySearchFunc(top, k, func(a, b Key) int {
			if a.before(b) {
				return -1
			}
			return 1
		})
		if len(top) < n {
			top = slices.Insert(top, at, k)
		} else {
			copy(top, top[1:at])
			top[at-1] = k
		}
	}
	slices.Reverse(top)
	return top
}
