package officer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition"
)

// Longest answer to one question, characters.
const maxAnswer = 4000

func itoa(n int) string { return strconv.Itoa(n) }

// answerPress takes a button of the open question.
func (t *step) answerPress(action, arg string) bool {
	switch {
	case t.s.Open == "relay":
		return t.relayPress(action)
	case t.s.Open == "letter":
		return t.letterPress(action, arg)
	case t.s.Open == "dissolve":
		return t.dissolvePress(action)
	case t.s.Open == "broadcast":
		return t.broadcastPress(action)
	case t.s.Open == "rday" || t.s.Open == "rcancel":
		return t.receptionPress(action)
	case t.s.Open == "why":
		return t.whyPress(action, arg)
	case t.s.Open == "dispute":
		return t.disputePress(action, arg)
	case t.s.Open == "find" && action == "leave":
		t.menu()
		return true
	}
	s, ok := t.spec()
	if !ok || t.s.Open != "move" {
		return false
	}
	switch action {
	case "leave":
		left := "desk.left"
		if s.Signs != nil && t.s.Move.Draft > 0 {
			left = "desk.draft.left"
		}
		t.closeQuestion()
		t.say(t.text(left), []bot.Button{t.link(t.s.Case, "case:"+t.s.Case), t.link(t.text("desk.button.mine"), "mine")})
	case "prev":
		for t.s.Field = max(0, t.s.Field-1); t.s.Field > 0 && !t.inTurn(s, s.Fields[t.s.Field]); {
			t.s.Field--
		}
		t.s.Step++
		t.ask()
	case "at":
		n, err := strconv.Atoi(arg)
		if err != nil || n < 0 || n >= len(s.Fields) || !mayChange(s, s.Fields[n]) || t.s.Field < len(s.Fields) {
			return false
		}
		t.s.Field, t.s.Again = n, true
		t.s.Step++
		t.ask()
	case "do":
		if t.s.Field < len(s.Fields) {
			return false
		}
		t.submit()
	case "skip":
		if t.s.Field >= len(s.Fields) || !t.maySkip(s.Fields[t.s.Field]) {
			return false
		}
		if s.Name == petition.MoveExtend && s.Fields[t.s.Field].Key == "date" && t.s.Handle != "" {
			t.s.Move.Date, _ = parseDay("30天", t.countFrom())
		}
		t.next()
	case "page":
		n, _ := strconv.Atoi(arg)
		t.s.Step++
		if t.s.Field >= len(s.Fields) {
			return false
		}
		f := s.Fields[t.s.Field]
		t.say(t.question(s, f), append(t.units(n), []bot.Button{t.btn(t.text("desk.button.leave"), "leave")})...)
	case "is":
		if t.s.Field >= len(s.Fields) {
			return false
		}
		t.chosen(s.Fields[t.s.Field], arg)
	default:
		return false
	}
	return true
}

// maySkip: what need not be said, and files once some are there. Of several review bodies one is
// chosen.
func (t *step) maySkip(f petition.Field) bool {
	if s, _ := t.spec(); f.Kind == petition.KindUnit && s.ToBody() && len(t.s.Bodies) > 1 {
		return false
	}
	return f.Optional || f.Kind == petition.KindFiles && len(t.s.Move.Files) > 0
}

// answerSaid takes words and files for the open question.
func (t *step) answerSaid() {
	s, ok := t.spec()
	if !ok {
		t.menu()
		return
	}
	if t.s.Field >= len(s.Fields) {
		t.ask()
		return
	}
	f := s.Fields[t.s.Field]
	if len(t.e.Media) > 0 {
		t.file(f)
		return
	}
	if s.Name == petition.MoveAttended { // any words will do, there is no time for questions
		t.s.Move.Text = naming.Clip(t.e.Text, maxAnswer)
		t.submit()
		return
	}
	value, why := t.parse(f, strings.TrimSpace(t.e.Text))
	if why != "" {
		t.say(t.text(why))
		t.ask()
		return
	}
	t.setField(f, value)
}

// file takes files where the move takes files; with a text question they are kept
// for the files question of the same move.
func (t *step) file(f petition.Field) {
	t.s.Move.Files = append(t.s.Move.Files, t.files()...)
	if f.Kind == petition.KindText && strings.TrimSpace(t.e.Text) != "" {
		t.setField(f, strings.TrimSpace(t.e.Text))
		return
	}
	t.s.Step++
	t.say(t.text("desk.card.files", "Count", len(t.s.Move.Files)))
	t.ask()
}

