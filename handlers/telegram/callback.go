package telegram

import (
	"context"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
)

// maxCallbackAnswers bounds the answerCallbackQuery under way.
const maxCallbackAnswers = 128

// callbackAnswers is the queue of callback queries to answer (Bot API answerCallbackQuery),
// worked off by at most maxCallbackAnswers goroutines: thousands may wait for Telegram, and
// each on a goroutine would hold its stack.
type callbackAnswers struct {
	door    *Door
	wg      sync.WaitGroup // of those not answered yet
	mu      sync.Mutex
	waiting []string // ids of callback queries
	workers int      // goroutines
}

// answer enqueues a callback query; it does not block the poll.
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

// next is the next callback query; "" ends the worker.
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
// the spinner is gone anyway. Not the poll's context: queued answers are sent at shutdown too.
func (p *callbackAnswers) send(callback string) {
	defer p.wg.Done()
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	for try := range 3 {
		err := p.door.call(ctx, "answerCallbackQuery", tg.AnswerCallbackQueryParams{CallbackQueryID: callback}, nil)
		pause := 300 * time.Millisecond << try
		switch do := remedyOf(err); {
		case err == nil, do == stale, do == other, do == gone:
			return
		case do == wait:
			pause = pauseOf(err)
		}
		p.door.cfg.Log.Warn("telegram: press not answered yet", "err", p.door.redact(err), "again_in", pause)
		sleep(ctx, pause)
	}
}
