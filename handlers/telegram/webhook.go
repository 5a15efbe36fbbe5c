package telegram

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"dengwen/bot/turn"
)

const (
	maxBody       = 1 << 20          // bytes; Telegram's updates are a few KiB
	acceptTimeout = 20 * time.Second // below the 60 s Telegram waits for an answer
)

// Handler takes what Telegram delivers (Bot API setWebhook). It answers
//
//	200  the event is durable; a pressed button is answered in the body
//	400  not JSON                 401  wrong or missing secret
//	405  not a POST               413  more than 1 MiB
//	503  not accepted: Telegram delivers it again
//
// Telegram delivers the updates of one chat one after another, each until it is
// answered 2xx, so answering after Accept keeps their order.
func (d *Door) Handler(in turn.Inbox) http.Handler {
	return http.HandlerFunc((&receiver{d, in}).webhook)
}

func (d *receiver) webhook(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if !d.secretOK(r) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	body := d.jsonBuffers.get()
	defer d.jsonBuffers.put(body)
	if status := readBody(w, r, body); status != 0 {
		w.WriteHeader(status)
		return
	}
	u, err := d.decode(body.Bytes())
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	// Not the request's context: an event half taken because the line dropped would
	// come again anyway, a whole one need not.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), acceptTimeout)
	defer cancel()
	if d.accept(ctx, u) != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	d.health.heard()
	if u.Callback == "" {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"method":"answerCallbackQuery","callback_query_id":`+strconv.Quote(u.Callback)+`}`)
}

func (d *Door) secretOK(r *http.Request) bool {
	got := r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	return d.cfg.Secret != "" && subtle.ConstantTimeCompare([]byte(got), []byte(d.cfg.Secret)) == 1
}

// readBody takes the update in and answers the status that refuses it, 0 = none.
func readBody(w http.ResponseWriter, r *http.Request, into *bytes.Buffer) (status int) {
	_, err := into.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	case err != nil:
		return http.StatusBadRequest
	}
	return 0
}
