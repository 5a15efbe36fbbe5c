package scrub

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"io"
	"iter"
	"strconv"
	"strings"
)

// What a PDF (ISO 32000) says about itself stands in its Info dictionary, in XMP streams,
// and in the pictures in it. It is emptied where it stands, so that the file keeps its
// length and every offset its place: nothing else is written. A file that is signed or
// encrypted, or that can't be followed to the end, is left alone.

// maxStream is the longest XMP and the longest stream of objects, unpacked, that is held in
// memory beside the file.
const maxStream = 16 << 20

// cleanPDF answers a copy without what it says about its maker, and whether some of that
// had to stay.
func cleanPDF(bud *budget, b []byte) (out []byte, traces bool, err error) {
	if !bytes.HasPrefix(b, []byte("%PDF-")) || bytes.Contains(b, []byte("/ByteRange")) {
		return b, true, bud.spend(len(b))
	}
	p := pdf{syntax: syntax{bud, b}, infos: map[int]bool{}}
	if !p.scan() || p.encrypted || !p.rooted {
		return b, true, nil
	}
	for _, o := range p.objects {
		if o.stream() {
			p.emptyStream(o)
		}
	}
	p.emptyInfos()
	return p.b, p.traces, nil
}

// pdf is one file being emptied.
type pdf struct {
	syntax
	objects   []pdfObject
	infos     map[int]bool // numbers of the objects that say who made the file
	lengths   map[int32]int32
	encrypted bool
	rooted    bool // a trailer was found
	traces    bool
	inflate   io.ReadCloser // made once: each of these takes up to a megabyte
	deflate   *flate.Writer
}

// pdfObject is one object: b[at:end] is its value, b[data:last] its stream, data 0 when it
// has none. Files are far below two gigabytes.
type pdfObject struct{ num, at, end, data, last int32 }

func (o pdfObject) stream() bool { return o.data > 0 }

// scan finds every object from the beginning on, streams skipped by their length, and
// what the trailers between them say. False where the file can't be followed.
func (p *pdf) scan() bool {
	for i := 0; p.bud.err == nil; {
		num, from, at, ok := p.object(i)
		if !ok {
			p.trailers(i, len(p.b))
			return p.bud.err == nil
		}
		p.trailers(i, from)
		at = p.space(at)
		end := p.value(at, 0)
		if end < 0 {
			return false
		}
		o := pdfObject{num: int32(num), at: int32(at), end: int32(end)}
		i = end
		if s := p.space(end); bytes.HasPrefix(p.b[s:], []byte("stream")) {
			if !p.followStream(&o, s+len("stream")) {
				return false
			}
			i = int(o.last)
		}
		p.add(o)
	}
	return false
}

// add keeps an object, and what a cross-reference stream says of the file.
func (p *pdf) add(o pdfObject) {
	if p.bud.count(1) != nil {
		return
	}
	p.objects = append(p.objects, o)
	if o.stream() && string(p.get(int(o.at), "Type")) == "/XRef" {
		p.trailer(int(o.at))
	}
	p.traces = p.traces || p.holdsFiles(p.b[o.at:o.end])
}

// holdsFiles reports names of files and notes of other programs.
func (s syntax) holdsFiles(b []byte) bool {
	_ = s.bud.spend(3 * len(b))
	for _, name := range []string{"/EmbeddedFile", "/PieceInfo", "/Filespec"} {
		for at := b; ; {
			i := bytes.Index(at, []byte(name))
			if i < 0 {
				break
			}
			if at = at[i+len(name):]; len(at) == 0 || !wordByte(at[0]) {
				return true
			}
		}
	}
	return false
}

// followStream finds where a stream ends: its length must lead to its end mark.
func (p *pdf) followStream(o *pdfObject, at int) bool {
	switch {
	case bytes.HasPrefix(p.b[at:], []byte("\r\n")):
		at += 2
	case at < len(p.b) && (p.b[at] == '\n' || p.b[at] == '\r'):
		at++
	}
	n, ok := p.length(int(o.at))
	if !ok || n < 0 || n > len(p.b)-at {
		return false
	}
	o.data, o.last = int32(at), int32(at+n)
	return bytes.HasPrefix(bytes.TrimLeft(p.b[o.last:min(len(p.b), at+n+12)], "\r\n"), []byte("endstream"))
}

