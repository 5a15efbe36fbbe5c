package petition

func citizenMoves() []MoveSpec {
	return []MoveSpec{
		{Name: MoveFile, Article: "17", To: Registered, Who: citizen, Starts: starts("forward"), Document: "receipt", Public: true},
		{Name: MoveSupplement, Article: "19", From: alive, To: Back, Who: recorded(), Drops: []string{"supplement"},
			Fields: []Field{maybe(text("text", "19")), files()}, Checks: []Need{saysSomething}, Public: true},
		{Name: MoveWithdraw, From: alive, To: Withdrawn, Who: citizen,
			Fields: []Field{maybe(text("text", ""))}, Drops: []string{"*"}, Public: true},
		{Name: MoveWithdraw, From: alive, To: Withdrawn, Who: involved, Needs: []Need{noChat},
			Fields: []Field{text("text", ""), files()}, Drops: []string{"*"}, Public: true},
		{Name: MoveNudge, Article: "28", From: running, Who: citizen, Needs: []Need{nudgeFree},
			Fields: []Field{maybe(text("text", ""))}, Sets: map[string]string{factNudged: "@today"}, Public: true},
		{Name: MoveRate, Article: "21", Class: open, From: append([]Status{Refused, Redirected}, answered...), Who: citizen,
			Fields: []Field{maybe(choice("office", "21", marks...)), maybe(choice("unit", "21", marks...)), maybe(text("text", ""))},
			Checks: []Need{ratesSomething}, Apply: setRating, Public: true},
		{Name: MoveSettle, Class: open, From: answered, Who: citizen,
			Fields: []Field{choice("outcome", "", "resolved", "partly", "not"), maybe(text("text", ""))},
			Sets:   map[string]string{factSettled: "$outcome"}, Public: true},
		{Name: MoveReview, Article: "35", Class: claims, From: []Status{Replied, Closed}, To: Reviewing, Who: recorded(),
			Needs:  []Need{opinionGiven, notReviewed},
			Fields: []Field{text("text", "35"), maybe(unit("35")), files()}, Checks: []Need{reviewBody}, Unit: toReview,
			Stops: []string{"review_window"}, Drops: []string{"deliver", "confirm"}, Starts: starts("review"),
			Sets: map[string]string{factHandler: "@holder"}, Apply: markLate("review_window"), Document: "review_request", Public: true},
		{Name: MoveRereview, Article: "36", Class: claims, From: []Status{Reviewed, Closed}, To: Rereviewing, Who: recorded(),
			Needs:  []Need{reviewGiven},
			Fields: []Field{text("text", "36"), maybe(unit("36")), files()}, Checks: []Need{reviewBody}, Unit: toRereview,
			Stops: []string{"rereview_window"}, Drops: []string{"deliver", "confirm"}, Starts: starts("rereview"),
			Sets: map[string]string{factReviewer: "@holder"}, Apply: markLate("rereview_window"), Document: "rereview_request", Public: true},
		reopening(ends),
		reopening(inWindow, unresolved),
	}
}

// marks are the three marks of a rating; no mark counts as none.
var marks = []string{"good", "fair", "bad"}

// recorded are the citizen, and staff who record what came on paper or by word of
// mouth (Art 19).
func recorded() []Who { return append([]Who{{Role: Citizen}}, involved...) }

// reopening goes to the petition office; a second one to its head. A person whom the
// first answer left unhelped may reopen or ask for review, as they like.
func reopening(from []Status, needs ...Need) MoveSpec {
	return MoveSpec{
		Name: MoveReopen, Article: "37", From: from, To: Registered, Who: recorded(), Needs: needs,
		Fields: []Field{text("text", "36"), files()}, Unit: toOffice, Drops: []string{"*"}, Starts: starts("forward"),
		Sets: map[string]string{
			factHandler: "", factReviewer: "", factFinal: "", factDelivered: "", factSettled: "", factExtended: "", factMode: "", factAssigned: "",
			factObjection: "", factAnswer: "", factAnswered: "", factDispute: "", factSender: "", factHearing: "", factLead: "",
		},
		Apply: countReopening, Public: true,
	}
}
