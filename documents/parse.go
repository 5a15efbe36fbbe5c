package documents

import "strings"

// style is how one line of a notice is set.
type style int

const (
	body    style = iota // indented by two characters
	flush                // not indented: the salutation
	title                // centred, large
	heading              // bold-like, its own line
	right                // number under the title, signature and date
	row                  // "label | text": a ruled row of a form
)

type line struct {
	style style
	text  string
	label string // of a row
	space int    // above it, twentieths of a point
}

// parse reads a filled template. A line's first mark says how it is set: "= " title,
// "# " heading, "> " right, "| " row with its label before the next bar, "- " not
// indented; anything else is body text. Empty lines are left out; a value with line
// breaks becomes as many paragraphs.
func parse(s string) []line {
	var out []line
	for raw := range strings.Lines(s) {
		raw = strings.TrimRight(raw, " \r\n")
		if raw == "" {
			continue
		}
		l := parseLine(raw)
		l.text, l.label = strings.ReplaceAll(l.text, guard, ""), strings.ReplaceAll(l.label, guard, "")
		out = append(out, paragraphs(l)...)
	}
	return out
}

// lineBreak stands for a line break inside a value, so that nobody's words can begin
// a line of the template and be taken for its marks.
const lineBreak = "\u2028"

// guard stands before every value for the same reason; it is taken off again.
const guard = "\u2060"

func shield(v Values) Values {
	out := make(Values, len(v))
	for k, s := range v {
		if s = strings.TrimSpace(s); s != "" {
			out[k] = guard + strings.ReplaceAll(strings.ReplaceAll(s, "\r", ""), "\n", lineBreak)
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
		if text != "" {
			out = append(out, line{style: l.style, text: text})
		}
	}
	return out
}

func parseLine(raw string) line {
	mark, rest, ok := strings.Cut(raw, " ")
	if !ok {
		return line{style: body, text: raw}
	}
	switch mark {
	case "=":
		return line{style: title, text: rest}
	case "#":
		return line{style: heading, text: rest}
	case ">":
		return line{style: right, text: rest}
	case "-":
		return line{style: flush, text: rest}
	case "|":
		label, text, _ := strings.Cut(rest, "|")
		return line{style: row, label: strings.TrimSpace(label), text: strings.TrimSpace(text)}
	}
	return line{style: body, text: raw}
}
