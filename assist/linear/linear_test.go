package linear

import (
	"slices"
	"testing"
)

func TestFitTellsClassesApartAndDamageIsNoticed(t *testing.T) {
	t.Parallel()
	dog, cat, both := Feature('w', '狗', 0), Feature('w', '猫', 0), Feature('w', '的', 0)
	var all []Example
	for range 20 {
		all = append(all, Example{[]uint32{dog, both}, 0, 1}, Example{[]uint32{cat, both}, 1, 1})
	}
	training := Training{Classes: 2, Buckets: 1 << 8, Epochs: 5, Shrink: 1e-5, Rate: 0.2}
	file := training.Fit(all)
	if !slices.Equal(file, training.Fit(all)) {
		t.Error("the same examples gave other bytes")
	}
	m, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	for class, word := range []uint32{dog, cat} {
		chances := make([]float64, 2)
		if m.Chances([]uint32{word, both}, chances); chances[class] < 0.9 {
			t.Errorf("class %d: %v", class, chances)
		}
	}
	for _, damaged := range [][]byte{nil, file[:len(file)-1], append(slices.Clone(file[:30]), append([]byte{file[30] + 1}, file[31:]...)...)} {
		if _, err := Open(damaged); err == nil {
			t.Errorf("%d damaged bytes were opened", len(damaged))
		}
	}
}
