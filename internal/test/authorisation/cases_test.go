package authorisation

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dengwen/petition"
)

// noon is when everything happens: a Monday in office hours.
var noon = time.Date(2026, 8, 3, 12, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60))

const petitioner = "tg:1"

// someCase is another case that a move names; none of those that are put has its number.
var someCase = petition.FormatNumber("ZS", 2026, 999_999)

// units are those that cases go to; others stay "none of these".
var units = []string{"petition", "transport", "water", "county-gov", "city-gov", "discipline", "city-discipline"}

// moment is a case in which a move is lawful, and the move.
type moment struct {
	c petition.Case
	m petition.Move
}

// cell is one cell of the page, with one role; column "petitioner" has none.
type cell struct {
	class  petition.Class
	what   petition.MoveName
	role   petition.Role
	column string
}

// life brings cases along at random and notes the first moment of each cell in which the move
// was made.
type life struct {
	t     *testing.T
	law   *petition.Law
	r     *rand.Rand
	page  page
	table []petition.MoveSpec
	found map[cell]moment
	rows  map[string][]cell
}

func newLife(t *testing.T, o *petition.Office, p page) *life {
	return &life{t: t, law: petition.NewLaw(o, petition.DefaultCalendar()), r: rand.New(rand.NewPCG(7, 7)), page: p, table: petition.Moves(), found: map[cell]moment{}, rows: map[string][]cell{}}
}

func (l *life) actors() []petition.Actor {
	all := []petition.Actor{{Owner: petitioner, Asker: petitioner}}
	for _, u := range units {
		for _, r := range petition.Roles() {
			if l.law.Office.CheckRole(r, u) == nil {
				all = append(all, petition.Actor{Staff: u + "-" + string(r), Unit: u, Roles: []petition.Role{r}})
			}
		}
	}
	return all
}

// findAll lets petitions live until each cell that can happen has its moment, and answers the
// cells that have none.
func (l *life) findAll() (missing []cell) {
	for n := uint64(1); n < 12000; n++ {
		if n%20 == 0 {
			if missing = l.missing(); len(missing) == 0 {
				break
			}
		}
		l.live([]petition.Class{petition.Claim, petition.Suggestion, petition.Report}[n%3], n)
	}
	return missing
}

func (l *life) missing() (missing []cell) {
	for class, rows := range l.page {
		for what := range rows {
			for _, at := range l.cells(class, what) {
				if _, ok := l.found[at]; !ok && what != look && !never(at) {
					missing = append(missing, at)
				}
			}
		}
	}
	return missing
}

func (l *life) live(class petition.Class, seed uint64) {
	f := petition.Filing{Key: fmt.Sprint(seed), Owner: petitioner, Channel: "web", Class: class, Facts: "FACTS"}
	by := petition.Actor{Owner: petitioner}
	if seed/3%3 == 0 {
		f.Owner, f.Channel, by = "", "visit", petition.Actor{Staff: "clerk", Unit: units[seed/9%5], Roles: []petition.Role{petition.Officer}}
		if seed/9%5 == 4 {
			f.Channel, f.Origin = "above", petition.Origin{Name: "SUPERIOR", Date: petition.Day(noon), Due: "2026-09-30"}
		}
	}
	if seed%2 == 0 {
		f.Urgency = petition.Urgencies()[0]
	}
	c, err := l.law.Open(f, by, fmt.Sprint("case-", seed), petition.FormatNumber("ZS", 2026, int(seed)), noon)
	if err != nil {
		l.t.Fatal(err)
	}
	actors := l.actors()
	for range 40 {
		if seed%5 == 0 && len(c.Clocks) > 0 { // counted by an older calendar
			c.Clocks[0].Calendar = "older"
		}
		if seed%4 == 1 && c.Facts["urgency"] != "" && class != petition.Report {
			c.Facts["duty_office"] = "county-gov"
		}
		c = l.step(c, actors)
	}
}

// ends are moves after which little is left to do.
var ends = []petition.MoveName{
	petition.MoveWithdraw, petition.MoveRefuse, petition.MoveInHand, petition.MoveNoLonger, petition.MoveGuide, petition.MoveSeal, petition.MoveUnseal, petition.MoveReopen,
}

// step notes what can be done with a case, and goes on with one of it.
func (l *life) step(c petition.Case, actors []petition.Actor) petition.Case {
	next := c
	best := -1
	for _, a := range actors {
		if a.Unit != "" && relations(l.law.Office, &c, a.Unit)[0] == "none of these" {
			continue
		}
		for _, name := range l.law.Can(c, a, noon) {
			rank := l.r.IntN(100)
			if slices.Contains(ends, name) {
				rank /= 2
			}
			if rank <= best && !l.open(c.Filing.Class, name) {
				continue
			}
			m := l.fill(name, &c)
			after, err := l.law.Apply(c, a, m, noon)
			if err != nil {
				continue
			}
			if l.note(c, m); rank > best || after.Status != c.Status && !slices.Contains(ends, name) && l.r.IntN(3) == 0 {
				next, best = after, rank
			}
		}
	}
	return next
}

// never reports the cells of what no state of a case lets happen: only what the petition office
// has itself is assigned, it does not supervise itself, and no unit of the example office is gone,
// whose cases another would succeed to.
func never(at cell) bool {
	return at.what == petition.MoveSucceed || at.what == petition.MoveAssign && at.column != "office, has it" || at.what == petition.MoveSupervise && at.column == "office, has it"
}

