package related

import (
	"math"
	"math/bits"
	"slices"
	"strings"

	"dengwen/assist/names"
)

// pair is what two petitions have in common, each part about 0 to 1.
type pair [parts]float64

const (
	common     = iota // cosine of their terms
	matter            // the same without the question's names
	contained         // share of the shorter one's terms found in the longer
	sameName          // rarity of the most telling name of a place or organisation in both
	titleRun          // how much the most telling run of characters in both titles looks like a proper name
	otherPlace        // both name places of one kind and none is shared: counties, or towns, villages, estates
	parts
)

// weights turn a pair into the odds that an officer would link the two. Fitted by fit; see docs/understanding.md.
type weights struct {
	bias float64
	of   pair
}

// threshold is the least score that is proposed; below 0.5 it is only a hint, and the officer is told so.
const threshold = 0.1

var fitted = weights{-5.7, pair{25, 2, 5, 3.4, 0.7, -3.5}}

func (w weights) score(p pair) float64 {
	odds := w.bias
	for i, x := range p {
		odds += w.of[i] * x
	}
	return 1 / (1 + math.Exp(-odds))
}

// swapped says whether one petition is the other's words about another place: that is another matter.
func swapped(p pair, a, b []named) bool {
	return p[common] > copied && p[sameName] == 0 && (p[otherPlace] == 1 || otherNames(a, b))
}

const (
	copied   = 0.35 // cosine from which two petitions share sentences
	nearCopy = 0.6  // and from which one is the other with some words changed: then each name counts
)

// doubted is what is left of the score of a near copy where each petition names a place or an organisation that the
// other does not: it may be the same words about another place.
const doubted = 0.3

func elsewhere(p pair, a, b []named) bool { return p[common] > nearCopy && lacks(a, b) && lacks(b, a) }

// lacks reports whether a names a place narrower than a town, or an organisation, that b does not.
func lacks(a, b []named) bool {
	return slices.ContainsFunc(a, func(n named) bool {
		return narrow(n) && !slices.ContainsFunc(b, func(m named) bool {
			return same(n, m) || strings.Contains(m.name, n.core) || strings.Contains(n.name, m.core)
		})
	})
}

// question is a petition being asked about, prepared for many comparisons.
type question struct {
	features
	length float64
	where  map[uint32][]int // by bucket of a term: where it begins in runes
	named  map[uint32]bool  // buckets of terms inside names
}

func (x *Index) ask(d Doc) question {
	q := question{features: read(d), where: map[uint32][]int{}, named: map[uint32]bool{}}
	q.length = x.length(q.features)
	for i := 0; i+1 < len(q.runes); i++ {
		if b := bucketOf(q.runes[i], q.runes[i+1]); wordRune(q.runes[i]) && wordRune(q.runes[i+1]) {
			q.where[b] = append(q.where[b], i)
		}
	}
	for _, n := range q.features.names {
		r := []rune(n.name)
		for i := 0; i+1 < len(r); i++ {
			q.named[bucketOf(r[i], r[i+1])] = true
		}
	}
	return q
}

func (x *Index) compare(q question, f features) pair {
	var p pair
	both, matters := x.overlap(q, f)
	length := x.length(f)
	norm := math.Sqrt(q.length*length) + 1e-9
	p[common], p[matter] = both/norm, matters/norm
	p[contained] = min(both/(min(q.length, length)+1e-9), 1)
	scale := math.Log(float64(x.size() + 2))
	p[sameName] = x.sharedName(q.names, f.names) / scale
	p[titleRun] = min(x.titleRun(q.title, f.titleRunes()), 2)
	p[otherPlace] = conflict(q.names, f.names)
	return p
}

// overlap is the inner product of the two petitions' rarity-weighted terms, and that of the terms outside the
// question's names.
func (x *Index) overlap(a question, b features) (both, matters float64) {
	for i, j := 0, 0; i < len(a.terms) && j < len(b.terms); {
		switch p, q := a.terms[i], b.terms[j]; {
		case p.bucket() < q.bucket():
			i++
		case p.bucket() > q.bucket():
			j++
		default:
			r := x.rarity(p.bucket())
			product := r * r * weight(p) * weight(q)
			both += product
			if !a.named[p.bucket()] {
				matters += product
			}
			i, j = i+1, j+1
		}
	}
	return both, matters
}

// telling is how much a term looks like part of a proper name: the part of its rarity that everyday words lack.
func (x *Index) telling(bucket uint32) float64 {
	return max(x.rarity(bucket)/math.Log(float64(x.size()+2))-everyday, 0)
}

