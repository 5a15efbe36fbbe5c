// Package linear is a small linear classifier over hashed features: softmax over a few classes, its weights one byte
// each in a file of fixed size. The readers of assist that weigh clauses, spans and characters share it.
package linear

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
)

// A Model is the weights of its classes. It is read-only and safe for concurrent use.
type Model struct {
	classes int
	mask    uint32
	unit    float64 // what a weight of 1 is worth
	weights []byte  // by bucket, then class: an int8
}

const (
	magic     = "DWLINR1\n"
	headBytes = len(magic) + 4 + 4 + 8
	tailBytes = 4
)

// Open reads a model file: a magic line, the number of classes and of buckets (a power of two), the worth of a weight
// as a 64-bit float, the weights, and a CRC-32 (IEEE) of all that. The model keeps using the bytes.
func Open(file []byte) (*Model, error) {
	if len(file) < headBytes+tailBytes || string(file[:len(magic)]) != magic {
		return nil, errors.New("not a linear model")
	}
	head, end := file[len(magic):], len(file)-tailBytes
	classes, buckets := binary.LittleEndian.Uint32(head), binary.LittleEndian.Uint32(head[4:])
	if uint64(end-headBytes) != uint64(classes)*uint64(buckets) || buckets&(buckets-1) != 0 {
		return nil, errors.New("damaged: its size is not that of its head")
	}
	if crc32.ChecksumIEEE(file[:end]) != binary.LittleEndian.Uint32(file[end:]) {
		return nil, errors.New("damaged: checksum differs")
	}
	return &Model{int(classes), buckets - 1, math.Float64frombits(binary.LittleEndian.Uint64(head[8:])), file[headBytes:end]}, nil
}

// Classes is how many classes the model tells apart.
func (m *Model) Classes() int { return m.classes }

// Odds fills out, one a class, with the sums of the features' weights.
func (m *Model) Odds(features []uint32, out []float64) {
	out = out[:m.classes]
	clear(out)
	for _, f := range features {
		w := m.weights[int(f&m.mask)*m.classes:][:m.classes]
		for c, b := range w {
			out[c] += float64(int8(b)) // whole numbers: the same in any order of the features
		}
	}
	for c := range out {
		out[c] *= m.unit
	}
}

// Chances fills out with the probability of each class.
func (m *Model) Chances(features []uint32, out []float64) {
	m.Odds(features, out)
	Softmax(out[:m.classes])
}

// Softmax turns odds into probabilities, in place.
func Softmax(odds []float64) {
	most := math.Inf(-1)
	for _, o := range odds {
		most = max(most, o)
	}
	sum := 0.0
	for i, o := range odds {
		odds[i] = math.Exp(o - most)
		sum += odds[i]
	}
	for i := range odds {
		odds[i] /= sum
	}
}

// Feature is the hash of a feature: FNV-1a over its kind and two numbers.
func Feature(kind byte, a, b rune) uint32 {
	h := (uint32(2166136261) ^ uint32(kind)) * 16777619
	h = (h ^ uint32(a)) * 16777619
	h = (h ^ uint32(b)) * 16777619
	return h ^ h>>15
}
