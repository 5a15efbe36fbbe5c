package petition

import "slices"

// Status is what a citizen reads as the state of the case; the words are in locales
// under "status.<value>".
type Status string

const (
	Registered  Status = "registered"  // 已登记
	Transferred Status = "transferred" // 已转送, 已交办: with a unit that has not yet accepted
	Accepted    Status = "accepted"    // 已受理, 办理中
	Waiting     Status = "waiting"     // 待补充材料: the citizen was asked
	Refused     Status = "refused"     // 不予受理 (with where to go instead)
	Redirected  Status = "redirected"  // 已导入其他程序
	Replied     Status = "replied"     // 已答复, review window open
	Reviewing   Status = "reviewing"   // 复查中
	Reviewed    Status = "reviewed"    // 复查意见已答复, re-review window open
	Rereviewing Status = "rereviewing" // 复核中
	Finished    Status = "finished"    // 程序终结 after re-review
	Withdrawn   Status = "withdrawn"   // 已撤回
	Closed      Status = "closed"      // 已办结
)

// stage is the part of a case's life that a status belongs to.
type stage int

const (
	entering  stage = iota // a unit has it and has not yet said whether it takes it (Art 22, 23)
	handling               // accepted, no answer yet (Art 31–34)
	asking                 // waits for the citizen; moves judge it by where it was before
	replied                // answered, the citizen may ask for review or object (Art 35, 36)
	reviewing              // a review or re-review body has it (Art 35, 36)
	ended                  // nothing is owed any more, though some ends can be reopened
)

// statuses is every status there is, in the order of a case's life. What comes next is
// what the table of moves says: From and To. Never written to.
var statuses = []struct {
	status   Status
	stage    stage
	answered bool // the citizen has a written answer to rate
}{
	{Registered, entering, false},
	{Transferred, entering, false},
	{Accepted, handling, false},
	{Waiting, asking, false},
	{Refused, ended, false},
	{Redirected, ended, false},
	{Replied, replied, true},
	{Reviewing, reviewing, false},
	{Reviewed, replied, true},
	{Rereviewing, reviewing, false},
	{Finished, ended, true},
	{Withdrawn, ended, false},
	{Closed, ended, true},
}

// inStage are the statuses of stages, in the order of the table.
func inStage(stages ...stage) []Status {
	var in []Status
	for _, s := range statuses {
		if slices.Contains(stages, s.stage) {
			in = append(in, s.status)
		}
	}
	return in
}

// Selections of statuses that rows of the table of moves, lists and sweeps are written
// with. Waiting is in none: a case that waits stands where it was before.
var (
	arrived  = inStage(entering)
	underway = inStage(entering, handling)            // no answer yet
	handled  = inStage(handling)                      // a unit works on its answer
	examined = inStage(handling, reviewing)           // a hearing may be held
	running  = inStage(entering, handling, reviewing) // the office owes the next step
	alive    = inStage(entering, handling, replied, reviewing)
	inWindow = inStage(replied) // the citizen's window may be open
	ends     = inStage(ended)
	anywhere = slices.Concat(alive, ends)
	answered = withAnswer()
)

func withAnswer() []Status {
	var with []Status
	for _, s := range statuses {
		if s.answered {
			with = append(with, s.status)
		}
	}
	return with
}

// Ended reports whether a status is an end: nothing is owed any more, though some
// ends can be reopened.
func (s Status) Ended() bool { return slices.Contains(ends, s) }

// Statuses are all of them, in the order of a case's life.
func Statuses() []Status {
	var all []Status
	for _, s := range statuses {
		all = append(all, s.status)
	}
	return all
}