// length is that of a stream, given in its dictionary or as an object of its own.
func (p *pdf) length(dict int) (int, bool) {
	v := p.get(dict, "Length")
	if num, ok := reference(v); ok {
		n, ok := p.numbers()[int32(num)]
		return int(n), ok
	}
	if len(v) > 20 {
		return 0, false
	}
	n, err := strconv.Atoi(string(v))
	return n, err == nil
}

// numbers are the objects that are a number, as lengths are; all are found at once. They
// may be met inside a stream by chance; a length must lead to an end mark.
func (p *pdf) numbers() map[int32]int32 {
	if p.lengths != nil {
		return p.lengths
	}
	p.lengths = map[int32]int32{}
	for i := 0; ; {
		num, _, at, ok := p.object(i)
		if !ok {
			return p.lengths
		}
		i = at
		from := skipBlanks(p.b, at)
		to := skipDigits(p.b, from, 9)
		if end := skipBlanks(p.b, to); from > at && to > from && end > to && bytes.HasPrefix(p.b[end:], []byte("endobj")) {
			if p.bud.count(1) != nil {
				return p.lengths
			}
			n, _ := strconv.Atoi(string(p.b[from:to])) // nine digits at most
			p.lengths[int32(num)] = int32(n)
		}
		_ = p.bud.spend(len("obj") + max(0, skipBlanks(p.b, to)-at))
	}
}

// trailers reads the trailers between objects.
func (p *pdf) trailers(from, to int) {
	for p.bud.err == nil {
		i := bytes.Index(p.b[from:to], []byte("trailer"))
		if i < 0 {
			_ = p.bud.spend(to - from)
			return
		}
		_ = p.bud.spend(i)
		from += i + len("trailer")
		p.trailer(p.space(from))
	}
}

func (p *pdf) trailer(dict int) {
	if num, ok := reference(p.get(dict, "Info")); ok && p.bud.count(1) == nil {
		p.infos[num] = true
	}
	p.encrypted = p.encrypted || p.get(dict, "Encrypt") != nil
	p.rooted = p.rooted || p.get(dict, "Root") != nil
}

// emptyInfos blanks the texts of the Info dictionaries, whichever revision they are of,
// and the texts these point to. What is no such dictionary or text is left alone.
func (p *pdf) emptyInfos() {
	pointed, found := map[int]bool{}, map[int]bool{}
	for _, o := range p.objects {
		switch {
		case !p.infos[int(o.num)]:
		case o.stream() || p.get(int(o.at), "Type") != nil:
			p.traces = true
		default:
			for num := range p.references(int(o.at), int(o.end)) {
				if p.bud.count(1) != nil {
					return
				}
				pointed[num] = true
			}
			p.blank(int(o.at), int(o.end))
		}
	}
	for _, o := range p.objects {
		if pointed[int(o.num)] && (p.b[o.at] == '(' || p.b[o.at] == '<' && p.b[o.at+1] != '<') {
			p.blank(int(o.at), int(o.end))
			found[int(o.num)] = true
		}
	}
	p.traces = p.traces || len(found) < len(pointed)
}

// minimalXMP is what takes the place of XMP, filled up with blanks.
const minimalXMP = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"/><?xpacket end="w"?>`

// emptyStream empties a stream that speaks of the file, of its objects those that do, and
// in a picture what its camera wrote.
func (p *pdf) emptyStream(o pdfObject) {
	at := int(o.at)
	kind, filter := string(p.get(at, "Type")), string(bytes.Trim(p.get(at, "Filter"), "[] \r\n\t"))
	if p.get(at, "F") != nil { // its bytes stand elsewhere
		p.traces = true
		return
	}
	packed := filter == "/FlateDecode" && p.get(at, "DecodeParms") == nil
	data := p.b[o.data:o.last]
	switch {
	case kind == "/Metadata" || string(p.get(at, "Subtype")) == "/XML":
		p.traces = !p.putXMP(data, filter == "", packed) || p.traces
	case kind == "/ObjStm":
		p.traces = !p.emptyPacked(at, data, filter == "", packed) || p.traces
	case bytes.HasPrefix(data, []byte{0xFF, 0xD8}):
		p.traces = !p.emptyJPEG(data) || p.traces
	case strings.Contains(filter, "DCTDecode"): // packed once more
		p.traces = true
	}
}

