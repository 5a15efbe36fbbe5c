package petition

// Words the rows of the table are written with.

var (
	claims      = []Class{Claim}
	suggestions = []Class{Suggestion}
	reports     = []Class{Report}
	open        = []Class{Claim, Suggestion} // everything that is not sealed
)

var (
	citizen    = []Who{{Role: Citizen}}
	holders    = []Who{{Officer, atHolder}, {Head, atHolder}}
	headOnly   = []Who{{Head, atHolder}}
	sender     = []Who{{Intake, atSender}, {Supervisor, atSender}, {Officer, atSender}, {Head, atSender}}
	overseers  = []Who{{Intake, atOffice}, {Supervisor, atOffice}}
	supervisor = []Who{{Supervisor, atOffice}}
	reviewers  = []Who{{Officer, atHolder}, {Head, atHolder}, {Intake, atOffice}, {Supervisor, atOffice}}
	servers    = []Who{{Officer, atHolder}, {Head, atHolder}, {Officer, atHandler}, {Head, atHandler}, {Intake, atOffice}, {Supervisor, atOffice}}
	everyone   = []Who{{Officer, atHolder}, {Head, atHolder}, {Officer, atHandler}, {Head, atHandler}, {Intake, atOffice}, {Supervisor, atOffice}}
)

var (
	arrived  = []Status{Registered, Transferred}
	underway = []Status{Registered, Transferred, Accepted}
	running  = []Status{Registered, Transferred, Accepted, Reviewing, Rereviewing}
	alive    = []Status{Registered, Transferred, Accepted, Replied, Reviewing, Reviewed, Rereviewing}
	answered = []Status{Replied, Reviewed, Finished, Closed}
	ends     = []Status{Refused, Redirected, Finished, Withdrawn, Closed}
	anywhere = append(append([]Status{}, alive...), ends...)
)

// taking are the clocks that run while a unit has not yet said whether it takes the
// matter.
var taking = []string{"forward", "notify", "decide", "simple_accept"}

func text(key, article string) Field { return Field{Key: key, Kind: KindText, Article: article} }

func date(article string) Field { return Field{Key: "date", Kind: KindDate, Article: article} }

func unit(article string) Field { return Field{Key: "unit", Kind: KindUnit, Article: article} }

func officer() Field { return Field{Key: "officer", Kind: KindOfficer, Inner: true} }

func files() Field { return Field{Key: "files", Kind: KindFiles, Optional: true} }

func choice(key, article string, choices ...string) Field {
	return Field{Key: key, Kind: KindChoice, Article: article, Choices: choices}
}

func maybe(f Field) Field { f.Optional = true; return f }
func inner(f Field) Field { f.Inner = true; return f }
