package app

import (
	"context"
	"time"
)

// copyOf and copied remember Telegram's own copies of files with the cases. Without
// them, and when the store does not answer, a file is uploaded again.
func (a *App) copyOf(ctx context.Context, name string) string {
	if a.Store == nil {
		return ""
	}
	id, err := a.Store.Copy(ctx, name)
	if err != nil {
		a.log.Warn("look for Telegram's copy of a file", "err", err)
	}
	return id
}

func (a *App) copied(ctx context.Context, name, id string) {
	if a.Store == nil {
		return
	}
	if err := a.Store.PutCopy(context.WithoutCancel(ctx), name, id, time.Now()); err != nil {
		a.log.Warn("note Telegram's copy of a file", "err", err)
	}
}
