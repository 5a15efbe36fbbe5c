package cases

import (
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"testing"
)

func testKey(n int) []byte {
	h := sha256.Sum256(fmt.Append(nil, n))
	return h[:]
}

// Every place of the first range has its own serial of six digits, none is left out, and the next
// range begins where it ends.
func TestSerialsAreAPermutation(t *testing.T) {
	t.Parallel()
	size := int(serialRanges[0].size)
	seen := make([]bool, size)
	for count := 1; count <= size; count++ {
		serial, err := permutedSerial(testKey(1), count)
		if err != nil || serial < 100_000 || serial > 999_999 || seen[serial-100_000] {
			t.Fatalf("the %d-th serial is %d, %v: given before or out of the range", count, serial, err)
		}
		seen[serial-100_000] = true
	}
	beyond := map[int]bool{}
	for count := size + 1; count <= size+10_000; count++ {
		serial, err := permutedSerial(testKey(1), count)
		if err != nil || serial < 10_000_000 || serial > 99_999_999 || beyond[serial] {
			t.Fatalf("the %d-th serial is %d, %v", count, serial, err)
		}
		beyond[serial] = true
	}
	if _, err := permutedSerial(testKey(1), size+int(serialRanges[1].size)+1); err == nil {
		t.Error("a serial beyond the eight digits of a number")
	}
}

// Neighbours are as far apart as chance has them, and another year or key gives other serials.
func TestSerialsTellNothing(t *testing.T) {
	t.Parallel()
	const n = 20_000
	up, near, same, by := 0, 0, 0, [9]float64{}
	last, _ := permutedSerial(testKey(2), n)
	for count := 1; count <= n; count++ {
		serial, err := permutedSerial(testKey(2), count)
		other, err2 := permutedSerial(testKey(3), count)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		by[serial/100_000-1]++
		if serial > last {
			up++
		}
		if d := serial - last; d > -1000 && d < 1000 {
			near++
		}
		if serial == other {
			same++
		}
		last = serial
	}
	if math.Abs(float64(up)-n/2) > 4*math.Sqrt(n/12.0) { // ascents of a random permutation
		t.Errorf("%d of %d serials are higher than the one before", up, n)
	}
	if want := n * 2000.0 / 900_000; float64(near) > want+5*math.Sqrt(want) {
		t.Errorf("%d of %d serials are near the one before, by chance %.0f", near, n, want)
	}
	if same > 3 {
		t.Errorf("%d of %d serials are the same under another key", same, n)
	}
	chi := 0.0
	for _, have := range by {
		chi += (have - n/9.0) * (have - n/9.0) / (n / 9.0)
	}
	if chi > 26 { // eight degrees of freedom, p = 0.001
		t.Errorf("first digits %v: chi-square %.1f", by, chi)
	}
}

func BenchmarkSerial(b *testing.B) {
	for count := range slices.Values([]int{1, 1_000_000}) {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			for b.Loop() {
				if _, err := permutedSerial(testKey(1), count); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
