package petition

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// AboutOther is Filing.About of a report that its petitioner says is about nobody of the unit
// that gets reports.
const AboutOther = "-"

// about is the unit a report is about as far as is known when it comes: what the petitioner
// said, else the unit that gets reports where the words are about it.
func (l *Law) about(f Filing) string {
	switch {
	case f.About == AboutOther:
		return ""
	case f.About != "":
		return f.About
	}
	if u, ok := l.Office.Find(l.Office.SealedUnit); ok && u.concernedBy(f.Facts+"\n"+f.Request+"\n"+f.AboutText) {
		return u.Code
	}
	return ""
}

// reportsTo is the unit that gets a report about a unit; Conflict "report.no_above" where the
// report is about the one that gets reports and none is named above it.
func (l *Law) reportsTo(about string) (string, error) {
	o := l.Office
	switch {
	case about == "" || about != o.SealedUnit:
		return o.SealedUnit, nil
	case o.SealedAbove != "":
		return o.SealedAbove, nil
	}
	u, _ := o.Find(o.SealedUnit)
	above, _ := o.Find(u.Above)
	return "", Fail(Conflict, "report.no_above", "unit", u.Name, "above", above.Name, "address", above.Address, "phone", above.Phone)
}

// UnitsNamed are the units that a text names, in the office's order, at most limit.
func (o *Office) UnitsNamed(text string, limit int) []Unit {
	var out []Unit
	for _, u := range o.Units {
		if len(out) < limit && len(u.namedIn(text)) > 0 {
			out = append(out, u)
		}
	}
	return out
}

// concernedBy reports whether words are about a unit rather than addressed to it: it is named
// somewhere where nothing is asked of it. "请纪委查" is about somebody else.
func (u Unit) concernedBy(text string) bool {
	return slices.ContainsFunc(u.namedIn(text), func(at span) bool { return !addressed(text[:at.from], text[at.to:]) })
}

// span is where a name stands in a text, in bytes.
type span struct{ from, to int }

// namedIn finds the unit's names. One that belongs to another level's or a school's body
// (市纪委, 镇纪委) is not the unit's.
func (u Unit) namedIn(text string) []span {
	var out []span
	for _, name := range append(u.AllNames(), u.Short...) {
		if name == "" {
			continue
		}
		in := text
		if name[0] < utf8.RuneSelf {
			in, name = asciiLower(text), asciiLower(name)
		}
		for at := 0; ; {
			i := strings.Index(in[at:], name)
			if i < 0 {
				break
			}
			s := span{at + i, at + i + len(name)}
			if before, _ := utf8.DecodeLastRuneInString(text[:s.from]); !strings.ContainsRune("市省央镇乡村校局", before) {
				out = append(out, s)
			}
			at = s.to
		}
	}
	return out
}

// asciiLower keeps the length in bytes, so that positions hold in the text as it was.
func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return unicode.ToLower(r)
		}
		return r
	}, s)
}

var (
	reportBefore = []string{"举报", "检举", "控告", "揭发", "投诉", "告"}
	askBefore    = []string{"请", "望", "求", "让", "向", "到", "找", "给", "交", "报", "由", "去", "送", "希望", "要求", "ask the ", "asked the ", "to the ", "want the "}
	askAfter     = []string{"查", "调查", "介入", "处理", "核实", "严", "管", "监督", "受理", "立案", "来", "派", "尽快", "依法", "能", "帮", "为", "主持", "举报", "反映", "to investigate", "should"}
)

// addressed reports whether what stands around a name asks something of it.
func addressed(before, after string) bool {
	before = strings.TrimRight(asciiLower(before), "县们级上 ")
	after = strings.TrimLeft(asciiLower(after), "监委会 ")
	for _, w := range reportBefore {
		if strings.HasSuffix(before, w) {
			return false
		}
	}
	return slices.ContainsFunc(askBefore, func(w string) bool { return strings.HasSuffix(before+" ", w) || strings.HasSuffix(before, w) }) ||
		slices.ContainsFunc(askAfter, func(w string) bool { return strings.HasPrefix(after, w) })
}

func (l *Law) aboutWords(f Filing) string {
	if f.About == "" || f.About == AboutOther {
		return f.AboutText
	}
	name := l.Office.UnitName(f.About)
	if f.AboutText == "" || strings.Contains(f.AboutText, name) {
		return or(f.AboutText, name)
	}
	return name + "：" + f.AboutText
}
