package classify

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
	"time"
)

type ex struct {
	ID, Title, Text, Category string
	Group                     int
	Raw                       bool
}

func loadEx() []ex {
	f, _ := os.Open("/work/shared/data/complaints_train.jsonl")
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	var out []ex
	for s.Scan() {
		var e ex
		json.Unmarshal(s.Bytes(), &e)
		out = append(out, e)
	}
	return out
}

func mix(x uint64) uint64 { x ^= x >> 33; x *= 0xff51afd7ed558ccd; x ^= x >> 33; x *= 0xc4ceb9fe1a85ec53; x ^= x >> 33; return x }

func run(t *testing.T, name string, size uint32, tb, xb block, mindf int, cost float64, notitle bool, join bool) {
	data := loadEx()
	labels := map[string]int{}
	for _, e := range data {
		if _, ok := labels[e.Category]; !ok {
			labels[e.Category] = len(labels)
		}
	}
	start := time.Now()
	feat := func(e ex, nt bool) ([]term, []term) {
		title := tokens(e.Title, maxTitleRunes)
		text := tokens(e.Title+"\n"+e.Text, maxTextRunes)
		if nt { text = tokens(e.Text, maxTextRunes); title = text[:min(len(text), 30)] }
		return count(tb.grams(nil, title, size)), count(xb.grams(nil, text, size))
	}
	accs := []float64{}
	f1s := []float64{}
	for fold := uint64(0); fold < 2; fold++ {
		df := make([]int, size)
		n := 0
		for _, e := range data {
			if mix(uint64(e.Group))%5 == fold { continue }
			n++
			a, b := feat(e, false)
			for _, x := range a { df[x.bucket]++ }
			for _, x := range b { df[x.bucket]++ }
		}
		rarity := make([]float32, size)
		for i, d := range df {
			if d >= mindf { rarity[i] = float32(math.Log(float64(1+n)/float64(1+d)) + 1) }
		}
		var rows [][]term
		var lab []int
		var trows [][]term
		var tlab []int
		for _, e := range data {
			test := mix(uint64(e.Group))%5 == fold
			a, b := feat(e, test && notitle)
			r := append(tb.scale(a, rarity), xb.scale(b, rarity)...)
			if test { trows = append(trows, r); tlab = append(tlab, labels[e.Category]) } else { rows = append(rows, r); lab = append(lab, labels[e.Category]) }
		}
		W := make([][]float32, 7)
		for c := range W {
			pos := make([]bool, len(rows))
			for i := range pos { pos[i] = lab[i] == c }
			W[c] = svm(rows, pos, int(size), cost, 1)
		}
		var conf [7][7]int
		ok := 0
		for i, r := range trows {
			best, bs := 0, -1e9
			for c := range W { if s := dot(W[c], r); s > bs { best, bs = c, s } }
			conf[tlab[i]][best]++
			if best == tlab[i] { ok++ }
		}
		f1 := 0.0
		for c := range 7 {
			tp, fp, fn := conf[c][c], 0, 0
			for d := range 7 { if d != c { fp += conf[d][c]; fn += conf[c][d] } }
			f1 += 2*float64(tp)/float64(2*tp+fp+fn)/7
		}
		accs = append(accs, float64(ok)/float64(len(trows)))
		f1s = append(f1s, f1)
	}
	fmt.Printf("%-30s acc %.4f f1 %.4f   %v\n", name, mean(accs), mean(f1s), time.Since(start).Round(time.Millisecond))
}
func mean(x []float64) float64 { s := 0.0; for _, v := range x { s += v }; return s / float64(len(x)) }

func TestExp(t *testing.T) {
	b := func(p uint32, w float64, o ...int) block { return block{p, w, o} }
	run(t, "1-2 480k c1", 480000, b('t', .5, 1, 2), b('x', 1, 1, 2), 1, 1, false, false)
	run(t, "1-2 480k c.5", 480000, b('t', .5, 1, 2), b('x', 1, 1, 2), 1, .5, false, false)
	run(t, "1-2 480k c1 df2", 480000, b('t', .5, 1, 2), b('x', 1, 1, 2), 2, 1, false, false)
	run(t, "1-3 480k c1", 480000, b('t', .5, 1, 2), b('x', 1, 1, 2, 3), 2, 1, false, false)
	run(t, "1-3 4.8M c1 df2", 4800000, b('t', .5, 1, 2), b('x', 1, 1, 2, 3), 2, 1, false, false)
	run(t, "2-3 4.8M c1 df2", 4800000, b('t', .5, 1, 2), b('x', 1, 2, 3), 2, 1, false, false)
	run(t, "1-2 480k c1 notitle", 480000, b('t', .5, 1, 2), b('x', 1, 1, 2), 1, 1, true, false)
}
