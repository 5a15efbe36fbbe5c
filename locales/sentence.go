package locales

import (
	"fmt"
	"regexp"
	"strings"
)

// sentence is a sentence taken apart at its placeholders, so that the everyday ones
// need no template.
type sentence []piece

// piece is text, and the name of the placeholder after it ("" at the end).
type piece struct{ text, name string }

var named = regexp.MustCompile(`\{\{\.([A-Za-z_]+)\}\}`)

// parse answers nil for a sentence that is more than names between words.
func parse(text string) sentence {
	var s sentence
	from := 0
	for _, at := range named.FindAllStringSubmatchIndex(text, -1) {
		s = append(s, piece{text[from:at[0]], text[at[2]:at[3]]})
		from = at[1]
	}
	s = append(s, piece{text: text[from:]})
	for _, p := range s {
		if strings.Contains(p.text, "{{") {
			return nil
		}
	}
	return s
}

// fill answers with the sentence as a template would.
func (s sentence) fill(args []any) string {
	var b strings.Builder
	for _, p := range s {
		b.WriteString(p.text)
		if p.name != "" {
			b.WriteString(lookUp(args, p.name))
		}
	}
	return b.String()
}

const noValue = "<no value>" // what text/template writes

func lookUp(args []any, name string) string {
	if len(args) > 1 {
		for i := len(args) / 2 * 2; i > 0; i -= 2 {
			if args[i-2] == name {
				return fmt.Sprint(args[i-1])
			}
		}
		return noValue
	}
	if len(args) == 0 {
		return noValue
	}
	switch m := args[0].(type) {
	case map[string]string:
		if v, ok := m[name]; ok {
			return v
		}
	case map[string]any:
		if v, ok := m[name]; ok {
			return fmt.Sprint(v)
		}
	}
	return noValue
}
