package naming

import (
	"strconv"
	"strings"

	"dengwen/petition"
	"dengwen/petition/mediation"
)

// DisputeStatus is what a status of a dispute is called.
func (n Names) DisputeStatus(s mediation.Status) string {
	return n.Text("dispute.status." + string(s))
}

// DisputeMove is what a move of a dispute is called.
func (n Names) DisputeMove(m mediation.MoveName) string { return n.Text("dispute.move." + string(m)) }

// DisputeField asks for a field of a move.
func (n Names) DisputeField(m mediation.MoveName, key string) string {
	if own := n.first("dispute.field." + string(m) + "." + key); own != "" {
		return own
	}
	return n.Text("dispute.field." + key)
}

// DisputeChoice is what a choice is called.
func (n Names) DisputeChoice(value string) string { return n.Text("dispute.choice." + value) }

// DisputeOption is what one answer to a field of a move is called.
func (n Names) DisputeOption(d mediation.Dispute, f petition.Field, value string) string {
	switch f.Kind {
	case mediation.KindMediator:
		m, _ := n.Office.Mediator(value)
		kinds := ""
		for _, k := range m.Kinds {
			kinds += " · " + n.DisputeKind(k)
		}
		return m.Name + kinds
	case mediation.KindPromise:
		if i, err := strconv.Atoi(value); err == nil && d.Agreement != nil && i >= 1 && i <= len(d.Agreement.Promises) {
			p := d.Agreement.Promises[i-1]
			return n.Party(d, p.Party) + " " + n.Promise(p) + " " + Clip(p.Words, 40)
		}
	case mediation.KindStep:
		for _, s := range n.Office.Disputes.Method {
			if s.Code == value {
				return s.NameIn(n.Lang)
			}
		}
	case petition.KindUnit:
		return n.Unit(value)
	}
	if f.Key == "party" {
		return n.Party(d, value)
	}
	return n.DisputeChoice(value)
}

// DisputeKind is what a kind of dispute is called.
func (n Names) DisputeKind(code string) string {
	if k, ok := n.Office.DisputeKind(code); ok {
		return k.NameIn(n.Lang)
	}
	return n.Text("dispute.kind.none")
}

// DisputePlace is where a dispute is: the town and the village.
func (n Names) DisputePlace(d mediation.Dispute) string {
	if d.Place.Code == "" && d.Place.Text == "" {
		return n.Text("dispute.place.none")
	}
	if d.Village != "" && !strings.Contains(d.Place.Text, d.Village) {
		return n.Place(petition.Place{Code: d.Place.Code}, "") + " " + d.Village
	}
	return n.Place(d.Place, "")
}

// Party is how a party of a dispute wants to be named, or which of both it is.
func (n Names) Party(d mediation.Dispute, party string) string {
	if name := d.Parties[party]; name != "" {
		return name
	}
	return n.Text("dispute.party." + party)
}

// Mediator is what a mediator is called, "" for none.
func (n Names) Mediator(code string) string {
	m, _ := n.Office.Mediator(code)
	return m.Name
}

// Promise says how a promise stands.
func (n Names) Promise(p mediation.Promise) string {
	key, day := "dispute.promise."+p.State, p.Due
	if p.State == mediation.Kept {
		day = p.Done
		if p.Done > p.Due {
			key = "dispute.promise.late"
		}
	}
	return n.Text(key, "Day", n.Day(day))
}

// OtherWays names the lawful ways that stay open beside mediation.
func (n Names) OtherWays() string { return n.Text("dispute.other_ways") }