// cells are the page's, remembered.
func (l *life) cells(class petition.Class, what petition.MoveName) []cell {
	key := string(class) + string(what)
	if l.rows[key] == nil {
		l.rows[key] = l.page.cells(class, what)
	}
	return l.rows[key]
}

// open reports whether a cell of the row has no moment yet.
func (l *life) open(class petition.Class, what petition.MoveName) bool {
	return slices.ContainsFunc(l.cells(class, what), func(at cell) bool { return l.found[at].m.Name == "" && !never(at) })
}

// note tries the move as everybody whom the page lets make it, each with the case changed so
// that their unit stands to it as the column says.
func (l *life) note(c petition.Case, m petition.Move) {
	if !l.open(c.Filing.Class, m.Name) {
		return
	}
	for _, at := range l.cells(c.Filing.Class, m.Name) {
		if _, ok := l.found[at]; ok {
			continue
		}
		changed, a := asOf(at, c)
		if _, err := l.law.Apply(changed, a, m, noon); err == nil {
			l.found[at] = moment{changed, m}
		}
	}
}

// asOf is the case and the actor of a cell.
func asOf(at cell, c petition.Case) (petition.Case, petition.Actor) {
	if at.column == "petitioner" {
		return c, petition.Actor{Owner: petitioner, Asker: petitioner}
	}
	c, unit := as(at.column, c)
	return c, officerOf(unit, at.role)
}

// officerOf is somebody who has had no hand in any case.
func officerOf(unit string, role petition.Role) petition.Actor {
	return petition.Actor{Staff: "fresh-" + unit + "-" + string(role), Unit: unit, Roles: []petition.Role{role}}
}

// fill answers what a move asks.
func (l *life) fill(name petition.MoveName, c *petition.Case) petition.Move {
	m := petition.Move{Name: name, Args: map[string]string{}}
	for _, f := range l.fields(name, c.Filing.Class) {
		if f.Optional && f.Kind != petition.KindText && l.r.IntN(3) == 0 {
			continue
		}
		switch f.Kind {
		case petition.KindText:
			m.Set(f.Key, "some words")
		case petition.KindDate:
			m.Date = petition.Day(noon.AddDate(0, 0, []int{-7, 0, 7, 75}[l.r.IntN(4)]))
			if name == petition.MoveDeliver {
				m.Date = petition.Day(noon)
			}
		case petition.KindUnit:
			m.Unit = units[l.r.IntN(len(units))]
		case petition.KindOfficer:
			m.Officer = "somebody"
		case petition.KindChoice:
			m.Args[f.Key] = f.Choices[l.r.IntN(len(f.Choices))]
		case petition.KindCase:
			m.Args[f.Key] = someCase
		case petition.KindStep:
			m.Args[f.Key] = "1"
		case petition.KindNumber:
			m.Args[f.Key] = "5"
		}
	}
	if name == petition.MoveClassify {
		m.Args["subject"], m.Args["place"] = "", ""
	}
	return m
}

// fields are those of every row of a move: whoever makes it says enough.
func (l *life) fields(name petition.MoveName, class petition.Class) (all []petition.Field) {
	for _, s := range l.table {
		if s.Name == name && (s.Class == nil || slices.Contains(s.Class, class)) {
			all = append(all, s.Fields...)
		}
	}
	return all
}

// as is the case changed so that some unit stands to it as a column says, and that unit.
func as(column string, c petition.Case) (petition.Case, string) {
	c.Facts = maps.Clone(c.Facts)
	if c.Facts == nil {
		c.Facts = map[string]string{}
	}
	unit := "housing" // has to do with no case
	if c.Filing.Class == petition.Report {
		unit = "city-discipline"
		if c.Unit == unit {
			c.Unit = "discipline"
		}
	}
	set := func(fact string) { c.Facts[fact] = unit }
	switch column {
	case "has it":
		if c.Unit == "petition" {
			c.Unit = "transport"
		}
		unit = c.Unit
	case "office", "office, has it", "office, sent it":
		unit = "petition"
		if c.Unit == unit {
			c.Unit = "transport"
		}
		for _, fact := range []string{"sender", "handler", "reviewer"} {
			if c.Facts[fact] == unit {
				delete(c.Facts, fact)
			}
		}
		if column == "office, has it" {
			c.Unit = unit
		} else if column == "office, sent it" {
			set("sender")
		}
	case "sent it":
		set("sender")
	case "answered before":
		set("handler")
	case "reviewed before":
		set("reviewer")
	case "decides whose it is":
		c.Unit, unit = "transport", "county-gov"
		c.Facts["dispute"] = "open"
		delete(c.Facts, "disputed")
	case "duty office":
		set("duty_office")
	case "has a step to do":
		c.Facts["lead"], c.Plan = "somebody", []petition.PlanStep{{ID: 1, Unit: unit, Due: petition.Day(noon)}}
		delete(c.Facts, "struck")
	}
	return c, unit
}

// columns are those of the page that a unit may stand in.
var columns = []string{
	"has it", "office", "office, has it", "office, sent it", "sent it", "answered before", "reviewed before", "decides whose it is", "duty office", "has a step to do", "none of these",
}