// titleRun is the weight of the heaviest run of at least three characters in both titles.
func (x *Index) titleRun(a, b []rune) float64 {
	best := 0.0
	for i := range a {
		for j := range b {
			n, weight := 0, 0.0
			for i+n < len(a) && j+n < len(b) && a[i+n] == b[j+n] && wordRune(a[i+n]) {
				if n++; n > 1 {
					weight += x.telling(bucketOf(a[i+n-2], a[i+n-1]))
				}
			}
			if n >= shortestRun {
				best = max(best, weight)
			}
		}
	}
	return best
}

// otherNames says whether both petitions name something narrower than a town and share no such name.
func otherNames(a, b []named) bool {
	inA, inB := false, false
	for _, n := range a {
		inA = inA || narrow(n)
		for _, m := range b {
			if narrow(n) && same(n, m) {
				return false
			}
		}
	}
	for _, m := range b {
		inB = inB || narrow(m)
	}
	return inA && inB
}

// narrow says whether a name is of one place or organisation a complaint can be about.
func narrow(n named) bool { return n.kind >= names.Village && n.kind != names.Office }

func (x *Index) length(f features) float64 {
	sum := 0.0
	for _, t := range f.terms {
		r := x.rarity(t.bucket()) * weight(t)
		sum += r * r
	}
	return sum
}

// sharedName is the rarity of the most telling name, narrower than a town, that both petitions hold.
func (x *Index) sharedName(a, b []named) float64 {
	best := 0.0
	for _, n := range a {
		for _, m := range b {
			if narrow(n) && same(n, m) {
				best = max(best, math.Log(float64(x.size()+1)/float64(x.nameSeen[shorter(n.core, m.core)]+1)))
			}
		}
	}
	return best
}

// same says whether two names are one: equal, or one the end of the other (城东丽发新城, 丽发新城).
func same(a, b named) bool {
	if a.kind != b.kind || len(a.core) < 6 && a.core != b.core {
		return a.name == b.name
	}
	return a.core == b.core || len(shorter(a.core, b.core)) >= 6 && (strings.HasSuffix(a.core, b.core) || strings.HasSuffix(b.core, a.core))
}

func shorter(a, b string) string {
	if len(b) < len(a) {
		return b
	}
	return a
}

// conflict is 1 where both name counties and none is shared, 0.5 where that holds of towns, villages or estates.
func conflict(a, b []named) float64 {
	if apart(a, b, names.County) {
		return 1
	}
	for _, kind := range []names.Kind{names.Town, names.Village, names.Estate} {
		if apart(a, b, kind) {
			return 0.5
		}
	}
	return 0
}

func apart(a, b []named, kind names.Kind) bool {
	inA, inB := false, false
	for _, n := range a {
		if n.kind != kind || wide(n) {
			continue
		}
		inA = true
		for _, m := range b {
			if m.kind == kind && same(n, m) {
				return false
			}
		}
	}
	for _, m := range b {
		inB = inB || m.kind == kind && !wide(m)
	}
	return inA && inB
}

// wide says whether a name of a county's kind is a city's or state's, which holds counties.
func wide(n named) bool {
	return n.kind == names.County && (strings.HasSuffix(n.name, "市") || strings.HasSuffix(n.name, "州"))
}

// run is a stretch of characters both petitions hold.
type run struct {
	text   string
	weight float64 // how much of it looks like a proper name
}

const (
	shortestRun = 3
	keptRuns    = 6
	everyday    = 0.45 // rarity of words about matters rather than names, of the greatest rarity there is
)

// sharedRuns finds the heaviest stretches of at least three characters in both, no stretch twice.
func (x *Index) sharedRuns(q question, other []rune) []run {
	var found []run
	for j := 0; j+1 < len(other); {
		n, weight := x.longestRun(q, other, j)
		if n >= shortestRun {
			found = append(found, run{string(other[j : j+n]), weight})
			j += n - 1
		} else {
			j++
		}
	}
	slices.SortStableFunc(found, func(a, b run) int { return int(math.Copysign(1, b.weight-a.weight)) })
	found = slices.CompactFunc(found, func(a, b run) bool { return a.text == b.text })
	return found[:min(len(found), keptRuns)]
}

const runTries = 12 // places in the question where one run is looked for

func (x *Index) longestRun(q question, other []rune, j int) (length int, weight float64) {
	places := q.where[bucketOf(other[j], other[j+1])]
	for _, i := range places[:min(len(places), runTries)] {
		n := 0
		for i+n < len(q.runes) && j+n < len(other) && q.runes[i+n] == other[j+n] && wordRune(other[j+n]) {
			n++
		}
		length = max(length, n)
	}
	for i := j; i+1 < j+length; i++ {
		weight += x.telling(bucketOf(other[i], other[i+1]))
	}
	return length, weight
}

// near says whether two prints are of near-copies: few of 64 bits differ.
func near(a, b uint64) bool { return bits.OnesCount64(a^b) <= 6 }
