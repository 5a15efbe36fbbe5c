package petition

import (
	"slices"
	"strconv"
	"strings"
)

// Conditions of the move itself, tested when it is made.
const (
	saysSomething       Need = "says_something"
	ratesSomething      Need = "rates_something"
	classifiesSomething Need = "classifies_something"
	knownSubject        Need = "known_subject"
	knownPlace          Need = "known_place"
	knownUnit           Need = "known_unit"
	otherUnit           Need = "other_unit"
	notAbout            Need = "not_about"
	reviewBody          Need = "review_body"
	dateAhead           Need = "date_ahead"
	dateNotPast         Need = "date_not_past"
	datePast            Need = "date_past"
	dateOfService       Need = "date_of_service"
	extendNotTooFar     Need = "extend_not_too_far"
	noticeOwed          Need = "notice_owed"
	notRecused          Need = "not_recused"
	otherCase           Need = "other_case"
	fewRepresentatives  Need = "few_representatives"
)

// check tests one condition of the move.
func (s *step) check(n Need) bool {
	m, c, o := s.m, s.c, s.law.Office
	known := func(code string) bool { _, ok := o.Find(code); return ok }
	switch n {
	case saysSomething:
		return strings.TrimSpace(m.Text) != "" || len(m.Files) > 0
	case ratesSomething:
		return m.Args["office"] != "" || m.Args["unit"] != ""
	case classifiesSomething:
		return m.Args["class"]+m.Args["route"]+m.Args["subject"]+m.Args["place"] != ""
	case knownSubject:
		_, ok := o.Category(m.Args["subject"])
		return ok || m.Args["subject"] == ""
	case knownPlace:
		_, ok := o.Locality(m.Args["place"])
		return ok || m.Args["place"] == ""
	case knownUnit:
		return m.Unit == "" || known(m.Unit)
	case otherUnit:
		return known(m.Unit) && m.Unit != c.Unit
	case notAbout:
		return m.Unit != c.fact(factAbout)
	case reviewBody:
		return m.Unit == "" || slices.ContainsFunc(s.reviewBodies(), func(u Unit) bool { return u.Code == m.Unit })
	case noticeOwed:
		return m.Args["notice"] != "none" || c.Filing.Contact.Name == "" || c.Filing.Contact.Address == ""
	case notRecused:
		return !c.hasFact(factRecused, m.Officer)
	case otherCase:
		number, ok := ParseNumber(m.Args["number"])
		return ok && number != c.Number
	case fewRepresentatives:
		return len(nameList(m.Args["names"])) <= 5
	}
	return s.checkDate(n)
}

func (s *step) checkDate(n Need) bool {
	d := s.m.Date
	switch n {
	case dateAhead:
		return d > s.today
	case dateNotPast:
		return d >= s.today
	case datePast:
		return d <= s.today
	case dateOfService:
		return d <= s.today && d >= s.c.fact(factAnswered)
	case extendNotTooFar:
		k, ok := s.c.Clock("handle")
		return ok && (d == "" || d > k.Due && d <= addDays(k.Due, 30))
	}
	return false
}

// reviewBodies are those a review or re-review request may go to.
func (s *step) reviewBodies() []Unit {
	if s.spec.Unit == toRereview {
		return s.law.Office.RereviewBodies(s.c.fact(factHandler), s.c.Unit)
	}
	return s.law.Office.ReviewBodies(s.c.Unit)
}

func nameList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、，,;；\n", r) })
}

// fields tests that everything required is there and of its kind.
func (s *step) fields() error {
	for _, f := range s.spec.Fields {
		if f.Kind == KindFiles {
			continue
		}
		v := strings.TrimSpace(s.m.Of(f))
		switch {
		case v == "" && f.Optional:
		case v == "":
			return s.refuse(Invalid, "field.missing", "field", f.Key, "article", f.Article, "why", f.Why(s.spec.Name))
		case !f.fits(v):
			return s.refuse(Invalid, "field.wrong", "field", f.Key, "kind", string(f.Kind), "choices", strings.Join(f.Choices, " "))
		}
	}
	return nil
}

func (f Field) fits(v string) bool {
	switch f.Kind {
	case KindDate:
		_, err := parseDay(v)
		return err == nil
	case KindChoice:
		return slices.Contains(f.Choices, v)
	case KindNumber:
		n, err := strconv.Atoi(v)
		return err == nil && n > 0
	}
	return true
}
