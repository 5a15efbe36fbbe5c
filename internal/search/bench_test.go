package search

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// writer writes texts as long as petitions are (about 150 characters), of words that are
// as unevenly frequent as those of a language are, with numbers and names among them.
type writer struct {
	r     *rand.Rand
	zipf  *rand.Zipf
	words []string
}

func newWriter() *writer {
	r := rand.New(rand.NewPCG(1, 1))
	w := &writer{r: r, zipf: rand.NewZipf(r, 1.1, 8, 7999)}
	for range 8000 {
		w.words = append(w.words, string([]rune{rune(0x4e00 + r.IntN(3000)), rune(0x4e00 + r.IntN(3000))}))
	}
	return w
}

func (w *writer) text(n int) []string {
	var b strings.Builder
	for range 70 {
		b.WriteString(w.words[w.zipf.Uint64()])
		if w.r.IntN(8) == 0 {
			b.WriteString("，")
		}
	}
	return []string{fmt.Sprintf("zs26-%04d-%02d", n, n%100), b.String(), w.words[w.zipf.Uint64()] + w.words[w.zipf.Uint64()]}
}

// BenchmarkFill says what an index of many texts takes:
//
//	go test ./internal/search -run xxx -bench Fill -benchtime 1x
func BenchmarkFill(b *testing.B) {
	for _, many := range []int{100_000, 200_000} {
		b.Run(fmt.Sprint(many), func(b *testing.B) {
			for range b.N {
				fillAndFind(b, many)
			}
		})
	}
}

// fillAndFind reports memory, the time to add a text, and of 16 callers at once what a
// search for a rare word and for two common ones takes.
func fillAndFind(b *testing.B, many int) {
	w := newWriter()
	before := heap()
	x := New[key]()
	took := time.Duration(0)
	for n := range many {
		text := w.text(n)
		began := time.Now()
		x.Put(int64(n), key{int64(n), int64(n)}, nil, text...)
		took += time.Since(began)
	}
	b.ReportMetric(float64(heap()-before)/1e6, "MB")
	b.ReportMetric(float64(took.Microseconds())/float64(many), "µs/put")
	b.ReportMetric(float64(len(x.t.packed.pairs)), "pairs")
	for name, words := range map[string][]string{"rare": {w.words[5000]}, "common": {w.words[0], w.words[1]}} {
		b.ReportMetric(float64(median(x, words).Microseconds())/1000, name+"-p50-ms")
	}
	runtime.KeepAlive(x)
}

func median(x *Index[key], words []string) time.Duration {
	var all []time.Duration
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 100 {
				began := time.Now()
				f, _ := x.Find(words)
				f.First(20, nil, newestFirst)
				mu.Lock()
				all = append(all, time.Since(began))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(all)
	return all[len(all)/2]
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