// putXMP writes empty XMP over a stream, in its own length.
func (p *pdf) putXMP(data []byte, plain, packed bool) bool {
	if !plain && !packed || len(data) > maxStream || p.bud.spend(2*len(data)) != nil {
		return false
	}
	n := len(data)
	if packed {
		n = storedSize(n)
	}
	if n < 0 {
		return false
	}
	text := bytes.Repeat([]byte{' '}, n)
	if n >= len(minimalXMP) {
		copy(text, minimalXMP)
	}
	if packed {
		text = stored(text)
	}
	return len(text) == len(data) && copy(data, text) == len(data)
}

// emptyPacked blanks the Info dictionaries in a stream of objects.
func (p *pdf) emptyPacked(dict int, data []byte, plain, packed bool) bool {
	n, ok1 := number(p.get(dict, "N"))
	first, ok2 := number(p.get(dict, "First"))
	if !ok1 || !ok2 || !plain && !packed || len(data) > maxStream {
		return false
	}
	var text []byte
	if packed {
		text = p.unpack(data)
	} else {
		text = bytes.Clone(data)
	}
	if first > len(text) || p.bud.spend(len(text)) != nil {
		return false
	}
	q, changed := syntax{p.bud, text}, false
	for i := 0; n > 0; n-- {
		num, i1, ok1 := numberAt(text[:first], i)
		at, i2, ok2 := numberAt(text[:first], i1)
		if i = i2; !ok1 || !ok2 || first+at > len(text) || p.bud.count(1) != nil {
			return false
		}
		end := q.value(q.space(first+at), 0)
		p.traces = p.traces || end > 0 && q.holdsFiles(text[first+at:end])
		if p.infos[num] {
			if end < 0 || q.refersIn(first+at, end) {
				return false
			}
			changed = q.blank(first+at, end) || changed
		}
	}
	if !changed {
		return true
	}
	if packed {
		if p.deflate == nil {
			p.deflate, _ = flate.NewWriter(nil, flate.BestCompression) // a level there is
		}
		text = repack(p.bud, p.deflate, text, len(data))
	}
	return len(text) == len(data) && p.bud.err == nil && copy(data, text) == len(data)
}

// unpack inflates a stream; nil where it can't be.
func (p *pdf) unpack(data []byte) []byte {
	var err error
	if r, ok := p.inflate.(zlib.Resetter); ok {
		err = r.Reset(bytes.NewReader(data), nil)
	} else {
		p.inflate, err = zlib.NewReader(bytes.NewReader(data))
	}
	if err != nil {
		return nil
	}
	b, err := p.bud.readAll(p.bud.unpacking(p.inflate), maxStream)
	if err != nil {
		return nil
	}
	return b
}

// emptyJPEG turns the segments of a picture that are not shown into empty comments. False
// where it can't be followed.
func (p *pdf) emptyJPEG(b []byte) bool {
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
		case !lengthy(b[i+1]) || end < i+4 || end > len(b) || p.bud.spend(end-i) != nil:
			return false
		case b[i+1] == 0xDA:
			return true
		case !keepSegment(b[i+1], b[i+4:end]):
			b[i+1] = 0xFE
			for k := i + 4; k < end; k++ {
				b[k] = ' '
			}
		}
		i = end
	}
	return false
}

// syntax reads the values of a PDF. Each byte it goes over is charged, as often as it is
// gone over: a file may lead it to the same place from many others.
type syntax struct {
	bud *budget
	b   []byte
}

const (
	maxNesting = 64 // deeper than any PDF nests its arrays and dictionaries
	valueWork  = 16 // finding out what a value is takes as long as going over so many bytes
)

