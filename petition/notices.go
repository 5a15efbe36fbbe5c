package petition

import (
	"context"
	"slices"
	"strings"
	"time"
)

// notices are written with a change: to the citizen for every public step that was not
// made in their chat, to the unit that has the case and to those it came from for every step
// made outside them. A report's go to "sealed:<unit>", which only named officers
// read, and carry no words.
func (s *Service) notices(before, after Case, now time.Time) []Notice {
	if s.withoutNotices || len(after.Timeline) == len(before.Timeline) {
		return nil
	}
	e := after.Timeline[len(after.Timeline)-1]
	if e.Move == MoveWindow {
		return s.ownerNotice(after, e, now)
	}
	if e.Move.Drafts() || e.Move == MoveUnsigned {
		return s.draftNotice(after, e, now)
	}
	out := s.ownerNotice(after, e, now)
	for _, unit := range s.recipients(before, after, e) {
		n := s.unitNotice(unit, after, e, now)
		if leaderLeft(e) { // somebody else has to be found
			level := "head"
			if unit == s.law.Office.Unit {
				level = "supervisor"
			}
			n = broughtUp(n, level)
			n.Entry.Text = "" // the notice says it
		}
		out = append(out, n)
	}
	if e.Move == MoveHandOver && after.Officer != "" && after.Officer != e.Staff {
		out = append(out, s.handedOver(after, e, now))
	}
	out = append(out, s.leadNotices(after, e, now)...)
	out = append(out, s.toldNotices(after, e, func(unit string) Notice { return s.unitNotice(unit, after, e, now) })...)
	if author := e.Args["author"]; author != "" && author != e.Staff {
		n := s.unitNotice(e.Args["author_unit"], after, e, now)
		n.To = staffHolder + author
		out = append(out, n)
	}
	return out
}

// draftNotice tells who signs of what waits for them, and its author of what was sent back.
func (s *Service) draftNotice(c Case, e Entry, now time.Time) []Notice {
	switch e.Move {
	case MoveSubmit, MoveUnsigned:
		return []Notice{s.withDraft(s.unitNotice(e.Args["unit"], c, e, now), c, e)}
	case MoveSendBack:
		n := s.unitNotice(e.Args["author_unit"], c, e, now)
		n.To = staffHolder + e.Args["author"]
		return []Notice{s.withDraft(n, c, e)}
	}
	return nil
}

// withDraft puts the draft that an entry is about into the notice of it.
func (s *Service) withDraft(n Notice, c Case, e Entry) Notice {
	for _, d := range c.Drafts {
		if itoa(d.ID) == e.Args["draft"] {
			n.View.Drafts = []Draft{d}
		}
	}
	return n
}

// handedOver tells who has the case now; when the one before left, the head too.
func (s *Service) handedOver(c Case, e Entry, now time.Time) Notice {
	n := s.unitNotice(c.Unit, c, e, now)
	if e.Staff != System().Staff {
		if c.Filing.Class != Report {
			n.To = "staff:" + c.Officer
		}
		return n
	}
	return broughtUp(n, "head")
}

// leaderLeft reports whether an entry is LeaderLeft made by the program.
func leaderLeft(e Entry) bool { return e.Move == MoveUnlead && e.Staff == System().Staff }

// broughtUp is a notice as of what time brings up: those of a level are told besides.
func broughtUp(n Notice, level string) Notice {
	n.Entry.By, n.Entry.Args = "system", map[string]string{"level": level}
	return n
}

// toldToLeader are the steps of which the leader of a case is told, besides reminders that are theirs.
var toldToLeader = []MoveName{
	MoveLead, MoveUnlead, MoveReply, MoveAgreement, MoveReviewReply, MoveRereviewReply, MoveReview, MoveRereview, MoveReopen, MoveWithdraw,
	MoveClose, MoveAlarm, MoveSupervise, MoveOverdue, MoveEscalate, MovePlan, MovePlanDone, MovePlanLater, MovePlanDrop, MoveMeeting,
	MoveStrike, MoveStrikeReason,
}

// ofPlan are the steps of which the unit is told, too, that has what they are about to do.
var ofPlan = []MoveName{MovePlan, MovePlanDone, MovePlanLater, MovePlanDrop}

// leadNotices tell the leader of a case, and who led it until now. A report has none.
func (s *Service) leadNotices(c Case, e Entry, now time.Time) (all []Notice) {
	if c.Filing.Class == Report || e.Args["level"] != "lead" && e.Args["level"] != "plan" && !slices.Contains(toldToLeader, e.Move) {
		return nil
	}
	lead := c.fact(factLead)
	if !c.led() && e.Move != MoveStrike && e.Move != MoveStrikeReason {
		lead = ""
	}
	for _, id := range []string{lead, e.Args[argFormerLead]} {
		if id == "" || id == e.Staff {
			continue
		}
		n := s.unitNotice(c.Unit, c, e, now)
		n.To = staffHolder + id
		n.View.Can = s.law.Can(c, Actor{Staff: id, Roles: []Role{Leader}}, now)
		all = append(all, n)
	}
	return all
}

