package petition

func reviewMoves() []MoveSpec {
	opinion := []Field{text("request", "35"), text("facts", "35"), text("text", "35"), text("basis", "35"),
		choice("outcome", "35", "maintain", "change", "revoke"), inner(text("approved_by", "35")), files()}
	final := append([]Field{}, opinion...)
	for i := range final {
		if final[i].Article != "" {
			final[i].Article = "36"
		}
	}
	refusal := []Field{text("rule", "35"), text("text", "35")}
	return []MoveSpec{
		{Name: MoveReviewReply, Article: "35", Class: claims, From: []Status{Reviewing}, To: Reviewed, Who: reviewers, Needs: []Need{noHearing},
			Fields: opinion, Stops: []string{"review"}, Starts: starts("deliver"), Sets: answer("review"), Apply: nameRereview,
			Document: "review", Public: true},
		{Name: MoveReviewRedo, Article: "35", Class: claims, From: []Status{Reviewing}, To: Accepted, Who: reviewers, Needs: []Need{noHearing},
			Fields: []Field{text("facts", "35"), text("text", "35"), text("basis", "35"), inner(text("approved_by", "35")), files()},
			Unit:   toHandler, Stops: []string{"review"}, Starts: starts("handle"),
			Sets:     map[string]string{factHandler: "", factReviewer: "@holder", factAnswer: "", factAnswered: "", factDelivered: "", factSettled: "", factExtended: "", factMode: ""},
			Document: "review", Public: true},
		{Name: MoveReviewRefuse, Article: "35", Class: claims, From: []Status{Reviewing}, To: Replied, Who: reviewers, Needs: []Need{noHearing},
			Fields: refusal, Unit: toHandler, Stops: []string{"review"}, Starts: starts("confirm"),
			Sets: map[string]string{factHandler: "", factReviewer: "@holder"}, Document: "review_refusal", Public: true},
		{Name: MoveRereviewReply, Article: "36", Class: claims, From: []Status{Rereviewing}, To: Finished, Who: reviewers, Needs: []Need{noHearing},
			Fields: final, Unit: toHandler, Stops: []string{"rereview"}, Starts: starts("deliver"),
			Sets:     with(answer("rereview"), factFinal, "@holder"),
			Document: "rereview", Public: true},
		{Name: MoveRereviewRefuse, Article: "36", Class: claims, From: []Status{Rereviewing}, To: Reviewed, Who: reviewers, Needs: []Need{noHearing},
			Fields: refusal, Unit: toReviewer, Stops: []string{"rereview"}, Starts: starts("confirm"),
			Sets: map[string]string{factFinal: "@holder"}, Document: "review_refusal", Public: true},
	}
}

// reportMoves are the sealed path. Only named officers of a unit that holds the
// report can make them, and it never goes to the unit it is about (Art 30).
func reportMoves() []MoveSpec {
	return []MoveSpec{
		{Name: MoveRefer, Article: "30", Class: reports, From: []Status{Registered}, To: Transferred, Who: holders,
			Fields: []Field{unit("30"), inner(maybe(text("text", "")))}, Checks: []Need{otherUnit, notAbout}, Unit: toField,
			Stops: []string{"forward"}, Drops: []string{"progress"}, Starts: starts("report_ack"), Sets: map[string]string{factSender: "@holder"}, Public: true},
		{Name: MoveReferBack, Article: "30", Class: reports, From: []Status{Transferred}, To: Registered, Who: holders,
			Fields: []Field{inner(text("text", "30"))}, Unit: toSender, Drops: []string{"report_ack"}, Starts: starts("forward"),
			Sets: map[string]string{factSender: ""}, Public: true},
		{Name: MoveAbout, Article: "30", Class: reports, From: underway, Who: holders,
			Fields: []Field{inner(unit("30"))}, Checks: []Need{knownUnit}, Apply: about},
		{Name: MoveRefuse, Article: "30", Class: reports, From: arrived, To: Refused, Who: holders,
			Fields: []Field{text("rule", "30"), text("text", "30"), text("elsewhere", "30"), maybe(text("until", ""))},
			Drops:  []string{"*"}, Document: "refusal", Public: true},
		{Name: MoveProgress, Article: "30", Class: reports, From: []Status{Accepted}, Who: holders,
			Fields: []Field{text("text", "")}, Stops: []string{"progress"}, Starts: starts("progress")},
	}
}
