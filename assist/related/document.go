package related

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dengwen/assist/names"
	"dengwen/assist/normalize"
)

// A Doc is one petition to compare.
type Doc struct {
	ID    string
	User  string    // who wrote it; may be empty
	Time  time.Time // when; may be zero
	Title string
	Text  string
}

const (
	maxTitle  = 60  // characters compared of a title
	maxText   = 600 // and of a text
	titleWord = 2   // a title's n-gram counts that often
)

// features are what is compared of a petition.
type features struct {
	user  string
	text  string  // title, a line break, text: normal form without spaces
	runes []rune  // the same, and
	title []rune  // the title of it; only of a petition asked about
	terms []term  // sorted by bucket
	names []named // as they stand in runes
	print uint64  // SimHash of the terms, for near-copies
}

// A term is one hashed two-character sequence: its bucket, and in the lowest eight bits how often it
// stands there. An index holds hundreds for each petition.
type term uint32

const mostCounted = 250

func (t term) bucket() uint32 { return uint32(t >> 8) }
func (t term) count() uint8   { return uint8(t) }

type named struct {
	kind  names.Kind
	title bool   // stands in the title
	name  string // whole, "老庵村"
	core  string // without its ending, "老庵"
}

func read(d Doc) features {
	title := appendNormalized(nil, d.Title, maxTitle)
	f := features{user: d.User, title: title, runes: appendNormalized(append(slices.Clone(title), '\n'), d.Text, maxText)}
	f.text = string(f.runes)
	f.terms = terms(f.runes, len(title))
	at := offsets(f.runes)
	for _, n := range names.Find(f.runes) {
		f.names = append(f.names, named{n.Kind, n.End <= len(title), f.text[at[n.Start]:at[n.End]], f.text[at[n.Start]:at[n.Tail]]})
	}
	f.names = slices.Clip(f.names)
	f.print = simhash(f.terms)
	return f
}

// offsets is where each character begins in the text of them, and its end.
func offsets(runes []rune) []int {
	at := make([]int, len(runes)+1)
	for i, r := range runes {
		at[i+1] = at[i] + utf8.RuneLen(r)
	}
	return at
}

// kept is what an index keeps of a petition.
func (f features) kept() features {
	f.runes, f.title = nil, nil
	return f
}

// titleRunes is the title of a petition in the index.
func (f features) titleRunes() []rune {
	title, _, _ := strings.Cut(f.text, "\n")
	return []rune(title)
}

// appendNormalized appends up to limit characters of s in normal form, spaces dropped.
func appendNormalized(out []rune, s string, limit int) []rune {
	limit += len(out)
	for _, r := range s {
		if r = normalize.Rune(r); unicode.IsSpace(r) {
			continue
		}
		if len(out) >= limit {
			break
		}
		out = append(out, r)
	}
	return out
}

// bucketOf hashes two characters into one of 2^20 buckets.
func bucketOf(a, b rune) uint32 {
	h := (uint64(a)<<21 | uint64(b)) * 0x9E3779B97F4A7C15
	return uint32(h >> 44)
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func terms(runes []rune, titleLen int) []term {
	var all []uint32
	for i := 0; i+1 < len(runes); i++ {
		if !wordRune(runes[i]) || !wordRune(runes[i+1]) {
			continue
		}
		b := bucketOf(runes[i], runes[i+1])
		all = append(all, b)
		if i+1 < titleLen {
			for range titleWord - 1 {
				all = append(all, b)
			}
		}
	}
	slices.Sort(all)
	var out []term
	for _, b := range all {
		if n := len(out); n > 0 && out[n-1].bucket() == b {
			if out[n-1].count() < mostCounted {
				out[n-1]++
			}
			continue
		}
		out = append(out, term(b<<8|1))
	}
	return slices.Clone(out)
}

// simhash is a 64-bit print in which texts that share most terms differ in few bits (Charikar, STOC 2002).
func simhash(all []term) uint64 {
	var votes [64]int
	for _, t := range all {
		h := (uint64(t.bucket()) + 1) * 0xff51afd7ed558ccd
		h ^= h >> 33
		h *= 0xc4ceb9fe1a85ec53
		h ^= h >> 33
		for bit := range votes {
			votes[bit] += int(h>>bit&1)*2 - 1
		}
	}
	var print uint64
	for bit, v := range votes {
		if v > 0 {
			print |= 1 << bit
		}
	}
	return print
}
