package citizen

// edited takes a message that was changed after it was sent: words of the story
// change with it, anything else is explained.
func (t *step) edited() {
	d := t.s.Draft
	if d != nil && !d.Sent && t.e.Ref != "" && lettersIn(t.e.Text) > 0 {
		for i, p := range d.Parts {
			if p.Ref == t.e.Ref {
				d.Parts[i].Text, _ = truncate(t.e.Text, maxFacts)
				joinParts(d)
				t.note("edited.story")
				t.reread()
				return
			}
		}
		if len(t.e.Media) > 0 { // words beside a photo that had none
			t.addPart(t.e.Text)
			t.note("story.caption")
			t.reread()
			return
		}
	}
	t.note("edited.other")
	t.asked = false
	t.ask()
}

// reread has a changed story read again where the draft stands at its card, else
// goes on with the open question.
func (t *step) reread() {
	switch t.s.State {
	case Card, stateEditing, stateUnderstanding:
		t.read()
	default:
		t.again()
	}
}
