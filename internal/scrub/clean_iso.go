package scrub

import (
	"encoding/binary"
	"slices"
)

// What a film (MP4, MOV, M4A) or a HEIC picture says about itself stands in boxes: the
// place it was taken at, the phone, its owner, a voice memo's street. Boxes that nobody
// needs to show the thing are made empty where they stand, so that no other one moves.

// shown are the boxes that stay, by the box they stand in; "" is the file. Traks that
// carry notes by the second instead of picture or sound are emptied as a whole.
var shown = map[string][]string{
	"":     {"ftyp", "styp", "moov", "moof", "mdat", "mfra", "sidx", "free", "skip", "wide"},
	"moov": {"mvhd", "trak", "mvex", "iods"},
	"trak": {"tkhd", "tref", "edts", "tapt", "mdia", "load", "trgr"},
	"mdia": {"mdhd", "hdlr", "elng", "minf"},
	"moof": {"mfhd", "traf"},
	"traf": {"tfhd", "tfdt", "trun", "sbgp", "sgpd", "subs", "saiz", "saio"},
}

// box is one box of a file: b[at:body] is its head, b[body:end] what it holds.
type box struct {
	kind          string
	at, body, end int
}

// maxBoxes is more than the longest film has in one place.
const maxBoxes = 100_000

// boxes lists what stands in b[from:to]. A last box that is cut off ends where b does.
func boxes(b []byte, from, to int) ([]box, error) {
	var list []box
	for i := from; i+8 <= to; {
		n, body := int64(binary.BigEndian.Uint32(b[i:])), i+8
		switch {
		case n == 0:
			n = int64(to - i)
		case n == 1 && i+16 <= to:
			n, body = int64(min(binary.BigEndian.Uint64(b[i+8:]), 1<<62)), i+16
		}
		if n < int64(body-i) || len(list) == maxBoxes {
			return nil, errPicture
		}
		last := to
		if n <= int64(to-i) {
			last = i + int(n)
		} else if from > 0 {
			return nil, errPicture
		}
		list = append(list, box{string(b[i+4 : i+8]), i, body, last})
		i = last
	}
	return list, nil
}

// blankBox makes a box empty; its length stays.
func blankBox(b []byte, x box) {
	copy(b[x.at+4:], "free")
	clear(b[x.body:x.end])
}

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
