package petition

import (
	"slices"
	"strconv"
	"strings"
)

// Conditions of the move itself, tested when it is made.
const (
	SaysSomething       Need = "says_something"
	RatesSomething      Need = "rates_something"
	ClassifiesSomething Need = "classifies_something"
	KnownSubject        Need = "known_subject"
	KnownPlace          Need = "known_place"
	KnownUnit           Need = "known_unit"
	OtherUnit           Need = "other_unit"
	NotAbout            Need = "not_about"
	ReviewBody          Need = "review_body"
	DateAhead           Need = "date_ahead"
	DateNotPast         Need = "date_not_past"
	DatePast            Need = "date_past"
	DateOfService       Need = "date_of_service"
	ExtendNotTooFar     Need = "extend_not_too_far"
	NoticeOwed          Need = "notice_owed"
	NotRecused          Need = "not_recused"
	OtherCase           Need = "other_case"
	FewRepresentatives  Need = "few_representatives"
)

// check tests one condition of the move.
func (s *step) check(n Need) bool {
	m, c, o := s.m, s.c, s.law.Office
	known := func(code string) bool { _, ok := o.Find(code); return ok }
	switch n {
	case SaysSomething:
		return strings.TrimSpace(m.Text) != "" || len(m.Files) > 0
	case RatesSomething:
		return m.Args["office"] != "" || m.Args["unit"] != ""
	case ClassifiesSomething:
		return m.Args["class"]+m.Args["route"]+m.Args["subject"]+m.Args["place"] != ""
	case KnownSubject:
		_, ok := o.Category(m.Args["subject"])
		return ok || m.Args["subject"] == ""
	case KnownPlace:
		_, ok := o.Locality(m.Args["place"])
		return ok || m.Args["place"] == ""
	case KnownUnit:
		return m.Unit == "" || known(m.Unit)
	case OtherUnit:
		return known(m.Unit) && m.Unit != c.Unit
	case NotAbout:
		return m.Unit != c.fact(factAbout)
	case ReviewBody:
		return m.Unit == "" || slices.ContainsFunc(s.reviewBodies(), func(u Unit) bool { return u.Code == m.Unit })
	case NoticeOwed:
		return m.Args["notice"] != "none" || c.Filing.Contact.Name == "" || c.Filing.Contact.Address == ""
	case NotRecused:
		return !c.hasFact(factRecused, m.Officer)
	case OtherCase:
		number, ok := ParseNumber(m.Args["number"])
		return ok && number != c.Number
	case FewRepresentatives:
		return len(nameList(m.Args["names"])) <= 5
	}
	return s.checkDate(n)
}

func (s *step) checkDate(n Need) bool {
	d := s.m.Date
	switch n {
	case DateAhead:
		return d > s.today
	case DateNotPast:
		return d >= s.today
	case DatePast:
		return d <= s.today
	case DateOfService:
		return d <= s.today && d >= s.c.fact(factAnswered)
	case ExtendNotTooFar:
		k, ok := s.c.Clock("handle")
		return ok && (d == "" || d > k.Due && d <= addDays(k.Due, 30))
	}
	return false
}

// reviewBodies are those a review or re-review request may go to.
func (s *step) reviewBodies() []Unit {
	if s.spec.Unit == ToRereview {
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
