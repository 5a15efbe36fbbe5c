package petition

func watchMoves() []MoveSpec {
	return []MoveSpec{
		{Name: MoveSupervise, Article: "40", Class: open, From: anywhere, Who: overseers, Needs: []Need{noFeedbackDue, notOwn},
			Fields: []Field{choice("reason", "40", "acceptance", "handling", "delay", "falsification", "not_carried_out"),
				choice("kind", "40", "letter", "improve", "policy", "accountability"), inner(text("text", "40")), date("40")},
			Checks: []Need{dateAhead}, Starts: []Start{{Rule: "feedback", On: "date"}}, Document: "supervision", Public: true},
		{Name: MoveFeedback, Article: "40", Class: open, From: anywhere, Who: append(holders, Who{Officer, atHandler}, Who{Head, atHandler}),
			Needs:  []Need{feedbackDue},
			Fields: []Field{choice("adopted", "40", "yes", "partly", "no"), text("text", "40"), files()}, Stops: []string{"feedback"}},
		{Name: MoveLead, Article: "18", Class: open, From: alive, Who: append(headOnly, supervisor...),
			Fields: []Field{officer(), inner(maybe(text("text", "18")))}, Drops: []string{"progress"}, Starts: starts("progress"),
			Sets: map[string]string{factLead: "$officer"}, Public: true},
		{Name: MoveProgress, Article: "18", Class: open, From: alive, Who: append(headOnly, holders[0]), Needs: []Need{hasLead},
			Fields: []Field{text("text", "18")}, Stops: []string{"progress"}, Starts: starts("progress"), Public: true},
		{Name: MoveRecount, Class: open, From: anywhere, Who: supervisor, Needs: []Need{otherCalendar},
			Fields: []Field{text("text", "")}, Apply: recount, Public: true},
	}
}

// deskMoves are housekeeping at the officer's desk, in every class.
func deskMoves() []MoveSpec {
	desk := append(holders, overseers...)
	return []MoveSpec{
		{Name: MoveTake, From: alive, Who: holders, Needs: []Need{notMine}, Apply: take},
		{Name: MoveHandOver, From: alive, Who: holders, Fields: []Field{officer(), inner(maybe(text("text", "")))}, Checks: []Need{notRecused}, Apply: handOver},
		{Name: MoveTell, Article: "21", From: anywhere, Who: desk, Fields: []Field{text("text", ""), files()}, Public: true},
		{Name: MoveNote, From: anywhere, Who: append(desk, Who{Officer, atHandler}, Who{Head, atHandler}), Fields: []Field{text("text", ""), files()}},
		{Name: MoveUrgent, Article: "25", From: alive, Who: desk, Fields: []Field{text("text", "25"), files()},
			Sets: map[string]string{factUrgent: "@today"}, Document: "urgent_report"},
		{Name: MoveRecuse, Article: "28", From: alive, Who: append(holders, supervisor...), Fields: []Field{officer(), text("text", "28")}, Apply: recuse},
		{Name: MoveLink, Class: open, From: anywhere, Who: desk,
			Fields: []Field{{Key: "number", Kind: KindCase}, choice("kind", "", "repeated", "joint"), maybe(text("text", ""))},
			Checks: []Need{otherCase}, Apply: link},
		{Name: MoveRepresent, Article: "20(3)", Class: open, From: alive, Who: desk,
			Fields: []Field{inner(text("names", "20(3)"))}, Checks: []Need{fewRepresentatives}, Sets: map[string]string{factJoint: "yes"}},
	}
}
