package turn

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"dengwen/bot"

	quickjson "github.com/go-json-experiment/json/v1" // the standard library's from Go 1.27 on
)

// storedEvent is the sealed record of an event. Row is the outbox row that its commit
// removes; then Event may be nil, where the row's task had nothing to tell.
type storedEvent struct {
	Conv  string     `json:"c"`
	Event *bot.Event `json:"e,omitempty"`
	Row   string     `json:"r,omitempty"`
}

// storedSession is the sealed record of a session.
type storedSession struct {
	Conv    string      `json:"c"`
	Session bot.Session `json:"s"`
}

// outboxRow is the sealed record of an effect that is still to be performed.
type outboxRow struct {
	Conv   string     `json:"c"`
	Effect bot.Effect `json:"e"`
	From   string     `json:"f,omitempty"` // in a group: the chat of the person it was asked for
	Tries  int        `json:"n,omitempty"`
	After  int64      `json:"t,omitempty"` // not before, ms since 1970
	Put    int64      `json:"p,omitempty"` // when After was set, ms since 1970
	Parked int        `json:"k,omitempty"` // times it met a closed chat and was kept
}

// parked reports a message that waits for its chat to open and holds up no other.
func (p *outboxRow) parked() bool { return p.Parked > 0 }

// setAfter puts the row off from now until a moment, both in ms since 1970.
func (p *outboxRow) setAfter(now, until int64) { p.Put, p.After = now, until }

// putAhead reports a row that was put off at a time still to come: the clock has been set back
// since.
func (p *outboxRow) putAhead(now int64) bool { return p.Put > now+clockSlack.Milliseconds() }

// dueAt is when the row may be tried; at once where the clock was set back since it was put off.
func (p *outboxRow) dueAt(now int64) int64 {
	if p.putAhead(now) {
		return now
	}
	return p.After
}

// clockSlack is by how much the clocks of processes that share a store may differ.
const clockSlack = 2 * time.Second

// associatedData binds a sealed record to its conversation and kind: a record copied to
// another place in the store does not open.
func associatedData(key, kind string) string { return "turn:" + key + ":" + kind }

// maxPooledBuffer is the largest buffer that goes back into the pool, in bytes: one long
// message must not make all of them large.
const maxPooledBuffer = 16 << 10

func (r *Runner) seal(key, kind string, v any) ([]byte, error) {
	plain, _ := r.buffers.Get().(*bytes.Buffer)
	if plain == nil {
		plain = new(bytes.Buffer)
	}
	plain.Reset()
	if err := json.NewEncoder(plain).Encode(v); err != nil {
		return nil, fmt.Errorf("write %s: %w", kind, err)
	}
	sealed, err := r.p.Box.Seal(plain.Bytes(), associatedData(key, kind))
	if plain.Cap() <= maxPooledBuffer {
		r.buffers.Put(plain)
	}
	return sealed, err
}

func (r *Runner) open(key, kind string, body []byte, v any) error {
	plain, err := r.p.Box.Open(body, associatedData(key, kind))
	if err != nil {
		return err
	}
	if err := quickjson.Unmarshal(plain, v); err != nil {
		// The decoder's message may quote what a citizen wrote.
		return fmt.Errorf("read %s: not of the shape this program writes", kind)
	}
	return nil
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
