// Package demo makes invented petitions, officers and lives of cases: for showing
// the program, for filling a store and for the reference year. The same seed makes
// the same cases for ever. Nothing in them is anybody's.
package demo

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"

	"dengwen/petition"

	"go.yaml.in/yaml/v3"
)

//go:embed stories.yaml
var storiesFile []byte

// Writer invents filings for one office. It is safe for concurrent use.
type Writer struct {
	office  *petition.Office
	parts   parts
	seed    uint64
	class   map[petition.Class][]topic
	subject []petition.Category // second level, for topics nobody wrote parts for
}

// parts is stories.yaml.
type parts struct {
	People   []string `yaml:"people"`
	Surnames []string `yaml:"surnames"`
	Given    []string `yaml:"given"`
	Tried    []string `yaml:"tried"`
	Worse    []string `yaml:"worse"`
	History  []string `yaml:"history"`
	Asks     []string `yaml:"asks"`
	Other    []string `yaml:"other"`
	Topics   []topic  `yaml:"topics"`
}

type topic struct {
	Subject string         `yaml:"subject"`
	Class   petition.Class `yaml:"class"` // "" = a claim
	Titles  []string       `yaml:"titles"`
	What    []string       `yaml:"what"`
	Ask     []string       `yaml:"ask"`
}

// NewWriter prepares the parts for an office. Topics whose subject the office does
// not have are left out.
func NewWriter(o *petition.Office, seed uint64) (*Writer, error) {
	w := &Writer{office: o, seed: seed, class: map[petition.Class][]topic{}}
	if err := yaml.Unmarshal(storiesFile, &w.parts); err != nil {
		return nil, fmt.Errorf("read the parts of stories: %w", err)
	}
	written := map[string]bool{}
	for _, t := range w.parts.Topics {
		if t.Class == "" {
			t.Class = petition.Claim
		}
		if _, ok := o.Category(t.Subject); ok {
			w.class[t.Class] = append(w.class[t.Class], t)
			written[t.Subject] = true
		}
	}
	for _, c := range o.Categories {
		if c.Parent != "" && len(c.Words) > 0 && !written[c.Code] {
			w.subject = append(w.subject, c)
		}
	}
	return w, nil
}

// Filing invents the i-th filing: one in ten a suggestion, one in twenty a report.
func (w *Writer) Filing(i int) petition.Filing {
	r := w.dice(i)
	switch n := r.IntN(20); {
	case n == 0:
		return w.write(r, petition.Report, i)
	case n < 3:
		return w.write(r, petition.Suggestion, i)
	}
	return w.write(r, petition.Claim, i)
}

// FilingOf is Filing of one class.
func (w *Writer) FilingOf(class petition.Class, i int) petition.Filing {
	return w.write(w.dice(i), class, i)
}

func (w *Writer) dice(i int) *rand.Rand { return rand.New(rand.NewPCG(w.seed, uint64(i))) }

func (w *Writer) write(r *rand.Rand, class petition.Class, i int) petition.Filing {
	f := petition.Filing{Key: fmt.Sprintf("demo:%d:%d", w.seed, i), Channel: "web", Lang: "zh-CN", Class: class}
	fill := w.where(r, &f)
	t := w.topic(r, class)
	f.Subject = t.Subject
	f.Title, f.Request = fill(pick(r, t.Titles)), fill(pick(r, t.Ask))
	f.Facts = w.mistype(r, fill(w.story(r, t)))
	f.Used = pick(r, []petition.Used{petition.UsedNo, petition.UsedNo, petition.UsedUnsure, ""})
	if class != petition.Report && r.IntN(3) > 0 {
		f.Contact = w.contact(r, f.Place)
	}
	if class == petition.Claim && r.IntN(8) == 0 {
		f.People = 2 + r.IntN(30)
	}
	return f
}

// where chooses a place and answers what fills the names in braces.
func (w *Writer) where(r *rand.Rand, f *petition.Filing) func(string) string {
	text := "县城"
	if len(w.office.Places) > 0 {
		p := pick(r, w.office.Places)
		text = p.Name
		f.Place = petition.Place{Code: p.Code, Text: p.Name}
		if len(p.Villages) > 0 && r.IntN(4) > 0 {
			village := pick(r, p.Villages) + "村"
			f.Place.Text, text = p.Name+village, village
		}
	}
	return strings.NewReplacer(
		"{place}", text, "{who}", pick(r, w.parts.People), "{n}", fmt.Sprint(2+r.IntN(12)),
		"{m}", fmt.Sprint(1+r.IntN(12)), "{money}", fmt.Sprint(100*(3+r.IntN(400))),
	).Replace
}

// topic is one that parts were written for, or one in three a subject of the office
// that has only its words.
func (w *Writer) topic(r *rand.Rand, class petition.Class) topic {
	own := w.class[class]
	if len(own) > 0 && (class != petition.Claim || len(w.subject) == 0 || r.IntN(3) > 0) {
		return pick(r, own)
	}
	if len(w.subject) == 0 {
		return topic{Titles: []string{"反映一件事"}, What: w.parts.Worse, Ask: w.parts.Asks}
	}
	c := pick(r, w.subject)
	word := pick(r, c.Words)
	t := topic{Subject: c.Code, Titles: []string{"反映" + word + "的问题", word + "的事没有下文"}, Ask: w.parts.Asks}
	for _, o := range w.parts.Other {
		t.What = append(t.What, strings.ReplaceAll(o, "{word}", word))
	}
	return t
}

// story is of one sentence to a dozen.
func (w *Writer) story(r *rand.Rand, t topic) string {
	say := []string{pick(r, t.What)}
	switch r.IntN(5) {
	case 0:
	case 1, 2, 3:
		say = append(say, pick(r, w.parts.Tried), pick(r, w.parts.Worse))
	default:
		say = append(say, w.parts.History...)
		say = append(say, pick(r, w.parts.Tried), pick(r, t.What), pick(r, w.parts.Worse), pick(r, w.parts.Asks))
	}
	return strings.Join(say, "")
}

func (w *Writer) contact(r *rand.Rand, p petition.Place) petition.Contact {
	c := petition.Contact{Name: pick(r, w.parts.Surnames) + pick(r, w.parts.Given)}
	if r.IntN(2) == 0 {
		c.Phone = fmt.Sprintf("0914-000%04d", r.IntN(10000)) // no such exchange
	}
	if r.IntN(2) == 0 {
		c.Address = p.Text
	}
	return c
}

// mistypings are what people type in a hurry.
var mistypings = [][2]string{{"的", "得"}, {"在", "再"}, {"已", "己"}, {"账", "帐"}, {"那", "哪"}, {"，", ""}, {"。", ""}, {"说", "说说"}}

// mistype puts a typing mistake into one story of ten.
func (w *Writer) mistype(r *rand.Rand, s string) string {
	if r.IntN(10) > 0 {
		return s
	}
	x := pick(r, mistypings)
	return strings.Replace(s, x[0], x[1], 1)
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
