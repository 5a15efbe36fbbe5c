package desk

import (
	"slices"
	"strings"

	"dengwen/petition"
)

// Texts to begin with: those of the office's data, and an officer's own, which they keep for
// themselves.

const (
	wordingPrefix = "wording:" // of keys in the store
	maxWording    = 40         // characters of a name
)

// wordingKey is the key of an officer's own text.
func wordingKey(m petition.MoveName, name string) string {
	return wordingPrefix + string(m) + ":" + name
}

// wordings are the texts that a form may begin with, one's own first.
func (d *Door) wordings(v *visit, m petition.MoveName, c petition.View) (all []petition.Wording, own int, err error) {
	kept, err := d.Kept.KeptBy(v.ctx(), v.person.ID)
	if err != nil {
		return nil, 0, petition.Wrap(err, "list an officer's own texts")
	}
	for _, k := range kept {
		if name, ok := strings.CutPrefix(k.Key, wordingKey(m, "")); ok {
			all = append(all, petition.Wording{Move: m, Name: name, Fields: k.Values})
		}
	}
	own = len(all)
	slices.SortFunc(all, func(a, b petition.Wording) int { return strings.Compare(a.Name, b.Name) })
	return append(all, d.Office.WordingsFor(m, c.Class)...), own, nil
}

// offerWordings puts into a form which texts it may begin with.
func (d *Door) offerWordings(v *visit, f *moveForm, c petition.View) error {
	all, own, err := d.wordings(v, f.Move, c)
	for i, w := range all {
		label := w.Name
		if i < own {
			label = f.T("wording.own", "Name", w.Name)
		}
		f.Wordings = append(f.Wordings, choice{Value: w.Name, Label: label})
	}
	f.Own = own > 0
	return err
}

// begin puts the text of a name into the answers of a form, where nothing is written yet.
func (d *Door) begin(v *visit, m *petition.Move, s petition.MoveSpec, c petition.View, name string) error {
	all, _, err := d.wordings(v, m.Name, c)
	if err != nil {
		return err
	}
	for _, w := range all {
		if w.Name != name {
			continue
		}
		for _, f := range s.Fields {
			if text := w.Fields[f.Key]; text != "" && m.Of(f) == "" && f.Kind == petition.KindText {
				m.Set(f.Key, d.Office.FillBlanks(text, c))
			}
		}
		return nil
	}
	return petition.Fail(petition.NotFound, "desk.page.nothing")
}

// keepWording keeps what a form says as a text of the officer's own.
func (d *Door) keepWording(v *visit, s petition.MoveSpec, m petition.Move, name string) error {
	k := petition.Kept{Person: v.person.ID, Key: wordingKey(m.Name, name), Values: map[string]string{}, At: d.Now()}
	for _, f := range s.Fields {
		if text := m.Of(f); text != "" && f.Kind == petition.KindText {
			k.Values[f.Key] = text
		}
	}
	return petition.Wrap(d.Kept.Keep(v.ctx(), k), "keep an officer's own text")
}

// worded does what a form asks about texts to begin with, and answers with what to say about it;
// false when it asks nothing.
func (d *Door) worded(v *visit, s petition.MoveSpec, c petition.View, m *petition.Move) (said string, asked bool, err error) {
	r := v.r
	name := strings.TrimSpace(r.FormValue("wording_name"))
	switch {
	case r.FormValue("wording_use") != "":
		return "", true, d.begin(v, m, s, c, r.FormValue("wording"))
	case r.FormValue("wording_keep") != "" && (name == "" || len([]rune(name)) > maxWording):
		return v.names.Text("desk.page.wording.nameless"), true, nil
	case r.FormValue("wording_keep") != "":
		return v.names.Text("desk.page.wording.kept", "Name", name), true, d.keepWording(v, s, *m, name)
	case r.FormValue("wording_drop") != "":
		err := d.Kept.DropKept(v.ctx(), v.person.ID, wordingKey(m.Name, r.FormValue("wording")))
		return v.names.Text("desk.page.wording.dropped"), true, petition.Wrap(err, "drop an officer's own text")
	}
	return "", false, nil
}
