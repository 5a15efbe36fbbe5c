package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Fault is why the door is deaf or mute, "" = it is not.
type Fault string

// Faults. Their texts name no address and no token: anybody may read them.
const (
	NotYet         Fault = "nothing was heard of Telegram yet"
	TokenRefused   Fault = "Telegram refuses the token"
	OtherPoller    Fault = "another process takes this bot's updates"
	WebhookSet     Fault = "a webhook is set for this bot, and this process polls"
	WebhookRefused Fault = "Telegram refuses the webhook's address"
	WebhookFails   Fault = "Telegram can't deliver to the webhook"
	Unreachable    Fault = "Telegram can't be reached"
	Looping        Fault = "Telegram hands out the same updates again and again"
)

// Condition is whether the door hears and can speak.
type Condition struct {
	Deaf, Mute Fault
	Heard      time.Time // last getUpdates that was answered, or webhook delivery that was accepted; zero = none
	Spoke      time.Time // last other call that Telegram answered, were it by a refusal; zero = none
}

// ErrCondition says that the door is deaf or mute, and why in words that anybody may read.
var ErrCondition = errors.New("telegram")

// Err is nil while the door hears and can speak, else an ErrCondition.
func (c Condition) Err() error {
	switch {
	case c.Deaf != "":
		return fmt.Errorf("%w: deaf: %s", ErrCondition, c.Deaf)
	case c.Mute != "":
		return fmt.Errorf("%w: mute: %s", ErrCondition, c.Mute)
	}
	return nil
}

// health is what the door knows of its condition.
type health struct {
	now   func() time.Time
	grace time.Duration // what passes by itself within it is no fault

	mu    sync.Mutex
	ears  organ
	mouth organ
}

// organ is one direction of the talk with Telegram.
type organ struct {
	last  time.Time // it worked
	fault Fault     // since it did not; "" = it works
	since time.Time
}

func (o *organ) works(at time.Time) { *o = organ{last: at} }

func (o *organ) fails(at time.Time, why Fault) {
	if o.fault == "" {
		o.since = at
	}
	o.fault = why
}

// state is the fault that counts at a moment. What may pass by itself counts after the grace.
func (o *organ) state(at time.Time, grace time.Duration) Fault {
	if o.fault == Unreachable && !o.last.IsZero() && at.Sub(o.since) < grace {
		return ""
	}
	return o.fault
}

func (h *health) heard() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ears.works(h.now())
}

func (h *health) deaf(why Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ears.fails(h.now(), why)
}

// delivered is when the last update came in.
func (h *health) delivered() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ears.last
}

// spoke notes how a call other than getUpdates ended. A refusal is an answer; a 404 may be the
// server's way to say that it does not know a method, but for getMe, which each knows.
func (h *health) spoke(method string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch code := codeOf(err); {
	case errors.Is(err, context.Canceled):
	case code == http.StatusUnauthorized, code == http.StatusNotFound && method == "getMe":
		h.mouth.fails(h.now(), TokenRefused)
	case code == http.StatusNotFound:
	case err != nil && (code == 0 || code >= 500 && code != http.StatusNotImplemented):
		h.mouth.fails(h.now(), Unreachable)
	default:
		h.mouth.works(h.now())
	}
}

func (h *health) condition() Condition {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	return Condition{Deaf: h.ears.state(now, h.grace), Mute: h.mouth.state(now, h.grace), Heard: h.ears.last, Spoke: h.mouth.last}
}

// Condition tells whether the door hears and can speak, now and without a call.
func (d *Door) Condition() Condition { return d.health.condition() }
