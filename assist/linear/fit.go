package linear

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"math/rand/v2"
)

// An Example is one thing to learn from: its features, its class, and how much it counts.
type Example struct {
	Features []uint32
	Class    int
	Weight   float64
}

// Training is what a fit takes.
type Training struct {
	Classes int
	Buckets int // a power of two
	Epochs  int
	Shrink  float64 // pull of the weights towards 0
	Rate    float64 // of a step
}

// Fit finds the weights under which the examples' classes are likeliest (AdaGrad on the logistic loss) and returns the
// model file that Open reads. The same examples in the same order give the same bytes on one architecture.
func (t Training) Fit(all []Example) []byte {
	w, square := make([]float64, t.Classes*t.Buckets), make([]float64, t.Classes*t.Buckets)
	mask := uint32(t.Buckets - 1)
	rng := rand.New(rand.NewPCG(1, 2))
	chances := make([]float64, t.Classes)
	for range t.Epochs {
		for _, i := range rng.Perm(len(all)) {
			e := all[i]
			clear(chances)
			for _, f := range e.Features {
				for c := range chances {
					chances[c] += w[int(f&mask)*t.Classes+c]
				}
			}
			Softmax(chances)
			chances[e.Class]--
			for _, f := range e.Features {
				at := int(f&mask) * t.Classes
				for c, off := range chances {
					g := float64(off*e.Weight) + float64(t.Shrink*w[at+c])
					square[at+c] += float64(g * g)
					w[at+c] -= float64(t.Rate * g / math.Sqrt(square[at+c]+1e-2))
				}
			}
		}
	}
	return t.pack(w)
}

func (t Training) pack(w []float64) []byte {
	largest := 1e-9
	for _, x := range w {
		largest = max(largest, math.Abs(x))
	}
	unit := largest / 127
	file := binary.LittleEndian.AppendUint32([]byte(magic), uint32(t.Classes))
	file = binary.LittleEndian.AppendUint32(file, uint32(t.Buckets))
	file = binary.LittleEndian.AppendUint64(file, math.Float64bits(unit))
	for _, x := range w {
		file = append(file, byte(int8(math.Round(x/unit))))
	}
	return binary.LittleEndian.AppendUint32(file, crc32.ChecksumIEEE(file))
}
