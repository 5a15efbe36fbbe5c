package petition

import "slices"

// Role is what an officer may be. One person may hold several.
type Role string

const (
	Intake  Role = "intake"  // intake clerk of the petition office
	Officer Role = "officer" // handles cases of a unit
	Head    Role = "head"    // head of a unit
	// ActingHead stands in for a head who is away. Nobody is given it: the roster adds it to the
	// deputy for as long as that is so. It signs papers and does nothing else.
	ActingHead Role = "acting_head"
	Supervisor Role = "supervisor" // head of the petition office
	Sealed     Role = "sealed"     // named officer for reports on misconduct (Art 30)
	Leader     Role = "leader"     // leads hard cases (领导包案, Art 18): sees those it was given and no other
	Rights     Role = "rights"     // citizens' rights officer of the petition office: reads who has seen what
	Admin      Role = "admin"
	// Grid walks the villages (网格员): reports disputes and sees those alone that they reported.
	Grid Role = "grid"
)

// roleSpec is one role: where it may be given and what it may see and do. Which moves
// it makes stands in the table of moves, under Who.
type roleSpec struct {
	role       Role
	given      units // units whose people may be given it
	ofOffice   sight // cases it sees as somebody of the petition office
	ofUnit     sight // cases it sees as somebody of any other unit, or of none
	as         Role  // in the petition office it makes the moves of this role too
	leads      bool  // sees the cases that are led by it
	reports    bool  // sees and handles the reports on misconduct that its unit holds (Art 30)
	files      bool  // lodges what came by letter, visit or call (Art 19)
	broadcasts units // sends service notices as somebody of these units
	readsLog   bool  // reads the access log
	exports    bool  // takes all cases it sees out of the program, for a reason, as somebody of the petition office
	disputes   disputeSight
	imports    bool // takes over what another system held, and undoes it, as somebody of the petition office
	receives   bool // keeps the timetable of reception days and their sheets, as somebody of the petition office
}

// roles is every role there is; whatever depends on a role is derived from its row.
// Never written to.
var roles = []roleSpec{
	{role: Intake, given: officeUnit, ofOffice: allCases, as: Officer, files: true, imports: true, receives: true},
	{role: Officer, given: anyUnit, ofOffice: allCases, ofUnit: unitCases, files: true, disputes: unitDisputes, receives: true},
	{role: Head, given: anyUnit, ofOffice: allCases, ofUnit: unitCases, files: true, disputes: unitDisputes, broadcasts: officeUnit, receives: true},
	{role: ActingHead, given: noUnit, ofOffice: allCases, ofUnit: unitCases},
	{role: Supervisor, given: officeUnit, ofOffice: allCases, as: Head, files: true, broadcasts: officeUnit, readsLog: true, exports: true, imports: true, receives: true},
	{role: Sealed, given: sealedUnit, reports: true, files: true},
	{role: Leader, given: anyUnit, leads: true},
	{role: Rights, given: officeUnit, readsLog: true},
	{role: Grid, given: anyUnit, disputes: ownDisputes},
	{role: Admin, given: anyUnit, ofOffice: allCases, ofUnit: allCases, broadcasts: anyUnit, exports: true, imports: true},
}

// units says of which units something holds.
type units int

const (
	noUnit     units = iota
	officeUnit       // the petition office
	sealedUnit       // the units that get reports on misconduct
	anyUnit
)

// sight is how many of the cases that are no reports on misconduct a role sees; more
// is greater.
type sight int

const (
	noCases   sight = iota
	unitCases       // those its unit has, sent on or answered, or decides the competence of
	allCases
)

// disputeSight is which disputes that are settled early a role reports and sees; more is greater.
type disputeSight int

const (
	noDisputes   disputeSight = iota
	ownDisputes               // those they reported
	unitDisputes              // those their unit has, which they work on too
)

// ReportsDisputes reports whether an officer writes down disputes and sees those they wrote down.
func (o *Office) ReportsDisputes(a Actor) bool { return o.disputeSight(a) >= ownDisputes }

