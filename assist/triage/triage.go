// Package heed hears in a citizen's story what must not be missed: a report on people
// in office, and danger to life now. One linear judge for each, over single characters
// and pairs, learnt from written examples; it looks at the words alone and keeps
// nothing. The lists of words elsewhere go on beside it.
package triage

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"sync"
)

// A Score is how strongly a text sounds like each, as log-odds among the examples
// learnt from: 0 is even, -2 says nothing, and most ordinary letters lie below -1.
type Score struct {
	Report float64 // misconduct of people in office is told
	Danger float64 // somebody's life is in danger now
}

// Where a hearing counts, chosen on lessons the judges had not seen and on real
// letters (docs/understanding.md).
const (
	Asked  = -0.45 // worth the question whether it is a report
	Likely = 0.0   // a report, where words of misconduct beside an official say so too
	Plain  = 1.0   // a report, where somebody in office is named
	Urgent = -1.0  // worth saying the emergency numbers
)

// The judges, in the order of the model's numbers.
const (
	report = iota
	danger
	judges
)

const (
	buckets  = 1 << 16
	window   = 40   // characters: about two clauses
	shortest = 16   // what a shorter text is weighed as
	least    = 5    // characters: a word alone says nothing
	maxRead  = 3000 // characters
	silence  = -2.0 // of a text that says nothing either way
)

// A Model is the numbers of both judges. It is read-only.
type Model struct {
	unit    [judges]float64 // what a weight of 1 is worth
	weights []byte          // by bucket, then judge: an int8 whose square, signed, is the weight
}

//go:embed model.bin
var embedded []byte

var defaultModel = sync.OnceValues(func() (*Model, error) { return open(embedded) })

// Default is the model in the binary, whose bytes are checked at the first call.
func Default() (*Model, error) {
	m, err := defaultModel()
	if err != nil {
		return nil, fmt.Errorf("read the judges in the binary: %w", err)
	}
	return m, nil
}

// Hear reads a text, of which the first 3,000 characters count. It takes some 10 µs for
// a usual message and allocates nothing.
func (m *Model) Hear(text string) Score {
	var h hearing
	h.read(m, text)
	return Score{Report: m.odds(&h, report), Danger: m.odds(&h, danger)}
}

func (m *Model) odds(h *hearing, judge int) float64 {
	if h.n < least {
		return silence
	}
	return silence + m.unit[judge]*float64(h.best[judge])/width(h.n)
}

// width is what the sum over a text of n characters is divided by, so that neither a
// long one nor two words are heard louder.
func width(n int) float64 { return math.Sqrt(float64(max(shortest, min(n, window)))) }

func (m *Model) weight(bucket uint16, judge int) int64 {
	w := int64(int8(m.weights[int(bucket)*judges+judge]))
	if w < 0 {
		return -w * w
	}
	return w * w
}

var magic = []byte("DWHEED1\n")

const headBytes = 8 + judges*8

// bytes is the model file: a magic line, the unit of each judge as a 64-bit float,
// the weights, and a CRC-32 of all that.
func (m *Model) bytes() []byte {
	file := append([]byte(nil), magic...)
	for j := range judges {
		file = binary.LittleEndian.AppendUint64(file, math.Float64bits(m.unit[j]))
	}
	file = append(file, m.weights...)
	return binary.LittleEndian.AppendUint32(file, crc32.ChecksumIEEE(file))
}

// open makes a model of a file, whose bytes it goes on using.
func open(file []byte) (*Model, error) {
	end := len(file) - 4
	if end != headBytes+buckets*judges || string(file[:8]) != string(magic) {
		return nil, errors.New("not a file of judges")
	}
	if crc32.ChecksumIEEE(file[:end]) != binary.LittleEndian.Uint32(file[end:]) {
		return nil, errors.New("damaged: checksum differs")
	}
	m := &Model{weights: file[headBytes:end]}
	for j := range judges {
		m.unit[j] = math.Float64frombits(binary.LittleEndian.Uint64(file[8+j*8:]))
	}
	return m, nil
}
