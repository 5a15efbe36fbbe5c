// Package naming says what moves, statuses, periods, places, subjects and units are called in a
// reader's language: the words that officers read in chat and in the browser alike.
package naming

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/mediation"
)

// Names are those of one office, in one language, on one day.
type Names struct {
	Locales *locales.Catalog
	Office  *petition.Office
	Lang    string
	Now     time.Time
}

// Text is the sentence of a key.
func (n Names) Text(key string, args ...any) string { return n.Locales.Say(n.Lang, key, args...) }

// first is the sentence of the first key that there is, "" when there is none.
func (n Names) first(keys ...string) string {
	if i := slices.IndexFunc(keys, n.Locales.Has); i >= 0 {
		return n.Text(keys[i])
	}
	return ""
}

// Move is what a move is called, its own name where it has none.
func (n Names) Move(m petition.MoveName) string {
	return cmp.Or(n.first("desk.move."+string(m)), string(m))
}

// Rule is what a period is called.
func (n Names) Rule(id string) string { return n.first("desk.rule."+id, "desk.rule.any") }

// Status is what officers call a state.
func (n Names) Status(s petition.Status) string { return n.Text("desk.status." + string(s)) }

// Class is what a kind of petition is called, "" for none.
func (n Names) Class(c petition.Class) string {
	if c == "" {
		return ""
	}
	return n.Text("class." + string(c))
}

// Urgency is what a danger is called.
func (n Names) Urgency(u petition.Urgency) string { return n.Text("desk.choice.alarm." + string(u)) }

// Place is where a matter is: the office's name of it and what the citizen wrote besides. filed
// is the day of the filing (2026-06-01), whose names count.
func (n Names) Place(p petition.Place, filed string) string {
	l, ok := n.Office.Locality(p.Code)
	switch {
	case ok && strings.HasPrefix(p.Text, l.NameOn("", filed)):
		return Clip(p.Text, 40)
	case ok && p.Text != "":
		return l.NameOn(n.Lang, filed) + " " + Clip(p.Text, 30)
	case ok:
		return l.NameOn(n.Lang, filed)
	case p.Text == "":
		return n.Text("desk.place.none")
	}
	return Clip(p.Text, 40)
}

// Subject is what a category was called on the day of a filing.
func (n Names) Subject(code, filed string) string {
	if c, ok := n.Office.Category(code); ok {
		return c.NameOn(n.Lang, filed)
	}
	return n.Text("desk.subject.none")
}

// Unit is what a unit is called, its code where the office never had it.
func (n Names) Unit(code string) string { return n.Office.UnitNameOn(code, n.Lang, "") }

// UnitOn is what a unit was called on a day.
func (n Names) UnitOn(code, day string) string { return n.Office.UnitNameOn(code, n.Lang, day) }

// Holder is who has a case, with the name it came under where that changed since.
func (n Names) Holder(unit string, since time.Time) string {
	name, before := n.Unit(unit), n.UnitOn(unit, petition.Day(since))
	if name == before {
		return name
	}
	return n.Text("unit.renamed", "Name", name, "Before", before)
}

// Day is a civil date as people say it.
func (n Names) Day(date string) string { return n.Locales.Day(n.Lang, date, petition.Day(n.Now)) }

// Due is a last day, marked where it rests on a year whose holidays are not published.
func (n Names) Due(date string, provisional bool) string {
	if !provisional {
		return n.Day(date)
	}
	return n.Text("day.provisional", "Day", n.Day(date))
}

// Clock is the danger where there is one, else the colour of a case with its word and the days
// that are left.
func (n Names) Clock(v petition.Item) string {
	switch {
	case v.Urgency != "":
		return n.Text("desk.urgent", "What", n.Urgency(v.Urgency), "Taken", !v.Taken.IsZero())
	case v.Paused != "":
		return n.Text("desk.clock.paused", "Days", v.Left)
	case v.Colour == "":
		return n.Text("desk.clock.none")
	case v.Left < 0:
		return n.Text("desk.clock.over", "Days", -v.Left)
	case v.Left == 0:
		return n.Text("desk.clock.today")
	}
	return n.Text("desk.clock."+v.Colour, "Days", v.Left)
}

// Title is what a line about a case calls it.
func (n Names) Title(v petition.Item) string {
	if v.Title != "" {
		return v.Title
	}
	return n.Class(v.Class)
}

// Article is where a rule stands, as an office writes it: 23(3) is 第 23 条第 3 款, 22(1)(3)
// 第 22 条第 1 款第 3 项. What Article 31 counts are items (项).
func (n Names) Article(a string) string {
	parts := strings.FieldsFunc(a, func(r rune) bool { return r == '(' || r == ')' })
	if len(parts) == 0 {
		return a
	}
	said, inner := n.Text("desk.law.article", "Number", parts[0]), []string{"desk.law.paragraph", "desk.law.item"}
	if parts[0] == "31" {
		inner = inner[1:]
	}
	for i, p := range parts[1:] {
		said += n.Text(inner[min(i, len(inner)-1)], "Number", p)
	}
	return said
}

// Question is what is asked for a field of a move, and why, "" where nobody says.
func (n Names) Question(s petition.MoveSpec, f petition.Field, class petition.Class) (question, why string) {
	question = n.first("desk.field."+string(s.Name)+"."+f.Key, "desk.field."+f.Key, "desk.kind."+string(f.Kind))
	return question, n.first(f.Why(s.Name)+"."+string(class), f.Why(s.Name))
}

