package petition

import (
	"slices"
	"strings"
)

// DocumentNumber asks for the next number of an office's outgoing register, 发文字号: that
// of a document that goes out with a change. It is given where the change is written, so
// that a register has no gap and no number twice.
type DocumentNumber struct {
	Organ string // 机关代字 of who issues it: with the year it names the register
	Year  int
	Seq   int    // entry of the timeline
	key   string // in its Args
}

// NumberFor is the number that the own document of an entry is to get.
func NumberFor(seq int, organ string, year int) DocumentNumber {
	return DocumentNumber{Organ: organ, Year: year, Seq: seq, key: "symbol"}
}

// Give writes the number a document got into the entry it belongs to. Serials are 1, 2, 3 …
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
			due = append(due, DocumentNumber{Organ: strings.TrimSpace(u.Organ), Year: year.Year(), Seq: e.Seq, key: numberKey(kind)})
		}
	}
	return due
}
