package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dengwen/bot/turn"
	"dengwen/internal/config"
	"dengwen/internal/seal"
	"dengwen/internal/websession"
	"dengwen/storage/blob"
	"dengwen/storage/cases"
)

// Sealed is everything that the office's keys seal: cases, conversations and attachments. Over
// a case API elsewhere it is the conversations only; the rest is sealed there.
type Sealed struct {
	box   *seal.Box
	conv  conversations
	store *cases.Store // nil with a case API elsewhere
	blobs blob.Store   // nil with a case API elsewhere

	registries []processRegistry
}

// WithSealed opens everything sealed, runs do and closes it again. It may run beside serve on the
// same data.
func WithSealed(ctx context.Context, s *config.Settings, log *slog.Logger, do func(a *Sealed) error) (err error) {
	a := &App{Settings: s, log: log}
	defer func() { err = errors.Join(err, a.Close()) }()
	if a.Box, err = OpenKey(s, log); err != nil {
		return err
	}
	if err = a.openConversations(ctx); err != nil {
		return err
	}
	all := &Sealed{box: a.Box, conv: a.conv, registries: processRegistries(s, a.conv, nil)}
	if s.CaseAPI != "" {
		return do(all)
	}
	if all.store, err = OpenCases(ctx, s, a.Box); err != nil {
		return err
	}
	a.closers = append(a.closers, all.store.Close)
	all.registries = processRegistries(s, a.conv, all.store)
	if all.blobs, err = blob.Open(ctx, s.BlobURL, s.DataDir, a.Box); err != nil {
		return fault("cli.open_attachments", err)
	}
	return do(all)
}

// Under counts what is sealed, by key; "" counts what names none.
func (a *Sealed) Under(ctx context.Context) (map[seal.ID]int, error) {
	all := map[seal.ID]int{}
	if a.store != nil {
		found, err := a.store.SealedUnder(ctx)
		if err != nil {
			return nil, err
		}
		all = found
	}
	err := a.conv.EachBody(ctx, func(_ turn.Sealed, body []byte) []byte {
		id, _ := seal.KeyOf(body)
		all[id]++
		return nil
	})
	if err != nil || a.blobs == nil {
		return all, err
	}
	return all, a.blobs.Each(ctx, func(_ string, id seal.ID) error {
		all[id]++
		return nil
	})
}

// Reseal seals under the newest key what other keys sealed. done hears how many more were dealt
// with; bad are those that do not open, which stay as they are. It may be ended at any time, even
// by a kill, and begun again: everything names the key it is sealed under.
func (a *Sealed) Reseal(ctx context.Context, done func(n int)) (bad int, err error) {
	if a.store != nil {
		if bad, err = a.store.Reseal(ctx, done); err != nil {
			return bad, err
		}
	}
	n, err := a.resealConversations(ctx, done)
	bad += n
	if err != nil || a.blobs == nil {
		return bad, err
	}
	n, err = a.resealBlobs(ctx, done)
	return bad + n, err
}

// Compact drops what files still hold of before everything was sealed anew. Nobody may be sealing
// anew meanwhile.
func (a *Sealed) Compact(ctx context.Context) error {
	err := a.conv.Compact(ctx)
	if a.store == nil {
		return err
	}
	return errors.Join(err, a.store.Compact(ctx), a.blobs.Tidy(time.Now()))
}

func (a *Sealed) resealConversations(ctx context.Context, done func(n int)) (bad int, err error) {
	return bad, a.conv.EachBody(ctx, func(at turn.Sealed, body []byte) []byte {
		again, err := a.box.Reseal(body, places(at)...)
		if err != nil {
			bad++
		}
		if err != nil || again != nil {
			done(1)
		}
		return again
	})
}

// places are what a body may be bound to.
func places(at turn.Sealed) []string {
	switch at.Kind {
	case turn.WebSessionBody:
		return []string{websession.Place(at.Key)}
	default:
		return at.Places()
	}
}

func (a *Sealed) resealBlobs(ctx context.Context, done func(n int)) (bad int, err error) {
	newest := a.box.Seals()
	var old []string
	err = a.blobs.Each(ctx, func(id string, key seal.ID) error {
		if key != newest {
			old = append(old, id)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, id := range old {
		if err := ctx.Err(); err != nil {
			return bad, err
		}
		if err := a.blobs.Reseal(ctx, id); err != nil {
			if ctx.Err() != nil {
				return bad, fmt.Errorf("seal attachment anew: %w", err)
			}
			bad++
		}
		done(1)
	}
	return bad, nil
}
