package petition

import (
	"slices"
	"strings"
)

// Small facts that moves keep in Case.Facts.
const (
	factSender     = "sender"       // unit that sent it to the holder
	factHandler    = "handler"      // unit whose reply is under review
	factReviewer   = "reviewer"     // unit that decided the review
	factFinal      = "rereviewer"   // unit that decided the re-review
	factToward     = "toward"       // unit it should go to by the office's data
	factMode       = "mode"         // "simple" while the simple procedure is used
	factAssigned   = "assigned"     // "yes", then "reported"
	factObjection  = "objection"    // "open", then "held" when the sender did not agree
	factProposed   = "proposed"     // unit the objection names
	factDispute    = "dispute"      // "open"
	factDisputed   = "disputed"     // unit that the dispute names beside the holder
	factBack       = "back"         // status before Waiting
	factHearing    = "hearing"      // date of the hearing that is open
	factMediation  = "mediation"    // "open"
	factExtended   = "extended"     // "yes": once only
	factAnswer     = "answer"       // opinion, agreement, suggestion, review, rereview, report
	factAnswered   = "answered"     // date of the answer
	factDelivered  = "delivered"    // date the answer was received
	factSettled    = "settled"      // resolved, partly, not: the citizen's word
	factHeard      = "settled.how"  // call_back, visit: how an officer learnt that word; "" = the citizen gave it
	factRateOf     = "rate."        // + office, unit: the citizen's marks
	factEnteredOf  = "entered."     // + office, unit: marks that an officer entered, no part of satisfaction
	factNudged     = "nudged"       // date of the last nudge
	factReopened   = "reopened"     // how often
	factLevel      = "level"        // "supervisor": only the head of the petition office decides
	factLead       = "lead"         // lead officer
	factStruck     = "struck"       // date on which it was struck off the list of hard cases
	factStruckBy   = "struck.by"    // citizen, reason: what that rests on
	factRecused    = "recused"      // officers who must not act, by blanks
	factAbout      = "about"        // unit a report is about
	factLinked     = "linked"       // numbers of linked petitions, by blanks; both sides have it
	factRepeats    = "repeats"      // those of them that it repeats, or is in hand as
	factJoint      = "joint"        // "yes": a shared matter
	factUrgent     = "urgent"       // date of the urgent report
	factWas        = "class_before" // class before it was sealed
	factUrgency    = "urgency"      // what makes it urgent now
	factAlarmed    = "alarmed"      // moment since when it is, RFC 3339
	factAttended   = "attended"     // moment somebody took that in hand, RFC 3339
	factImport     = "import"       // import and line it was taken over by
	factOutcome    = "outcome"      // what came of it, in the words of the system it was taken over from
	factOldSubject = "old_subject"  // what it was filed under there
	factDuty       = "duty_office"  // the duty office, from when it was told
)

func (c *Case) fact(key string) string { return c.Facts[key] }

func (c *Case) setFact(key, value string) {
	if value == "" {
		delete(c.Facts, key)
		return
	}
	if c.Facts == nil {
		c.Facts = map[string]string{}
	}
	c.Facts[key] = value
}

// addFact adds a word to a list of words, once.
func (c *Case) addFact(key, word string) {
	have := strings.Fields(c.Facts[key])
	if !slices.Contains(have, word) {
		c.setFact(key, strings.Join(append(have, word), " "))
	}
}

// dropFact takes a word out of a list of words.
func (c *Case) dropFact(key, word string) {
	c.setFact(key, strings.Join(slices.DeleteFunc(strings.Fields(c.Facts[key]), func(w string) bool { return w == word }), " "))
}

func (c *Case) hasFact(key, word string) bool {
	return slices.Contains(strings.Fields(c.Facts[key]), word)
}

// standing is the status moves are judged by: a case that waits for the citizen
// stands where it stood before.
func (c *Case) standing() Status {
	if c.Status == Waiting {
		return Status(c.fact(factBack))
	}
	return c.Status
}

// unitsSeeing are the units that may see the case: who has it, who sent it, whose reply is
// under review, while competence is in dispute who decides that, the duty office where it was told of
// danger, and whoever has a step of its plan to do.
func (c *Case) unitsSeeing(o *Office) []string {
	if c.undone() {
		return nil
	}
	judge := ""
	if c.fact(factDispute) != "" {
		judge = c.judge(o)
	}
	var units []string
	asked := []string{c.Unit, c.fact(factSender), c.fact(factHandler), c.fact(factReviewer), c.fact(factFinal), judge, c.fact(factDuty)}
	for _, p := range c.openSteps() {
		asked = append(asked, p.Unit)
	}
	for _, u := range asked {
		if u == "" || slices.Contains(units, u) || c.Filing.Class == Report && u == c.fact(factAbout) {
			continue
		}
		units = append(units, u)
	}
	return units
}

// judge is the unit that decides who is competent (Art 24): the nearest one above all that the dispute is between, "" where
// there is none in the office's data.
func (c *Case) judge(o *Office) string {
	other := c.fact(factDisputed)
	if other == "" || other == c.Unit {
		u, _ := o.Find(c.Unit)
		return u.Above
	}
	above := o.superiors(other)
	for _, code := range o.superiors(c.Unit) {
		if slices.Contains(above, code) {
			return code
		}
	}
	return ""
}

// party reports whether a unit is one of those that a dispute of competence is between.
func (c *Case) party(unit string) bool { return unit == c.Unit || unit == c.fact(factDisputed) }

func (c *Case) seenBy(o *Office, unit string) bool { return slices.Contains(c.unitsSeeing(o), unit) }
