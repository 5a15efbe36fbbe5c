package wechat

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"dengwen/bot/turn"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	maxBody       = 64 << 10        // bytes; messages of people are a few KiB
	clockSkew     = 5 * time.Minute // that a push may be away from our clock
	acceptTimeout = 4 * time.Second // below the five seconds after which the platform sends again
	maxReplays    = 100_000         // signatures remembered, within the skew
)

// receiver is the door with what takes its messages in.
type receiver struct {
	*Door
	turn.Inbox
}

// Handler takes what the platform pushes (接入概述). GET proves that the address is ours. POST
// answers
//
//	200  the event is durable; the body is the answer, or "success" when it comes later
//	400  no message       401  wrong signature, old, or sent before
//	405  neither          413  more than 64 KiB
//	503  not accepted: the platform sends it again
func (d *Door) Handler(in turn.Inbox) http.Handler {
	r := &receiver{d, in}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path, d.prove)
	mux.HandleFunc("POST "+Path, r.push)
	return mux
}

// prove answers the platform's check of the address.
func (d *Door) prove(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if !d.fresh(q.Get("timestamp")) || !d.envelope.signed(q.Get("signature"), q.Get("timestamp"), q.Get("nonce")) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, q.Get("echostr")[:min(len(q.Get("echostr")), 100)])
}

func (d *Door) fresh(timestamp string) bool {
	s, err := strconv.ParseInt(timestamp, 10, 64)
	return err == nil && d.cfg.Now().Sub(time.Unix(s, 0)).Abs() <= clockSkew
}

// pushed is a sealed push.
type pushed struct {
	Sealed string `xml:"Encrypt"`
}

func (d *receiver) push(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	m, key, status := d.unwrap(r, body)
	if status != 0 {
		w.WriteHeader(status)
		return
	}
	d.take(w, r, m, key)
}

// unwrap opens a push that the platform signed. status 0 = it did. What is not sealed is refused:
// its signature covers neither words nor sender.
func (d *Door) unwrap(r *http.Request, body []byte) (m message, key, status int) {
	q := r.URL.Query()
	signature, timestamp, nonce := q.Get("msg_signature"), q.Get("timestamp"), q.Get("nonce")
	var p pushed
	if shallow(body) != nil || xml.Unmarshal(body, &p) != nil || p.Sealed == "" {
		return m, 0, http.StatusBadRequest
	}
	if !d.fresh(timestamp) || !d.envelope.signed(signature, timestamp, nonce, p.Sealed) {
		return m, 0, http.StatusUnauthorized
	}
	plain, key, err := d.envelope.open(p.Sealed)
	if err != nil {
		return m, 0, http.StatusUnauthorized
	}
	if m, err = readMessage(plain); err != nil {
		return m, 0, http.StatusBadRequest
	}
	if !d.seen.first(signature) {
		return m, 0, http.StatusUnauthorized
	}
	return m, key, 0
}

// take makes the event durable and waits for what is said to it.
func (d *receiver) take(w http.ResponseWriter, r *http.Request, m message, key int) {
	conv := convOf(m.From)
	// Not the request's context: an event half taken because the line dropped would come again.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), acceptTimeout)
	defer cancel()
	e, ok, why := m.event(d.cfg.Now())
	if !ok {
		d.cfg.Logger.Debug("wechat: event needs no answer", "event", why)
		_, _ = io.WriteString(w, success)
		return
	}
	if e.Command == pageCommand {
		d.openPage(ctx, w, m, key)
		return
	}
	if err := d.choose(ctx, conv, &e); err != nil {
		d.cfg.Logger.Error("wechat: what was offered last can't be read", "err", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	wait := d.await(conv)
	defer d.leave(conv, wait)
	switch err := d.Accept(ctx, conv, e); {
	case errors.Is(err, turn.ErrEvent):
		if d.PutDeadLetter(ctx, prefix, e.ID, fmt.Appendf(nil, "%+v", m)) != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
	case err != nil:
		d.cfg.Logger.Error("wechat: message not accepted, it will come again", "err", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	d.reply(w, m, key, wait)
}

// reply writes what is said in time, or lets the platform go on.
func (d *Door) reply(w http.ResponseWriter, m message, key int, wait *waiter) {
	timer := time.NewTimer(d.cfg.Answer)
	defer timer.Stop()
	select {
	case say := <-wait.say:
		say.written <- d.writeAnswer(w, m, key, say.text)
	case <-timer.C:
		_, _ = io.WriteString(w, success)
	case <-wait.over:
		_, _ = io.WriteString(w, success)
	}
}

// success tells the platform that there is nothing to answer with.
const success = "success"

// replays are signatures of pushes that were taken.
type replays struct {
	mu    *sync.Mutex
	known *lru.Cache[string, struct{}]
}

func newReplays() replays {
	known, err := lru.New[string, struct{}](maxReplays)
	if err != nil {
		panic("wechat: " + err.Error()) // of a size below one
	}
	return replays{new(sync.Mutex), known}
}

// first reports whether a push is new. The same message that the platform sends again has another
// timestamp and nonce, and so another signature.
func (s replays) first(signature string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, _ := s.known.ContainsOrAdd(signature, struct{}{})
	return !old
}