func (s *Service) ownerNotice(c Case, e Entry, now time.Time) []Notice {
	owner := c.Filing.Owner
	if owner == "" || !e.Public || e.By == "citizen" && e.Args[argByCode] == "" {
		return nil
	}
	v := summary(s.law.View(c, Actor{Owner: owner}, now))
	return []Notice{{To: owner, Number: c.Number, Entry: e.outside(), View: v, Lang: c.Filing.Lang}}
}

// recipients are the units to tell: a change of hands tells both hands.
func (s *Service) recipients(before, after Case, e Entry) []string {
	units := []string{after.Unit}
	if e.Move != MoveSucceed && before.Unit != "" && before.Filing.Class != Report && after.Filing.Class != Report {
		units = append(units, before.Unit)
	}
	u, _ := s.law.Office.Find(after.Unit)
	switch e.Move {
	case MoveObject:
		units = append(units, after.fact(factSender))
	case MoveDispute:
		units = append(units, u.Above, s.law.Office.Unit)
	case MoveUrgent:
		units = append(units, u.Above, s.law.Office.Unit)
	case MoveUnlead:
		if leaderLeft(e) {
			units = append(units, s.law.Office.Unit)
		}
	case MoveFeedback, MoveComplete, MoveEscalate:
		units = append(units, s.law.Office.Unit)
	case MoveUnattended:
		if e.Args["level"] == "supervisor" {
			units = append(units, s.law.Office.Unit, after.fact(factDuty))
		}
	case MoveAttend, MoveEndAlarm:
		units = append(units, s.law.Office.Unit, after.fact(factDuty))
	case MoveUnclaimed:
		if e.Args["level"] == "supervisor" {
			units = append(units, s.law.Office.Unit)
		}
	}
	if e.Args["level"] == "lead" {
		units = nil
	}
	if e.Args["level"] == "plan" || slices.Contains(ofPlan, e.Move) {
		units = append(units, e.Args["unit"])
	}
	if after.Filing.Class == Report {
		units = []string{after.Unit, after.fact(factSender)}
	}
	slices.Sort(units)
	// Of danger the colleagues of who speaks of it are told too.
	own := !leaderLeft(e) && (after.urgency() == "" || !slices.Contains([]MoveName{MoveFile, MoveRegister, MoveAlarm, MoveAttend}, e.Move))
	return slices.DeleteFunc(slices.Compact(units), func(u string) bool { return u == "" || own && u == e.By || u == after.fact(factAbout) })
}

func (s *Service) unitNotice(unit string, c Case, e Entry, now time.Time) Notice {
	n := Notice{To: "unit:" + unit, Number: c.Number, Entry: e}
	v := s.law.View(c, Actor{Unit: unit, Roles: []Role{Officer, Head}}, now)
	if v.Urgency != "" { // lodged in haste: nobody has written a title
		v.Title = or(v.Title, begin(v.Facts))
	}
	n.View = summary(v)
	if c.Filing.Class == Report {
		n.To, n.View = "sealed:"+unit, View{Class: Report, Urgency: c.urgency(), Taken: c.attended()}
		if c.urgency() != "" && c.attended().IsZero() {
			n.View.Can = []MoveName{MoveAttend}
		}
		n.Entry.Text, n.Entry.Args, n.Entry.Files, n.Entry.Staff = "", nil, nil, ""
		if e.By == "system" {
			n.Entry.Args = e.Args // rule, date and whom it is for
		}
	}
	n.View.Number, n.View.Status, n.View.Unit = c.Number, c.Status, c.Unit
	n.View.UnitName = s.law.Office.UnitName(c.Unit)
	s.law.due(&n.View, &c, Day(now))
	return n
}

// cover takes the words out of notices to units and officers whose case was sealed after
// they were written: the feed can be read from its start. What a unit was told of a case
// that went elsewhere stays, it had the case then.
func (s *Service) cover(ctx context.Context, notices []Notice) error {
	open := map[string]bool{}
	for i := range notices {
		n := &notices[i]
		if !strings.HasPrefix(n.To, "unit:") && !strings.HasPrefix(n.To, staffHolder) {
			continue // a citizen's own, or one that never had words
		}
		if _, known := open[n.Number]; !known {
			r, err := s.store.Load(ctx, n.Number)
			if err != nil && CodeOf(err) != NotFound {
				return err
			}
			open[n.Number] = err == nil && r.Case.Filing.Class != Report
		}
		if !open[n.Number] {
			n.Entry.Text, n.Entry.Args, n.Entry.Files, n.Entry.Staff, n.Entry.Inner = "", nil, nil, "", nil
			n.View = View{Urgency: n.View.Urgency, Taken: n.View.Taken, Number: n.View.Number, Status: n.View.Status, Unit: n.View.Unit, UnitName: n.View.UnitName}
		}
	}
	return nil
}
