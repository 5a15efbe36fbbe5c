package petition

import "slices"

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
			Drops: []string{"object"}, Starts: starts("decide"), Sets: map[string]string{factDispute: "open", factDisputed: "$unit"}, Public: true},
		{Name: MoveDesignate, Article: "24", Class: open, From: []Status{Transferred}, To: Transferred,
			Who: []Who{{Head, atAbove}, {Officer, atAbove}, {Supervisor, atOffice}}, Needs: []Need{disputeOpen, notParty},
			Fields: []Field{unit("24"), inner(text("text", "24"))}, Checks: []Need{knownUnit}, Unit: toField,
			Stops: []string{"decide"}, Drops: []string{"notify", "simple_accept"}, Starts: starts("notify"),
			Sets: map[string]string{factDispute: "", factDisputed: "", factObjection: "held", factMode: ""}, Document: "transfer", Public: true},
	}
}

// successionMoves give a case to the unit that goes on with what another did (Art 24). The
// periods go on as they run.
func successionMoves() []MoveSpec {
	return []MoveSpec{
		{Name: MoveSucceed, Article: "24", Class: open, From: alive, Who: supervisor,
			Fields: []Field{unit("24"), inner(maybe(text("text", "24")))}, Checks: []Need{otherUnit}, Unit: toField, Apply: succeed, Public: true},
	}
}

