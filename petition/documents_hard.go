package petition

import (
	"cmp"
	"slices"
	"strings"
)

// leadSheet is the kind of paper that says on one page where a hard case stands. It belongs to the entry
// by which a leader took charge, and says what stands on the day it is printed: the one paper that
// changes with its case.
const leadSheet = "lead_sheet"

// What keeps a sheet on one page as plans mostly are: how many of the latest notes and meetings, how many steps, and how many characters of the
// words of each.
const (
	sheetNotes, sheetSteps = 1, 3
	sheetWords             = 30
	sheetMatter            = 80
)

func (f *filling) leadSheet() {
	c := f.c
	f.v["unit"], f.v["holder"], f.v["date"] = f.law.Office.Name, f.name(c.Unit), ChineseDay(f.today)
	f.v["since"], f.v["leader"] = ChineseDay(Day(f.e.At)), phrase("hard.leader")
	var plan, notes, meetings []string
	f.v["matter"] = f.matter(sheetMatter)
	steps := slices.Clone(c.Plan)
	slices.SortStableFunc(steps, func(a, b PlanStep) int { // what is to be done first, then what was done last
		return cmp.Or(boolOrder(b.Open(), a.Open()), cmp.Compare(b.Done, a.Done), cmp.Compare(a.Due, b.Due))
	})
	for i, p := range steps {
		if i == sheetSteps {
			plan = append(plan, phrase("hard.steps.more", "count", itoa(len(steps)-i)))
			break
		}
		plan = append(plan, f.planLine(p))
	}
	for i := len(c.Timeline) - 1; i >= 0; i-- {
		switch e := c.Timeline[i]; {
		case e.Move == MoveProgress && len(notes) < sheetNotes:
			notes = append(notes, phrase("hard.note", "day", ChineseDay(Day(e.At)), "text", oneLine(e.Text)))
		case e.Move == MoveMeeting && len(meetings) < sheetNotes:
			meetings = append(meetings, phrase("hard.meeting", "day", ChineseDay(e.Args["date"]), "place", e.Args["place"], "text", oneLine(e.Text)))
		}
	}
	f.v["plan"] = or(strings.Join(plan, "\n"), phrase("hard.plan.none"))
	f.v["notes"] = or(strings.Join(notes, "\n"), phrase("hard.notes.none"))
	f.v["meetings"] = or(strings.Join(meetings, "\n"), phrase("hard.meetings.none"))
	f.v["stands"] = f.stands()
}

// planLine is a step of the plan in one line: what, who, by when, and what became of it.
func (f *filling) planLine(p PlanStep) string {
	state := ""
	switch {
	case p.Dropped != "":
		state = phrase("hard.step.dropped", "day", ChineseDay(p.Dropped))
	case p.Done != "":
		state = phrase("hard.step.done", "day", ChineseDay(p.Done), "text", oneLine(p.Result))
	case p.Late(f.today):
		state = phrase("hard.step.late", "days", itoa(p.DaysLate(f.today)))
	default:
		state = phrase("hard.step.open")
	}
	return phrase("hard.step", "id", itoa(p.ID), "unit", f.name(p.Unit), "due", ChineseDay(p.Due), "text", oneLine(p.Words), "state", state)
}

// stands says whether a case is on the list of hard cases, and why not any more.
func (f *filling) stands() string {
	struck := ChineseDay(f.c.fact(factStruck))
	switch {
	case struck != "" && f.c.fact(factStruckBy) == "citizen":
		return phrase("hard.struck.citizen", "day", struck)
	case struck != "":
		return phrase("hard.struck.reason", "day", struck)
	case f.c.led():
		return phrase("hard.led")
	}
	return phrase("hard.released")
}

// oneLine is the beginning of a text in one line, as long as a line of a sheet may be.
func oneLine(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > sheetWords {
		return string(r[:sheetWords-1]) + "…"
	}
	return string(r)
}

// boolOrder sorts false before true.
func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func (f *filling) meetingMinutes() {
	f.copyArgs("place", "attendees", "time")
	f.v["when"], f.v["decided"] = ChineseDay(f.e.Args["date"])+strings.TrimSpace(f.e.Args["time"]), f.answer()
}

func (f *filling) strikeReport() {
	f.v["reason"], f.v["holder"] = f.answer(), f.name(f.holder())
	f.v["result"], f.v["view"] = phrase("completion.open"), phrase("completion.silent")
	if e, ok := f.last(MoveReply, MoveAgreement, MoveReviewReply, MoveRereviewReply, MoveRefuse, MoveGuide); ok {
		f.v["result"] = phrase("completion.result", "day", ChineseDay(Day(e.At)), "title", f.title(e))
	}
	if e, ok := f.last(MoveSettle); ok {
		f.v["view"] = word("settled", e.Args["outcome"]) + word("heard", e.Args["how"])
	}
}
