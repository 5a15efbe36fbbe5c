package classify

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"sync"
)

// A Model tells a message's subject. It is read-only after it is made: any number of goroutines may share one.
type Model struct {
	head     head
	rarity   []byte         // by bucket, in steps of head.RarityStep; 0: not trained on
	weights  []byte         // by bucket, then label; each an int8
	decode   [][256]float32 // by label: what a weight byte means
	subjects *taxonomy
}

// head is what the model file says before its numbers.
type head struct {
	Labels      []string    `json:"labels"`
	Buckets     uint32      `json:"buckets"`
	RarityStep  float32     `json:"rarity_step"`
	Largest     []float32   `json:"largest"` // by label: the weight that byte 127 stands for
	Bias        []float64   `json:"bias"`
	Calibration calibration `json:"calibration"`
}

//go:embed model.bin
var embedded []byte

var defaultModel = sync.OnceValues(func() (*Model, error) { return open(embedded) })

// Default is the model in the binary.
func Default() (*Model, error) {
	m, err := defaultModel()
	if err != nil {
		return nil, fmt.Errorf("read the subject model in the binary: %w", err)
	}
	return m, nil
}

// Labels are the categories the model was trained on, in its own order.
func (m *Model) Labels() []string { return append([]string(nil), m.head.Labels...) }

// pack rounds the weights to one byte each. A byte stands for the square root of a weight, so that the many small
// weights keep their differences.
func (f fitted) pack(labels []string, c calibration) *Model {
	m := &Model{head: head{Labels: labels, Buckets: f.size, Calibration: c}, rarity: make([]byte, f.size), weights: make([]byte, int(f.size)*len(labels))}
	top := float32(0)
	for _, r := range f.rarity {
		top = max(top, r)
	}
	m.head.RarityStep = top / 255
	for b, r := range f.rarity {
		if r > 0 {
			m.rarity[b] = byte(max(math.Round(float64(r/m.head.RarityStep)), 1))
		}
	}
	for l, w := range f.weights {
		m.packLabel(l, w)
	}
	m.prepare()
	return m
}

func (m *Model) packLabel(label int, w []float32) {
	largest := float32(1e-9)
	for _, x := range w[:m.head.Buckets] {
		largest = max(largest, x, -x)
	}
	m.head.Largest = append(m.head.Largest, largest)
	m.head.Bias = append(m.head.Bias, float64(w[m.head.Buckets]))
	for b, x := range w[:m.head.Buckets] {
		root := math.Round(127 * math.Sqrt(math.Abs(float64(x/largest))))
		m.weights[b*len(m.head.Labels)+label] = byte(int8(math.Copysign(root, float64(x))))
	}
}

func (m *Model) prepare() {
	m.decode = make([][256]float32, len(m.head.Labels))
	for l, largest := range m.head.Largest {
		for q := -127; q <= 127; q++ {
			root := float64(q) / 127
			m.decode[l][byte(int8(q))] = float32(math.Copysign(root*root, root)) * largest
		}
	}
	m.subjects = defaultTaxonomy().with(m.head.Labels)
}

// scores says how far the message lies on each label's side of its boundary; above 0 is inside.
func (m *Model) scores(title, text string) []float64 {
	rarity := func(b uint32) float32 { return float32(m.rarity[b]) * m.head.RarityStep }
	ofTitle, ofText := vectors(title, text, m.head.Buckets, rarity)
	out := slices.Clone(m.head.Bias)
	m.add(out, ofTitle)
	m.add(out, ofText)
	return out
}

func (m *Model) add(scores []float64, terms []term) {
	n := len(scores)
	for _, t := range terms {
		for l, q := range m.weights[int(t.bucket)*n : int(t.bucket)*n+n] {
			scores[l] += float64(t.weight * m.decode[l][q])
		}
	}
}

var magic = []byte("DWSUBJ1\n")

// WriteTo writes the model file: a magic line, the length and JSON of its head, one byte of rarity a bucket, one
// byte a bucket and label, and a CRC-32 of all that.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	head, err := json.Marshal(m.head)
	if err != nil {
		return 0, fmt.Errorf("write model: %w", err)
	}
	file := append([]byte(nil), magic...)
	file = binary.LittleEndian.AppendUint32(file, uint32(len(head)))
	file = append(file, head...)
	file = append(file, m.rarity...)
	file = append(file, m.weights...)
	file = binary.LittleEndian.AppendUint32(file, crc32.ChecksumIEEE(file))
	n, err := w.Write(file)
	if err != nil {
		return int64(n), fmt.Errorf("write model: %w", err)
	}
	return int64(n), nil
}

const maxModelBytes = 64 << 20

// Read reads a model file. It fails on a file that is not a model, is damaged, or is larger than 64 MiB.
func Read(r io.Reader) (*Model, error) {
	file, err := io.ReadAll(io.LimitReader(r, maxModelBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	m, err := open(file)
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	return m, nil
}

// open makes a model of a file, whose bytes it goes on using.
func open(file []byte) (*Model, error) {
	m, err := parse(file)
	if err != nil {
		return nil, err
	}
	m.prepare()
	return m, nil
}

func parse(file []byte) (*Model, error) {
	body, ok := bytes.CutPrefix(file, magic)
	if !ok {
		return nil, errors.New("not a subject model file")
	}
	if len(body) < 8 || len(file) > maxModelBytes {
		return nil, errors.New("wrong length")
	}
	end := len(file) - 4
	if crc32.ChecksumIEEE(file[:end]) != binary.LittleEndian.Uint32(file[end:]) {
		return nil, errors.New("damaged: checksum differs")
	}
	size, body := binary.LittleEndian.Uint32(body), body[4:len(body)-4]
	if int64(size) > int64(len(body)) {
		return nil, errors.New("head longer than the file")
	}
	m := &Model{}
	if err := json.Unmarshal(body[:size], &m.head); err != nil {
		return nil, fmt.Errorf("head: %w", err)
	}
	return m, m.numbers(body[size:])
}

func (m *Model) numbers(body []byte) error {
	n, buckets := len(m.head.Labels), int(m.head.Buckets)
	if n < 2 || n > maxLabels || buckets == 0 || len(m.head.Largest) != n || len(m.head.Bias) != n || len(m.head.Calibration.Offsets) != n {
		return errors.New("head and labels do not fit")
	}
	if len(body) != buckets*(n+1) {
		return fmt.Errorf("%d bytes of numbers, expected %d", len(body), buckets*(n+1))
	}
	m.rarity, m.weights = body[:buckets], body[buckets:]
	return nil
}
