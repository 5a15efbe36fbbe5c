package scrub

import "encoding/binary"

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