func blankByte(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func wordByte(c byte) bool {
	return digit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

func delimiter(c byte) bool {
	return blankByte(c) || strings.IndexByte("()<>[]{}/%", c) >= 0
}

func skipBlanks(b []byte, i int) int {
	for i < len(b) && blankByte(b[i]) {
		i++
	}
	return i
}

// skipDigits is behind at most so many digits.
func skipDigits(b []byte, i, most int) int {
	for end := min(len(b), i+most); i < end && digit(b[i]); {
		i++
	}
	return i
}

// number is the value of v, which is a number from 0 to 999,999,999.
func number(v []byte) (int, bool) {
	n, i, ok := numberAt(v, 0)
	return n, ok && i == len(v)
}

// numberAt reads a number that may stand behind blanks, and where it ends.
func numberAt(b []byte, i int) (n, end int, ok bool) {
	i = skipBlanks(b, i)
	end = skipDigits(b, i, 10)
	if end == i || end-i > 9 || end < len(b) && !blankByte(b[end]) {
		return 0, end, false
	}
	n, err := strconv.Atoi(string(b[i:end]))
	return n, end, err == nil
}

// reference is the number of the object that v refers to (12 0 R).
func reference(v []byte) (int, bool) {
	end := referenceEnd(v, 0)
	if end < 0 || end != len(v) {
		return 0, false
	}
	n, err := strconv.Atoi(string(v[:skipDigits(v, 0, 9)]))
	return n, err == nil
}

// referenceEnd is where a reference that begins at i ends, -1 when none begins there.
func referenceEnd(b []byte, i int) int {
	num := skipDigits(b, i, 9)
	gen := skipBlanks(b, num)
	end := skipDigits(b, gen, 5)
	r := skipBlanks(b, end)
	if num == i || gen == num || end == gen || r == end || r >= len(b) || b[r] != 'R' || r+1 < len(b) && wordByte(b[r+1]) {
		return -1
	}
	return r + 1
}

// numbersBefore reads the two numbers that stand before b[i], not reaching over from.
func numbersBefore(b []byte, from, i int) (num, at int, ok bool) {
	back := func(i, most int, is func(byte) bool) int {
		for end := max(from, i-most); i > end && is(b[i-1]); {
			i--
		}
		return i
	}
	k := back(i, len(b), blankByte)
	gen := back(k, 5, digit)
	num2 := back(gen, len(b), blankByte)
	at = back(num2, 9, digit)
	if k == i || gen == k || num2 == gen || at == num2 {
		return 0, 0, false
	}
	num, err := strconv.Atoi(string(b[at:num2]))
	return num, at, err == nil
}

// object is the next head of an object (12 0 obj) at or after i: its number, where it
// begins and ends.
func (s syntax) object(i int) (num, from, end int, ok bool) {
	for j := i; s.bud.err == nil; {
		k := bytes.Index(s.b[j:], []byte("obj"))
		if k < 0 {
			_ = s.bud.spend(len(s.b) - j)
			return 0, 0, 0, false
		}
		_ = s.bud.spend(2 * (k + len("obj"))) // there, and back over the numbers
		k += j
		if num, from, ok := numbersBefore(s.b, i, k); ok {
			return num, from, k + len("obj"), true
		}
		j = k + len("obj")
	}
	return 0, 0, 0, false
}

// references are the objects referred to in b[from:to].
func (s syntax) references(from, to int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := from; s.bud.err == nil; {
			k := bytes.IndexByte(s.b[i:to], 'R')
			if k < 0 {
				_ = s.bud.spend(to - i)
				return
			}
			_ = s.bud.spend(2 * (k + 1))
			at := i
			i += k + 1
			if num, _, ok := numbersBefore(s.b, at, i-1); ok && (i >= to || !wordByte(s.b[i])) && !yield(num) {
				return
			}
		}
	}
}

func (s syntax) refersIn(from, to int) bool {
	for range s.references(from, to) {
		return true
	}
	return false
}

// get is the value of a name in the dictionary that begins at dict, nil when there is none.
func (s syntax) get(dict int, key string) []byte {
	if !bytes.HasPrefix(s.b[min(dict, len(s.b)):], []byte("<<")) {
		return nil
	}
	for i := s.space(dict + 2); i < len(s.b) && s.b[i] == '/'; {
		name := s.value(i, 0)
		at := s.space(name)
		end := s.value(at, 0)
		if end < 0 {
			return nil
		}
		if digit(s.b[at]) {
			end = max(end, referenceEnd(s.b, at))
			_ = s.bud.spend(end - at)
		}
		if string(s.b[i+1:name]) == key {
			return s.b[at:end]
		}
		i = s.space(end)
	}
	return nil
}

// space is the next place at or after i that is neither blank nor comment.
func (s syntax) space(i int) int {
	i = min(max(i, 0), len(s.b))
	from := i
	for i < len(s.b) {
		if s.b[i] == '%' {
			for i < len(s.b) && s.b[i] != '\n' && s.b[i] != '\r' {
				i++
			}
		} else if !blankByte(s.b[i]) {
			break
		} else {
			i++
		}
	}
	if s.bud.spend(i-from) != nil {
		return len(s.b)
	}
	return i
}

// value is where the value that begins at i ends, -1 where it does not. Of a reference
// (12 0 R) it is the first number: three values stand there.
func (s syntax) value(i, depth int) int {
	if i < 0 || i >= len(s.b) || depth > maxNesting || s.bud.spend(valueWork) != nil {
		return -1
	}
	from := i
	switch c := s.b[i]; {
	case bytes.HasPrefix(s.b[i:], []byte("<<")):
		return s.list(i+2, ">>", depth)
	case c == '[':
		return s.list(i+1, "]", depth)
	case c == '(':
		return s.literal(i, len(s.b))
	case c == '<':
		n := bytes.IndexByte(s.b[i:], '>')
		if n < 0 {
			n = len(s.b) - i
			_ = s.bud.spend(n)
			return -1
		}
		_ = s.bud.spend(n)
		return i + n + 1
	case c == '/':
		i++
	case delimiter(c):
		return -1
	}
	for i < len(s.b) && !delimiter(s.b[i]) {
		i++
	}
	_ = s.bud.spend(i - from)
	return i
}

// list is where values that go on to a closing mark end.
func (s syntax) list(i int, closing string, depth int) int {
	for i = s.space(i); i < len(s.b); i = s.space(i) {
		if bytes.HasPrefix(s.b[i:], []byte(closing)) {
			return i + len(closing)
		}
		if i = s.value(i, depth+1); i < 0 {
			return -1
		}
	}
	return -1
}

// literal is where a text in brackets ends, -1 when it does not before to; brackets in it
// come in pairs or escaped.
func (s syntax) literal(i, to int) int {
	from := i
	for depth := 0; i < to; i++ {
		switch s.b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				_ = s.bud.spend(i - from)
				return i + 1
			}
		}
	}
	_ = s.bud.spend(to - from)
	return -1
}

