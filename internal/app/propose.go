package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dengwen/assist/model"
	"dengwen/handlers/desk"
	"dengwen/locales"
	"dengwen/petition"
)

// propose asks the language model for the texts of a paper, everybody's names and addresses covered; nil without one.
func (a *App) propose() desk.Propose {
	if !a.Settings.Model() {
		return nil
	}
	return func(ctx context.Context, ask desk.ProposalAsk) ([]desk.Proposed, int, error) {
		c, err := a.service.Look(ctx, petition.System(), ask.Number, "")
		if err != nil {
			return nil, 0, petition.Wrap(err, "look whom to cover")
		}
		if c.Class == petition.Report { // changed since the form was opened
			return nil, 0, petition.Fail(petition.Invalid, "desk.page.propose.unfit")
		}
		in := model.DraftAsk{}
		if c.Contact != nil {
			in.Hide = append(in.Hide, c.Contact.Name, c.Contact.Phone, c.Contact.Mail, c.Contact.Address)
		}
		for _, f := range ask.Fields {
			in.Fields = append(in.Fields, model.DraftField(f))
		}
		for _, p := range ask.Passages {
			in.Passages = append(in.Passages, model.Passage(p))
			if strings.HasPrefix(p.ID, "law") {
				continue
			}
			for _, n := range a.people(p.Text) {
				if !slices.Contains(in.Hide, n) {
					in.Hide = append(in.Hide, n)
				}
			}
		}
		got, left, err := a.drafts.Draft(ctx, in)
		if errors.Is(err, model.ErrUnfit) {
			return nil, left, petition.Fail(petition.Invalid, "desk.page.propose.unfit")
		}
		if err != nil {
			a.log.Warn("the language model proposed no draft", "err", err)
			return nil, 0, petition.Fail(petition.Unavailable, "desk.page.propose.away")
		}
		var all []desk.Proposed
		for _, s := range got {
			all = append(all, desk.Proposed(s))
		}
		return all, left, nil
	}
}

const rulesMost = 2 // of one article

// rules are what the book says first of all about an article of the Regulation, as papers cite it.
func (a *App) rules(article string) (all []string) {
	number, _, _ := strings.Cut(article, "(")
	n, err := strconv.Atoi(number)
	if err != nil {
		return nil
	}
	for _, id := range a.book.Entries() {
		e, err := a.book.Entry(id, locales.Default)
		if err == nil && len(e.Articles) > 0 && e.Articles[0] == n && len(all) < rulesMost {
			all = append(all, fmt.Sprintf("《信访工作条例》第%s条（第%d条）：%s", inWords(n), n, e.Text))
		}
	}
	return all
}

// inWords writes a number of 1 to 99 as articles are cited: 三十二.
func inWords(n int) string {
	units := strings.Split(" 一 二 三 四 五 六 七 八 九", " ")
	switch {
	case n < 10:
		return units[n]
	case n < 20:
		return "十" + units[n%10]
	}
	return units[n/10] + "十" + units[n%10]
}