// WorksDisputes reports whether an officer works on the disputes of their unit.
func (o *Office) WorksDisputes(a Actor) bool { return o.disputeSight(a) >= unitDisputes }

// disputeSight is the most that a role of the actor allows: in the petition office, as in moves, the
// intake clerk is its officer and the supervisor its head.
func (o *Office) disputeSight(a Actor) disputeSight {
	most := noDisputes
	for _, r := range roles {
		if a.Unit != "" && (a.has(r.role) || a.Unit == o.Unit && slices.ContainsFunc(a.Roles, func(held Role) bool { return held.is(r.role) })) {
			most = max(most, r.disputes)
		}
	}
	return most
}

// Roles lists every role.
func Roles() []Role {
	var all []Role
	for _, r := range roles {
		all = append(all, r.role)
	}
	return all
}

// Leads reports whether the role heads a unit, the petition office included.
func (r Role) Leads() bool { return r.is(Head) }

// Handles reports whether the role handles cases without heading a unit.
func (r Role) Handles() bool { return r.is(Officer) }

// is reports whether it is the role, or makes that role's moves in the petition office.
func (r Role) is(other Role) bool {
	return r == other || slices.ContainsFunc(roles, func(s roleSpec) bool { return s.role == r && s.as == other })
}

// CheckRole tells whether somebody of a unit may be given a role. Invalid "staff.role" for
// one there is not, "staff.sealed_unit" or "staff.office_only" for one that belongs to
// another unit.
func (o *Office) CheckRole(r Role, unit string) error {
	i := slices.IndexFunc(roles, func(s roleSpec) bool { return s.role == r })
	switch {
	case i < 0 || roles[i].given == noUnit:
		return Fail(Invalid, "staff.role", "role", string(r))
	case roles[i].given == sealedUnit && unit != o.SealedUnit && (unit != o.SealedAbove || unit == ""):
		return Fail(Invalid, "staff.sealed_unit", "unit", o.UnitName(o.SealedUnit), "code", o.SealedUnit)
	case roles[i].given == officeUnit && unit != o.Unit:
		return Fail(Invalid, "staff.office_only", "role", string(r), "unit", o.UnitName(o.Unit), "code", o.Unit)
	}
	return nil
}

// MayBroadcast reports whether somebody may send service notices.
func (o *Office) MayBroadcast(a Actor) bool {
	inOffice := a.Unit == o.Unit || a.Unit == ""
	return a.any(func(r roleSpec) bool { return r.broadcasts == anyUnit || r.broadcasts == officeUnit && inOffice })
}

// MayReadLog reports whether somebody may read the access log: by role, and as somebody of
// the petition office.
func (o *Office) MayReadLog(a Actor) bool {
	return a.Unit == o.Unit && a.any(func(r roleSpec) bool { return r.readsLog })
}

// KeepsReception reports whether somebody keeps the timetable of reception days and their sheets.
func (o *Office) KeepsReception(a Actor) bool {
	return a.Unit == o.Unit && a.any(func(r roleSpec) bool { return r.receives })
}

// any reports whether a role the actor holds has a property.
func (a Actor) any(has func(roleSpec) bool) bool {
	return slices.ContainsFunc(roles, func(r roleSpec) bool { return a.has(r.role) && has(r) })
}

func (a Actor) has(r Role) bool { return slices.Contains(a.Roles, r) }

// staff reports whether the actor acts for the office at all.
func (a Actor) staff() bool { return len(a.Roles) > 0 }

func (a Actor) handlesReports() bool { return a.any(func(r roleSpec) bool { return r.reports }) }

// MayFile reports whether an officer lodges what came by letter, visit or call.
func (a Actor) MayFile() bool { return a.any(func(r roleSpec) bool { return r.files }) }

// normal gives the officers of the petition office their unit where a door left it
// out: their roles can be held nowhere else.
func (l *Law) normal(a Actor) Actor {
	if a.Unit == "" && a.any(func(r roleSpec) bool { return r.given == officeUnit }) {
		a.Unit = l.Office.Unit
	}
	return a
}

