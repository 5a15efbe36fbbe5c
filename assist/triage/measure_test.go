//go:build measure

package triage

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"testing"
)

// Counts ordinary letters anew: ORDINARY names a file of JSON lines with title and text.
// The letters stay where they are; only how often each bucket occurs is written down.
func TestCountOrdinary(t *testing.T) {
	f, err := os.Open(os.Getenv("ORDINARY"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var letters []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var m struct{ Title, Text string }
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		letters = append(letters, m.Title+"。"+m.Text)
	}
	o := countBuckets(letters)
	if err := os.WriteFile("testdata/ordinary.bin", o[:], 0o644); err != nil {
		t.Fatal(err)
	}
}

// countBuckets makes the table from ordinary letters.
func countBuckets(letters []string) *bucketCounts {
	counts := make([]float64, buckets)
	for _, text := range letters {
		for _, c := range charactersOf(text) {
			counts[c[0]]++
			counts[c[1]]++
		}
	}
	counts[0] = 0
	var o bucketCounts
	for b, n := range counts {
		o[b] = byte(min(math.Round(15*math.Log2(1+n)), 255))
	}
	return &o
}
