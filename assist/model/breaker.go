package model

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// breaker is a circuit breaker with a budget of calls a day and one quick retry: after five
// failures in a row it refuses every call for a minute, so that no turn waits for a model
// that is down.
type breaker struct {
	now   func() time.Time
	daily int

	mu    sync.Mutex
	day   string
	calls int
	fails int
	until time.Time
}

const (
	failsToOpen = 5
	openFor     = time.Minute
	retryAfter  = 150 * time.Millisecond
)

var (
	errBudget = errors.New("the day's calls to the language model are used up")
	errOpen   = errors.New("the language model failed too often and is not asked for a minute")
)

func newBreaker(daily int, now func() time.Time) *breaker { return &breaker{now: now, daily: daily} }

func (b *breaker) do(ctx context.Context, call func() error) error {
	err := b.once(call)
	if err == nil || !worthRetry(err) || ctx.Err() != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return err
	case <-time.After(retryAfter):
		return b.once(call)
	}
}

func (b *breaker) once(call func() error) error {
	if err := b.enter(); err != nil {
		return err
	}
	err := call()
	b.leave(err)
	return err
}

func (b *breaker) enter() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if d := now.Format(time.DateOnly); d != b.day {
		b.day, b.calls = d, 0
	}
	if b.daily > 0 && b.calls >= b.daily {
		return errBudget
	}
	if now.Before(b.until) {
		return errOpen
	}
	b.calls++
	return nil
}

func (b *breaker) leave(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil {
		b.fails = 0
		return
	}
	if b.fails++; b.fails >= failsToOpen {
		b.until, b.fails = b.now().Add(openFor), 0
	}
}

// worthRetry reports an error that may be gone at once: the server's own, or its rate limit.
// An unreadable answer, a wrong key or a time limit would be the same again.
func worthRetry(err error) bool {
	var api *openai.APIError
	var req *openai.RequestError
	switch {
	case errors.As(err, &api):
		return api.HTTPStatusCode >= 500 || api.HTTPStatusCode == http.StatusTooManyRequests
	case errors.As(err, &req):
		return req.HTTPStatusCode >= 500
	}
	return false
}
