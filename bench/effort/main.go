// Command effort talks to the citizen's side, with the offline reader, as labelled messages say
// and prints what came of each kind: docs/understanding.md has the fields of a file.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"

	"dengwen/petition"
)

// row is one labelled message. Which fields it has says what is measured.
type row struct {
	Before string `json:"before"` // told before Text, up to the card
	Text   string `json:"text"`
	Kind   string `json:"kind"`  // with Before: what Text does to the card; else what kind of first message it is
	Field  string `json:"field"` // that a correction is about
	Value  string `json:"value"` // what stands there afterwards

	Label   string   `json:"label"`   // danger: now…, or past, told, figure, none
	About   string   `json:"about"`   // of a question: what a right answer says
	Request *string  `json:"request"` // what is asked for, "" = nothing
	Good    []string `json:"good"`    // phrases of which a faithful title holds one
	Place   *string  `json:"place"`
	Name    *string  `json:"name"`
	Phone   *string  `json:"phone"`
	Address *string  `json:"address"`
}

func main() {
	show := flag.Bool("v", false, "print what went wrong")
	flag.Parse()
	if flag.NArg() == 0 {
		log.Fatal("effort FILE …: files of labelled messages, one JSON object a line")
	}
	t, err := newTalker()
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range flag.Args() {
		rows, err := readRows(name)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(name)
		measure(t, rows, *show).print()
	}
}

func readRows(name string) (rows []row, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open labelled messages: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r row
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		rows = append(rows, r)
	}
	return rows, lines.Err()
}

// table counts, by figure, in the order in which figures first came.
type table struct {
	order    []string
	right    map[string]int
	of       map[string]int
	examples []string
}

func (t *table) count(figure string, right bool, seen string) {
	if t.of[figure] == 0 {
		t.order = append(t.order, figure)
	}
	t.of[figure]++
	if right {
		t.right[figure]++
		return
	}
	t.examples = append(t.examples, figure+": "+seen)
}

func (t *table) print() {
	for _, f := range t.order {
		fmt.Printf("  %-34s %d of %d\n", f, t.right[f], t.of[f])
	}
	for _, e := range t.examples {
		fmt.Println("    " + e)
	}
}

func measure(t *talker, rows []row, show bool) *table {
	all := &table{right: map[string]int{}, of: map[string]int{}}
	for _, r := range rows {
		switch {
		case r.Before != "":
			figure, right, seen := t.readBack(r)
			all.count(figure, right, r.Text+" → "+seen)
		case r.Label != "":
			alarm := t.tell(r.Text).State == "danger"
			all.count("danger, "+r.Label, alarm == strings.HasPrefix(r.Label, "now"), r.Text)
		case r.About != "":
			answered, said := t.asked(r.Text)
			all.count("question answered at once", answered, r.Text)
			all.examples = append(all.examples, r.Text+" → "+said)
		default:
			all.fields(t, r)
		}
	}
	if !show {
		all.examples = nil
	}
	return all
}

// fields compares what stands on the card after a first message.
func (t *table) fields(k *talker, r row) {
	s := k.tell(r.Text)
	if r.Kind != "" && s.State == "danger" {
		t.count("danger, none", false, r.Text)
	}
	if r.Kind == "complaint" {
		report := s.State == "class" || s.Draft != nil && s.Draft.Filing.Class == petition.Report
		t.count("complaint not asked about as a report", !report, r.Text)
	}
	if r.Kind != "" {
		t.count(r.Kind+" at the card with one message", s.State == "card", r.Text+" → "+string(s.State))
	}
	if s.Draft == nil {
		s.Draft = emptyDraft()
	}
	f := s.Draft.Filing
	place := cmp.Or(f.Place.Text, k.townName(f.Place.Code))
	for _, c := range []struct {
		name string
		want *string
		got  string
	}{
		{"request", r.Request, f.Request}, {"place", r.Place, place},
		{"name", r.Name, f.Contact.Name}, {"phone", r.Phone, f.Contact.Phone}, {"address", r.Address, f.Contact.Address},
	} {
		if c.want == nil || c.name == "request" && f.Class == "report" {
			continue
		}
		if c.name == "place" {
			t.count("place to the character", bare(*c.want) == bare(c.got), fmt.Sprintf("%s → %q, want %q", r.Text, c.got, *c.want))
			continue
		}
		right := *c.want == c.got || *c.want != "" && strings.Contains(c.got, *c.want) || c.name == "request" && k.neutral(s)
		t.count(c.name, right, fmt.Sprintf("%s → %q, want %q", r.Text, c.got, *c.want))
	}
	if len(r.Good) > 0 {
		t.count("title", holdsOne(f.Title, r.Good), fmt.Sprintf("%s → %q", r.Text, f.Title))
	}
}

// bare is a text without blanks.
func bare(text string) string { return strings.Join(strings.Fields(text), "") }

func holdsOne(title string, good []string) bool {
	for _, g := range good {
		if title != "" && (strings.Contains(title, g) || strings.Contains(g, title)) {
			return true
		}
	}
	return false
}
