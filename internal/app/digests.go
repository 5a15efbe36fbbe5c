package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/petition"
)

// digests sends each unit what it should read this morning, once a day at opening
// time of a working day and once a week to its heads. It is asked every minute and
// remembers the day it is done with; after a restart, and in another replica, the
// event's id keeps anybody from reading it twice.
func (a *App) digests() job {
	done := ""
	return func(ctx context.Context) (int, error) {
		now := time.Now()
		if due, _ := a.law.DigestsDue(now); !due || done == petition.Day(now) {
			return 0, nil
		}
		list, err := a.digest(ctx, now)
		if err != nil {
			return 0, fmt.Errorf("make the digests: %w", err)
		}
		sent := 0
		for _, d := range list {
			n, err := a.sendDigest(ctx, d, now)
			if err != nil {
				return sent, fmt.Errorf("send the digest of %s: %w", d.Unit, err)
			}
			sent += n
		}
		done = petition.Day(now)
		return sent, nil
	}
}

func (a *App) sendDigest(ctx context.Context, d petition.Digest, now time.Time) (int, error) {
	chats, err := a.Roster.DigestChats(ctx, d)
	if err != nil {
		return 0, err
	}
	more, err := a.outlets.ofDigest(ctx, d)
	if err != nil {
		return 0, err
	}
	chats = append(chats, more...)
	for _, chat := range chats {
		err := a.Runner.Accept(ctx, chat, bot.Event{ID: d.ID(), At: now, Digest: &d})
		if err != nil && !errors.Is(err, turn.ErrEvent) {
			return 0, err
		}
	}
	return len(chats), nil
}
