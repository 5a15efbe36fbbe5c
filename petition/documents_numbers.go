package petition

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// DocumentNumber asks for the next number of an office's outgoing register, 发文字号: that
// of a document that goes out with a change. It is given where the change is written, so
// that a register has no gap and no number twice.
type DocumentNumber struct {
	Organ string // 机关代字 of who issues it: with the year it names the register
	Year  int
	First int    // the lowest serial that may be given: numbers before it were given on paper
	Seq   int    // entry of the timeline
	key   string // in its Args
}

// NumberFor is the number that the own document of an entry is to get.
func NumberFor(seq int, organ string, year int) DocumentNumber {
	return DocumentNumber{Organ: organ, Year: year, First: 1, Seq: seq, key: "symbol"}
}

// Give writes the number a document got into the entry it belongs to. Serials are First, First + 1 …
// within a register.
func (n DocumentNumber) Give(c *Case, serial int) {
	c.Timeline[n.Seq-1].Args[n.key] = phrase("number.issued", "organ", n.Organ, "year", itoa(n.Year), "serial", itoa(serial))
}

// numberKey is where an entry keeps the number of a document of a kind. Only the notice of
// a transfer goes out beside another document.
func numberKey(kind string) string {
	if kind == "forwarded" {
		return "symbol_forwarded"
	}
	return "symbol"
}

// numbersDue are the numbers that the documents of new entries are to get: those after the
// first known ones. A unit without 机关代字 has no register here.
func (l *Law) numbersDue(c *Case, known int) []DocumentNumber {
	var due []DocumentNumber
	for i := known; i < len(c.Timeline); i++ {
		e := c.Timeline[i]
		f := &filling{law: l, c: c, i: i, e: e}
		u, _ := l.Office.Find(f.issuer())
		if strings.TrimSpace(u.Organ) == "" {
			continue
		}
		year, _ := parseDay(Day(e.At))
		for _, kind := range slices.DeleteFunc(DocumentsOf(e, false), func(k string) bool { return !documents[k].issued }) {
			organ := strings.TrimSpace(u.Organ)
			due = append(due, DocumentNumber{Organ: organ, Year: year.Year(), First: l.Office.firstSerial(organ, year.Year()), Seq: e.Seq, key: numberKey(kind)})
		}
	}
	return due
}

var firstNumber = regexp.MustCompile(`^〔(20\d\d)〕([1-9]\d{0,4})号?$`)

// ParseFirstNumber reads Unit.FirstNumber; false for what is none.
func ParseFirstNumber(s string) (year, serial int, ok bool) {
	m := firstNumber.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, 0, false
	}
	year, _ = strconv.Atoi(m[1])
	serial, _ = strconv.Atoi(m[2])
	return year, serial, true
}

// firstSerial is the lowest serial that the register of an organ may give in a year. Units of one
// organ share its register.
func (o *Office) firstSerial(organ string, year int) int {
	first := 1
	for _, u := range o.Units {
		if strings.TrimSpace(u.Organ) != organ {
			continue
		}
		if y, n, ok := ParseFirstNumber(u.FirstNumber); ok && y == year {
			first = max(first, n)
		}
	}
	return first
}
