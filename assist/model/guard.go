package model

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// guard keeps a broken or expensive model out of the conversation: calls a day, one
// quick retry, and after five failures in a row a minute of rest.
type guard struct {
	now   func() time.Time
	daily int

	mu    sync.Mutex
	day   string
	calls int
	fails int
	until time.Time
}

const (
	failsToRest = 5
	restFor     = time.Minute
	retryAfter  = 150 * time.Millisecond
)

var (
	errBudget  = errors.New("the day's calls to the language model are used up")
	errResting = errors.New("the language model failed too often and rests")
)

func newGuard(daily int, now func() time.Time) *guard { return &guard{now: now, daily: daily} }

func (g *guard) do(ctx context.Context, call func() error) error {
	err := g.once(call)
	if err == nil || !worthRetry(err) || ctx.Err() != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return err
	case <-time.After(retryAfter):
		return g.once(call)
	}
}

func (g *guard) once(call func() error) error {
	if err := g.enter(); err != nil {
		return err
	}
	err := call()
	g.leave(err)
	return err
}

func (g *guard) enter() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	if d := now.Format(time.DateOnly); d != g.day {
		g.day, g.calls = d, 0
	}
	if g.daily > 0 && g.calls >= g.daily {
		return errBudget
	}
	if now.Before(g.until) {
		return errResting
	}
	g.calls++
	return nil
}

func (g *guard) leave(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err == nil {
		g.fails = 0
		return
	}
	if g.fails++; g.fails >= failsToRest {
		g.until, g.fails = g.now().Add(restFor), 0
	}
}

// worthRetry: a server that stumbled may stand again at once; garbage, a wrong key
// or a time limit will not change.
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
