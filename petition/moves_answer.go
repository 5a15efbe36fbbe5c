package petition

func answerMoves() []MoveSpec {
	return append(deliveries(),
		MoveSpec{Name: MoveReply, Article: "32", Class: claims, From: []Status{Accepted}, To: Replied, Who: holders, Needs: []Need{noHearing},
			Fields: []Field{text("request", "32"), text("facts", "32"), text("text", "32"), text("basis", "32"),
				choice("outcome", "32", "support", "no_basis", "not_support"), maybe(text("review_body", "35")), inner(text("approved_by", "32")), files()},
			Stops: []string{"handle", "extend", "simple_reply"}, Starts: starts("deliver"),
			Sets: answer("opinion"), Apply: nameReview, Document: "opinion", Public: true},
		MoveSpec{Name: MoveReply, Article: "29", Class: suggestions, From: underway, To: Replied, Who: holders, Needs: []Need{noObjection, noDispute, level},
			Fields: []Field{choice("outcome", "29", "adopted", "partly", "not_adopted"), text("text", "29"), files()},
			Stops:  append([]string{"suggestion_reply"}, taking...), Drops: []string{"object"}, Starts: starts("deliver"),
			Sets: answer("suggestion"), Document: "suggestion_reply", Public: true},
		MoveSpec{Name: MoveReply, Article: "30", Class: reports, From: []Status{Accepted}, To: Closed, Who: holders,
			Fields: []Field{text("text", "30"), files()}, Stops: []string{"progress"}, Drops: []string{"*"}, Sets: answer("report"), Public: true},
		MoveSpec{Name: MoveComplete, Article: "22(1)(3)", Class: open, From: anywhere, Who: append(holders, servers...), Needs: []Need{reportOwed},
			Fields: []Field{text("text", "22(1)(3)"), files()}, Stops: []string{"assigned_report"}, Sets: map[string]string{factAssigned: "reported"},
			Document: "completion"},
		MoveSpec{Name: MoveClose, Class: open, From: []Status{Replied, Reviewed}, To: Closed, Who: servers, Needs: []Need{isDelivered, WindowOver, reportDone},
			Fields: []Field{maybe(text("text", ""))}, Drops: []string{"deliver", "review_window", "rereview_window", "confirm", "progress"}, Public: true},
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
		got.Name, got.Who, got.Sets = MoveReceive, citizen, map[string]string{factDelivered: "@today"}
		served.Name, served.Who, served.Sets = MoveDeliver, servers, map[string]string{factDelivered: "$date"}
		served.Fields = []Field{date("35"), choice("method", "35", serviceMethods...), inner(maybe(text("text", ""))), files()}
		served.Checks, served.Document = []Need{dateOfService}, "delivery"
		if d.start != "" {
			got.Starts = starts(d.start)
			served.Starts = []Start{{Rule: d.start, From: "date"}}
		}
		rows = append(rows, got, served)
	}
	return rows
}

// serviceMethods are the ways of service of the Civil Procedure Law (Art 87–95), used
// by analogy: signed for, by an adult of the household, left with a witness, by post,
// confirmed in a chat with consent, by public notice.
var serviceMethods = []string{"signed", "household", "left", "post", "chat", "notice"}
