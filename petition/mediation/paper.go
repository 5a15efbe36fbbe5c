package mediation

import (
	"strings"

	"dengwen/petition"
)

// blank is what is left to be written by hand: a party that did not want to be named here.
const blank = "　　　　　　"

// Paper is the agreement as an official document (人民调解协议书), for petition.Render. NotFound
// "dispute.none" while there is none.
func (d *Dispute) Paper(o *petition.Office) (petition.Document, error) {
	if d.Agreement == nil {
		return petition.Document{}, petition.Fail(petition.NotFound, "dispute.none")
	}
	m, _ := o.Mediator(d.Mediator)
	a := d.Agreement
	values := map[string]string{
		"number": d.Number, "unit": m.Committee, "date": petition.ChineseDay(petition.Day(a.At)), "mediator": m.Name,
		"a": named(d.Parties[PartyA]), "b": named(d.Parties[PartyB]), "facts": a.Facts, "terms": a.Terms, "manner": a.Manner, "confirm_until": petition.ChineseDay(a.ConfirmUntil),
	}
	for _, p := range a.Promises {
		key := "promises_" + p.Party
		values[key] = strings.TrimPrefix(values[key]+"\n"+petition.ChineseDay(p.Due)+"　"+p.Words, "\n")
	}
	return petition.Document{Kind: "mediation", Number: d.Number, Values: values}, nil
}

func named(party string) string {
	if party == "" {
		return blank
	}
	return party
}