func entryMoves() []MoveSpec {
	return append(acceptMoves(),
		MoveSpec{Name: MoveRefuse, Article: "23", Class: open, From: arrived, To: Refused, Who: holders, Signs: headSigns, Needs: []Need{noObjection, noDispute, level},
			Fields: []Field{text("rule", "23"), text("text", "23"), text("elsewhere", "23(2)"), maybe(text("until", ""))},
			Stops:  entryRules, Drops: []string{"*"}, Document: "refusal", Public: true},
		MoveSpec{Name: MoveNoLonger, Article: "36(3)", Class: claims, From: arrived, To: Refused, Who: holders, Signs: headSigns, Needs: []Need{noObjection, noDispute, level},
			Fields: []Field{text("opinion", "36(3)"), date("36(3)"), maybe(text("text", ""))}, Checks: []Need{datePast},
			Stops: entryRules, Drops: []string{"*"}, Document: "no_longer", Public: true},
		MoveSpec{Name: MoveInHand, Article: "19(3)", Class: open, From: arrived, To: Refused, Who: holders, Signs: headSigns, Needs: []Need{noObjection, noDispute, level},
			Fields: []Field{inner(maybe(Field{Key: "number", Kind: KindCase, Article: "19(3)"})), text("elsewhere", "19(3)"), maybe(text("until", "19(3)")), maybe(text("text", ""))},
			Checks: []Need{otherCase}, Stops: entryRules, Drops: []string{"*"}, Apply: link, Document: "in_hand", Public: true},
		MoveSpec{Name: MoveGuide, Article: "31", Class: claims, From: underway, To: Redirected, Who: holders,
			Needs: []Need{noObjection, noDispute, noHearing, level},
			Fields: []Field{choice("route", "31", routes[:5]...), text("basis", "31"), text("elsewhere", "31"), text("until", ""),
				maybe(text("text", ""))},
			Stops: entryRules, Drops: []string{"*"}, Apply: setRoute, Document: "guidance", Public: true},
		MoveSpec{Name: MoveSimple, Class: claims, From: arrived, Who: holders, Needs: []Need{notSimple, simpleFits, noObjection, noDispute},
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
		Needs:  []Need{notSimple, routeSix, noObjection, noDispute, level},
		Fields: fields, Checks: []Need{noticeOwed}, Stops: entryRules, Drops: []string{"object"}, Starts: starts("handle"),
		Apply: setRouteSix, Document: "acceptance", Public: true}
	simple := claim
	simple.Needs = []Need{isSimple, routeSix, noObjection, noDispute, level}
	simple.Starts = starts("handle", "simple_reply")
	return []MoveSpec{
		claim, simple,
		{Name: MoveAccept, Article: "23", Class: suggestions, From: arrived, To: Accepted, Who: holders, Needs: []Need{noObjection, noDispute, level},
			Fields: fields, Checks: []Need{noticeOwed}, Stops: entryRules, Drops: []string{"object"}, Document: "acceptance", Public: true},
		{Name: MoveAccept, Article: "30", Class: reports, From: arrived, To: Accepted, Who: holders,
			Fields: []Field{maybe(text("text", "30"))}, Stops: append([]string{"report_ack"}, entryRules...), Starts: starts("progress"), Public: true},
	}
}

func workMoves() []MoveSpec {
	return []MoveSpec{
		{Name: MoveAsk, Article: "19", From: running, To: Waiting, Who: append(holders, overseers...), Needs: []Need{notWaiting},
			Fields: []Field{text("text", "19")}, Starts: starts("supplement"), Public: true},
		{Name: MoveGoOn, From: running, To: Back, Who: append(holders, overseers...), Needs: []Need{isWaiting},
			Fields: []Field{maybe(text("text", ""))}, Drops: []string{"supplement"}, Public: true},
		{Name: MoveHearing, Article: "31(6)", Class: claims, From: examined, Who: reviewers, Needs: []Need{noHearing, notWaiting},
			Fields: []Field{date("31(6)"), maybe(text("time", "31(6)")), text("place", "31(6)"), maybe(text("text", "")), aside(choice("open", "36", "yes", "no")),
				aside(text("chair", "28")), aside(text("members", "28")), aside(text("clerk", "28"))}, Checks: []Need{dateNotPast},
			Sets: map[string]string{factHearing: "$date"}, Apply: pause, Document: "hearing_notice", Public: true},
		{Name: MoveHearingDone, Article: "36", Class: claims, From: examined, Who: reviewers, Needs: []Need{hearingOpen},
			Fields: []Field{inner(text("text", "36")), files()}, Sets: map[string]string{factHearing: ""}, Apply: resume,
			Document: "hearing_record", Public: true},
		{Name: MoveMediate, Article: "33", Class: claims, From: handled, Who: holders, Needs: []Need{noMediation},
			Fields: []Field{choice("consent", "33", "both"), maybe(text("text", ""))}, Sets: map[string]string{factMediation: "open"}, Public: true},
		{Name: MoveAgreement, Article: "33", Class: claims, From: handled, To: Replied, Who: holders, Needs: []Need{noHearing},
			Fields: []Field{choice("kind", "33", "mediation", "settlement"), choice("consent", "33", "both"), text("text", "33"),
				inner(maybe(text("party", "33"))), only(inner(maybe(text("mediator", "33"))), "mediation"), maybe(date("33")), files(),
				aside(text("manner", ""))},
			Stops: []string{"handle", "extend", "simple_reply"}, Starts: starts("deliver"),
			Sets: answer("agreement"), Document: "agreement", Public: true},
		{Name: MoveExtend, Article: "34", Class: claims, From: handled, Who: holders, Signs: headSigns,
			Needs:  []Need{notSimple, notExtended, extendInTime},
			Fields: []Field{text("text", "34"), maybe(date("34"))}, Checks: []Need{extendNotTooFar},
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

func answerMoves() []MoveSpec {
	return append(deliveries(),
		MoveSpec{Name: MoveReply, Article: "32", Class: claims, From: handled, To: Replied, Who: holders, Signs: headSigns, Needs: []Need{noHearing},
			Fields: []Field{text("request", "32"), text("facts", "32"), text("text", "32"), text("basis", "32"),
				choice("outcome", "32", "support", "no_basis", "not_support"), maybe(text("review_body", "35")), files()},
			Stops: []string{"handle", "extend", "simple_reply"}, Starts: starts("deliver"),
			Sets: answer("opinion"), Apply: nameReview, Document: "opinion", Public: true},
		MoveSpec{Name: MoveReply, Article: "29", Class: suggestions, From: underway, To: Replied, Who: holders, Signs: headSigns, Needs: []Need{noObjection, noDispute, level},
			Fields: []Field{choice("outcome", "29", "adopted", "partly", "not_adopted"), text("text", "29"), files()},
			Stops:  append([]string{"suggestion_reply"}, entryRules...), Drops: []string{"object"}, Starts: starts("deliver"),
			Sets: answer("suggestion"), Document: "suggestion_reply", Public: true},
		MoveSpec{Name: MoveReply, Article: "30", Class: reports, From: handled, To: Closed, Who: holders,
			Fields: []Field{text("text", "30"), files()}, Stops: []string{"progress"}, Drops: []string{"*"}, Sets: answer("report"), Public: true},
		MoveSpec{Name: MoveComplete, Article: "22(1)(3)", Class: open, From: anywhere, Who: append(holders, involved...), Needs: []Need{reportOwed},
			Fields: []Field{text("text", "22(1)(3)"), files()}, Stops: []string{"assigned_report"}, Sets: map[string]string{factAssigned: "reported"},
			Document: "completion"},
		MoveSpec{Name: MoveAnswerSender, Article: "22(1)(3)", Class: open, From: anywhere, Who: append(holders, overseers...), Needs: []Need{senderWaits},
			Fields: []Field{text("text", "22(1)(3)"), files()}, Stops: []string{"sender_report"}, Document: "completion"},
		MoveSpec{Name: MoveClose, Class: open, From: inWindow, To: Closed, Who: involved, Needs: []Need{isDelivered, windowOver, reportDone},
			Fields: []Field{maybe(text("text", ""))}, Drops: []string{"deliver", "review_window", "rereview_window", "confirm", "progress", "lead_progress"}, Public: true},
	)
}

// deliveries record that a reply was received, by the citizen's own word or by proof
// of service. The citizen's window begins there, and only there (Art 35, 36).
func deliveries() []MoveSpec {
	var rows []MoveSpec
	for _, d := range []struct {
		class []Class
		from  Status
		need  Need
		start string
		art   string
	}{
		{claims, Replied, opinionGiven, "review_window", "35"},
		{claims, Replied, agreementMade, "confirm", "33"},
		{suggestions, Replied, answerGiven, "confirm", "29"},
		{claims, Reviewed, answerGiven, "rereview_window", "36"},
		{claims, Finished, answerGiven, "", "36"},
	} {
		base := MoveSpec{Article: d.art, Class: d.class, From: []Status{d.from}, Needs: []Need{notDelivered, d.need},
			Stops: []string{"deliver"}, Public: true}
		got, served := base, base
		got.Name, got.Who, got.Sets = MoveReceive, filer, map[string]string{factDelivered: "@today"}
		served.Name, served.Who, served.Sets = MoveDeliver, involved, map[string]string{factDelivered: "$date"}
		served.Fields = slices.Concat([]Field{date("35"), choice("method", "35", serviceMethods...)}, receivers(),
			[]Field{inner(maybe(text("text", ""))), files(), inner(aside(text("place", ""))), inner(aside(text("time", ""))), inner(aside(text("server", "")))})
		served.Checks, served.Document = []Need{dateOfService}, "delivery"
		if d.start != "" {
			got.Starts = starts(d.start)
			served.Starts = []Start{{Rule: d.start, From: "date"}}
		}
		rows = append(rows, got, served)
	}
	return rows
}

// receivers say who took the paper in place of the petitioner, or why nobody did: the
// return of service must say why it was refused; a photo may stand for the witness (Civil
// Procedure Law Art 88, 89).
func receivers() []Field {
	return []Field{
		only(inner(maybe(text("proxy", ""))), "household"), only(inner(maybe(text("relation", ""))), "household"),
		only(inner(text("refused", "")), "left"), only(inner(maybe(text("witness", ""))), "left"),
	}
}

// serviceMethods are the ways of service of the Civil Procedure Law (Art 87–95), used
// by analogy: signed for, by an adult of the household, left with a witness, by post,
// confirmed in a chat with consent, by public notice.
var serviceMethods = []string{"signed", "household", "left", "post", "chat", "notice"}

func reviewMoves() []MoveSpec {
	opinion := []Field{text("request", "35"), text("facts", "35"), text("text", "35"), text("basis", "35"),
		choice("outcome", "35", "maintain", "change", "revoke"), files()}
	final := append([]Field{}, opinion...)
	for i := range final {
		if final[i].Article != "" {
			final[i].Article = "36"
		}
	}
	refusal := []Field{text("rule", "35"), text("text", "35")}
	return []MoveSpec{
		{Name: MoveReviewReply, Article: "35", Class: claims, From: []Status{Reviewing}, To: Reviewed, Who: reviewers, Signs: headSigns, Needs: []Need{noHearing},
			Fields: opinion, Stops: []string{"review"}, Starts: starts("deliver"), Sets: answer("review"), Apply: nameRereview,
			Document: "review", Public: true},
		{Name: MoveReviewRedo, Article: "35", Class: claims, From: []Status{Reviewing}, To: Accepted, Who: reviewers, Signs: headSigns, Needs: []Need{noHearing},
			Fields: []Field{text("facts", "35"), text("text", "35"), text("basis", "35"), files()},
			Unit:   toHandler, Stops: []string{"review"}, Starts: starts("handle"),
			Sets:     map[string]string{factHandler: "", factReviewer: "@holder", factAnswer: "", factAnswered: "", factDelivered: "", factSettled: "", factExtended: "", factMode: ""},
			Document: "review", Public: true},
		{Name: MoveReviewRefuse, Article: "35", Class: claims, From: []Status{Reviewing}, To: Replied, Who: reviewers, Signs: headSigns, Needs: []Need{noHearing},
			Fields: refusal, Unit: toHandler, Stops: []string{"review"}, Starts: starts("confirm"),
			Sets: map[string]string{factHandler: "", factReviewer: "@holder"}, Document: "review_refusal", Public: true},
		{Name: MoveRereviewReply, Article: "36", Class: claims, From: []Status{Rereviewing}, To: Finished, Who: reviewers, Signs: headSigns, Needs: []Need{noHearing},
			Fields: final, Unit: toHandler, Stops: []string{"rereview"}, Starts: starts("deliver"),
			Sets:     with(answer("rereview"), factFinal, "@holder"),
			Document: "rereview", Public: true},
		{Name: MoveRereviewRefuse, Article: "36", Class: claims, From: []Status{Rereviewing}, To: Reviewed, Who: reviewers, Signs: headSigns, Needs: []Need{noHearing},
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
		{Name: MoveProgress, Article: "30", Class: reports, From: handled, Who: holders,
			Fields: []Field{text("text", "")}, Stops: []string{"progress"}, Starts: starts("progress")},
	}
}

func watchMoves() []MoveSpec {
	return []MoveSpec{
		{Name: MoveSupervise, Article: "40", Class: open, From: anywhere, Who: overseers, Signs: officeSigns, Needs: []Need{noFeedbackDue, notOwn},
			Fields: []Field{choice("reason", "40", "acceptance", "handling", "delay", "falsification", "not_carried_out"),
				choice("kind", "40", "letter", "improve", "policy", "accountability"), inner(text("text", "40")), date("40")},
			Checks: []Need{dateAhead}, Starts: []Start{{Rule: "feedback", On: "date"}}, Document: "supervision", Public: true},
		{Name: MoveFeedback, Article: "40", Class: open, From: anywhere, Who: append(holders, Who{Officer, atHandler}, Who{Head, atHandler}),
			Needs:  []Need{feedbackDue},
			Fields: []Field{choice("adopted", "40", "yes", "partly", "no"), text("text", "40"), files()}, Stops: []string{"feedback"}},
		{Name: MoveLead, Article: "18", Class: open, From: alive, Who: append(headOnly, supervisor...),
			Fields: []Field{officer(), inner(maybe(text("text", "18")))}, Drops: []string{"progress"}, Starts: starts("lead_progress"),
			Apply: lead, Public: true},
		{Name: MoveUnlead, Article: "18", Class: open, From: alive, Who: append(append(headOnly, supervisor...), leading), Needs: []Need{hasLead},
			Fields: []Field{inner(text("text", "18"))}, Drops: []string{"progress", "lead_progress"}, Apply: unlead, Public: true},
		{Name: MoveProgress, Article: "18", Class: open, From: alive, Who: append(headOnly, holders[0], leading), Needs: []Need{hasLead},
			Fields: []Field{text("text", "18")}, Stops: []string{"progress", "lead_progress"}, Starts: starts("lead_progress"), Public: true},
		{Name: MoveRecount, Class: open, From: anywhere, Who: supervisor, Needs: []Need{otherCalendar},
			Fields: []Field{text("text", "")}, Apply: recount, Public: true},
	}
}

// fileMoves keep the file in order, in every class.
func fileMoves() []MoveSpec {
	keepers := append(holders, overseers...)
	return []MoveSpec{
		{Name: MoveTake, From: alive, Who: holders, Needs: []Need{notMine}, Apply: take},
		{Name: MoveHandOver, From: alive, Who: holders, Fields: []Field{officer(), inner(maybe(text("text", "")))}, Checks: []Need{notRecused}, Apply: handOver},
		{Name: MoveTell, Article: "21", From: anywhere, Who: keepers, Fields: []Field{text("text", ""), files()}, Public: true},
		{Name: MoveNote, From: anywhere, Who: append(keepers, Who{Officer, atHandler}, Who{Head, atHandler}), Fields: []Field{text("text", ""), files()}, Apply: noteTold},
		{Name: MoveUrgent, Article: "25", From: alive, Who: keepers, Fields: []Field{text("text", "25"), files()},
			Sets: map[string]string{factUrgent: "@today"}, Document: "urgent_report"},
		{Name: MoveRecuse, Article: "28", From: alive, Who: append(holders, supervisor...), Fields: []Field{officer(), text("text", "28")}, Apply: recuse},
		{Name: MoveLink, Class: open, From: anywhere, Who: keepers,
			Fields: []Field{{Key: "number", Kind: KindCase}, choice("kind", "", "repeated", "joint"), maybe(text("text", ""))},
			Checks: []Need{otherCase}, Apply: link},
		{Name: MoveRepresent, Article: "20(3)", Class: open, From: alive, Who: keepers,
			Fields: []Field{inner(text("names", "20(3)"))}, Checks: []Need{fewRepresentatives}, Sets: map[string]string{factJoint: "yes"}},
		{Name: MoveUnlink, Class: open, From: anywhere, Who: keepers, Needs: []Need{hasLinks},
			Fields: []Field{{Key: "number", Kind: KindCase}, text("text", "")}, Checks: []Need{linkedCase}, Apply: unlink},
		{Name: MovePromise, Article: "18", Class: open, From: anywhere, Who: keepers, Needs: []Need{nothingPromised},
			Fields: []Field{text("text", "18"), text("who", "18"), date("18")}, Checks: []Need{dateNotPast},
			Starts: []Start{{Rule: "promise", On: "date"}}, Public: true},
		{Name: MoveKept, Article: "18", Class: open, From: anywhere, Who: keepers, Needs: []Need{promiseOpen},
			Fields: []Field{text("text", "18"), files()}, Stops: []string{"promise"}, Public: true},
		{Name: MoveExplained, Article: "18", Class: open, From: anywhere, Who: keepers, Needs: []Need{promiseOpen},
			Fields: []Field{text("text", "18")}, Drops: []string{"promise"}, Public: true},
	}
}

// urgentMoves are about danger to people now (Art 25). It is no state of the case: it goes
// its own way beside it, and what was lodged stays in Filing.Urgency.
func urgentMoves() []MoveSpec {
	keepers := append(holders, overseers...)
	attending := append(keepers, Who{Officer, atDuty}, Who{Head, atDuty})
	return []MoveSpec{
		{Name: MoveAlarm, Article: "25", From: alive, Who: keepers, Checks: []Need{otherUrgency},
			Fields: []Field{inner(choice("kind", "25", urgencies()...)), inner(maybe(text("text", "25")))}, Apply: alarm, Public: true},
		{Name: MoveAttend, Article: "25", From: anywhere, Who: attending, Needs: []Need{isUrgent, notAttended}, Apply: attend, Public: true},
		{Name: MoveAttended, Article: "25", From: anywhere, Who: attending, Needs: []Need{isUrgent, isAttended},
			Fields: []Field{maybe(choice("measure", "25", "called", "went", "reached")), maybe(text("text", ""))}, Checks: []Need{saysWhatWasDone}},
		{Name: MoveEndAlarm, Article: "25", From: anywhere, Who: keepers, Needs: []Need{isUrgent},
			Fields: []Field{inner(text("text", "25"))}, Apply: endAlarm, Public: true},
	}
}

func citizenMoves() []MoveSpec {
	return []MoveSpec{
		{Name: MoveFile, Article: "17", To: Registered, Who: filer, Starts: starts("forward"), Document: "receipt", Public: true},
		{Name: MoveSupplement, Article: "19", From: alive, To: Back, Who: recorded(), Drops: []string{"supplement"},
			Fields: []Field{maybe(text("text", "19")), files()}, Checks: []Need{saysSomething}, Public: true},
		{Name: MoveWithdraw, From: alive, To: Withdrawn, Who: filer,
			Fields: []Field{maybe(text("text", ""))}, Drops: []string{"*"}, Public: true},
		{Name: MoveNudge, Article: "28", From: running, Who: citizen, Needs: []Need{nudgeFree},
			Fields: []Field{maybe(text("text", ""))}, Sets: map[string]string{factNudged: "@today"}, Public: true},
		{Name: MoveRate, Article: "21", Class: open, From: rated, Who: filer,
			Fields: []Field{maybe(choice("office", "21", marks...)), maybe(choice("unit", "21", marks...)), maybe(text("text", ""))},
			Checks: []Need{ratesSomething}, Apply: setRating, Public: true},
		{Name: MoveSettle, Class: open, From: answered, Who: filer,
			Fields: []Field{choice("outcome", "", settlements...), maybe(text("text", ""))},
			Sets:   map[string]string{factSettled: "$outcome", factHeard: ""}, Public: true},
		{Name: MoveReview, Article: "35", Class: claims, From: []Status{Replied, Closed}, To: Reviewing, Who: recorded(),
			Needs:  []Need{opinionGiven, notReviewed},
			Fields: []Field{text("text", "35"), maybe(unit("35")), files()}, Checks: []Need{reviewBodyChosen, reviewBody}, Unit: toReview,
			Stops: []string{"review_window"}, Drops: []string{"deliver", "confirm"}, Starts: starts("review"),
			Sets: map[string]string{factHandler: "@holder"}, Apply: markLate("review_window"), Document: "review_request", Public: true},
		{Name: MoveRereview, Article: "36", Class: claims, From: []Status{Reviewed, Closed}, To: Rereviewing, Who: recorded(),
			Needs:  []Need{reviewGiven},
			Fields: []Field{text("text", "36"), maybe(unit("36")), files()}, Checks: []Need{reviewBodyChosen, reviewBody}, Unit: toRereview,
			Stops: []string{"rereview_window"}, Drops: []string{"deliver", "confirm"}, Starts: starts("rereview"),
			Sets: map[string]string{factReviewer: "@holder"}, Apply: markLate("rereview_window"), Document: "rereview_request", Public: true},
		reopening(ends),
		reopening(inWindow, unresolved),
	}
}

// enteredMoves are those of the petitioner's own that an officer enters for them, after a
// call back or a visit. Who handles the case does not enter what becomes of it.
func enteredMoves() []MoveSpec {
	how := choice("how", "", "call_back", "visit")
	return []MoveSpec{
		{Name: MoveWithdraw, From: alive, To: Withdrawn, Who: involved, Needs: []Need{otherHands},
			Fields: []Field{how, text("text", ""), files()}, Drops: []string{"*"}, Public: true},
		{Name: MoveRate, Article: "21", Class: open, From: rated, Who: involved, Needs: []Need{otherHands},
			Fields: []Field{how, maybe(choice("office", "21", marks...)), maybe(choice("unit", "21", marks...)), maybe(text("text", ""))},
			Checks: []Need{ratesSomething}, Apply: enterRating, Public: true},
		{Name: MoveSettle, Class: open, From: answered, Who: involved, Needs: []Need{otherHands},
			Fields: []Field{how, choice("outcome", "", settlements...), text("text", "")},
			Sets:   map[string]string{factSettled: "$outcome", factHeard: "$how"}, Public: true},
	}
}

// marks are the three marks of a rating; no mark counts as none.
var marks = []string{"good", "fair", "bad"}

var settlements = []string{"resolved", "partly", "not"}

// rated are the statuses in which there is something to rate.
var rated = append([]Status{Refused, Redirected}, answered...)

// recorded are the citizen, and staff who record what came on paper or by word of
// mouth (Art 19).
func recorded() []Who { return append([]Who{{Role: Citizen}}, involved...) }

// reopening goes to the petition office; a second one to its head. A person whom the
// first answer left unhelped may reopen or ask for review, as they like.
func reopening(from []Status, needs ...Need) MoveSpec {
	return MoveSpec{
		Name: MoveReopen, Article: "37", From: from, To: Registered, Who: append(slices.Clone(filer), involved...), Needs: needs,
		Fields: []Field{text("text", "36"), files()}, Unit: toOffice, Drops: []string{"*"}, Starts: starts("forward"),
		Sets: map[string]string{
			factHandler: "", factReviewer: "", factFinal: "", factDelivered: "", factSettled: "", factExtended: "", factMode: "", factAssigned: "",
			factObjection: "", factAnswer: "", factAnswered: "", factDispute: "", factDisputed: "", factSender: "", factHearing: "", factLead: "", factStruck: "", factStruckBy: "",
		},
		Apply: countReopening, Public: true,
	}
}
