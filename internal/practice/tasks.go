// Package practice is an office to learn in: ten invented cases, and a coach who says after each move what the
// Regulation asked and what was missed. It judges what a learner does with the ten, and nobody else.
package practice

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"dengwen/petition"

	"go.yaml.in/yaml/v3"
)

//go:embed tasks.yaml
var tasksFile []byte

// Lives is what the ten cases are, as internal/demo reads it.
func Lives() []byte { return slices.Clone(tasksFile) }

// ask is what the Regulation asks for at one point of a case.
type ask struct {
	Move moves             `yaml:"move"`
	Unit string            `yaml:"unit"` // where a move that sends must send it, "" = anywhere
	Args map[string]string `yaml:"args"`
	key  string            // of its sentences
}

// moves are those that are right, any of them.
type moves []petition.MoveName

// UnmarshalYAML reads names between blanks.
func (m *moves) UnmarshalYAML(n *yaml.Node) error {
	for _, name := range strings.Fields(n.Value) {
		if _, err := petition.SpecsOf(petition.MoveName(name)); err != nil {
			return fmt.Errorf("line %d: %w", n.Line, err)
		}
		*m = append(*m, petition.MoveName(name))
	}
	return nil
}

// task is one of the ten and how far the learner has come with it.
type task struct {
	ID     string
	Number string
	Asks   []ask
	done   int         // of Asks
	seq    int         // the last entry that was judged
	drafts map[int]int // by draft: the version that was judged
	slips  []string    // what was said to be amiss, each once
	ended  bool        // nothing of it is left to do
}

func readTasks() ([]*task, error) {
	var f struct {
		Lives []struct {
			ID   string `yaml:"id"`
			Asks []ask  `yaml:"asks"`
		} `yaml:"lives"`
	}
	if err := yaml.Unmarshal(tasksFile, &f); err != nil {
		return nil, fmt.Errorf("read the practice cases: %w", err)
	}
	var all []*task
	for _, l := range f.Lives {
		t := &task{ID: l.ID, Asks: l.Asks, drafts: map[int]int{}}
		for i := range t.Asks {
			t.Asks[i].key = fmt.Sprintf("practice.%s.%d", l.ID, i+1)
		}
		all = append(all, t)
	}
	return all, nil
}

// Mark says how a case went.
type Mark string

// The marks of a certificate.
const (
	Right  Mark = "right"  // each step as the Regulation asks, at once
	Detour Mark = "detour" // in the end, after something else
	Missed Mark = "missed" // something that was asked can't be done any more
	Open   Mark = "open"   // not at its end
)

// Result is how one case went.
type Result struct {
	ID, Number string
	Mark       Mark
	Slips      []string // sentences: what the Regulation asked instead
}

func (t *task) result() Result {
	m := Open
	switch {
	case t.done < len(t.Asks) && t.ended:
		m = Missed
	case t.done == len(t.Asks) && len(t.slips) > 0:
		m = Detour
	case t.done == len(t.Asks):
		m = Right
	}
	return Result{t.ID, t.Number, m, slices.Clone(t.slips)}
}
