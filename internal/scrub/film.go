package scrub

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
)

// What a film or voice memo says about itself stands in boxes: the place it was taken at,
// the phone, its owner, a memo's street.

// shown are the boxes that stay, by the box they stand in; "" is the file. Tracks of timed
// metadata (ISO 14496-12, 12.3) are emptied as a whole.
var shown = map[string][]string{
	"":     {"ftyp", "styp", "moov", "moof", "mdat", "mfra", "sidx", "free", "skip", "wide"},
	"moov": {"mvhd", "trak", "mvex", "iods"},
	"trak": {"tkhd", "tref", "edts", "tapt", "mdia", "load", "trgr"},
	"mdia": {"mdhd", "hdlr", "elng", "minf"},
	"moof": {"mfhd", "traf"},
	"traf": {"tfhd", "tfdt", "trun", "sbgp", "sgpd", "subs", "saiz", "saio"},
}

// cleanFilm empties what is not shown. traces: the samples of a metadata track stay in it.
func cleanFilm(bud *budget, b []byte) (out []byte, traces bool, err error) {
	done, err := emptySamples(bud, b)
	if err != nil {
		return nil, false, err
	}
	return b, !done, cleanBoxes(bud, b, "", 0, len(b))
}

// cleanBoxes goes down only the boxes of shown, which are three deep.
func cleanBoxes(bud *budget, b []byte, in string, from, to int) error {
	for x, err := range boxes(bud, b, from, to) {
		if err == nil {
			err = cleanBox(bud, b, in, x)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func cleanBox(bud *budget, b []byte, in string, x box) error {
	switch _, deeper := shown[x.kind]; {
	case !slices.Contains(shown[in], x.kind), x.kind == "trak" && timed(bud, b, x):
		return blankBox(bud, b, x)
	case x.kind == "free" || x.kind == "skip" || x.kind == "wide":
		return wipe(bud, b[x.body:x.end])
	case x.kind == "mvhd" || x.kind == "tkhd" || x.kind == "mdhd":
		undate(b[x.body:x.end])
	case deeper:
		return cleanBoxes(bud, b, x.kind, x.body, x.end)
	}
	return nil
}

// undate takes the times of making and changing out of a header box; whoever tells the
// story says when it was.
func undate(b []byte) {
	n := 8
	if len(b) > 0 && b[0] == 1 {
		n = 16
	}
	if len(b) >= 4+n {
		clear(b[4 : 4+n])
	}
}

// timed reports a track of timed metadata, such as the place second by second, or one
// that can't be read.
func timed(bud *budget, b []byte, trak box) bool {
	for mdia, err := range boxes(bud, b, trak.body, trak.end) {
		if err != nil {
			return true
		}
		if mdia.kind != "mdia" {
			continue
		}
		h, err := find(bud, b, mdia, "hdlr")
		if err != nil {
			return true
		}
		if h.end-h.body >= 12 {
			kind := string(b[h.body+8 : h.body+12])
			return kind == "meta" || kind == "gps " || kind == "camm"
		}
	}
	return false
}

// The path of a film second by second lies beside pictures and sound in mdat; the track
// says where (ISO 14496-12, stsz, stsc, stco). It is emptied there, where nothing but the
// track's own bytes can be meant.

// span is b[from:to] of a file.
type span struct{ from, to int }

// places are where the samples of a film lie.
type places struct {
	media, own, others []span // mdat boxes in their order, samples of metadata tracks and of the others
	metadata           bool   // there is a metadata track
	fragments          bool
	unsure             bool // a track can't be followed
}

// emptySamples empties what the tracks of timed metadata have in mdat. False where they
// can't be followed, or share bytes with what is shown: then they stay.
func emptySamples(bud *budget, b []byte) (bool, error) {
	var p places
	for x, err := range boxes(bud, b, 0, len(b)) {
		if err != nil {
			return false, err
		}
		switch x.kind {
		case "mdat":
			p.media = append(p.media, span{x.body, x.end})
		case "moof":
			p.fragments = true
		case "moov":
			if err := p.add(bud, b, x); err != nil {
				return false, bud.err // what is no film is found later
			}
		}
	}
	switch {
	case !p.metadata:
		return true, nil
	case p.unsure || p.fragments || !apart(p.own, p.others) || !within(p.own, p.media):
		return false, nil
	}
	for _, s := range p.own { // they may lie over each other: each is paid for
		if err := wipe(bud, b[s.from:s.to]); err != nil {
			return false, err
		}
	}
	return true, nil
}

func (p *places) add(bud *budget, b []byte, moov box) error {
	for t, err := range boxes(bud, b, moov.body, moov.end) {
		if err != nil {
			return err
		}
		if t.kind != "trak" {
			continue
		}
		where, err := samples(bud, b, t)
		if err != nil {
			p.unsure = true
		}
		if timed(bud, b, t) {
			p.metadata, p.own = true, append(p.own, where...)
		} else {
			p.others = append(p.others, where...)
		}
	}
	return nil
}

// apart reports whether no span of one list touches one of the other.
func apart(a, b []span) bool {
	all := slices.Clone(b)
	slices.SortFunc(all, func(x, y span) int { return cmp.Compare(x.from, y.from) })
	for i := 1; i < len(all); i++ { // the reach of a span is that of all before it
		all[i].to = max(all[i].to, all[i-1].to)
	}
	for _, s := range a {
		i, _ := slices.BinarySearchFunc(all, s.to, func(x span, to int) int { return x.from - to })
		if i > 0 && all[i-1].to > s.from {
			return false
		}
	}
	return true
}

// within reports whether each span lies in one of the holders, which are in order.
func within(a, holders []span) bool {
	for _, s := range a {
		i, _ := slices.BinarySearchFunc(holders, s.from+1, func(h span, from int) int { return cmp.Compare(h.from, from) })
		if i == 0 || holders[i-1].to < s.to {
			return false
		}
	}
	return true
}

// errTables are tables of samples that can't be read or name another file.
var errTables = errors.New("samples can't be followed")

// samples are the chunks of a track in the file.
func samples(bud *budget, b []byte, trak box) ([]span, error) {
	stbl, err := down(bud, b, trak, "mdia", "minf", "stbl")
	if err != nil {
		return nil, err
	}
	dref, err := down(bud, b, trak, "mdia", "minf", "dinf", "dref")
	if err != nil {
		return nil, err
	}
	if dref.end-dref.body < 20 || b[dref.body+19]&1 == 0 || binary.BigEndian.Uint32(b[dref.body+4:]) != 1 {
		return nil, errTables // flag 1: in this file
	}
	var t tables
	for x, err := range boxes(bud, b, stbl.body, stbl.end) {
		if err != nil {
			return nil, err
		}
		t.take(x.kind, b[x.body:x.end])
	}
	return t.spans(bud, len(b))
}

// tables are what a track says of its samples: how long each is, how many a chunk has,
// where the chunks are.
type tables struct {
	size   int // of every sample; 0 = each has its own
	count  int
	sizes  []byte // four bytes a sample
	runs   []byte // twelve bytes: first chunk, samples in each, description
	chunks []byte
	wide   bool // eight bytes a chunk
	bad    bool
}

func (t *tables) take(kind string, b []byte) {
	rest := func(head, each int) []byte {
		if len(b) < head {
			t.bad = true
			return nil
		}
		n := int(binary.BigEndian.Uint32(b[head-4:]))
		if n > (len(b)-head)/each {
			t.bad = true
			return nil
		}
		return b[head : head+n*each]
	}
	switch kind {
	case "stsz":
		if len(b) < 12 {
			t.bad = true
			return
		}
		t.size, t.count = int(binary.BigEndian.Uint32(b[4:])), int(binary.BigEndian.Uint32(b[8:]))
		if t.size == 0 {
			t.sizes = rest(12, 4)
		}
	case "stz2":
		t.bad = true
	case "stsc":
		t.runs = rest(8, 12)
	case "stco":
		t.chunks = rest(8, 4)
	case "co64":
		t.chunks, t.wide = rest(8, 8), true
	}
}

// chunk is where the i-th chunk begins.
func (t *tables) chunk(i int) int {
	if t.wide {
		return int(min(binary.BigEndian.Uint64(t.chunks[8*i:]), 1<<62))
	}
	return int(binary.BigEndian.Uint32(t.chunks[4*i:]))
}

// spans are the chunks' places in a file of so many bytes.
func (t *tables) spans(bud *budget, file int) (all []span, err error) {
	each := 4
	if t.wide {
		each = 8
	}
	chunks := len(t.chunks) / each
	if err := errors.Join(bud.count(chunks), bud.spend(len(t.sizes)+len(t.runs))); err != nil {
		return nil, err
	}
	all = make([]span, 0, chunks)
	sample, run := 0, 0
	for i := range chunks {
		for run+1 < len(t.runs)/12 && int(binary.BigEndian.Uint32(t.runs[12*(run+1):])) <= i+1 {
			run++
		}
		if t.bad || 12*run+12 > len(t.runs) {
			return nil, errTables
		}
		n := min(int(binary.BigEndian.Uint32(t.runs[12*run+4:])), t.count-sample)
		from := t.chunk(i)
		if t.size > 0 && n > file/t.size {
			return nil, errTables
		}
		to := from + n*t.size
		if t.size == 0 {
			for k := sample; k < sample+n; k++ {
				to += int(binary.BigEndian.Uint32(t.sizes[4*k:]))
			}
		}
		if from < 0 || to < from || to > file {
			return nil, errTables
		}
		sample += n
		all = append(all, span{from, to})
	}
	if t.bad || sample != t.count {
		return nil, errTables
	}
	return all, nil
}
