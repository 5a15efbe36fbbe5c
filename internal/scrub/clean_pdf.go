package scrub

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
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
