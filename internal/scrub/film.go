package scrub

import (
	"encoding/binary"
	"slices"
)

// cleanFilm empties what is not shown. traces: the samples of a track of notes stay in it.
func cleanFilm(b []byte) (out []byte, traces bool, err error) {
	out = slices.Clone(b)
	top, err := boxes(out, 0, len(out))
	if err != nil {
		return nil, false, err
	}
	traces = !emptyNotes(out, top)
	return out, traces, cleanBoxes(out, "", 0, len(out))
}

func cleanBoxes(b []byte, in string, from, to int) error {
	list, err := boxes(b, from, to)
	if err != nil {
		return err
	}
	for _, x := range list {
		switch _, deeper := shown[x.kind]; {
		case !slices.Contains(shown[in], x.kind), x.kind == "trak" && noted(b, x):
			blankBox(b, x)
		case x.kind == "free" || x.kind == "skip" || x.kind == "wide":
			clear(b[x.body:x.end])
		case x.kind == "mvhd" || x.kind == "tkhd" || x.kind == "mdhd":
			undate(b[x.body:x.end])
		case deeper:
			if err := cleanBoxes(b, x.kind, x.body, x.end); err != nil {
				return err
			}
		}
	}
	return nil
}

// undate takes the times of making and changing out of a head box; whoever tells the
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

// noted reports a track of timed notes, such as the place second by second.
func noted(b []byte, trak box) bool {
	parts, err := boxes(b, trak.body, trak.end)
	if err != nil {
		return true
	}
	for _, mdia := range parts {
		if mdia.kind != "mdia" {
			continue
		}
		inner, err := boxes(b, mdia.body, mdia.end)
		if err != nil {
			return true
		}
		for _, h := range inner {
			if h.kind == "hdlr" && h.end-h.body >= 12 {
				kind := string(b[h.body+8 : h.body+12])
				return kind == "meta" || kind == "gps " || kind == "camm"
			}
		}
	}
	return false
}

// The path of a film second by second lies beside pictures and sound in mdat; the track
// says where (ISO 14496-12, stsz, stsc, stco). It is emptied there, where nothing but the
// track's own bytes can be meant.

// span is b[from:to] of a file.
type span struct{ from, to int }

// emptyNotes empties what the tracks of timed notes have in mdat. False where they can't
// be followed, or share bytes with what is shown: then they stay.
func emptyNotes(b []byte, top []box) bool {
	var media, own, others []span
	sure, notes, fragments := true, false, false
	for _, x := range top {
		switch x.kind {
		case "mdat":
			media = append(media, span{x.body, x.end})
		case "moof":
			fragments = true
		case "moov":
			traks, err := boxes(b, x.body, x.end)
			if err != nil {
				return false
			}
			for _, t := range traks {
				if t.kind != "trak" {
					continue
				}
				where, ok := samples(b, t)
				sure = sure && ok
				if noted(b, t) {
					notes, own = true, append(own, where...)
				} else {
					others = append(others, where...)
				}
			}
		}
	}
	if !notes {
		return true
	}
	if !sure || fragments || !apart(own, others) || !within(own, media) {
		return false
	}
	for _, s := range own {
		clear(b[s.from:s.to])
	}
	return true
}

// apart reports whether no span of one list touches one of the other.
func apart(a, b []span) bool {
	all := slices.Clone(b)
	slices.SortFunc(all, func(x, y span) int { return x.from - y.from })
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

func within(a, holders []span) bool {
	for _, s := range a {
		if !slices.ContainsFunc(holders, func(h span) bool { return h.from <= s.from && s.to <= h.to }) {
			return false
		}
	}
	return true
}

// samples are the chunks of a track in the file. False where its tables can't be read or
// name another file.
func samples(b []byte, trak box) ([]span, bool) {
	stbl, ok := down(b, trak, "mdia", "minf", "stbl")
	if !ok {
		return nil, false
	}
	dref, ok := down(b, trak, "mdia", "minf", "dinf", "dref")
	if !ok || dref.end-dref.body < 20 || b[dref.body+19]&1 == 0 || binary.BigEndian.Uint32(b[dref.body+4:]) != 1 {
		return nil, false // flag 1: in this file
	}
	t := tables{}
	parts, err := boxes(b, stbl.body, stbl.end)
	if err != nil {
		return nil, false
	}
	for _, x := range parts {
		t.take(x.kind, b[x.body:x.end])
	}
	return t.spans(len(b))
}

// down follows a path of boxes.
func down(b []byte, x box, path ...string) (box, bool) {
	for _, kind := range path {
		list, err := boxes(b, x.body, x.end)
		if err != nil {
			return x, false
		}
		i := slices.IndexFunc(list, func(y box) bool { return y.kind == kind })
		if i < 0 {
			return x, false
		}
		x = list[i]
	}
	return x, true
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
func (t *tables) spans(file int) (all []span, ok bool) {
	each := 4
	if t.wide {
		each = 8
	}
	sample, run := 0, 0
	for i := range len(t.chunks) / each {
		for run+1 < len(t.runs)/12 && int(binary.BigEndian.Uint32(t.runs[12*(run+1):])) <= i+1 {
			run++
		}
		if t.bad || 12*run+12 > len(t.runs) {
			return nil, false
		}
		n := min(int(binary.BigEndian.Uint32(t.runs[12*run+4:])), t.count-sample)
		from := t.chunk(i)
		to := from + n*t.size
		if t.size == 0 {
			for k := sample; k < sample+n; k++ {
				to += int(binary.BigEndian.Uint32(t.sizes[4*k:]))
			}
		}
		if from < 0 || to < from || to > file {
			return nil, false
		}
		sample += n
		all = append(all, span{from, to})
	}
	return all, !t.bad && sample == t.count
}
