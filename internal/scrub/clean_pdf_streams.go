package scrub

import (
	"bytes"
	"strconv"
	"strings"
)

// What stands in the streams of a PDF: XMP, packed objects, photos.

// minimalXMP is what takes the place of XMP, filled up with blanks.
const minimalXMP = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"/><?xpacket end="w"?>`

// emptyStream empties a stream that speaks of the file, of its objects those that do, and
// in a picture what its camera wrote.
func (p *pdf) emptyStream(o pdfObject) {
	kind, filter := string(p.get(o.at, "Type")), string(bytes.Trim(p.get(o.at, "Filter"), "[] \r\n\t"))
	if p.get(o.at, "F") != nil { // its bytes stand elsewhere
		p.traces = true
		return
	}
	packed := filter == "/FlateDecode" && p.get(o.at, "DecodeParms") == nil
	data := p.b[o.data:o.last]
	switch {
	case kind == "/Metadata" || string(p.get(o.at, "Subtype")) == "/XML":
		p.traces = !putXMP(data, filter == "", packed) || p.traces
	case kind == "/ObjStm":
		p.traces = !p.emptyPacked(o, data, filter == "", packed) || p.traces
	case bytes.HasPrefix(data, []byte{0xFF, 0xD8}):
		p.traces = !emptyJPEG(data) || p.traces
	case strings.Contains(filter, "DCTDecode"): // packed once more
		p.traces = true
	}
}

// putXMP writes empty XMP over a stream, in its own length.
func putXMP(data []byte, plain, packed bool) bool {
	if !plain && !packed {
		return false
	}
	room := len(data)
	if packed {
		room = storedRoom(room)
	}
	if room < 0 {
		return false
	}
	text := bytes.Repeat([]byte{' '}, room)
	if room >= len(minimalXMP) {
		copy(text, minimalXMP)
	}
	if packed {
		text = stored(text)
	}
	return len(text) == len(data) && copy(data, text) == len(data)
}

// emptyPacked blanks the Info dictionaries in a stream of objects.
func (p *pdf) emptyPacked(o pdfObject, data []byte, plain, packed bool) bool {
	n, err1 := strconv.Atoi(string(p.get(o.at, "N")))
	first, err2 := strconv.Atoi(string(p.get(o.at, "First")))
	text := bytes.Clone(data)
	if packed {
		text = p.unpack(data)
	}
	if err1 != nil || err2 != nil || !plain && !packed || first < 0 || first > len(text) {
		return false
	}
	numbers := bytes.Fields(text[:first])
	if n < 0 || len(numbers) < 2*n {
		return false
	}
	found := false
	for i := range n {
		num, err1 := strconv.Atoi(string(numbers[2*i]))
		at, err2 := strconv.Atoi(string(numbers[2*i+1]))
		if err1 != nil || err2 != nil || at < 0 || first+at > len(text) {
			return false
		}
		q := pdf{b: text}
		end := q.value(q.space(first+at), 0)
		p.traces = p.traces || end > 0 && inside.Match(text[first+at:end])
		if p.infos[num] {
			found = true
			if end < 0 || infoRefs.Match(text[first+at:end]) {
				return false
			}
			blank(text, first+at, end)
		}
	}
	if !found {
		return true
	}
	if packed {
		text = repack(text, len(data))
	}
	return len(text) == len(data) && copy(data, text) == len(data)
}

// emptyJPEG turns the segments of a picture that are not shown into empty comments. False
// where it can't be followed.
func emptyJPEG(b []byte) bool {
	for i := 2; i+4 <= len(b); {
		if b[i] != 0xFF {
			return false
		}
		if b[i+1] == 0xFF {
			i++
			continue
		}
		end := i + 2 + int(b[i+2])<<8 + int(b[i+3])
		switch {
		case end < i+4 || end > len(b):
			return false
		case b[i+1] == 0xDA:
			return true
		case !keepSegment(b[i+1], b[i+4:end]):
			b[i+1] = 0xFE
			copy(b[i+4:end], bytes.Repeat([]byte{' '}, end-i-4))
		}
		i = end
	}
	return false
}
