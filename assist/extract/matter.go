package extract

import (
	_ "embed"
	"encoding/binary"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"dengwen/assist/prefilter"
)

// matterWeights are a linear model over features of a clause, an int8 a bucket behind the
// worth of 1 as a 32-bit float: how well a clause serves as the title people give their
// own letters. Trained on letters and their writers' titles (matter_train_test.go).
//
//go:embed matter.bin
var matterWeights []byte

const (
	asideCost     = 100 // behind every other clause
	matterBuckets = 1 << 14
	matterClauses = 60 // of a letter are looked at
	matterRunes   = 60 // of a clause are
)

// matterOf is the clause that says best what the letter is about.
func matterOf(t *text) clause {
	best, most := clause{0, min(len(t.normal), 90)}, math.Inf(-1)
	past := false // best only says since when there is the thing; what is wrong with it follows
	t.eachMatter(func(c clause, features []uint32) {
		s := t.of(c)
		if past && trouble.MatchString(s) {
			best = c
		}
		past = false
		sum := 0
		for _, f := range features {
			sum += int(int8(matterWeights[4+f]))
		}
		score := float64(sum) * float64(math.Float32frombits(binary.LittleEndian.Uint32(matterWeights)))
		if beside.MatchString(strings.TrimSpace(s)) {
			score -= asideCost
		}
		if score > most {
			best, most, past = c, score, sinceWhen.MatchString(s) && !trouble.MatchString(s)
		}
	})
	return best
}

// sinceWhen is how old the thing is: 水渠是前年修的.
var sinceWhen = prefilter.MustCompile(`(?:去年|前年|今年|大前年|[0-9]{2,4}年)[^,。]{0,4}(?:才|就|刚)?(?:修|装|建|买|盖|铺|换|打)|(?:修|装|建|买|盖|铺|换|用|住)了?(?:才)?[一二两三四五六七八九十0-9]{1,3}(?:多|来)?年`)

// reached is a telephone number, a number of an identity card, an account: who is told, and not what.
var reached = prefilter.MustCompile(`[0-9](?:[ -]?[0-9]){6,}`)

// beside are clauses that say who is told of, what is over, or what got better.
var beside = prefilter.MustCompile(`^[^,。]{0,8}(?:姓名|联系人|联系电话|电话|地址)$|改善了?很多|好多了|好转|已经?(?:修好|解决|处理)了|^(?:去年|前年|以前|上次|上回|早几年)[^,。]{0,8}过`)

// eachMatter calls f with each clause that may be one and its features, buckets of
// matterWeights that are f's to keep until it returns.
func (t *text) eachMatter(f func(c clause, features []uint32)) {
	often := t.pairsTwice()
	features := make([]uint32, 0, 2*matterRunes)
	clauses := t.wholeClauses()
	n := len(clauses)
	for i, c := range clauses {
		s := strings.TrimSpace(t.of(c))
		runes := []rune(s)
		if len(runes) < 3 || opening.MatchString(s) || strings.Trim(s, numbers) == "" || reached.MatchString(s) {
			continue
		}
		runes = runes[:min(len(runes), matterRunes)]
		features = append(features[:0],
			bucket('l', rune(min(len(runes)/3, 12)), 0), bucket('i', rune(min(i, 9)), 0),
			bucket('n', rune(min(n/3, 6)), rune(min(i, 4))), bucket('p', rune(10*c.start/max(len(t.normal), 1)), 0),
			bucket('h', runes[0], runes[1]), bucket('e', runes[len(runes)-2], runes[len(runes)-1]),
			bucket('H', runes[0], 0), bucket('E', runes[len(runes)-1], 0))
		twice, digit := 0, rune(0)
		for k := range len(runes) - 1 {
			features = append(features, bucket('b', runes[k], runes[k+1]))
			if often[bucket('t', runes[k], runes[k+1])] > 1 {
				twice++
			}
			if unicode.IsDigit(runes[k]) {
				digit = 1
			}
		}
		features = append(features, bucket('T', is(trouble.MatchString(s)), rune(min(n, 4))), bucket('K', rune(len(telling.FindAllStringIndex(s, 3))), 0),
			bucket('A', is(asked.MatchString(s)), is(suggested.MatchString(s))), bucket('S', is(since.MatchString(s)), is(trouble.MatchString(s))))
		features = append(features, bucket('r', rune(8*twice/(len(runes)-1)), 0), bucket('d', digit, 0))
		f(c, features)
	}
}

// wholeClauses are the clauses as they stand between marks. Where words are cut for want of a
// mark, they stay together up to the length of a title.
func (t *text) wholeClauses() []clause {
	var out []clause
	for _, c := range t.clauses {
		last := len(out) - 1
		if last >= 0 && out[last].end == c.start && utf8.RuneCountInString(t.normal[out[last].start:c.end]) <= maxTitle {
			out[last].end = c.end
			continue
		}
		if len(out) == matterClauses {
			break
		}
		out = append(out, c)
	}
	return out
}

func is(b bool) rune {
	if b {
		return 1
	}
	return 0
}

// pairsTwice counts the pairs of characters of the text: what it comes back to is what it
// is about.
func (t *text) pairsTwice() *[matterBuckets]uint8 {
	var counts [matterBuckets]uint8
	for i := range min(len(t.runes), maxCounted) - 1 {
		if b := bucket('t', t.runes[i], t.runes[i+1]); counts[b] < math.MaxUint8 {
			counts[b]++
		}
	}
	return &counts
}

const maxCounted = 3000 // characters of a letter

// bucket is a feature's: FNV-1a over its kind and two numbers.
func bucket(kind byte, a, b rune) uint32 {
	h := (uint32(2166136261) ^ uint32(kind)) * 16777619
	h = (h ^ uint32(a)) * 16777619
	h = (h ^ uint32(b)) * 16777619
	return (h ^ h>>15) % matterBuckets
}
