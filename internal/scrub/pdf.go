package scrub

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What a PDF (ISO 32000) says about itself stands in its Info dictionary, in XMP streams,
// and in the pictures in it. It is emptied where it stands, so that the file keeps its
// length and every offset its place: nothing else is written. A file that is signed or
// encrypted, or that can't be followed to the end, is left alone.

// cleanPDF answers a copy without what it says about its maker, and whether some of that
// had to stay.
func cleanPDF(b []byte) (out []byte, traces bool) {
	if !bytes.HasPrefix(b, []byte("%PDF-")) || bytes.Contains(b, []byte("/ByteRange")) {
		return b, true
	}
	p := pdf{b: bytes.Clone(b), infos: map[int]bool{}, room: maxUnpacked}
	if !p.scan() || p.sealed || !p.rooted {
		return b, true
	}
	for _, o := range p.objects {
		if o.stream {
			p.emptyStream(o)
		}
	}
	p.emptyInfos()
	return p.b, p.traces
}

// pdf is one file being emptied.
type pdf struct {
	b       []byte
	objects []pdfObject
	infos   map[int]bool // numbers of the objects that say who made the file
	sealed  bool         // encrypted
	rooted  bool         // a trailer was found
	traces  bool
	room    int64 // bytes that may still be unpacked
	lengths map[string][]byte
}

// pdfObject is one object: b[at:end] is its value, b[data:last] its stream.
type pdfObject struct {
	num, at, end int
	stream       bool
	data, last   int
}

var (
	objectHead = regexp.MustCompile(`(\d{1,9})[\x00\t\n\f\r ]+\d{1,5}[\x00\t\n\f\r ]+obj`)
	// numberObject may be met inside a stream by chance; a length must lead to an end mark.
	numberObject = regexp.MustCompile(`(\d{1,9})[\x00\t\n\f\r ]+\d{1,5}[\x00\t\n\f\r ]+obj[\x00\t\n\f\r ]+(\d{1,9})[\x00\t\n\f\r ]+endobj`)
	infoOf       = regexp.MustCompile(`^(\d{1,9})[\x00\t\n\f\r ]+\d{1,5}[\x00\t\n\f\r ]+R$`)
	inside       = regexp.MustCompile(`/(EmbeddedFile|PieceInfo|Filespec)\b`) // files and notes of other programs
)

// scan finds every object from the beginning on, streams skipped by their length, and
// what the trailers between them say. False where the file can't be followed.
func (p *pdf) scan() bool {
	for i := 0; ; {
		m := objectHead.FindSubmatchIndex(p.b[i:])
		if m == nil {
			p.trailers(i, len(p.b))
			return true
		}
		p.trailers(i, i+m[0])
		num, err := strconv.Atoi(string(p.b[i+m[2] : i+m[3]]))
		at := p.space(i + m[1])
		end := p.value(at, 0)
		if err != nil || end < 0 {
			return false
		}
		o := pdfObject{num: num, at: at, end: end}
		i = end
		if s := p.space(end); bytes.HasPrefix(p.b[s:], []byte("stream")) {
			if !p.followStream(&o, s+len("stream")) {
				return false
			}
			i = o.last
		}
		p.note(o)
	}
}

// note keeps an object, and what a cross-reference stream says of the file.
func (p *pdf) note(o pdfObject) {
	p.objects = append(p.objects, o)
	if o.stream && string(p.get(o.at, "Type")) == "/XRef" {
		p.trailer(o.at)
	}
	p.traces = p.traces || inside.Match(p.b[o.at:o.end])
}

// followStream finds where a stream ends: its length must lead to its end mark.
func (p *pdf) followStream(o *pdfObject, at int) bool {
	switch {
	case bytes.HasPrefix(p.b[at:], []byte("\r\n")):
		at += 2
	case at < len(p.b) && (p.b[at] == '\n' || p.b[at] == '\r'):
		at++
	}
	n, ok := p.length(o.at)
	if !ok || n < 0 || n > len(p.b)-at {
		return false
	}
	o.stream, o.data, o.last = true, at, at+n
	return bytes.HasPrefix(bytes.TrimLeft(p.b[o.last:min(len(p.b), o.last+12)], "\r\n"), []byte("endstream"))
}

// length is that of a stream, given in its dictionary or as an object of its own.
func (p *pdf) length(dict int) (int, bool) {
	v := p.get(dict, "Length")
	if m := infoOf.FindSubmatch(v); m != nil {
		v = p.numbers()[string(m[1])]
	}
	n, err := strconv.Atoi(string(v))
	return n, err == nil
}

// numbers are the objects that are a number, as lengths are; all are found at once.
func (p *pdf) numbers() map[string][]byte {
	if p.lengths == nil {
		p.lengths = map[string][]byte{}
		for _, m := range numberObject.FindAllSubmatch(p.b, -1) {
			p.lengths[string(m[1])] = m[2]
		}
	}
	return p.lengths
}

// trailers reads the trailers between objects.
func (p *pdf) trailers(from, to int) {
	for {
		i := bytes.Index(p.b[from:to], []byte("trailer"))
		if i < 0 {
			return
		}
		from += i + len("trailer")
		p.trailer(p.space(from))
	}
}

func (p *pdf) trailer(dict int) {
	if m := infoOf.FindSubmatch(p.get(dict, "Info")); m != nil {
		if num, err := strconv.Atoi(string(m[1])); err == nil {
			p.infos[num] = true
		}
	}
	p.sealed = p.sealed || p.get(dict, "Encrypt") != nil
	p.rooted = p.rooted || p.get(dict, "Root") != nil
}

