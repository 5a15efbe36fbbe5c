// Package webhook tells other systems that a case moved, by the convention of Standard Webhooks
// (standardwebhooks.com): what kind of step, which case, which version, when, and no word more. Who is
// told asks the case API for the rest, with its own key and rights.
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"dengwen/petition/telling"
)

// Config is what a Sender works with.
type Config struct {
	Store   telling.Endpoints
	Allowed []netip.Prefix // networks that are reached though they are not public
	Now     func() time.Time
	Log     *slog.Logger
	Look    time.Duration // between looks for what is due (1 s)
}

// Sender puts what happened to cases on its way to endpoints and delivers it. Several processes may
// run one.
type Sender struct {
	Config
	client *http.Client
}

// timeout is how long an endpoint may take to answer; lease is for how long nobody else tries a
// delivery.
const (
	timeout = 20 * time.Second
	lease   = time.Minute
)

// New makes a sender. It does not touch the network. No proxy of the environment is used: what is
// reached is looked at when it is dialled.
func New(c Config) *Sender {
	if c.Look == 0 {
		c.Look = time.Second
	}
	s := &Sender{Config: c}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: s.control}
	s.client = &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 10 * time.Second, MaxResponseHeaderBytes: 64 << 10},
	}
	return s
}

var errPrivate = errors.New("the address is not a public one")

// control refuses a connection to what is not public, whatever name led there: a name may lead
// elsewhere at each look-up.
func (s *Sender) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !s.may(at.Addr().Unmap()) {
		return errPrivate
	}
	return nil
}

func (s *Sender) may(ip netip.Addr) bool {
	for _, p := range s.Allowed {
		if p.Contains(ip) {
			return true
		}
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return ip.IsGlobalUnicast() && !ip.IsPrivate()
}

// special are the networks that are no public addresses besides those netip knows (RFC 6890, with
// what carries an IPv4 address inside: RFC 3056, RFC 6052).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("100::/64"),
}

// Run gathers and delivers until ctx ends.
func (s *Sender) Run(ctx context.Context) error {
	tick := time.NewTicker(s.Look)
	defer tick.Stop()
	for {
		if err := s.once(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("tell other systems", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// once gathers what has happened and delivers what is due, to all endpoints at once: a slow one holds
// up no other.
func (s *Sender) once(ctx context.Context) error {
	if _, err := s.Store.GatherEvents(ctx, s.Now()); err != nil {
		return err
	}
	all, err := s.Store.Endpoints(ctx)
	if err != nil {
		return err
	}
	var g errgroup.Group
	for _, e := range all {
		if e.Off.IsZero() {
			g.Go(func() error { return s.deliverDue(ctx, e) })
		}
	}
	return g.Wait()
}

// inARow is how many deliveries one endpoint gets before others that are new are looked for.
const inARow = 50

func (s *Sender) deliverDue(ctx context.Context, e telling.Endpoint) error {
	for range inARow {
		d, ok, err := s.Store.ClaimDelivery(ctx, e.ID, s.Now(), s.Now().Add(lease))
		if err != nil || !ok {
			return err
		}
		again, err := s.deliver(ctx, e, d)
		if err != nil || !again {
			return err
		}
	}
	return nil
}

// deliver tries one; again reports that the endpoint took it and may be given the next.
func (s *Sender) deliver(ctx context.Context, e telling.Endpoint, d telling.Delivery) (again bool, err error) {
	status, after, err := s.post(ctx, e, d.Event)
	if ctx.Err() != nil {
		return false, nil // stopped meanwhile: it is due again when the lease is over
	}
	if err == nil && status >= 200 && status < 300 {
		return true, s.Store.SettleDelivery(ctx, d.ID)
	}
	d.Last, d.Why = s.Now(), strconv.Itoa(status)
	if err != nil {
		d.Why = err.Error()
	}
	if status == http.StatusGone {
		return false, s.gone(ctx, e, d)
	}
	due := s.next(d.Tries, after)
	d.Tries++
	s.Log.Info("an endpoint did not take an event", "endpoint", e.ID, "event", d.Event.ID, "tries", d.Tries, "why", d.Why)
	return false, s.Store.PostponeDelivery(ctx, d, due)
}

// gone switches an endpoint off that says that it wants no more (410). What was on its way is dead.
func (s *Sender) gone(ctx context.Context, e telling.Endpoint, d telling.Delivery) error {
	e.Off, e.Why = s.Now(), d.Why
	if err := s.Store.PutEndpoint(ctx, e); err != nil {
		return err
	}
	s.Log.Warn("an endpoint is switched off: it answers 410", "endpoint", e.ID)
	for ok := true; ok; {
		if err := s.Store.PostponeDelivery(ctx, d, time.Time{}); err != nil {
			return err
		}
		var err error
		if d, ok, err = s.Store.ClaimDelivery(ctx, e.ID, s.Now(), s.Now().Add(lease)); err != nil {
			return err
		}
		d.Last, d.Why = e.Off, e.Why
	}
	return nil
}

// pauses are those after each try that failed, 75 hours in all; then it is dead.
var pauses = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// longestAfter is how long an endpoint may ask to be left alone (Retry-After).
const longestAfter = 24 * time.Hour

// next is when a delivery is tried again after a number of tries before this one, zero = not by
// itself. Up to a tenth of the pause is added at random, so that not all come back at once.
func (s *Sender) next(tries int, after time.Duration) time.Time {
	if tries >= len(pauses) {
		return time.Time{}
	}
	pause := max(pauses[tries], min(after, longestAfter))
	return s.Now().Add(pause + rand.N(pause/10+1))
}

type payload struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      struct {
		Number  string `json:"number"`
		Version int64  `json:"version"`
	} `json:"data"`
}

// Body is what an endpoint is sent.
func Body(e telling.Event) ([]byte, error) {
	p := payload{Type: "case." + string(e.Move), Timestamp: e.At.UTC()}
	p.Data.Number, p.Data.Version = e.Number, e.Version
	return json.Marshal(p)
}

// Signatures is the header webhook-signature: one signature for each key.
func Signatures(keys [][]byte, id string, at time.Time, body []byte) string {
	var all []string
	for _, key := range keys {
		h := hmac.New(sha256.New, key)
		fmt.Fprintf(h, "%s.%d.%s", id, at.Unix(), body)
		all = append(all, "v1,"+base64.StdEncoding.EncodeToString(h.Sum(nil)))
	}
	return strings.Join(all, " ")
}

func (s *Sender) post(ctx context.Context, e telling.Endpoint, event telling.Event) (status int, after time.Duration, err error) {
	body, err := Body(event)
	if err != nil {
		return 0, 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(body))
	if err != nil {
		return 0, 0, errors.New("the endpoint's address is none")
	}
	now := s.Now()
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "dengwen-webhooks",
		"webhook-id": event.ID, "webhook-timestamp": strconv.FormatInt(now.Unix(), 10), "webhook-signature": Signatures(e.Signed(), event.ID, now, body),
	} {
		req.Header.Set(name, value)
	}
	res, err := s.client.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) { // the address may hold a secret
			err = u.Err
		}
		if errors.Is(err, errPrivate) {
			err = errPrivate
		}
		return 0, 0, err
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, 4<<10) // so that the connection can be used again; what it says does not matter
	switch res.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		after = max(time.Minute, retryAfter(res.Header.Get("Retry-After"), now))
	}
	return res.StatusCode, after, nil
}

// retryAfter reads seconds or a date (RFC 9110, 10.2.3).
func retryAfter(text string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(text); err == nil && n >= 0 && n <= int(longestAfter/time.Second) {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return at.Sub(now)
	}
	return 0
}
