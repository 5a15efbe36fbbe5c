package documents

import (
	"regexp"
	"strconv"
	"strings"
)

// style is how one line of a notice is set.
type style int

const (
	body    style = iota // indented by two characters
	flush                // not indented: to whom it goes
	title                // centred, large
	heading              // 黑体, its own line
	right                // document number; the last ones are signature and date
	row                  // a ruled row of a form: label, text, label, text …
	organ                // the letterhead of a letter between units
	attach               // what is attached
	contact              // whom to ask, under the date
	copies               // who else gets it, at the foot of the last page
	printed              // who printed it and when, under that
	gridRow              // a ruled row of a table of figures; no template has any
)

// ruled reports whether lines of a style have frames.
func (s style) ruled() bool { return s == row || s == gridRow }

// styles are the marks that begin a line of a template.
var styles = map[string]style{
	"=": title, "#": heading, ">": right, "-": flush, "|": row, "^": organ, "+": attach, "@": contact, "%": copies, "%%": printed,
}

// secondLevel is a heading that somebody wrote within a text: （一）原因。
var secondLevel = regexp.MustCompile(`^（[一二三四五六七八九十]{1,3}）[^。；！？]{1,30}。?$`)

// face is what body text is set in.
func (l line) face() role {
	if l.style == body && secondLevel.MatchString(l.text) {
		return levelFace
	}
	return bodyFace
}

type line struct {
	style style
	text  string
	cells []string // of a row
	room  int      // of a row: lines that it has at least
	head  bool     // of a gridRow: it names the columns
}

// parse reads a filled template. A line's first mark says how it is set, see styles;
// anything else is body text. Empty lines are left out; a value with line breaks becomes
// as many paragraphs.
func parse(s string) []line {
	var out []line
	for raw := range strings.Lines(s) {
		raw = strings.TrimRight(raw, " \r\n")
		if raw == "" {
			continue
		}
		out = append(out, paragraphs(parseLine(raw))...)
	}
	return out
}

// Stand-ins for what must not be read as a template's own while it is: a line break and
// a bar inside a value, so that nobody's words can begin a line or a cell; and guard,
// which stands before every value for the same reason and is taken off again.
const (
	lineBreak = "\u2028"
	bar       = "\u2029"
	guard     = "\u2060"
)

var (
	shielding   = strings.NewReplacer("\r", "", guard, "", bar, "", lineBreak, "\n", "\n", lineBreak, "|", bar)
	unshielding = strings.NewReplacer(guard, "", bar, "|")
)

func shield(v Values) Values {
	out := make(Values, len(v))
	for k, s := range v {
		if s = strings.TrimSpace(s); s != "" {
			out[k] = guard + shielding.Replace(strings.ReplaceAll(s, lineBreak, "\n"))
		}
	}
	return out
}

func paragraphs(l line) []line {
	if l.style == row {
		return []line{l}
	}
	var out []line
	for text := range strings.SplitSeq(l.text, lineBreak) {
		if text = printable(text); text != "" {
			out = append(out, line{style: l.style, text: text})
		}
	}
	return out
}

func parseLine(raw string) line {
	mark, rest, _ := strings.Cut(raw, " ")
	s, ok := styles[mark]
	if !ok {
		return line{style: body, text: unshielding.Replace(raw)}
	}
	if s != row {
		return line{style: s, text: unshielding.Replace(rest)}
	}
	l := line{style: row}
	for cell := range strings.SplitSeq(rest, "|") {
		cell = strings.TrimSpace(cell)
		if room, ok := strings.CutPrefix(cell, "_"); ok { // "_6": room to write six lines
			l.room, _ = strconv.Atoi(room)
			l.room, cell = min(max(l.room, 0), wholeRow), ""
		}
		l.cells = append(l.cells, unshielding.Replace(cell))
	}
	return l
}

// paper is a document parsed: what runs from page to page, and what has its place.
type paper struct {
	organ   string // letterhead, "" = none
	running []line
	sign    []line // signature and date: the last lines that are set right
	contact string
	copies  string
	printed []string // who printed it and when, "" and "" = not said
}

func arrange(lines []line) paper {
	var p paper
	for _, l := range lines {
		switch l.style {
		case organ:
			p.organ = l.text
		case contact:
			p.contact = l.text
		case copies:
			p.copies = l.text
		case printed:
			who, when, _ := strings.Cut(l.text, "|")
			p.printed = []string{strings.TrimSpace(who), strings.TrimSpace(when)}
		default:
			p.running = append(p.running, l)
		}
	}
	n := len(p.running)
	for n > 0 && p.running[n-1].style == right && n > len(p.running)-2 {
		n--
	}
	p.running, p.sign = p.running[:n], p.running[n:]
	return p
}
