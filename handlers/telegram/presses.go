package telegram

import (
	"context"
	"errors"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
)

// answersAtOnce bounds the answerCallbackQuery under way.
const answersAtOnce = 128

// presses are pressed buttons whose spinner is still to be taken off, in their order.
// Thousands may wait for Telegram: as text, not each on a goroutine.
type presses struct {
	door    *Door
	all     sync.WaitGroup // of those not answered yet
	mu      sync.Mutex
	waiting []string // callback queries
	busy    int      // goroutines that answer
}

// answer takes the spinner off without holding up the poll.
func (p *presses) answer(callback string) {
	if callback == "" {
		return
	}
	p.all.Add(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = append(p.waiting, callback)
	if p.busy < answersAtOnce {
		p.busy++
		go p.work()
	}
}

func (p *presses) work() {
	for callback := p.next(); callback != ""; callback = p.next() {
		p.one(callback)
	}
}

// next is "" when nobody waits.
func (p *presses) next() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) == 0 {
		p.waiting = nil
		p.busy--
		return ""
	}
	first := p.waiting[0]
	p.waiting = p.waiting[1:]
	return first
}

// one tries three times. Telegram refuses (400) when the press is too old, and then
// nobody waits any more. It has its own time, not the poll's: pressed buttons are
// answered on the way out too.
func (p *presses) one(callback string) {
	defer p.all.Done()
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	for try := range 3 {
		err := p.door.call(ctx, "answerCallbackQuery", tg.AnswerCallbackQueryParams{CallbackQueryID: callback}, nil)
		if err == nil || errors.Is(err, tg.ErrorBadRequest) {
			return
		}
		wait := 300 * time.Millisecond << try
		var flood *tg.TooManyRequestsError
		if errors.As(err, &flood) {
			wait = time.Duration(flood.RetryAfter) * time.Second
		}
		p.door.cfg.Log.Warn("telegram: press not answered yet", "err", p.door.redact(err), "again_in", wait)
		sleep(ctx, wait)
	}
}
