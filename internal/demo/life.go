package demo

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"dengwen/petition"

	"go.yaml.in/yaml/v3"
)

//go:embed lives.yaml
var livesFile []byte

// script is lives.yaml.
type script struct {
	Lives []life                       `yaml:"lives"`
	Words map[string]map[string]string `yaml:"words"` // move → field → what it says
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
}

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

func readScript() (script, error) {
	var s script
	if err := yaml.Unmarshal(livesFile, &s); err != nil {
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
