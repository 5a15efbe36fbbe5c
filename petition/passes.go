package petition

import (
	"context"
	"sync"
	"time"
)

// What is counted from every case is counted in the background and kept for a while: a pass
// over a large store takes seconds, and whoever asks does not wait longer than passWait.
const (
	passAge   = 10 * time.Minute
	passWait  = 300 * time.Millisecond
	passLimit = 5 * time.Minute
	maxPasses = 32 // results kept, the oldest goes
)

// passes keeps results of passes over every case, by key. One pass runs at a time.
type passes[V any] struct {
	mu   sync.Mutex
	turn sync.Mutex
	made map[string]*pass[V]
}

type pass[V any] struct {
	value V
	err   error
	at    time.Time     // of value, zero = there is none yet
	asked time.Time     // last
	done  chan struct{} // closed at the end of the pass that runs, nil = none does
}

// get answers the result of a key, at most passAge old, or the last one where counting anew takes
// longer than passWait; false while there is none yet. An error is answered once, then counting begins again.
func (p *passes[V]) get(ctx context.Context, key string, now func() time.Time, count func(context.Context) (V, error)) (V, bool, error) {
	done := p.start(ctx, key, now, count)
	if done != nil {
		wait := time.NewTimer(passWait)
		defer wait.Stop()
		select {
		case <-done:
		case <-wait.C:
		case <-ctx.Done():
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var none V
	one := p.made[key]
	if one == nil {
		return none, false, nil
	}
	if err := one.err; err != nil {
		delete(p.made, key)
		return none, false, err
	}
	return one.value, !one.at.IsZero(), nil
}

// start begins a pass where one is needed and answers what to wait for, nil = nothing.
func (p *passes[V]) start(ctx context.Context, key string, now func() time.Time, count func(context.Context) (V, error)) chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.made[key]
	if one == nil {
		one = new(pass[V])
		p.keep(key, one)
	}
	one.asked = now()
	fresh := !one.at.IsZero() && now().Sub(one.at).Abs() < passAge
	if one.done == nil && one.err == nil && !fresh {
		one.done = make(chan struct{})
		go p.run(context.WithoutCancel(ctx), one, now, count)
	}
	if fresh {
		return nil
	}
	return one.done
}

func (p *passes[V]) keep(key string, one *pass[V]) {
	if p.made == nil {
		p.made = map[string]*pass[V]{}
	}
	if len(p.made) >= maxPasses {
		oldest := ""
		for k, o := range p.made {
			if oldest == "" || o.asked.Before(p.made[oldest].asked) {
				oldest = k
			}
		}
		delete(p.made, oldest)
	}
	p.made[key] = one
}

func (p *passes[V]) run(ctx context.Context, one *pass[V], now func() time.Time, count func(context.Context) (V, error)) {
	ctx, cancel := context.WithTimeout(ctx, passLimit)
	defer cancel()
	p.turn.Lock()
	at := now()
	value, err := count(ctx)
	p.turn.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	if one.err = err; err == nil {
		one.value, one.at = value, at
	}
	close(one.done)
	one.done = nil
}
