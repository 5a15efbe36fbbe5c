package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	tg "github.com/go-telegram/bot"
	"golang.org/x/sync/errgroup"
)

const (
	pollTimeout = 50 * time.Second // how long getUpdates may wait for something to happen
	pollLimit   = 100              // updates in one answer, the Bot API's most
)

// allowed are the kinds of update asked for (Bot API Update).
var allowed = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// getUpdates is the body of getUpdates.
type getUpdates struct {
	Offset  int64    `json:"offset,omitempty"`
	Limit   int      `json:"limit"`
	Timeout int      `json:"timeout"` // seconds
	Allowed []string `json:"allowed_updates"`
}

// poll fetches updates until ctx ends, then waits for the queued answers to callback
// queries. The offset, which confirms updates to Telegram,
// moves only after every update before it was accepted.
func (d *receiver) poll(ctx context.Context) error {
	pressed := callbackAnswers{door: d.Door}
	defer pressed.wg.Wait()
	offset, tries := int64(0), 0
	for ctx.Err() == nil {
		next, err := d.pollOnce(ctx, offset, &pressed)
		offset = max(offset, next)
		if err == nil || ctx.Err() != nil {
			tries = 0
			continue
		}
		wait := pollPause(err, tries)
		tries++
		d.logPollError(ctx, err, wait)
		sleep(ctx, wait)
	}
	return nil
}

// pollOnce fetches and accepts one batch of updates and returns the next offset.
func (d *receiver) pollOnce(ctx context.Context, offset int64, pressed *callbackAnswers) (int64, error) {
	var raws []json.RawMessage
	q := getUpdates{Offset: offset, Limit: pollLimit, Timeout: int(pollTimeout / time.Second), Allowed: allowed}
	if err := d.longPoll(ctx, "getUpdates", q, &raws); err != nil {
		return offset, err
	}
	next := offset
	chats := map[string][]received{}
	for _, raw := range raws {
		u, err := d.decode(raw)
		if err != nil { // cannot be: it was cut out of valid JSON
			return offset, err
		}
		next = max(next, u.ID+1)
		chats[u.Conv] = append(chats[u.Conv], u)
	}
	if err := d.acceptAll(ctx, chats, pressed); err != nil {
		return offset, err
	}
	return next, nil
}

// acceptAll accepts the updates of each chat in their order and of different chats
// at once. One failure leaves the whole batch unconfirmed; what was accepted of it
// is known again by its id.
func (d *receiver) acceptAll(ctx context.Context, chats map[string][]received, pressed *callbackAnswers) error {
	var g errgroup.Group // of pollLimit chats at most; the store commits what comes at once as a group
	for _, updates := range chats {
		g.Go(func() error {
			for _, u := range updates {
				if err := d.accept(ctx, u); err != nil {
					return err
				}
				pressed.answer(u.Callback)
			}
			return nil
		})
	}
	return g.Wait()
}

// pollPause is how long to wait after a failed round: what Telegram asks for, else
// from 0.5 s doubling to 30 s.
func pollPause(err error, tries int) time.Duration {
	var flood *tg.TooManyRequestsError
	if errors.As(err, &flood) {
		return time.Duration(max(flood.RetryAfter, 1)) * time.Second
	}
	if errors.Is(err, tg.ErrorUnauthorized) || errors.Is(err, tg.ErrorNotFound) {
		return 30 * time.Second // nothing but a person will change that
	}
	return min(500*time.Millisecond<<min(tries, 6), 30*time.Second)
}

// logPollError logs the error with what the operator can do. After a conflict (409) it
// removes the webhook, without which polling never works.
func (d *Door) logPollError(ctx context.Context, err error, wait time.Duration) {
	log := d.cfg.Log.With("err", d.redact(err), "again_in", wait)
	switch {
	case errors.Is(err, tg.ErrorConflict):
		log.Error("telegram: somebody else takes this bot's updates: stop the other process, or the webhook is still set and will be removed now")
		if err := d.dropWebhook(ctx); err != nil {
			log.Error("telegram: webhook not removed", "cause", d.redact(err))
		}
	case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound):
		log.Error("telegram: the token is refused: check TELEGRAM_BOT_TOKEN")
	default:
		log.Warn("telegram: no updates")
	}
}

func (d *Door) dropWebhook(ctx context.Context) error {
	// Pending updates stay: they are what citizens said while we were away.
	if _, err := d.lib.DeleteWebhook(ctx, &tg.DeleteWebhookParams{}); err != nil {
		return fmt.Errorf("deleteWebhook: %w", err)
	}
	return nil
}

func sleep(ctx context.Context, wait time.Duration) {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
