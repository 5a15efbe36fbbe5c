package turn

import (
	"errors"

	"dengwen/bot"
)

// startTask starts an outbox row as a background task, unless it runs in this process already.
// Its outcome is accepted as an event.
func (w *worker) startTask(p *outboxEntry) {
	r := w.r
	name := w.key + "/" + p.Key
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopping || r.activeTasks[name] {
		return
	}
	r.activeTasks[name] = true
	r.tasks.Add(1)
	q := question{row: p.Key, from: p.From, body: p.Body, Effect: p.Effect}
	go r.runTask(w.key, p.Conv, q, p.Tries)
}

// runTask retries a task until it is done, then accepts its outcome. If the process dies
// before that, the row is still in the outbox and another process starts it.
func (r *Runner) runTask(key, conv string, q question, tries int) {
	defer r.tasks.Done()
	defer r.forgetTask(key + "/" + q.row)
	began := r.p.Now()
	for {
		if tries > 0 && !sleep(r.runCtx, r.backoff(tries-1)) {
			return
		}
		out, deferred := r.attemptTask(key, conv, q)
		if r.runCtx.Err() != nil {
			return
		}
		if deferred && (q.Fetch == nil || r.p.Now().Sub(began) < fetchGiveUp) {
			r.m.TaskRetries.Add(1)
			tries++
			continue
		}
		r.m.Tasks.Add(1)
		if out.Err != nil && errors.Is(out.Err, errUnknownKind) {
			r.deadLetterRow(key, conv, q)
			return
		}
		r.acceptOutcome(key, conv, q, out)
		return
	}
}

func (r *Runner) attemptTask(key, conv string, q question) (bot.Outcome, bool) {
	select {
	case r.taskSlots <- struct{}{}:
	case <-r.runCtx.Done():
		return bot.Outcome{}, false
	}
	defer func() { <-r.taskSlots }()
	return r.ask(r.runCtx, key, conv, q)
}

// acceptOutcome accepts the outcome of a task as an event whose commit removes its row.
func (r *Runner) acceptOutcome(key, conv string, q question, out bot.Outcome) {
	a := storedEvent{Conv: conv, Row: q.row}
	id := "done:" + q.row
	if q.Fetch == nil || out.Err != nil || out.Heard != nil {
		a.Event = &bot.Event{ID: id, At: r.p.Now(), From: q.from, Outcome: &out}
	}
	r.untilDone(key, q.row, "outcome of a background task not accepted yet", func() error { return r.accept(r.runCtx, key, id, a) })
}

// deadLetterRow moves an outbox row that asks for what this version does not know to the
// dead letters: a later version has written it, and its content must not be lost.
func (r *Runner) deadLetterRow(key, conv string, q question) {
	r.m.DeadLetters.Add(1)
	r.p.Log.Error("outbox row of an unknown kind moved to the dead letters", "conv", short(key), "row", q.row)
	letter := DeadLetter{Conv: key, ID: q.row, At: r.p.Now(), Body: q.body}
	if again, err := r.p.Box.Reseal(q.body, associatedData(key, "row")); err == nil && again != nil {
		letter.Body = again // read before another key sealed
	}
	a := storedEvent{Conv: conv, Row: q.row}
	r.untilDone(key, q.row, "dead letter not stored yet", func() error {
		if err := r.p.Store.PutDeadLetter(r.runCtx, letter); err != nil {
			return err
		}
		return r.accept(r.runCtx, key, "done:"+q.row, a)
	})
}

// untilDone repeats a call of the store until it succeeds or the process stops.
func (r *Runner) untilDone(key, row, what string, call func() error) {
	for tries := 0; ; tries++ {
		err := call()
		if err == nil {
			return
		}
		r.p.Log.Warn(what, "conv", short(key), "row", row, "err", err)
		if !sleep(r.runCtx, r.backoff(tries)) {
			return
		}
	}
}

func (r *Runner) forgetTask(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.activeTasks, name)
}
