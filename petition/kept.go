package petition

import (
	"context"
	"time"
)

// Kept is something an officer keeps at the office for themselves: what they have typed into a form
// that is not sent yet, or a text of their own to begin a paper with. Nobody else is shown it; who heads
// a unit is told whether its people have finished a course, and no more.
type Kept struct {
	Person string            `json:"person"` // id in the roster
	Key    string            `json:"key"`    // tells an officer's own apart; what it begins with says what it is
	Number string            `json:"number"` // of the case it belongs to, "" = of none
	Values map[string]string `json:"values"`
	At     time.Time         `json:"at"`
	Until  time.Time         `json:"until,omitzero"` // when it may be dropped, zero = never
}

// Limits on what one officer keeps: how many, and the bytes of the keys and values of one.
const (
	MaxKept      = 100
	MaxKeptBytes = 100 << 10
)

// KeptStore keeps such things, sealed. Two stores pass one suite: storage/cases and the one in memory.
type KeptStore interface {
	// Keep writes one in the place of what the officer has under its key, and drops what was kept
	// until a moment before k.At. Limited "kept.many" when
	// they keep MaxKept others, Invalid "kept.long" when it is longer than MaxKeptBytes.
	Keep(ctx context.Context, k Kept) error

	// Kept reads an officer's own of a key. NotFound "kept.none" when there is none.
	Kept(ctx context.Context, person, key string) (Kept, error)

	// KeptBy lists all that an officer keeps, newest first.
	KeptBy(ctx context.Context, person string) ([]Kept, error)

	// DropKept removes an officer's own of a key. None is no error.
	DropKept(ctx context.Context, person, key string) error
}

// Check reports whether one is short enough to be kept.
func (k Kept) Check() error {
	n := len(k.Key)
	for name, value := range k.Values {
		n += len(name) + len(value)
	}
	if n > MaxKeptBytes {
		return Fail(Invalid, "kept.long")
	}
	return nil
}