// noTime takes the place of a date, digit by digit: one of blanks would be no date, and
// strict readers refuse the file for it.
const noTime = "19700101000000000000"

// blankText writes blanks over a text and reports whether that changed it.
func blankText(b []byte) (changed bool) {
	date, digits := bytes.HasPrefix(b, []byte("D:")), 0
	for i, was := range b {
		switch {
		case date && digit(b[i]) && digits < len(noTime):
			b[i] = noTime[digits]
			digits++
		case !date || strings.IndexByte("D:Z+-'", b[i]) < 0:
			b[i] = ' '
		}
		changed = changed || b[i] != was
	}
	return changed
}

// blank writes blanks over every text in b[from:to] and reports whether that changed one;
// the texts keep their length. Names and numbers stay.
func (s syntax) blank(from, to int) (changed bool) {
	if s.bud.spend(2*(to-from)) != nil {
		return false
	}
	for i := from; i < to; i++ {
		switch {
		case s.b[i] == '(':
			end := s.literal(i, to)
			if end < 0 {
				return changed
			}
			changed = blankText(s.b[i+1:end-1]) || changed
			i = end - 1
		case s.b[i] == '<' && i+1 < to && s.b[i+1] == '<':
			i++
		case s.b[i] == '<':
			for n := 0; i+1 < to && s.b[i+1] != '>'; i++ {
				if !blankByte(s.b[i+1]) {
					changed = changed || s.b[i+1] != "20"[n%2]
					s.b[i+1] = "20"[n%2]
					n++
				}
			}
		}
	}
	return changed
}
