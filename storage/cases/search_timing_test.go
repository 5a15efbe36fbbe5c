package cases_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"dengwen/petition"
	"dengwen/storage/cases"
)

// How long a search takes does not tell that sealed reports have its words: one that only reports
// match and one that nothing matches, asked in turn by an officer who may see no report, take the same.
func TestSearchTimeTellsNothingOfReports(t *testing.T) {
	if testing.Short() {
		t.Skip("measures")
	}
	s := open(t, "", t.TempDir(), newBox(t))
	for n := range 600 {
		_, _, err := s.Create(t.Context(), fmt.Sprint("key ", n), 2026, func(serial int) (petition.Record, []petition.Notice, error) {
			facts := "村口的路灯坏了没人修"
			if n%3 == 0 {
				facts = "砖厂老板给村长送钱"
			}
			r := record(serial, facts)
			r.Sealed = n%3 == 0
			return r, nil, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.WaitIndexed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(walkPages(t, s, petition.Query{Order: "new", Words: "路灯坏了", Limit: 100})); n == 0 {
		t.Fatal("nothing is searched at all")
	}
	if score := welch(t, s, petition.Scope{All: true}, "砖厂老板", "鱼塘渔网"); math.Abs(score) > 5 {
		t.Errorf("t = %.2f: words of reports take another time", score)
	}
	// The same measure sees a difference where one is: words that cases of other units have.
	if score := welch(t, s, petition.Scope{Units: []string{"nowhere"}}, "路灯坏了", "鱼塘渔网"); math.Abs(score) < 10 {
		t.Errorf("t = %.2f: the measure sees nothing", score)
	}
}

// welch is Welch's t of the logarithms of how long two searches that find nothing take, 4,000 of each in
// an order by chance.
func welch(t *testing.T, s *cases.Store, scope petition.Scope, words ...string) float64 {
	t.Helper()
	var n, sum, square [2]float64
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 8400 {
		k := random.IntN(2)
		began := time.Now()
		found, _, err := s.List(t.Context(), scope, petition.Query{Order: "new", Words: words[k], Limit: 20})
		took := math.Log(float64(time.Since(began)))
		if err != nil || len(found) > 0 {
			t.Fatalf("%s: %d found, %v", words[k], len(found), err)
		}
		if i >= 400 { // the first are slower
			n[k]++
			sum[k] += took
			square[k] += took * took
		}
	}
	var mean, spread [2]float64
	for k := range 2 {
		mean[k] = sum[k] / n[k]
		spread[k] = (square[k] - n[k]*mean[k]*mean[k]) / (n[k] - 1) / n[k]
	}
	score := (mean[0] - mean[1]) / math.Sqrt(spread[0]+spread[1])
	t.Logf("%s and %s: t = %.2f; %.1f µs and %.1f µs", words[0], words[1], score, math.Exp(mean[0])/1e3, math.Exp(mean[1])/1e3)
	return score
}
