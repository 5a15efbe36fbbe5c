package turn

import (
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
	q := question{row: p.Key, from: p.From, Effect: p.Effect}
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
	for tries := 0; ; tries++ {
		err := r.accept(r.runCtx, key, id, a)
		if err == nil {
			return
		}
		r.p.Log.Warn("outcome of a background task not accepted yet", "conv", short(key), "row", q.row, "err", err)
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
