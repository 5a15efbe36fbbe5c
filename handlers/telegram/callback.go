package telegram

import (
	"context"
	"errors"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
)

// maxCallbackAnswers bounds the answerCallbackQuery under way.
const maxCallbackAnswers = 128

// callbackAnswers are pressed buttons whose spinner is still to be taken off, in their order.
// Thousands may wait for Telegram: as text, not each on a goroutine.
type callbackAnswers struct {
	door    *Door
	wg      sync.WaitGroup // of those not answered yet
	mu      sync.Mutex
	waiting []string // callback queries
	workers int      // goroutines that answer
}

// answer takes the spinner off without holding up the poll.
func (p *callbackAnswers) answer(callback string) {
	if callback == "" {
		return
	}
	p.wg.Add(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = append(p.waiting, callback)
	if p.workers < maxCallbackAnswers {
		p.workers++
		go p.work()
	}
}

func (p *callbackAnswers) work() {
	for callback := p.next(); callback != ""; callback = p.next() {
		p.send(callback)
	}
}

// next is "" when nobody waits.
func (p *callbackAnswers) next() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) == 0 {
		p.waiting = nil
		p.workers--
		return ""
	}
	first := p.waiting[0]
	p.waiting = p.waiting[1:]
	return first
}

// send tries three times. Telegram refuses (400) when the press is too old, and then
// nobody waits any more. It has its own time, not the poll's: pressed buttons are
// answered on the way out too.
func (p *callbackAnswers) send(callback string) {
	defer p.wg.Done()
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