// emptyInfos blanks the texts of the Info dictionaries, whichever revision they are of,
// and the texts these point to. What is no such dictionary or text is left alone.
func (p *pdf) emptyInfos() {
	pointed, found := map[int]bool{}, map[int]bool{}
	for _, o := range p.objects {
		switch {
		case !p.infos[o.num]:
		case o.stream || p.get(o.at, "Type") != nil:
			p.traces = true
		default:
			for _, m := range infoRefs.FindAllSubmatch(p.b[o.at:o.end], -1) {
				if num, err := strconv.Atoi(string(m[1])); err == nil {
					pointed[num] = true
				}
			}
			blank(p.b, o.at, o.end)
		}
	}
	for _, o := range p.objects {
		if pointed[o.num] && (p.b[o.at] == '(' || p.b[o.at] == '<' && p.b[o.at+1] != '<') {
			blank(p.b, o.at, o.end)
			found[o.num] = true
		}
	}
	p.traces = p.traces || len(found) < len(pointed)
}

var infoRefs = regexp.MustCompile(`(\d{1,9})[\x00\t\n\f\r ]+\d{1,5}[\x00\t\n\f\r ]+R\b`)

// get is the value of a name in the dictionary that begins at dict, nil when there is none.
func (p *pdf) get(dict int, key string) []byte {
	if !bytes.HasPrefix(p.b[min(dict, len(p.b)):], []byte("<<")) {
		return nil
	}
	for i := p.space(dict + 2); i < len(p.b) && p.b[i] == '/'; {
		name := p.value(i, 0)
		at := p.space(name)
		end := p.value(at, 0)
		if end < 0 {
			return nil
		}
		if m := infoRefs.FindIndex(p.b[at:min(len(p.b), at+24)]); m != nil && m[0] == 0 {
			end = at + m[1]
		}
		if string(p.b[i+1:name]) == key {
			return slices.Clone(p.b[at:end])
		}
		i = p.space(end)
	}
	return nil
}

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

// maxNesting is deeper than any PDF nests its arrays and dictionaries.
const maxNesting = 64

func blankByte(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func delimiter(c byte) bool {
	return blankByte(c) || bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0
}

// space is the next place at or after i that is neither blank nor comment.
func (p *pdf) space(i int) int {
	for i >= 0 && i < len(p.b) {
		switch {
		case blankByte(p.b[i]):
			i++
		case p.b[i] == '%':
			for i < len(p.b) && p.b[i] != '\n' && p.b[i] != '\r' {
				i++
			}
		default:
			return i
		}
	}
	return min(max(i, 0), len(p.b))
}

// value is where the value that begins at i ends, -1 where it does not. Of a reference
// (12 0 R) it is the first number: three values stand there.
func (p *pdf) value(i, depth int) int {
	if i < 0 || i >= len(p.b) || depth > maxNesting {
		return -1
	}
	switch c := p.b[i]; {
	case bytes.HasPrefix(p.b[i:], []byte("<<")):
		return p.list(i+2, ">>", depth)
	case c == '[':
		return p.list(i+1, "]", depth)
	case c == '(':
		return literal(p.b, i)
	case c == '<':
		if n := bytes.IndexByte(p.b[i:], '>'); n > 0 {
			return i + n + 1
		}
		return -1
	case c == '/':
		i++
	case delimiter(c):
		return -1
	}
	for i < len(p.b) && !delimiter(p.b[i]) {
		i++
	}
	return i
}

// list is where values that go on to a closing mark end.
func (p *pdf) list(i int, closing string, depth int) int {
	for i = p.space(i); i >= 0 && i < len(p.b); i = p.space(i) {
		if bytes.HasPrefix(p.b[i:], []byte(closing)) {
			return i + len(closing)
		}
		if i = p.value(i, depth+1); i < 0 {
			return -1
		}
	}
	return -1
}

// literal is where a text in brackets ends; brackets in it come in pairs or escaped.
func literal(b []byte, i int) int {
	for depth := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// noTime takes the place of a date, digit by digit: one of blanks would be no date, and
// strict readers refuse the file for it.
const noTime = "19700101000000000000"

// hushText writes blanks over a text.
func hushText(b []byte) {
	date, digits := bytes.HasPrefix(b, []byte("D:")), 0
	for i := range b {
		switch {
		case date && b[i] >= '0' && b[i] <= '9' && digits < len(noTime):
			b[i] = noTime[digits]
			digits++
		case !date || bytes.IndexByte([]byte("D:Z+-'"), b[i]) < 0:
			b[i] = ' '
		}
	}
}

// blank writes blanks over every text in b[from:to]; the texts keep their length. Names
// and numbers stay.
func blank(b []byte, from, to int) {
	for i := from; i < to; i++ {
		switch {
		case b[i] == '(':
			end := literal(b[:to], i)
			if end < 0 {
				return
			}
			hushText(b[i+1 : end-1])
			i = end - 1
		case b[i] == '<' && i+1 < to && b[i+1] == '<':
			i++
		case b[i] == '<':
			for n := 0; i+1 < to && b[i+1] != '>'; i++ {
				if !blankByte(b[i+1]) {
					b[i+1] = "20"[n%2]
					n++
				}
			}
		}
	}
}

// unpack inflates a stream, within what may be unpacked at all; nil where it can't be.
func (p *pdf) unpack(data []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(r, p.room+1))
	if p.room -= int64(len(b)); err != nil || p.room < 0 {
		return nil
	}
	return b
}
