package petition

func entryMoves() []MoveSpec {
	return append(acceptMoves(),
		MoveSpec{Name: MoveRefuse, Article: "23", Class: open, From: arrived, To: Refused, Who: holders, Needs: []Need{noObjection, noDispute, level},
			Fields: []Field{text("rule", "23"), text("text", "23"), text("elsewhere", "23(2)"), maybe(text("until", ""))},
			Stops:  taking, Drops: []string{"*"}, Document: "refusal", Public: true},
		MoveSpec{Name: MoveNoLonger, Article: "36(3)", Class: claims, From: arrived, To: Refused, Who: holders, Needs: []Need{noObjection, noDispute, level},
			Fields: []Field{text("opinion", "36(3)"), date("36(3)"), maybe(text("text", ""))}, Checks: []Need{datePast},
			Stops: taking, Drops: []string{"*"}, Document: "no_longer", Public: true},
		MoveSpec{Name: MoveInHand, Article: "19(3)", Class: open, From: arrived, To: Refused, Who: holders, Needs: []Need{noObjection, noDispute, level},
			Fields: []Field{text("elsewhere", "19(3)"), maybe(text("until", "19(3)")), maybe(text("text", ""))},
			Stops:  taking, Drops: []string{"*"}, Document: "in_hand", Public: true},
		MoveSpec{Name: MoveGuide, Article: "31", Class: claims, From: underway, To: Redirected, Who: holders,
			Needs: []Need{noObjection, noDispute, noHearing, level},
			Fields: []Field{choice("route", "31", routes[:5]...), text("basis", "31"), text("elsewhere", "31"), text("until", ""),
				maybe(text("text", ""))},
			Stops: taking, Drops: []string{"*"}, Apply: setRoute, Document: "guidance", Public: true},
		MoveSpec{Name: MoveSimple, Class: claims, From: arrived, Who: holders, Needs: []Need{notSimple, SimpleFits, noObjection, noDispute},
			Fields: []Field{choice("ground", "", "clear", "daily", "promised", "other"), inner(maybe(text("text", "")))},
			Starts: starts("simple_accept"), Sets: map[string]string{factMode: "simple"}, Public: true},
		MoveSpec{Name: MoveEndSimple, Class: claims, From: underway, Who: holders, Needs: []Need{isSimple},
			Fields: []Field{text("text", "")}, Drops: []string{"simple_accept", "simple_reply"}, Sets: map[string]string{factMode: ""}, Public: true},
	)
}

// acceptMoves tell the citizen that the matter is received and which procedure it
// takes (Art 23), and for route 6 begin the sixty days (Art 34).
func acceptMoves() []MoveSpec {
	fields := []Field{maybe(text("text", "23")), maybe(choice("notice", "23", "chat", "paper", "none")), maybe(text("contact", ""))}
	claim := MoveSpec{Name: MoveAccept, Article: "23", Class: claims, From: arrived, To: Accepted, Who: holders,
		Needs:  []Need{notSimple, RouteSix, noObjection, noDispute, level},
		Fields: fields, Checks: []Need{noticeOwed}, Stops: taking, Drops: []string{"object"}, Starts: starts("handle"),
		Apply: routeSix, Document: "acceptance", Public: true}
	simple := claim
	simple.Needs = []Need{isSimple, RouteSix, noObjection, noDispute, level}
	simple.Starts = starts("handle", "simple_reply")
	return []MoveSpec{
		claim, simple,
		{Name: MoveAccept, Article: "23", Class: suggestions, From: arrived, To: Accepted, Who: holders, Needs: []Need{noObjection, noDispute, level},
			Fields: fields, Checks: []Need{noticeOwed}, Stops: taking, Drops: []string{"object"}, Document: "acceptance", Public: true},
		{Name: MoveAccept, Article: "30", Class: reports, From: arrived, To: Accepted, Who: holders,
			Fields: []Field{maybe(text("text", "30"))}, Stops: append([]string{"report_ack"}, taking...), Starts: starts("progress"), Public: true},
	}
}
