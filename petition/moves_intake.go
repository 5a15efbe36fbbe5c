package petition

func intakeMoves() []MoveSpec {
	return []MoveSpec{
		{Name: MoveRegister, Article: "19", To: Registered, Who: []Who{{Intake, atOffice}, {Officer, atHolder}, {Head, atHolder}},
			Starts: starts("forward"), Document: "receipt", Public: true},
		{Name: MoveClassify, Article: "31", Class: open, From: arrived, Who: holders,
			Fields: []Field{maybe(choice("class", "29", string(Suggestion), string(Claim))), maybe(choice("route", "31", routes...)),
				maybe(text("subject", "")), maybe(text("place", ""))},
			Checks: []Need{classifiesSomething, knownSubject, knownPlace}, Apply: classify},
		{Name: MoveSeal, Article: "30", Class: open, From: underway, To: Registered, Who: append(holders, overseers...),
			Fields: []Field{inner(text("text", "30"))}, Unit: toSealed, Drops: []string{"*"}, Starts: starts("forward"), Apply: seal, Public: true},
		{Name: MoveUnseal, Article: "30", Class: reports, From: underway, To: Registered, Who: holders,
			Fields: []Field{inner(text("text", "30")), choice("consent", "30", "yes"), choice("class", "29", string(Suggestion), string(Claim))},
			Unit:   toOffice, Drops: []string{"*"}, Starts: starts("forward"), Apply: unseal, Public: true},
	}
}

// routes are the six routes of Art 31; only the sixth is the petition procedure.
var routes = []string{"1", "2", "3", "4", "5", "6"}

func transferMoves() []MoveSpec {
	return []MoveSpec{
		{Name: MoveTransfer, Article: "22", Class: open, From: []Status{Registered}, To: Transferred, Who: holders, Needs: []Need{level},
			Fields: []Field{unit("22"), inner(maybe(text("text", "")))}, Checks: []Need{otherUnit}, Unit: toField,
			Stops: []string{"forward", "notify", "decide"}, Drops: []string{"simple_accept"}, Starts: starts("notify", "object"),
			Sets: map[string]string{factSender: "@holder", factMode: ""}, Document: "transfer", Public: true},
		{Name: MoveAssign, Article: "22(1)(3)", Class: open, From: []Status{Registered}, To: Transferred, Who: overseers,
			Needs:  []Need{level, officeHolds},
			Fields: []Field{unit("22"), date("22(1)(3)"), inner(maybe(text("text", "22")))}, Checks: []Need{otherUnit, dateAhead}, Unit: toField,
			Stops: []string{"forward", "decide"}, Drops: []string{"simple_accept", "notify"},
			Starts: []Start{{Rule: "notify"}, {Rule: "object"}, {Rule: "assigned_report", On: "date"}},
			Sets:   map[string]string{factSender: "@holder", factMode: "", factAssigned: "yes"}, Document: "transfer", Public: true},
		{Name: MoveObject, Article: "23(3)", Class: open, From: []Status{Transferred}, Who: holders,
			Needs:  []Need{noObjection, noDispute, objectInTime},
			Fields: []Field{inner(text("text", "23(3)")), maybe(unit("23(3)")), inner(maybe(text("basis", "23(3)")))}, Checks: []Need{knownUnit},
			Stops: []string{"object"}, Starts: starts("decide"), Sets: map[string]string{factObjection: "open", factProposed: "$unit"},
			Document: "objection", Public: true},
		{Name: MoveAgree, Article: "23(3)", Class: open, From: []Status{Transferred}, To: Registered, Who: sender, Needs: []Need{objectionOpen},
			Fields: []Field{inner(maybe(text("text", "")))}, Unit: toSender,
			Drops: []string{"notify", "object", "assigned_report", "simple_accept"},
			Sets:  map[string]string{factObjection: "", factAssigned: "", factMode: "", factSender: ""}, Public: true},
		{Name: MoveHold, Article: "23(3)", Class: open, From: []Status{Transferred}, Who: sender, Needs: []Need{objectionOpen},
			Fields: []Field{inner(text("text", "23(3)"))}, Stops: []string{"decide"}, Sets: map[string]string{factObjection: "held"}, Public: true},
		{Name: MoveDispute, Article: "24", Class: open, From: []Status{Transferred}, Who: append(headOnly, overseers...),
			Needs:  []Need{noObjection, noDispute},
			Fields: []Field{inner(text("text", "24")), maybe(unit("24"))}, Checks: []Need{knownUnit},
			Drops: []string{"object"}, Starts: starts("decide"), Sets: map[string]string{factDispute: "open"}, Public: true},
		{Name: MoveDesignate, Article: "24", Class: open, From: []Status{Transferred}, To: Transferred,
			Who: []Who{{Head, atAbove}, {Officer, atAbove}, {Supervisor, atOffice}}, Needs: []Need{disputeOpen},
			Fields: []Field{unit("24"), inner(text("text", "24"))}, Checks: []Need{knownUnit}, Unit: toField,
			Stops: []string{"decide"}, Drops: []string{"notify", "simple_accept"}, Starts: starts("notify"),
			Sets: map[string]string{factDispute: "", factObjection: "held", factMode: ""}, Document: "transfer", Public: true},
	}
}
