package turn

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"dengwen/bot"

	quickjson "github.com/go-json-experiment/json/v1" // the standard library's from Go 1.27 on
)

// storedEvent is an event as the store keeps it. Row names the outbox row that ends with
// it; then Event may be nil, when the row yielded nothing to tell.
type storedEvent struct {
	Conv  string     `json:"c"`
	Event *bot.Event `json:"e,omitempty"`
	Row   string     `json:"r,omitempty"`
}

// storedSession is a session as the store keeps it.
type storedSession struct {
	Conv    string      `json:"c"`
	Session bot.Session `json:"s"`
}

// outboxRow is an outbox row as the store keeps it.
type outboxRow struct {
	Conv   string     `json:"c"`
	Effect bot.Effect `json:"e"`
	From   string     `json:"f,omitempty"` // in a group: who wanted it
	Tries  int        `json:"n,omitempty"`
	After  int64      `json:"t,omitempty"` // not before, ms since 1970
}

// associatedData binds a sealed record to its conversation and kind: moved elsewhere it does
// not open.
func associatedData(key, kind string) string { return "turn:" + key + ":" + kind }

// maxPooledBuffer is up to where paper that something was written on is used again, bytes.
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
