package app

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"time"

	"dengwen/bot/turn"
	"dengwen/handlers/mail"
	"dengwen/petition"
	"dengwen/petition/telling"
)

// mailMark is what mails that were sent from here are known by.
func (a *App) mailMark(value string) string {
	return hex.EncodeToString(a.Box.Hash("mail", value)[:16])
}

// Bounced is what a report of a mail server came to.
type Bounced int

const (
	NotOurs  Bounced = iota // it is no report about a mail that was sent from here
	Late                    // the mail may still arrive, or has
	NotTold                 // it will not arrive
	NoLonger                // nor will others: the address is used no more
)

// TakeBounce reads the report of a mail server that a mail did not arrive. The address is marked where it
// takes none, and what the mail told is a task where nobody else was told. It may run beside serve.
func (a *App) TakeBounce(ctx context.Context, r io.Reader) (Bounced, error) {
	b, err := mail.ParseBounce(r, a.mailMark)
	switch {
	case errors.Is(err, mail.ErrNotOurs):
		return NotOurs, nil
	case err != nil:
		return NotOurs, err
	case !b.Failed:
		return Late, nil
	}
	what := NotTold
	if b.Refused {
		what = NoLonger
		if err := a.refusedAt(ctx, b.Conv); err != nil {
			return what, petition.Wrap(err, "mark the address of a mail that came back")
		}
	}
	n, found, err := turn.NoticeOf(ctx, a.Cases, b.Key)
	if err != nil || !found {
		return what, petition.Wrap(err, "find what a mail told that came back")
	}
	places, err := a.placesOf(ctx, n)
	if err == nil {
		if !slices.Contains(places, b.Conv) { // marked just now
			places = append(places, b.Conv)
		}
		err = a.missed()(ctx, []telling.Miss{{Notice: n, Place: b.Conv, Places: places, At: time.Now()}})
	}
	return what, petition.Wrap(err, "note that a mail came back")
}

// placesOf are all conversations in which a notice is told.
func (a *App) placesOf(ctx context.Context, n petition.Notice) (places []string, err error) {
	outlets, err := a.openOutlets()
	if err != nil {
		return nil, err
	}
	if petition.IsChat(n.To) {
		places = []string{n.To}
	} else if places, err = a.Roster.Chats(ctx, n); err != nil {
		return nil, err
	}
	more, err := outlets.of(ctx, n)
	return append(places, more...), err
}