func (t *step) setField(f petition.Field, value string) {
	m := t.s.Move
	if f.Kind == petition.KindChoice {
		m.Args[f.Key] = value
		t.forget()
	} else {
		m.Set(f.Key, value)
	}
	if m.Name == petition.MoveAttended || m.Name == petition.MoveSendBack {
		t.submit()
		return
	}
	t.next()
}

// forget drops the answers that a changed choice no longer wants.
func (t *step) forget() {
	s, _ := t.spec()
	for _, f := range s.Fields {
		if !s.Wants(f, *t.s.Move) {
			delete(t.s.Move.Args, f.Key)
		}
	}
}

// parse makes a value of what was typed, or names the sentence that says what to do.
func (t *step) parse(f petition.Field, text string) (value, why string) {
	switch {
	case text == "":
		return "", "desk.miss.words"
	case len([]rune(text)) > maxAnswer:
		return "", "desk.miss.long"
	}
	switch f.Kind {
	case petition.KindDate:
		if d, ok := parseDay(text, t.countFrom()); ok {
			return d, ""
		}
		return "", "desk.miss.date"
	case petition.KindNumber:
		if n, err := strconv.Atoi(text); err == nil && n > 0 {
			return itoa(n), ""
		}
		return "", "desk.miss.number"
	case petition.KindStep:
		for _, p := range t.s.Steps {
			if text == itoa(p.ID) || text == p.Words {
				return itoa(p.ID), ""
			}
		}
		return "", "desk.miss.choice"
	case petition.KindCase:
		if n, ok := petition.FindNumber(text); ok {
			return n, ""
		}
		return "", "desk.miss.case"
	case petition.KindUnit:
		unit, why := t.unitNamed(text)
		if s, _ := t.spec(); why == "" && unit == t.s.At && s.Elsewhere() {
			return "", "desk.miss.has_it"
		}
		return unit, why
	case petition.KindOfficer:
		return "", "desk.miss.choice"
	case petition.KindChoice:
		for _, c := range f.Choices {
			if text == c || text == t.names().Choice(t.s.Move.Name, f, c) {
				return c, ""
			}
		}
		return "", "desk.miss.choice"
	}
	return text, ""
}

// countFrom is what "30天" counts from: of an extension the end of the handling period, which
// is also where leaving it blank counts from, else today.
func (t *step) countFrom() time.Time {
	if t.s.Move == nil || t.s.Move.Name != petition.MoveExtend || t.s.Handle == "" {
		return t.now
	}
	day, err := time.ParseInLocation(time.DateOnly, t.s.Handle, zone)
	if err != nil {
		return t.now
	}
	return day
}

// chosen takes a button's answer; one that the question does not offer is none.
func (t *step) chosen(f petition.Field, value string) {
	if f.Kind == petition.KindChoice && !slices.Contains(f.Choices, value) {
		t.ask()
		return
	}
	t.setField(f, value)
}

func (t *step) unitNamed(text string) (value, why string) {
	text = strings.Trim(text, "[]［］【】")
	for _, u := range t.conv.office.Units {
		if text == u.Code || slices.Contains(u.AllNames(), text) || slices.Contains(u.Short, text) {
			return u.Code, ""
		}
	}
	return "", "desk.miss.choice"
}

var (
	fullDay  = regexp.MustCompile(`^(\d{4})[-年/.](\d{1,2})[-月/.](\d{1,2})日?$`)
	shortDay = regexp.MustCompile(`^(\d{1,2})[-月/.](\d{1,2})[日号]?$`)
	inDays   = regexp.MustCompile(`^\+?(\d{1,3})\s*(?:天|日|days?)?(?:后)?$`)
)

// parseDay reads 2026-12-08, 12月8日 (the next such day) and 15天.
func parseDay(text string, now time.Time) (string, bool) {
	text = strings.ReplaceAll(text, " ", "")
	today, _ := time.Parse(time.DateOnly, petition.Day(now))
	if m := fullDay.FindStringSubmatch(text); m != nil {
		return civil(m[1], m[2], m[3])
	}
	if m := shortDay.FindStringSubmatch(text); m != nil {
		day, ok := civil(itoa(today.Year()), m[1], m[2])
		if ok && day < today.Format(time.DateOnly) {
			return civil(itoa(today.Year()+1), m[1], m[2])
		}
		return day, ok
	}
	if m := inDays.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return today.AddDate(0, 0, n).Format(time.DateOnly), true
	}
	return "", false
}

func civil(y, m, d string) (string, bool) {
	year, _ := strconv.Atoi(y)
	month, _ := strconv.Atoi(m)
	day, _ := strconv.Atoi(d)
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	// A 31st of June is refused, not carried into July.
	return at.Format(time.DateOnly), int(at.Month()) == month && at.Day() == day
}
