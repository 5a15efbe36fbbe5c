package citizen

import (
	"strings"
	"time"

	"dengwen/petition"
)

// shownEntries is how much of a long timeline a chat shows.
const shownEntries = 12

func (t *step) timeline(entries []petition.Entry) []string {
	var lines []string
	for _, e := range entries {
		if e.Public {
			lines = append(lines, t.text("view.entry", "Date", t.moment(e.At), "What", t.entryText(e)))
		}
	}
	if n := len(lines); n > shownEntries {
		lines = append([]string{t.text("view.earlier", "Count", n-shownEntries)}, lines[n-shownEntries:]...)
	}
	return lines
}

// entryText is one step of a case as a plain sentence. A move we have no sentence for is
// told by what the case is now.
func (t *step) entryText(e petition.Entry) string {
	args := map[string]string{"outcome": "", "kind": "",
		"Unit": t.unitNameOn(e.Unit, petition.Day(e.At)), "By": t.unitNameOn(e.By, petition.Day(e.At)), "Text": clip(e.Text, 800), "Status": t.text("status." + string(e.To)),
	}
	for k, v := range e.Args {
		if _, err := time.Parse("2006-01-02", v); err == nil {
			v = t.day(v)
			if k == "due" && e.Args["provisional"] != "" {
				v = t.text("day.provisional", "Day", v)
			}
		}
		args[k] = v
	}
	if units := e.Args["review_units"]; units != "" { // named on the paper in the office's language
		var bodies []string
		for code := range strings.SplitSeq(units, "|") {
			bodies = append(bodies, t.unitName(code))
		}
		args["review_body"] = strings.Join(bodies, t.text("or"))
	}
	key := "did." + string(e.Move)
	if entered := key + ".entered"; e.By != "citizen" && t.conv.locales.Has(entered) {
		key = entered
	}
	if coded := key + ".by_code"; e.Args["by_code"] != "" && t.conv.locales.Has(coded) {
		key = coded
	}
	if !t.conv.locales.Has(key) {
		key = "did.any"
		if e.To == "" {
			key = "did.noted"
		}
	}
	text := t.text(key, args)
	if e.Text != "" && e.By != "citizen" && !strings.Contains(text, clip(e.Text, 800)) {
		text += t.text("did.text", "Text", clip(e.Text, 800))
	}
	if n := len(e.Files); n > 0 {
		text += t.text("did.files", "Count", n)
	}
	return text
}

func (t *step) unitOf(v *petition.View) string {
	name, before := t.unitName(v.Unit), t.unitNameOn(v.Unit, petition.Day(v.Since))
	if name != before && !v.Since.IsZero() {
		return t.text("unit.renamed", "Name", name, "Before", before)
	}
	if name != "" && name != v.Unit {
		return name
	}
	if v.UnitName != "" {
		return v.UnitName
	}
	return v.Unit
}

func (t *step) unitName(code string) string { return t.unitNameOn(code, "") }

// unitNameOn is what a unit was called on a day, "" = now.
func (t *step) unitNameOn(code, day string) string {
	switch code {
	case "citizen":
		return t.text("by.citizen")
	case "system", "":
		return t.officeName()
	}
	return t.conv.office.UnitNameOn(code, t.s.Lang, day)
}
