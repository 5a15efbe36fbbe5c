package app

import (
	"context"
	"errors"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/petition/mediation"
)

// tellOfDisputes tells the people of a unit and who reported a dispute what is new about it, and
// which promises fall due. The event's id keeps anybody from reading it twice.
func (a *App) tellOfDisputes(ctx context.Context) (int, error) {
	if a.disputes == nil {
		return 0, nil
	}
	return a.disputes.Tell(ctx, func(ctx context.Context, n mediation.News) error {
		chats := []string{n.Dispute.Owner}
		if n.Unit != "" {
			var err error
			if chats, err = a.Roster.DisputeChats(ctx, n.Unit); err != nil {
				return err
			}
		}
		for _, chat := range chats {
			if err := a.Runner.Accept(ctx, chat, bot.Event{ID: n.ID, At: time.Now(), Dispute: &n}); err != nil && !errors.Is(err, turn.ErrEvent) {
				return err
			}
		}
		return nil
	})
}
