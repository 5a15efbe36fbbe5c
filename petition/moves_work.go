package petition

func workMoves() []MoveSpec {
	atWork := []Status{Accepted, Reviewing, Rereviewing}
	return []MoveSpec{
		{Name: MoveAsk, Article: "19", From: running, To: Waiting, Who: append(holders, overseers...), Needs: []Need{notWaiting},
			Fields: []Field{text("text", "19")}, Starts: starts("supplement"), Public: true},
		{Name: MoveGoOn, From: running, To: Back, Who: append(holders, overseers...), Needs: []Need{isWaiting},
			Fields: []Field{maybe(text("text", ""))}, Drops: []string{"supplement"}, Public: true},
		{Name: MoveHearing, Article: "31(6)", Class: claims, From: atWork, Who: reviewers, Needs: []Need{noHearing, notWaiting},
			Fields: []Field{date("31(6)"), text("place", "31(6)"), maybe(text("text", ""))}, Checks: []Need{dateNotPast},
			Sets: map[string]string{factHearing: "$date"}, Apply: pause, Document: "hearing_notice", Public: true},
		{Name: MoveHearingDone, Article: "36", Class: claims, From: atWork, Who: reviewers, Needs: []Need{hearingOpen},
			Fields: []Field{inner(text("text", "36")), files()}, Sets: map[string]string{factHearing: ""}, Apply: resume,
			Document: "hearing_record", Public: true},
		{Name: MoveMediate, Article: "33", Class: claims, From: []Status{Accepted}, Who: holders, Needs: []Need{noMediation},
			Fields: []Field{choice("consent", "33", "both"), maybe(text("text", ""))}, Sets: map[string]string{factMediation: "open"}, Public: true},
		{Name: MoveAgreement, Article: "33", Class: claims, From: []Status{Accepted}, To: Replied, Who: holders, Needs: []Need{noHearing},
			Fields: []Field{choice("kind", "33", "mediation", "settlement"), choice("consent", "33", "both"), text("text", "33"),
				maybe(date("33")), files()},
			Stops: []string{"handle", "extend", "simple_reply"}, Starts: starts("deliver"),
			Sets: answer("agreement"), Document: "agreement", Public: true},
		{Name: MoveExtend, Article: "34", Class: claims, From: []Status{Accepted}, Who: headOnly,
			Needs:  []Need{notSimple, notExtended, extendInTime},
			Fields: []Field{text("text", "34"), inner(text("approved_by", "34")), maybe(date("34"))}, Checks: []Need{extendNotTooFar},
			Sets: map[string]string{factExtended: "yes"}, Apply: extend, Document: "extension", Public: true},
	}
}

func with(sets map[string]string, key, value string) map[string]string {
	sets[key] = value
	return sets
}

// answer are the facts every answer leaves behind.
func answer(kind string) map[string]string {
	return map[string]string{factAnswer: kind, factAnswered: "@today", factDelivered: "", factSettled: "", factMediation: ""}
}
