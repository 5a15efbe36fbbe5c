package scrub

import (
	"encoding/binary"
	"slices"
)

// cleanHEIC empties what a HEIC picture carries beside itself: its items of EXIF, XMP
// and the like, where they stand. How it is turned is a property and stays.
func cleanHEIC(b []byte) ([]byte, error) {
	out := slices.Clone(b)
	top, err := boxes(out, 0, len(out))
	if err != nil {
		return nil, err
	}
	whole := false
	for _, x := range top {
		switch x.kind {
		case "ftyp", "mdat":
		case "meta":
			whole = true
			if err := cleanItems(out, x); err != nil {
				return nil, err
			}
		default:
			blankBox(out, x)
		}
	}
	if !whole {
		return nil, errPicture
	}
	return out, nil
}

// cleanItems empties the items of a meta box that are no picture.
func cleanItems(b []byte, meta box) error {
	parts, err := boxes(b, min(meta.body+4, meta.end), meta.end) // a full box: version and flags first
	if err != nil {
		return err
	}
	find := func(kind string) box {
		i := slices.IndexFunc(parts, func(x box) bool { return x.kind == kind })
		if i < 0 {
			return box{}
		}
		return parts[i]
	}
	beside, err := besides(b, find("iinf"))
	if err != nil {
		return err
	}
	r := reader{b: b[find("iloc").body:find("iloc").end]}
	return emptyItems(b, &r, beside, find("idat"))
}

// besides are the numbers of the items that are no picture.
func besides(b []byte, iinf box) (map[uint64]bool, error) {
	r := reader{b: b[iinf.body:iinf.end]}
	width := 2
	if r.number(4)>>24 != 0 {
		width = 4
	}
	r.number(width)
	if r.short {
		return nil, errPicture
	}
	list, err := boxes(b, iinf.body+4+width, iinf.end)
	if err != nil {
		return nil, err
	}
	beside := map[uint64]bool{}
	for _, x := range list {
		e := reader{b: b[x.body:x.end]}
		width := 2
		if e.number(4)>>24 == 3 {
			width = 4
		}
		id := e.number(width)
		e.number(2)
		kind := string(e.take(4))
		if e.short {
			return nil, errPicture
		}
		switch kind {
		case "hvc1", "hev1", "av01", "avc1", "jpeg", "grid", "iden", "iovl", "tmap", "auxl", "lhv1":
		default:
			beside[id] = true
		}
	}
	return beside, nil
}

// emptyItems goes through an iloc box, which says where the bytes of each item stand.
func emptyItems(b []byte, r *reader, beside map[uint64]bool, idat box) error {
	version := r.number(4) >> 24
	sizes := r.number(2)
	offset, length, base, index := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), 0
	wide := 2
	if version > 0 {
		index = int(sizes & 15)
	}
	if version == 2 {
		wide = 4
	}
	if offset+length == 0 { // every item would be the whole file, as often as it likes
		return errPicture
	}
	left := 4 * len(b) // bytes to empty, all items together
	for range r.number(wide) {
		id, method := r.number(wide), uint64(0)
		if version > 0 {
			method = r.number(2) & 15
		}
		r.number(2)
		start := r.number(base)
		for range r.number(2) {
			r.number(index)
			from, n := start+r.number(offset), r.number(length)
			if r.short {
				return errPicture
			}
			if !beside[id] {
				continue
			}
			if method == 1 {
				from += uint64(idat.body)
			}
			if from > uint64(len(b)) || method > 1 {
				return errPicture
			}
			if n == 0 || n > uint64(len(b)) {
				n = uint64(len(b))
			}
			gone := b[from:min(from+n, uint64(len(b)))]
			if left -= len(gone); left < 0 {
				return errPicture
			}
			clear(gone)
		}
		if r.short {
			return errPicture
		}
	}
	return nil
}

// reader takes numbers off the front of bytes; short once there were too few.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.short = true
		return nil
	}
	t := r.b[:n]
	r.b = r.b[n:]
	return t
}

// number is a big-endian number of n bytes, at most 8.
func (r *reader) number(n int) uint64 {
	var whole [8]byte
	if n > 8 {
		r.short = true
		return 0
	}
	copy(whole[8-n:], r.take(n))
	return binary.BigEndian.Uint64(whole[:])
}
