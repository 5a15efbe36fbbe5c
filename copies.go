package main

import (
	"context"
	"time"
)

// copyOf and copied remember Telegram's own copies of files with the cases. Without
// them, and when the store does not answer, a file is uploaded again.
func (h *house) copyOf(ctx context.Context, name string) string {
	if h.store == nil {
		return ""
	}
	id, err := h.store.Copy(ctx, name)
	if err != nil {
		h.log.Warn("look for Telegram's copy of a file", "err", err)
	}
	return id
}

func (h *house) copied(ctx context.Context, name, id string) {
	if h.store == nil {
		return
	}
	if err := h.store.PutCopy(context.WithoutCancel(ctx), name, id, time.Now()); err != nil {
		h.log.Warn("note Telegram's copy of a file", "err", err)
	}
}
