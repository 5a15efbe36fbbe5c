package citizen

import (
	"bufio"
	"flag"
	"os"
	"strings"
	"testing"

	"dengwen/bot/acts"
)

var trainActs = flag.Bool("train-acts", false, "train bot/acts/model.bin on all examples")

var actNames = map[string]acts.Act{
	"correction": acts.Correction, "stop": acts.Stop, "yes": acts.Yes, "question": acts.Question, "other": acts.Other, "addition": acts.Addition,
}

var actFields = map[string]acts.Field{
	"story": acts.Story, "place": acts.Place, "name": acts.Name, "phone": acts.Phone, "address": acts.Address, "request": acts.Request, "people": acts.People,
}

// readActs reads "@ key story", headings "= act field" and lines "key: text".
func readActs(t *testing.T) []acts.Example {
	f, err := os.Open("../acts/testdata/examples.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []acts.Example
	var now acts.Example
	stories := map[string]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if head, ok := strings.CutPrefix(line, "@ "); ok {
			key, story, _ := strings.Cut(head, " ")
			stories[key] = story
			continue
		}
		if head, ok := strings.CutPrefix(line, "= "); ok {
			act, field, _ := strings.Cut(head, " ")
			now = acts.Example{Act: actNames[act], Field: actFields[field]}
			continue
		}
		key, text, ok := strings.Cut(line, ": ")
		if !ok || stories[key] == "" {
			t.Fatalf("cannot read %q", line)
		}
		now.Message = actMessage(text, stories[key])
		all = append(all, now)
	}
	return all
}

// The model in the program is the one of the examples; -train-acts writes it.
func TestActs(t *testing.T) {
	all := readActs(t)
	if len(all) < 600 {
		t.Errorf("%d examples", len(all))
	}
	if *trainActs {
		if err := os.WriteFile("../acts/model.bin", acts.Train(all), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Skip("written; run again")
	}
	right := 0
	for _, e := range all {
		if act, _ := acts.Read(e.Message); act == e.Act {
			right++
		}
	}
	if float64(right) < 0.97*float64(len(all)) {
		t.Errorf("the model is not of these examples: %d of %d right", right, len(all))
	}
}

// Trained on every second example, the other half, unseen, is held to floors.
func TestUnseenActs(t *testing.T) {
	t.Parallel()
	var seen, unseen []acts.Example
	for i, e := range readActs(t) {
		if i%2 == 0 {
			seen = append(seen, e)
		} else {
			unseen = append(unseen, e)
		}
	}
	model := acts.Train(seen)
	right, corrections, inField := 0, 0, 0
	of, fine := map[acts.Act]int{}, map[acts.Act]int{}
	for _, e := range unseen {
		act, p, field := acts.ReadWith(model, e.Message)
		if p < acts.Sure {
			act = acts.Addition
		}
		of[e.Act]++
		if e.Act == acts.Correction {
			corrections++
			if field == e.Field {
				inField++
			}
		}
		if act != e.Act {
			t.Logf("%v (%.2f) for %v: %s", act, p, e.Act, e.Text)
			continue
		}
		right++
		fine[e.Act]++
	}
	for name, a := range actNames {
		t.Logf("%-10s %d of %d", name, fine[a], of[a])
	}
	t.Logf("acts %d of %d, fields %d of %d", right, len(unseen), inField, corrections)
	if float64(right) < 0.72*float64(len(unseen)) || float64(inField) < 0.68*float64(corrections) {
		t.Errorf("%d of %d unseen acts right, %d of %d fields", right, len(unseen), inField, corrections)
	}
}
