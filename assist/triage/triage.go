// Package triage finds in a citizen's story what must not be missed: a report on people in
// office, and danger to life now. One linear classifier for each, over hashed single
// characters, words in Latin letters, and pairs of them, trained on written examples (train_test.go); it keeps nothing. The
// word lists of assist and assist/extract work beside it.
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

// A Score is the log-odds of each class among the training examples: 0 is even, -2 says nothing, and most ordinary letters lie below -1.
type Score struct {
	Report float64 // misconduct of people in office is told
	Danger float64 // somebody's life is in danger now

	length int // characters that were read
}

// Urgent reports danger now: help comes first. A long letter has more windows of which one may
// look like danger, so more is asked of it.
func (s Score) Urgent() bool {
	part := float64(min(max(s.length, shortText), longText)-shortText) / (longText - shortText)
	return s.Danger >= urgentShort+part*(urgentLong-urgentShort)
}

// Thresholds of a Score, chosen on examples that were held out of training and on real
// letters (docs/understanding.md).
const (
	Asked  = -0.45 // worth the question whether it is a report
	Likely = 0.0   // a report, where words of misconduct beside an official say so too
	Clear  = 1.0   // a report, where somebody in office is named
	Plain  = -0.5  // danger, even in words that ask about the rules
	Unsafe = -2.0  // danger, where words of it say so too
)

// The classes, in the order of the model's numbers.
const (
	report = iota
	danger
	classes
)

// From which score on a text is danger, by its length in characters, linear between; chosen on own
// texts that were held out of training in thirds.
const (
	urgentShort, shortText = -0.9, 60
	urgentLong, longText   = -0.4, 160
)

const (
	buckets    = 1 << 16
	window     = 40   // characters: about two clauses
	minWidth   = 16   // what a shorter text is weighed as
	minRunes   = 5    // characters: a word alone says nothing
	maxRunes   = 3000 // characters
	noEvidence = -2.0 // of a text that says nothing either way
)

// A Model is the weights of both classes. It is read-only and safe for concurrent use.
type Model struct {
	unit    [classes]float64 // what a weight of 1 is worth
	weights []byte           // by bucket, then class: an int8 whose square, signed, is the weight
}

//go:embed model.bin
var embedded []byte

var defaultModel = sync.OnceValues(func() (*Model, error) { return open(embedded) })

// Default is the model in the binary, whose bytes are checked at the first call.
func Default() (*Model, error) {
	m, err := defaultModel()
	if err != nil {
		return nil, fmt.Errorf("read the triage model in the binary: %w", err)
	}
	return m, nil
}

// Score classifies a text, of which the first 3,000 characters count. It takes some 10 µs for
// a usual message and allocates nothing.
func (m *Model) Score(text string) Score {
	var h bestWindow
	h.read(m, text)
	return Score{Report: m.odds(&h, report), Danger: m.odds(&h, danger), length: h.n}
}

func (m *Model) odds(h *bestWindow, class int) float64 {
	if h.n < minRunes {
		return noEvidence
	}
	return noEvidence + m.unit[class]*float64(h.best[class])/width(h.n)
}

// width is what the sum over a text of n characters is divided by, so that neither a
// long one nor two words score higher.
func width(n int) float64 { return math.Sqrt(float64(max(minWidth, min(n, window)))) }

func (m *Model) weight(bucket uint16, class int) int64 {
	w := int64(int8(m.weights[int(bucket)*classes+class]))
	if w < 0 {
		return -w * w
	}
	return w * w
}

var magic = []byte("DWHEED1\n")

const headBytes = 8 + classes*8

// open reads a model file: a magic line, the unit of each class as a 64-bit float, the
// weights, and a CRC-32 (IEEE) of all that. The model keeps using the bytes.
func open(file []byte) (*Model, error) {
	end := len(file) - 4
	if end != headBytes+buckets*classes || string(file[:8]) != string(magic) {
		return nil, errors.New("not a triage model")
	}
	if crc32.ChecksumIEEE(file[:end]) != binary.LittleEndian.Uint32(file[end:]) {
		return nil, errors.New("damaged: checksum differs")
	}
	m := &Model{weights: file[headBytes:end]}
	for j := range classes {
		m.unit[j] = math.Float64frombits(binary.LittleEndian.Uint64(file[8+j*8:]))
	}
	return m, nil
}
