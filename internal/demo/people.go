package demo

import (
	"fmt"

	"dengwen/petition"
	"dengwen/petition/roster"
)

// Officers invents the office's people: in the petition office an intake clerk and a
// supervisor, in every other unit an officer and a head, in the sealed unit and
// those above it officers named for reports.
func (w *Writer) Officers() []roster.Person {
	var all []roster.Person
	for i, u := range w.office.Units {
		junior, senior := []petition.Role{petition.Officer}, []petition.Role{petition.Head}
		switch u.Code {
		case w.office.Unit:
			junior, senior = []petition.Role{petition.Intake}, []petition.Role{petition.Supervisor}
		case w.office.SealedUnit, w.above(w.office.SealedUnit):
			junior = append(junior, petition.Sealed)
		}
		all = append(all, w.person(2*i, u.Code, "a", junior), w.person(2*i+1, u.Code, "b", senior))
	}
	return all
}

func (w *Writer) above(unit string) string {
	u, _ := w.office.Find(unit)
	return u.Above
}

func (w *Writer) person(i int, unit, which string, roles []petition.Role) roster.Person {
	r := w.dice(-1 - i)
	return roster.Person{
		ID: fmt.Sprintf("demo-%s-%s", unit, which), Unit: unit, Roles: roles,
		Name: pick(r, w.parts.Surnames) + pick(r, w.parts.Given) + "（示例）",
	}
}

// officers finds who acts in a life: the unit's own officer or head, or the petition
// office's.
type officers map[string]petition.Actor

func officersOf(people []roster.Person) officers {
	c := officers{}
	for _, p := range people {
		c[p.ID] = p.Actor()
	}
	return c
}

// actor answers who does a step of a case that unit has.
func (c officers) actor(who, unit string, o *petition.Office) petition.Actor {
	switch who {
	case "clerk":
		return c["demo-"+o.Unit+"-a"]
	case "chief":
		return c["demo-"+o.Unit+"-b"]
	case "head":
		return c["demo-"+unit+"-b"]
	case "officer":
		return c["demo-"+unit+"-a"]
	case "above":
		u, _ := o.Find(unit)
		return c["demo-"+u.Above+"-b"]
	}
	return petition.Actor{} // the citizen
}
