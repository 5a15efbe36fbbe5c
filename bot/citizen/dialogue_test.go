package citizen

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"dengwen/bot"
)

const dialogueFile = "../../docs/dialogue.md"

// TestDialogue holds docs/dialogue.md to the declared states; -update writes it.
func TestDialogue(t *testing.T) {
	t.Parallel()
	want := dialogue()
	if *update {
		if err := os.WriteFile(dialogueFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(dialogueFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the states say; run go test ./bot/citizen -run Dialogue -update", dialogueFile)
	}
}

func dialogue() string {
	form := form()
	states := table()
	var b strings.Builder
	b.WriteString(`# The dialogue

Generated from the states in bot/ by ` + "`go test ./bot/citizen -run Dialogue -update`" + `; a test holds the two to each other,
and another holds the states to what the transcripts in bot/citizen/testdata/transcripts show: every arrow here is walked by
some transcript, and none walks where there is no arrow.

An arrow is an answer to the open question. Besides them:

- Commands, buttons that never go stale (look at a petition, rights, language …) and the office's news work in every
  state. They lead to: ` + list(anywhere) + `.
- A question in the middle is answered and the open question put again: no arrow.
- An action that interrupts the form (marked *) goes back to the question it interrupted.
- After twelve hours away the draft's question is "go on or start anew" (resume); what was said is not lost.
- Within the form the order is data: what is missing comes next, "back" goes where one was. Questions: ` + questions() + `.

`)
	b.WriteString("```mermaid\nstateDiagram-v2\n    [*] --> home\n")
	fmt.Fprintf(&b, "    state form {\n")
	for i := 1; i < len(form); i++ {
		fmt.Fprintf(&b, "        %s --> %s\n", form[i-1].name, form[i].name)
	}
	b.WriteString("    }\n")
	for _, arrow := range arrows(states) {
		b.WriteString("    " + arrow + "\n")
	}
	b.WriteString("```\n\n| state | belongs to a draft | any words are an answer | what it takes besides buttons |\n|---|---|---|---|\n")
	for _, name := range sorted(states) {
		st := states[name]
		fmt.Fprintf(&b, "| %s%s | %s | %s | %s |\n", name, mark(st.action, "*"), mark(st.form, "yes"), mark(st.free, "yes"), taken(st))
	}
	return b.String()
}

// arrows are the declared transitions; those of the form's questions are drawn once,
// from the form.
func arrows(states map[bot.State]state) []string {
	var out []string
	for _, name := range sorted(states) {
		from := name
		if isQuestion(name) {
			from = stateForm
		}
		for _, to := range states[name].next {
			if from != to {
				out = append(out, fmt.Sprintf("%s --> %s", from, to))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func isQuestion(st bot.State) bool {
	return slices.ContainsFunc(form(), func(f field) bool { return f.name == st })
}

func sorted(states map[bot.State]state) []bot.State {
	var names []bot.State
	for name := range states {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func list(names []bot.State) string {
	var s []string
	for _, n := range names {
		s = append(s, string(n))
	}
	return strings.Join(s, ", ")
}

func questions() string {
	var s []string
	for _, f := range form() {
		name := string(f.name)
		if f.must {
			name += " (asked when the story leaves it open)"
		} else if f.guided {
			name += " (asked step by step only)"
		}
		s = append(s, name)
	}
	return strings.Join(s, ", ")
}

func mark(yes bool, text string) string {
	if yes {
		return text
	}
	return ""
}

func taken(st state) string {
	var s []string
	for _, k := range []struct {
		has  bool
		name string
	}{{st.text != nil, "words"}, {st.media != nil, "photos, recordings, files"}, {st.location != nil, "a location"}, {st.contact != nil, "a contact"}} {
		if k.has {
			s = append(s, k.name)
		}
	}
	return strings.Join(s, ", ")
}
