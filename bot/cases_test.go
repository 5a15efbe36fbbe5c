package bot

import (
	"context"
	"io"
	"slices"
	"strconv"

	"dengwen/petition"
)

// fakeCases is a case service of a few moves, enough to talk to.
type fakeCases struct {
	w     *world
	kept  map[string]*petition.View
	codes map[string]string
	owner map[string]string
	byKey map[string]petition.Ticket
	order []string
	wrong int
}

func newCases(w *world) *fakeCases {
	return &fakeCases{w: w, kept: map[string]*petition.View{}, codes: map[string]string{}, owner: map[string]string{}, byKey: map[string]petition.Ticket{}}
}

func (c *fakeCases) File(_ context.Context, a petition.Actor, f petition.Filing) (petition.Ticket, error) {
	if k, ok := c.byKey[f.Key]; ok {
		return k, nil
	}
	number := petition.FormatNumber("ZS", 2026, 417+len(c.order))
	v := petition.View{
		Number: number, Status: petition.Registered, Class: f.Class, Subject: f.Subject, Place: f.Place, Title: f.Title, Facts: f.Facts,
		Request: f.Request, Unit: "xfj", UnitName: "县信访局", Since: c.w.now, Received: c.w.now, Due: c.date(15), Rule: "forward", Article: "22",
		Colour: "green", Left: 15, Version: 1,
		Can: []petition.MoveName{petition.MoveSupplement, petition.MoveNudge, petition.MoveWithdraw},
	}
	c.entry(&v, petition.Entry{Move: petition.MoveFile, By: "citizen", To: petition.Registered})
	k := petition.Ticket{Number: number, Code: "7Q4M-29X" + string(rune('D'+len(c.order))), Unit: "xfj", Filed: c.w.now, View: v,
		Next: petition.Clock{Rule: "forward", Article: "22", Due: v.Due, State: "running"}}
	c.kept[number], c.codes[number], c.owner[number], c.byKey[f.Key] = &v, k.Code, f.Owner, k
	c.order = append(c.order, number)
	return k, nil
}

func (c *fakeCases) date(days int) string {
	return c.w.now.AddDate(0, 0, days).In(zone).Format("2006-01-02")
}

func (c *fakeCases) entry(v *petition.View, e petition.Entry) {
	e.Seq, e.At, e.Public = len(v.Timeline)+1, c.w.now, true
	v.Timeline = append(v.Timeline, e)
	v.Version++
}

func (c *fakeCases) Look(_ context.Context, a petition.Actor, number, code string) (petition.View, error) {
	v, ok := c.kept[number]
	norm, _ := petition.NormaliseCode(code)
	want, _ := petition.NormaliseCode(c.codes[number])
	if !ok || (c.owner[number] != a.Owner && (code == "" || norm != want)) {
		if code != "" {
			c.wrong++
		}
		if c.wrong > 4 {
			return petition.View{}, petition.Fail(petition.Limited, "lookup.locked")
		}
		return petition.View{}, petition.Fail(petition.NotFound, "lookup.no_match")
	}
	return *v, nil
}

func (c *fakeCases) List(_ context.Context, a petition.Actor, q petition.Query) (petition.Page, error) {
	var p petition.Page
	for i := len(c.order) - 1; i >= 0; i-- {
		n := c.order[i]
		if c.owner[n] != a.Owner || q.After != "" && n >= q.After {
			continue
		}
		if len(p.Views) == q.Limit {
			p.After = p.Views[len(p.Views)-1].Number
			break
		}
		p.Views = append(p.Views, *c.kept[n])
	}
	return p, nil
}

func (c *fakeCases) Do(ctx context.Context, a petition.Actor, number string, m petition.Move) (petition.View, error) {
	if _, err := c.Look(ctx, a, number, m.Code); err != nil {
		return petition.View{}, err
	}
	v := c.kept[number]
	if !slices.Contains(v.Can, m.Name) {
		return petition.View{}, petition.Fail(petition.Conflict, "move.not_now")
	}
	e := petition.Entry{Move: m.Name, By: "citizen", Text: m.Text, Files: m.Files}
	switch m.Name {
	case petition.MoveWithdraw:
		v.Status, v.Can, v.Due = petition.Withdrawn, nil, ""
	case petition.MoveReview:
		v.Status, v.Can, v.Due, v.Rule, v.Article = petition.Reviewing, []petition.MoveName{petition.MoveSupplement}, c.date(30), "review", "35"
	case petition.MoveNudge:
		v.Can = slices.DeleteFunc(slices.Clone(v.Can), func(n petition.MoveName) bool { return n == petition.MoveNudge })
	}
	e.To = v.Status
	c.entry(v, e)
	return *v, nil
}

// office is a move of the office's side and the notice it sends.
func (c *fakeCases) office(move petition.MoveName, to petition.Status, unit, text, rule, article string, days int, can ...petition.MoveName) {
	number := c.order[len(c.order)-1]
	v := c.kept[number]
	if unit != "" {
		v.Unit, v.Since = unit, c.w.now
	}
	v.Status, v.Can, v.Rule, v.Article, v.Due = to, can, rule, article, ""
	if days > 0 {
		v.Due, v.Colour = c.date(days), "green"
	}
	e := petition.Entry{Move: move, By: v.Unit, Unit: unit, Text: text, To: to}
	c.entry(v, e)
	if c.w.owner != c.owner[number] {
		return
	}
	n := &petition.Notice{ID: strconv.Itoa(c.w.seq), To: c.owner[number], Number: number, Entry: v.Timeline[len(v.Timeline)-1], View: *v}
	c.w.step(Event{ID: "notice:" + number + strconv.Itoa(v.Timeline[len(v.Timeline)-1].Seq), At: c.w.now, Notice: n})
}

func (c *fakeCases) Notices(context.Context, string, int) ([]petition.Notice, error) { return nil, nil }
func (c *fakeCases) Attach(context.Context, petition.Actor, petition.Attachment, io.Reader) (petition.Attachment, error) {
	return petition.Attachment{}, nil
}
func (c *fakeCases) Open(context.Context, petition.Actor, string, string) (io.ReadCloser, petition.Attachment, error) {
	return nil, petition.Attachment{}, petition.Fail(petition.NotFound, "")
}

func (c *fakeCases) Forget(_ context.Context, owner string) (int, error) {
	n := 0
	for number, o := range c.owner {
		if o == owner {
			c.owner[number] = ""
			n++
		}
	}
	return n, nil
}
