package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

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

// shortest is how soon getUpdates is asked again after it answered at once that there is nothing.
const shortest = time.Second

// poller is the loop of getUpdates.
type poller struct {
	*receiver
	pressed  callbackAnswers
	offset   int64
	last     int64 // id of the newest update of the batch before
	repeated int   // batches in a row that brought nothing new
	prompt   bool  // ask for an answer at once: whether Telegram can be heard is not known
}

// poll fetches updates until ctx ends, then waits for the queued answers to callback
// queries.
func (d *receiver) poll(ctx context.Context) error {
	p := poller{receiver: d, pressed: callbackAnswers{door: d.Door}, prompt: true}
	defer p.pressed.wg.Wait()
	for tries := 0; ctx.Err() == nil; {
		pause, err := p.once(ctx)
		if ctx.Err() != nil {
			break
		}
		if p.prompt = err != nil; err == nil {
			tries = 0
			sleep(ctx, pause)
			continue
		}
		pause = pollPause(err, tries)
		tries++
		d.logPollError(err, pause)
		sleep(ctx, pause)
	}
	return nil
}

// once fetches and accepts one batch of updates and answers how long to wait before the next.
// The offset, which confirms updates to Telegram, moves only after every update before it was
// accepted. It goes down where lower ids come: after a quiet week they begin anew at random, and
// an offset above them confirms nothing.
func (p *poller) once(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	q := getUpdates{Offset: p.offset, Limit: pollLimit, Timeout: int(pollTimeout / time.Second), Allowed: allowed}
	if p.prompt {
		q.Timeout = 0
	}
	var raws []json.RawMessage
	if err := p.longPoll(ctx, "getUpdates", q, &raws); err != nil {
		p.noteDeaf(ctx, err)
		return 0, err
	}
	next := p.offset
	chats := map[string][]received{}
	for _, raw := range raws {
		u, err := p.decode(raw)
		if err != nil { // cannot be: it was cut out of valid JSON
			return 0, err
		}
		next = u.ID + 1
		chats[u.Conv] = append(chats[u.Conv], u)
	}
	if p.repeated < loopRounds {
		p.health.heard()
	}
	if err := p.acceptAll(ctx, chats, &p.pressed); err != nil {
		return 0, err
	}
	return p.pause(len(raws), next, time.Since(began), q.Timeout == 0), nil
}

// loopRounds is after how many batches without anything new Telegram counts as looping: one may
// come again where its confirmation was lost.
const loopRounds = 4

// pause notes what a batch brought, and slows down a server that answers at once with nothing, or
// with what it has been told is taken.
func (p *poller) pause(count int, next int64, took time.Duration, asked bool) time.Duration {
	defer func() { p.offset = next }()
	switch {
	case count == 0:
		p.repeated = 0
		if took < shortest && !asked {
			return shortest
		}
		return 0
	case next-1 != p.last:
		p.last, p.repeated = next-1, 0
		return 0
	}
	if p.repeated++; p.repeated == 1 {
		return 0
	}
	if p.repeated >= loopRounds {
		p.health.deaf(Looping)
		p.cfg.Log.Error("telegram: the same updates come again and again", "newest", p.last)
	}
	return pollPause(nil, p.repeated)
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
	switch {
	case remedyOf(err) == wait:
		return pauseOf(err)
	case codeOf(err) == http.StatusUnauthorized || codeOf(err) == http.StatusNotFound:
		return 5 * time.Second // nothing but a person will change that, and then it should be noticed
	}
	return min(500*time.Millisecond<<min(tries, 6), 30*time.Second)
}

// noteDeaf notes why getUpdates brings nothing.
func (d *Door) noteDeaf(ctx context.Context, err error) {
	switch {
	case ctx.Err() != nil:
	case codeOf(err) == http.StatusConflict && saysOneOf(err.Error(), "webhook"):
		d.health.deaf(WebhookSet)
	case codeOf(err) == http.StatusConflict:
		d.health.deaf(OtherPoller)
	case d.rejectsToken(ctx, err):
		d.health.deaf(TokenRefused)
	default:
		d.health.deaf(Unreachable)
	}
}

// logPollError logs the error with what the operator can do.
func (d *Door) logPollError(err error, pause time.Duration) {
	log := d.cfg.Log.With("err", d.redact(err), "again_in", pause)
	switch d.Condition().Deaf {
	case WebhookSet:
		log.Error("telegram: a webhook is set for this bot: set TELEGRAM_WEBHOOK_URL here too, or remove it (deleteWebhook); one that takes nothing is removed after a while")
	case OtherPoller:
		log.Error("telegram: somebody else takes this bot's updates: stop the other process")
	case TokenRefused:
		log.Error("telegram: the token is refused: check TELEGRAM_BOT_TOKEN")
	default:
		log.Warn("telegram: no updates")
	}
}

func sleep(ctx context.Context, wait time.Duration) {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