// sight is the most that a role of the actor lets them see.
func (l *Law) sight(a Actor) sight {
	most := noCases
	for _, r := range roles {
		if !a.has(r.role) {
			continue
		}
		most = max(most, r.ofUnit)
		if a.Unit == l.Office.Unit {
			most = max(most, r.ofOffice)
		}
	}
	return most
}

// isCitizen reports whether the actor is who filed: by the chat, or proved by number
// and query code.
func isCitizen(c *Case, a Actor) bool { return isFiler(c, a) || a.proved == c.ID && c.ID != "" }

// isFiler reports whether the actor speaks from the chat that filed.
func isFiler(c *Case, a Actor) bool { return a.Owner != "" && a.Owner == c.Filing.Owner }

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
		return a.handlesReports() && inUnits
	}
	sight := l.sight(a)
	return sight == allCases || sight == unitCases && inUnits || c.ledBy(a)
}

// ledBy reports whether the actor is the leader who has taken charge of the case.
func (c *Case) ledBy(a Actor) bool {
	return a.Staff != "" && a.Staff == c.fact(factLead) && a.any(func(r roleSpec) bool { return r.leads })
}

// scope is sees as a selection for lists.
func (l *Law) scope(a Actor) Scope {
	a = l.normal(a)
	if !a.staff() {
		return Scope{Owner: a.Owner}
	}
	sight := l.sight(a)
	s := Scope{All: sight == allCases}
	if a.Unit != "" && sight == unitCases {
		s.Units = []string{a.Unit}
	}
	if a.Unit != "" && a.handlesReports() {
		s.SealedUnits = []string{a.Unit}
	}
	return s
}

// everything is the scope of the program itself: every case, reports included.
func (l *Law) everything() Scope {
	s := Scope{All: true}
	for _, u := range l.Office.AllUnits() {
		s.SealedUnits = append(s.SealedUnits, u.Code)
	}
	return s
}

// may reports whether the actor is one of those who make the move.
func (l *Law) may(s *MoveSpec, c *Case, a Actor) bool {
	for _, w := range s.Who {
		if w.Role == Citizen && isCitizen(c, a) || w.Role == Filer && isFiler(c, a) {
			return true
		}
	}
	if !a.staff() || c.hasFact(factRecused, a.Staff) || a.Owner != "" && a.Owner == c.Filing.Owner {
		return false // Art 28: nobody handles their own matter
	}
	if c.Filing.Class == Report {
		return a.handlesReports() && a.Unit == c.Unit && a.Unit != c.fact(factAbout) && !s.byCitizen()
	}
	return slices.ContainsFunc(s.Who, func(w Who) bool { return l.actsAs(a, w.Role) && l.relates(a, w.At, c) })
}

// actsAs: in the petition office the intake clerk is its officer and the supervisor
// its head.
func (l *Law) actsAs(a Actor, r Role) bool {
	return a.has(r) || a.Unit == l.Office.Unit && slices.ContainsFunc(a.Roles, func(held Role) bool { return held.is(r) })
}

// relates reports whether the actor's unit stands to the case as a row of the table asks.
func (l *Law) relates(a Actor, at Relation, c *Case) bool {
	switch at {
	case atHolder:
		return a.Unit == c.Unit
	case atOffice:
		return a.Unit == l.Office.Unit
	case atSender:
		return a.Unit != "" && a.Unit == c.fact(factSender)
	case atHandler:
		return a.Unit != "" && a.Unit == c.fact(factHandler)
	case atDraft:
		return a.Unit != "" && slices.Contains(c.DraftUnits(), a.Unit)
	case atLead:
		return c.ledBy(a)
	case atStep:
		return a.Unit != "" && slices.ContainsFunc(c.openSteps(), func(p PlanStep) bool { return p.Unit == a.Unit })
	case atDuty:
		return a.Unit != "" && a.Unit == c.fact(factDuty)
	case atAbove:
		return a.Unit != "" && a.Unit == c.judge(l.Office)
	}
	return false
}

// System is who acts for the program itself: the command line and the clocks.
func System() Actor { return Actor{Staff: "system", Roles: []Role{Admin}} }