// Field is what the answer to a field is called in a summary, "" where it needs no name.
func (n Names) Field(f petition.Field) string { return n.first("desk.name." + f.Key) }

// Choice is what one choice of a field is called.
func (n Names) Choice(m petition.MoveName, f petition.Field, value string) string {
	return cmp.Or(n.first("desk.choice."+string(m)+"."+value, "desk.choice."+f.Key+"."+value, "desk.choice."+value), value)
}

// Finding says what the reading over of an answer found.
func (n Names) Finding(f petition.Finding) string {
	args := map[string]string{}
	for k, v := range f.Args {
		switch {
		case k == "field" && n.Locales.Has("desk.name."+v):
			v = n.Text("desk.name." + v)
		case k == "outcome":
			v = n.Text("desk.choice." + v)
		}
		args[k] = Clip(v, 80)
	}
	return n.Text(f.Key, args)
}

// Roles are what an officer may be, in one line.
func (n Names) Roles(roles []petition.Role) string {
	var all []string
	for _, r := range roles {
		all = append(all, n.Text("desk.role."+string(r)))
	}
	return strings.Join(all, n.Text("desk.comma"))
}

// Error says why something was refused and what to do.
func (n Names) Error(err error) string {
	var e *petition.Error
	if !errors.As(err, &e) {
		return n.Text("desk.error." + string(petition.CodeOf(err)))
	}
	args := map[string]string{}
	for k, v := range e.Args {
		switch k {
		case "move":
			v = n.Move(petition.MoveName(v))
		case "paper":
			v = n.Move(petition.MoveName(v))
		case "why":
			v = cmp.Or(n.first(v), v)
		case "can":
			v = n.moves(v)
		case "unit":
			v = n.Unit(v)
		}
		args[k] = v
	}
	if m := e.Args["dispute_move"]; m != "" {
		args["name"] = n.DisputeField(mediation.MoveName(m), e.Args["field"])
	}
	if n.Locales.Has(e.Key) && e.Key != "lookup.no_match" {
		return n.Text(e.Key, args)
	}
	return n.Text("desk.error." + string(e.Code))
}

// moves are the names in a list of moves.
func (n Names) moves(list string) string {
	var names []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, n.Move(petition.MoveName(name)))
		}
	}
	return strings.Join(names, n.Text("desk.comma"))
}

// Clip is a text on one line and cut to n characters, an ellipsis among them.
func Clip(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}

// often are the moves that are offered before all others, in this order.
var often = []petition.MoveName{
	petition.MoveAttend, petition.MoveAttended, petition.MoveEndAlarm,
	petition.MoveTake, petition.MoveAgree, petition.MoveHold, petition.MoveDesignate, petition.MoveFeedback, petition.MoveHearingDone,
	petition.MoveReviewReply, petition.MoveReviewRedo, petition.MoveRereviewReply, petition.MoveReply, petition.MoveDeliver,
	petition.MoveTransfer, petition.MoveRefer, petition.MoveAccept, petition.MoveObject, petition.MoveGoOn, petition.MoveAsk,
	petition.MoveComplete, petition.MoveAnswerSender, petition.MoveClose, petition.MoveExtend, petition.MoveGuide, petition.MoveRefuse, petition.MoveAgreement,
	petition.MoveTell, petition.MoveNote, petition.MoveProgress, petition.MovePlanDone, petition.MovePlan,
}

// Offered are the moves possible on a case and the papers that may be written, each once.
func Offered(v *petition.View) []petition.MoveName {
	all := slices.Clone(v.Can)
	for _, m := range v.Papers {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

// Likely are at most so many of the moves possible on a case that come first to mind; rest are the others.
func Likely(v *petition.View, most int) (first, rest []petition.MoveName) {
	can := Offered(v)
	if v.Officer != "" { // somebody has it: taking it over is no first thought
		can = slices.DeleteFunc(can, func(m petition.MoveName) bool { return m == petition.MoveTake })
	}
	for _, m := range often {
		if i := slices.Index(can, m); i >= 0 && len(first) < most {
			first = append(first, m)
			can = slices.Delete(can, i, i+1)
		}
	}
	if v.Officer != "" && slices.Contains(v.Can, petition.MoveTake) {
		can = append(can, petition.MoveTake)
	}
	return first, can
}

// Step is a step of a plan in one line, to be chosen from.
func (n Names) Step(p petition.PlanStep) string {
	return n.Text("desk.step", "ID", p.ID, "Words", Clip(p.Words, 60), "Unit", n.Unit(p.Unit), "Due", n.Day(p.Due))
}

// StepState is what became of a step of a plan, or by when it is to be done.
func (n Names) StepState(p petition.PlanStep) string {
	today := petition.Day(n.Now)
	switch {
	case p.Dropped != "":
		return n.Text("desk.step.dropped", "Day", n.Day(p.Dropped))
	case p.Done != "" && p.Late(today):
		return n.Text("desk.step.done_late", "Day", n.Day(p.Done))
	case p.Done != "":
		return n.Text("desk.step.done", "Day", n.Day(p.Done))
	case p.Late(today):
		return n.Text("desk.step.late", "Days", p.DaysLate(today))
	}
	return n.Text("desk.step.open", "Due", n.Day(p.Due))
}
