package petition

import "slices"

func (a Actor) has(r Role) bool { return slices.Contains(a.Roles, r) }

// staff reports whether the actor acts for a unit at all.
func (a Actor) staff() bool { return len(a.Roles) > 0 }

// normal gives the officers of the petition office their unit where a door left it
// out: there is only one they can be of.
func (l *Law) normal(a Actor) Actor {
	if a.Unit == "" && (a.has(Intake) || a.has(Supervisor)) {
		a.Unit = l.Office.Unit
	}
	return a
}

// isCitizen reports whether the actor is who filed: by the chat, or proved by number
// and query code.
func isCitizen(c *Case, a Actor) bool {
	return a.proved == c.ID && c.ID != "" || a.Owner != "" && a.Owner == c.Filing.Owner
}

// sees reports whether the actor may see the case at all. A report is for its own
// petitioner and for named officers of the units that hold it, never for the unit it
// is about, and neither for supervisors nor administrators (Art 30).
func (l *Law) sees(c *Case, a Actor) bool {
	a = l.normal(a)
	if isCitizen(c, a) {
		return true
	}
	inUnits := a.Unit != "" && c.seenBy(l.Office, a.Unit)
	if c.Filing.Class == Report {
		return a.has(Sealed) && inUnits
	}
	if a.Unit == l.Office.Unit && (a.has(Intake) || a.has(Supervisor) || a.has(Officer) || a.has(Head)) {
		return true
	}
	return a.has(Admin) || inUnits && (a.has(Officer) || a.has(Head))
}

// scope is sees as a selection for lists.
func (l *Law) scope(a Actor) Scope {
	a = l.normal(a)
	if !a.staff() {
		return Scope{Owner: a.Owner}
	}
	var s Scope
	office := a.Unit == l.Office.Unit && (a.has(Intake) || a.has(Supervisor) || a.has(Officer) || a.has(Head))
	s.All = office || a.has(Admin)
	if a.Unit != "" && (a.has(Officer) || a.has(Head)) {
		s.Units = []string{a.Unit}
	}
	if a.Unit != "" && a.has(Sealed) {
		s.SealedUnits = []string{a.Unit}
	}
	return s
}

// may reports whether the actor is one of those who make the move.
func (l *Law) may(s *MoveSpec, c *Case, a Actor) bool {
	for _, w := range s.Who {
		if w.Role == Citizen && isCitizen(c, a) {
			return true
		}
	}
	if !a.staff() || c.hasFact(factRecused, a.Staff) || a.Owner != "" && a.Owner == c.Filing.Owner {
		return false // Art 28: nobody handles their own matter
	}
	if c.Filing.Class == Report {
		return a.has(Sealed) && a.Unit == c.Unit && a.Unit != c.fact(factAbout) && !s.byCitizen()
	}
	return slices.ContainsFunc(s.Who, func(w Who) bool { return l.actsAs(a, w.Role) && l.stands(a, w.At, c) })
}

// actsAs: in the petition office the intake clerk is its officer and the supervisor
// its head.
func (l *Law) actsAs(a Actor, r Role) bool {
	if a.has(r) {
		return true
	}
	if a.Unit != l.Office.Unit {
		return false
	}
	return r == Officer && a.has(Intake) || r == Head && a.has(Supervisor)
}

func (l *Law) stands(a Actor, at Relation, c *Case) bool {
	switch at {
	case atHolder:
		return a.Unit == c.Unit
	case atOffice:
		return a.Unit == l.Office.Unit
	case atSender:
		return a.Unit != "" && a.Unit == c.fact(factSender)
	case atHandler:
		return a.Unit != "" && a.Unit == c.fact(factHandler)
	case atAbove:
		u, _ := l.Office.Find(c.Unit)
		return a.Unit != "" && a.Unit == u.Above
	}
	return false
}

// System is who acts for the program itself: the command line and the clocks.
func System() Actor { return Actor{Staff: "system", Roles: []Role{Admin}} }

// MayBroadcast reports whether somebody may send service notices: an administrator,
// or a head of the petition office.
func (o *Office) MayBroadcast(a Actor) bool {
	return a.has(Admin) || (a.has(Head) || a.has(Supervisor)) && (a.Unit == o.Unit || a.Unit == "")
}
