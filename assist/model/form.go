package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"

	"dengwen/assist/normalize"
	"dengwen/bot"
	"dengwen/petition"

	openai "github.com/sashabaranov/go-openai"
)

// form is the closed type a model's answer must fit, or it is dropped.
type form struct {
	Class   string   `json:"class"`
	Subject string   `json:"subject"`
	Place   string   `json:"place"`
	Title   string   `json:"title"`
	Summary []string `json:"summary"`
	Request string   `json:"request"`
	Derived bool     `json:"derived"`
	Tried   string   `json:"tried"`
	Used    string   `json:"used"`
	People  int      `json:"people"`
	Danger  bool     `json:"danger"`
}

const schema = `{"type":"object","additionalProperties":false,
"required":["class","subject","place","title","summary","request","derived","tried","used","people","danger"],
"properties":{"class":{"type":"string","enum":["claim","suggestion","report",""]},
"subject":{"type":"string"},"place":{"type":"string"},"title":{"type":"string"},
"summary":{"type":"array","items":{"type":"string"}},"request":{"type":"string"},
"derived":{"type":"boolean"},"tried":{"type":"string"},
"used":{"type":"string","enum":["yes","no","unsure",""]},
"people":{"type":"integer"},"danger":{"type":"boolean"}}}`

func format() *openai.ChatCompletionResponseFormat {
	return &openai.ChatCompletionResponseFormat{
		Type: openai.ChatCompletionResponseFormatTypeJSONSchema,
		JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{
			Name: "reading", Schema: json.RawMessage(schema), Strict: true,
		},
	}
}

// parse takes one JSON object and nothing else. Servers that know no schema often
// wrap it in a code fence; that alone is forgiven.
func (f *form) parse(s string) error { return parse(s, f) }

func parse(s string, into any) error {
	s = strings.TrimSpace(s)
	s = strings.TrimPrefix(strings.TrimPrefix(s, "```json"), "```")
	s = strings.TrimSuffix(s, "```")
	d := json.NewDecoder(strings.NewReader(s))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("the model's answer does not fit the form: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("the model's answer goes on behind the form")
	}
	return nil
}

func (f *form) reveal(m mask) {
	f.Title = m.reveal(f.Title)
	f.Request = m.reveal(f.Request)
	f.Tried = m.reveal(f.Tried)
	for i := range f.Summary {
		f.Summary[i] = m.reveal(f.Summary[i])
	}
}

// Confidences. The model's word alone stays below the one at which a question is skipped.
const (
	alone = 0.55
	both  = 0.97
	firm  = 0.9 // the offline reader this sure is not contradicted
)

// merge takes from the model what cannot bend a petition: that it may be a report, what may
// be offered for a press, words that stand in the story. How many petition and what
// procedures they used is theirs to say.
func (r *Reader) merge(base bot.Reading, f form, text string) bot.Reading {
	out := base
	out.Model = r.cfg.Name
	switch f.Class {
	case base.Class.Value:
		out.Class.Conf = max(base.Class.Conf, both)
	case string(petition.Report): // to the sealed path, by a question, and never away from it
		out.Class = bot.Guess{Value: f.Class, Conf: alone}
	}
	r.mergeSubject(&out, f.Subject)
	if r.places[f.Place] {
		out.Place = agree(base.Place, f.Place)
	}
	if t := clean(f.Title, 30); stands(t, text) {
		out.Title = t
	}
	if q := clean(f.Request, 200); stands(q, text) && base.Derived {
		out.Request, out.Derived = bot.Guess{Value: q, Conf: alone}, false
	}
	if t := clean(f.Tried, 100); t != "" && base.Tried == "" && grounded(t, text, 0.4) {
		out.Tried = t
	}
	if lines := cleanLines(f.Summary, text); len(lines) == 3 {
		out.Summary = lines
	}
	out.Danger = base.Danger || f.Danger
	return out
}

// mergeSubject offers the model's subject beside that of the offline reader.
func (r *Reader) mergeSubject(out *bot.Reading, said string) {
	base := out.Subject
	switch {
	case !r.subjects[said]:
	case said == base.Value:
		out.Subject.Conf = max(base.Conf, both)
	case base.Value == "":
		out.Likely = []string{said}
	case base.Conf < firm:
		out.Likely = []string{base.Value, said}
	}
}

// agree keeps what the offline reader found, surer where the model says the same; what the
// model finds alone is offered.
func agree(base bot.Guess, said string) bot.Guess {
	switch {
	case said == base.Value:
		base.Conf = max(base.Conf, both)
	case base.Value == "":
		base = bot.Guess{Value: said, Conf: alone}
	}
	return base
}

// stands reports words that are in the story as they are, but for width and blanks.
func stands(words, text string) bool {
	plain := func(s string) string { return strings.Join(strings.Fields(normalize.Text(s)), "") }
	words = plain(words)
	return words != "" && strings.Contains(plain(text), words)
}

var links = regexp.MustCompile(`(?i)https?://|www\.|t\.me/|@\w{4,}`)

// clean makes one plain line of at most n characters; a text with a link is dropped
// whole, since no citizen's request needs one and an injected one would.
func clean(s string, n int) string {
	if links.MatchString(s) {
		return ""
	}
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }), " ")
	s = strings.TrimSpace(s)
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n])
	}
	return s
}

func cleanLines(lines []string, text string) []string {
	var out []string
	for _, l := range lines {
		if l = clean(l, 80); l != "" && grounded(l, text, 0.2) {
			out = append(out, l)
		}
	}
	return out
}

var digits = regexp.MustCompile(`\d+`)

// grounded reports whether s comes from the text: every number in it stands there,
// and at least the share of its characters does.
func grounded(s, text string, share float64) bool {
	for _, d := range digits.FindAllString(s, -1) {
		if !strings.Contains(text, d) {
			return false
		}
	}
	have := map[rune]bool{}
	for _, r := range strings.ToLower(text) {
		have[r] = true
	}
	n, hit := 0, 0
	for _, r := range strings.ToLower(s) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		n++
		if have[r] {
			hit++
		}
	}
	return n > 0 && float64(hit) >= share*float64(n)
}
