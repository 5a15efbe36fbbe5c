package scrub

// cleanHEIC empties what a HEIC picture carries beside itself: its items of EXIF, XMP
// and the like, where they stand. How it is turned is a property and stays. traces: such
// an item claims bytes that are no media.
func cleanHEIC(bud *budget, b []byte) ([]byte, bool, error) {
	var metas []box
	var media []span
	for x, err := range boxes(bud, b, 0, len(b)) {
		switch {
		case err != nil:
		case x.kind == "ftyp":
		case x.kind == "mdat":
			media = append(media, span{x.body, x.end})
		case x.kind == "meta":
			metas = append(metas, x)
		default:
			err = blankBox(bud, b, x)
		}
		if err != nil {
			return nil, false, err
		}
	}
	if len(metas) == 0 {
		return nil, false, errPicture
	}
	traces := false
	for _, x := range metas {
		left, err := cleanItems(bud, b, x, media)
		if err != nil {
			return nil, false, err
		}
		traces = traces || left
	}
	return b, traces, nil
}

// cleanItems empties the items of a meta box that are no picture; left: not all of them.
func cleanItems(bud *budget, b []byte, meta box, media []span) (left bool, err error) {
	body := meta
	body.body = min(meta.body+4, meta.end) // a full box: version and flags first
	var parts [3]box
	for i, kind := range []string{"iinf", "iloc", "idat"} {
		if parts[i], err = find(bud, b, body, kind); err != nil {
			return false, err
		}
	}
	beside, err := besides(bud, b, parts[0])
	if err != nil {
		return false, err
	}
	return emptyItems(bud, b, parts[1], beside, media, []span{{parts[2].body, parts[2].end}})
}

// besides are the numbers of the items that are no picture.
func besides(bud *budget, b []byte, iinf box) (map[uint64]bool, error) {
	r := reader{b: b[iinf.body:iinf.end]}
	width := 2
	if r.number(4)>>24 != 0 {
		width = 4
	}
	r.number(width)
	if r.short {
		return nil, errPicture
	}
	beside := map[uint64]bool{}
	for x, err := range boxes(bud, b, iinf.body+4+width, iinf.end) {
		if err != nil {
			return nil, err
		}
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

// emptyItems goes through an iloc box, which says where the bytes of each item stand: in
// media boxes, or in idat. What an item claims elsewhere may be the boxes themselves and
// is left.
func emptyItems(bud *budget, b []byte, iloc box, beside map[uint64]bool, media, idat []span) (left bool, err error) {
	r := reader{b: b[iloc.body:iloc.end]}
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
		return false, errPicture
	}
	for range r.number(wide) {
		id, method := r.number(wide), uint64(0)
		if version > 0 {
			method = r.number(2) & 15
		}
		r.number(2)
		start := r.number(base)
		extents := r.number(2)
		if err := bud.count(int(extents) + 1); err != nil {
			return false, err
		}
		for range extents {
			r.number(index)
			from, n := start+r.number(offset), r.number(length)
			if r.short {
				return false, errPicture
			}
			if !beside[id] {
				continue
			}
			holders := media
			if method == 1 {
				holders = idat
				from += uint64(idat[0].from)
			}
			if from > uint64(len(b)) || method > 1 {
				return false, errPicture
			}
			if n == 0 || n > uint64(len(b)) {
				n = uint64(len(b))
			}
			at := span{int(from), int(min(from+n, uint64(len(b))))}
			if !within([]span{at}, holders) {
				left = true
				continue
			}
			if err := wipe(bud, b[at.from:at.to]); err != nil { // extents may lie over each other
				return false, err
			}
		}
		if r.short {
			return false, errPicture
		}
	}
	return left, nil
}
