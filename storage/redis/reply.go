package redis

import (
	"fmt"
	"strconv"

	"dengwen/bot/turn"
)

func appendNames(args []any, names []string) []any {
	for _, n := range names {
		args = append(args, n)
	}
	return args
}

func appendItems(args []any, items []turn.Item) []any {
	for _, it := range items {
		args = append(args, it.Key, it.Body)
	}
	return args
}

// held reads the answer of a script that needs the lease: 1 or lost.
func held(v any, err error) error {
	if err != nil {
		return err
	}
	if v != int64(1) {
		return turn.ErrLost
	}
	return nil
}

// claimed reads {fresh, 0} or {fresh, 1, fence, version, session, events, rows};
// {-1} when the conversation is full.
func claimed(v any) (turn.Work, error) {
	a, ok := v.([]any)
	if !ok || len(a) == 0 {
		return turn.Work{}, odd(v)
	}
	if a[0] == int64(-1) {
		return turn.Work{}, turn.ErrFull
	}
	w := turn.Work{Fresh: a[0] == int64(1)}
	if len(a) != 7 {
		return w, nil
	}
	w.Held = true
	w.Fence, _ = a[2].(int64)
	return fill(w, a[3:])
}

// settled reads {-1} lost, {0} released or {1, version, session, events, rows}.
func settled(v any, fence int64) (turn.Work, error) {
	a, ok := v.([]any)
	if !ok || len(a) == 0 {
		return turn.Work{}, odd(v)
	}
	switch {
	case a[0] == int64(-1):
		return turn.Work{}, turn.ErrLost
	case len(a) != 5:
		return turn.Work{}, nil
	}
	return fill(turn.Work{Held: true, Fence: fence}, a[1:])
}

// fill reads version, session (1 = the one the caller has), events, rows.
func fill(w turn.Work, a []any) (turn.Work, error) {
	if v, ok := a[0].(string); ok {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return w, odd(v)
		}
		w.Version = n
	}
	switch s := a[1].(type) {
	case string:
		w.Session = []byte(s)
	case int64:
		w.Same = true
	}
	w.Events, w.Rows = items(a[2]), items(a[3])
	return w, nil
}

func items(v any) []turn.Item {
	a, _ := v.([]any)
	if len(a) < 3 {
		return nil
	}
	out := make([]turn.Item, 0, len(a)/3)
	for ; len(a) >= 3; a = a[3:] {
		key, _ := a[0].(string)
		body, _ := a[2].(string)
		out = append(out, turn.Item{Key: key, Body: []byte(body)})
	}
	return out
}

func numbers(v any, n int) ([]int64, error) {
	a, ok := v.([]any)
	if !ok || len(a) != n {
		return nil, odd(v)
	}
	out := make([]int64, n)
	for i := range a {
		out[i], _ = a[i].(int64)
	}
	return out, nil
}

func odd(v any) error { return fmt.Errorf("redis: unexpected answer %T", v) }
