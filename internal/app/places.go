package app

import (
	"context"
	"strings"
	"time"

	"dengwen/handlers/robot"
	"dengwen/handlers/sms"
	"dengwen/internal/websession"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/roster"
	"dengwen/petition/telling"
)

// openSMS makes the door of short messages, nil without a gateway or with a case API elsewhere, where
// telephones are.
func (a *App) openSMS() (*sms.Door, error) {
	if a.Settings.SMS == "" {
		return nil, nil
	}
	g, err := sms.Parse(a.Settings.SMS)
	if err != nil {
		return nil, petition.Fail(petition.Invalid, "setting.sms", "why", err.Error())
	}
	if a.Store == nil {
		return nil, nil
	}
	return sms.New(sms.Config{
		Gateway: g, Phone: a.addressAt, Refused: a.refusedAt, Now: time.Now,
		Count: func(ctx context.Context, id, name string, limit int) (time.Duration, error) {
			return a.Store.Try(ctx, id, time.Now(), []petition.Limit{{Who: name, Max: limit, Within: 24 * time.Hour}})
		},
		Uncount: a.Store.Untry,
	}), nil
}

// wishesAt are the wishes of whose place a conversation is; false where it is nobody's any more. owner is
// the chat of who petitioned, and staff the officer: one of them is "".
func (a *App) wishesAt(ctx context.Context, conv string) (w telling.Wishes, owner, staff string, there bool, err error) {
	_, name, _ := strings.Cut(conv, ":")
	if a.Roster != nil {
		p, ok, err := a.Roster.AtPlace(ctx, name)
		if err != nil || ok {
			return p.Told, "", p.ID, ok, err
		}
	}
	if a.Store == nil {
		return w, "", "", false, nil
	}
	c, err := a.Store.WishesByID(ctx, name)
	if err != nil {
		return w, "", "", false, petition.IgnoreNotFound(err)
	}
	return c.Wishes, c.Owner, "", true, nil
}

// placeIn is the place of wishes that a conversation is, nil for a conversation of another kind.
func placeIn(w *telling.Wishes, conv string) *telling.Place {
	prefix, _, _ := strings.Cut(conv, ":")
	return map[string]*telling.Place{telling.SMS: &w.Phone, telling.Mail: &w.Mail, telling.RobotKey: &w.Robot.Place}[prefix]
}

// quiet is how long somebody is not to be disturbed now.
func quiet(w telling.Wishes, urgent bool, now time.Time) time.Duration {
	until := w.QuietUntil(now)
	if urgent || until.IsZero() {
		return 0
	}
	return until.Sub(now)
}

// addressAt is the address of a conversation that is a place of somebody's, "" = there is none, and how
// long they are not to be disturbed.
func (a *App) addressAt(ctx context.Context, conv string, urgent bool) (string, time.Duration, error) {
	w, _, _, there, err := a.wishesAt(ctx, conv)
	p := placeIn(&w, conv)
	if err != nil || !there || p == nil || !p.Open() {
		return "", 0, err
	}
	return p.Address, quiet(w, urgent, time.Now()), nil
}

// ownRobot is the robot that somebody chose for themselves.
func (a *App) ownRobot(ctx context.Context, conv string, urgent bool) (robot.Robot, bool, time.Duration, error) {
	w, _, _, there, err := a.wishesAt(ctx, conv)
	if err != nil || !there || !w.Robot.Open() {
		return robot.Robot{}, false, 0, err
	}
	return robot.Robot{Kind: w.Robot.Kind, URL: w.Robot.Address, Secret: w.Robot.Secret}, true, quiet(w, urgent, time.Now()), nil
}

// refusedAt marks a place to which nothing gets.
func (a *App) refusedAt(ctx context.Context, conv string) error {
	w, owner, staff, there, err := a.wishesAt(ctx, conv)
	p := placeIn(&w, conv)
	if err != nil || !there || p == nil || !p.Open() {
		return err
	}
	refused, at := p.Address, time.Now()
	if staff != "" {
		p.Bad = at
		return a.Roster.SetTold(ctx, staff, w)
	}
	_, name, _ := strings.Cut(conv, ":")
	_, err = a.Store.ChangeWishes(ctx, owner, name, func(c *telling.Citizen) error {
		if p := placeIn(&c.Wishes, conv); p.Address == refused { // it may have been changed meanwhile
			p.Bad = at
		}
		return nil
	})
	return err
}

// consentNote is what stands in a case when its petitioner agreed to be told by a channel, or took it back.
func (a *App) consentNote(way string, agreed bool) string {
	return a.Locales.Say(locales.Default, "told.entry."+way+map[bool]string{true: ".yes", false: ".no"}[agreed])
}

// leavePage is where who petitioned ends mail to a conversation with a press, "" for an officer's, who does
// so at the desk. Who has the mail has the address: nobody else can guess it.
func (a *App) leavePage(conv string) string {
	_, name, _ := strings.Cut(conv, ":")
	if roster.IsPlace(name) || a.Store == nil {
		return ""
	}
	return a.Settings.Public() + "/told/" + name
}

// placesOfCitizen are the places besides the chat at which who petitioned is told of a notice.
func (a *App) placesOfCitizen(ctx context.Context, n petition.Notice) ([]string, error) {
	if a.Store == nil {
		return nil, nil
	}
	c, err := a.Store.WishesOf(ctx, n.To)
	if err != nil || !c.Wants(telling.KindOf(n), n.View.Urgency != "") {
		return nil, petition.IgnoreNotFound(err)
	}
	return c.Places(c.ID), nil
}

// missed notes what somebody could not be told; nil with a case API elsewhere.
func (a *App) missed() func(ctx context.Context, all []telling.Miss) error {
	if a.Store == nil {
		return nil
	}
	return func(ctx context.Context, all []telling.Miss) error {
		var count []telling.Miss
		for _, m := range all {
			if !telling.Counts(m.Notice, a.Office) {
				continue
			}
			read, err := false, error(nil)
			if len(m.Places) == 0 && !m.Notice.Urgent() {
				read, err = a.readAtDesk(ctx, m.Notice)
			}
			if err != nil {
				return err
			}
			if !read {
				count = append(count, m)
			}
		}
		return a.Store.NoteMisses(ctx, count)
	}
}

// deskDays is for how long somebody counts as reading the desk after they were there.
const deskDays = 3 * 24 * time.Hour

// readAtDesk reports whether somebody whom a notice to the office is for reads it at the desk in the
// browser: they work there and were there lately.
func (a *App) readAtDesk(ctx context.Context, n petition.Notice) (bool, error) {
	kind, code, _ := strings.Cut(n.To, ":")
	if petition.IsChat(n.To) || a.Roster == nil {
		return false, nil
	}
	unit := code
	if kind == "staff" {
		unit = ""
	}
	people, err := a.Roster.People(ctx, unit)
	if err != nil {
		return false, err
	}
	sessions := a.sessions()
	for _, p := range people {
		if !p.Active() || kind == "staff" && p.ID != code || kind == "sealed" && !p.Has(petition.Sealed) {
			continue
		}
		all, err := sessions.List(ctx, websession.OwnerOfStaff(p.ID))
		if err != nil {
			return false, err
		}
		for _, s := range all {
			if time.Since(s.Used) < deskDays && s.Kind == websession.Desk {
				return true, nil
			}
		}
	}
	return false, nil
}
