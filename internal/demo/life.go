package demo

import (
	"cmp"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/petition"

	"go.yaml.in/yaml/v3"
)

//go:embed lives.yaml
var livesFile []byte

// script is lives.yaml.
type script struct {
	Lives []life `yaml:"lives"`
	Words says   `yaml:"words"` // of every life
	specs map[specKey]petition.MoveSpec
}

type specKey struct {
	name    petition.MoveName
	class   petition.Class
	citizen bool
}

// spec is the row of the table by which somebody makes a move.
func (k specKey) spec() (petition.MoveSpec, error) {
	if k.citizen {
		return petition.SpecOf(k.name, k.class)
	}
	return petition.StaffSpecOf(k.name, k.class)
}

// spec is specKey.spec, which puts the table together anew each time.
func (s script) spec(k specKey) (petition.MoveSpec, error) {
	if spec, ok := s.specs[k]; ok {
		return spec, nil
	}
	return k.spec()
}

// life is what happens to one case.
type life struct {
	Before  int            `yaml:"before"` // days ago it was filed
	Class   petition.Class `yaml:"class"`  // "" = a claim
	Channel string         `yaml:"channel"`
	By      string         `yaml:"by"` // who writes it down: clerk, town; "" = the citizen
	Steps   []step         `yaml:"steps"`
	Story   story          `yaml:"story"`
	Words   says           `yaml:"words"`
}

// says is what moves say: move, or day and move ("30 reply"), or move and outcome → field → words.
type says map[string]map[string]string

// of is what a step says for a field.
func (w says) of(s step, field string) string {
	day := strconv.FormatFloat(s.Day, 'f', -1, 64)
	return cmp.Or(w[day+" "+string(s.Name)][field], w[string(s.Name)+" "+s.Says["outcome"]][field], w[string(s.Name)][field])
}

// story is what one life is about.
type story struct {
	At      string `yaml:"at"` // town and village
	Subject string `yaml:"subject"`
	Unit    string `yaml:"unit"` // where the office's data sends it
	Name    string `yaml:"name"` // "" = they do not say
	Title   string `yaml:"title"`
	Facts   string `yaml:"facts"`
	Request string `yaml:"request"`
}

// filing is the story as it is lodged at a moment.
func (s story) filing(o *petition.Office, class petition.Class, at time.Time) (petition.Filing, error) {
	i := slices.IndexFunc(o.Places, func(l petition.Locality) bool { return strings.HasPrefix(s.At, l.Name) })
	if i < 0 {
		return petition.Filing{}, fmt.Errorf("the office has no place %q", s.At)
	}
	f := petition.Filing{Channel: "web", Lang: "zh-CN", Class: class, Subject: s.Subject, Used: petition.UsedNo, People: 1,
		Place: petition.Place{Code: o.Places[i].Code, Text: s.At}, Title: s.Title, Facts: dated(s.Facts, at), Request: s.Request}
	if s.Name != "" {
		f.Contact = petition.Contact{Name: s.Name, Address: s.At}
	}
	return f, nil
}

var dayOff = regexp.MustCompile(`\{([yY]?)(-?\d+)\}`)

// dated writes days in braces, which count from a moment: {-3} as 8月4日, {y-3} as
// 2026年8月4日, {Y-3} as 2026.
func dated(text string, at time.Time) string {
	return dayOff.ReplaceAllStringFunc(text, func(m string) string {
		part := dayOff.FindStringSubmatch(m)
		n, _ := strconv.Atoi(part[2]) // digits
		form := map[string]string{"": "1月2日", "y": "2006年1月2日", "Y": "2006"}[part[1]]
		return at.In(zone).AddDate(0, 0, n).Format(form)
	})
}

// zone is the office's.
var zone = time.FixedZone("UTC+8", 8*60*60)

// step is one move: "12 officer reply outcome=support".
type step struct {
	Day  float64 // after the filing
	Who  string
	Name petition.MoveName
	Says map[string]string
}

// UnmarshalYAML reads the line a step is written as.
func (s *step) UnmarshalYAML(n *yaml.Node) (err error) {
	*s, err = parseStep(n.Value)
	return err
}

func parseStep(line string) (step, error) {
	f := strings.Fields(line)
	if len(f) < 3 {
		return step{}, fmt.Errorf("step %q is not “day who move”", line)
	}
	day, err := strconv.ParseFloat(f[0], 64)
	if err != nil {
		return step{}, fmt.Errorf("step %q: %w", line, err)
	}
	s := step{Day: day, Who: f[1], Name: petition.MoveName(f[2]), Says: map[string]string{}}
	for _, pair := range f[3:] {
		key, value, _ := strings.Cut(pair, "=")
		s.Says[key] = value
	}
	_, err = petition.SpecsOf(s.Name)
	return s, err
}

func readScript(lives []byte) (script, error) {
	var s script
	if err := yaml.Unmarshal(lives, &s); err != nil {
		return s, fmt.Errorf("read the lives: %w", err)
	}
	for i := range s.Lives {
		if s.Lives[i].Class == "" {
			s.Lives[i].Class = petition.Claim
		}
	}
	s.specs = map[specKey]petition.MoveSpec{}
	for _, l := range s.Lives {
		for _, st := range l.Steps {
			k := specKey{st.Name, l.Class, st.Who == citizen}
			if spec, err := k.spec(); err == nil { // one that is unlawful fails where it is made
				s.specs[k] = spec
			}
		}
	}
	return s, nil
}
