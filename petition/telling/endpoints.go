// Package telling is who is told besides the chats of a case: other systems that follow cases, where
// people want to be told, and what reached nobody. Sending is the doors'.
package telling

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"time"

	"dengwen/petition"
)

// Endpoint is an address of another system that is told that a case moved, by the convention of
// Standard Webhooks. Secrets are secret.
type Endpoint struct {
	ID      string    `json:"id"`
	URL     string    `json:"url"`
	Unit    string    `json:"unit,omitempty"` // of whose cases it is told, "" = of all; of reports on misconduct none is
	Secrets []string  `json:"secrets"`        // whsec_…; each signs, so that a key can be changed
	At      time.Time `json:"at"`
	Off     time.Time `json:"off,omitzero"` // since when it is told nothing
	Why     string    `json:"why,omitempty"`
}

// MaxEndpoints is how many endpoints an office has at most; MaxSecrets how many keys one signs with.
const (
	MaxEndpoints = 20
	MaxSecrets   = 2
)

// NewSecret is a key of 32 random bytes as the convention writes it.
func NewSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return "whsec_" + base64.StdEncoding.EncodeToString(b[:])
}

// Check reports what is wrong with an endpoint.
func (e Endpoint) Check(o *petition.Office) error {
	if !address.MatchString(e.URL) || len(e.URL) > 1000 {
		return petition.Fail(petition.Invalid, "webhook.url")
	}
	if _, ok := o.Find(e.Unit); e.Unit != "" && !ok {
		return petition.Fail(petition.Invalid, "staff.unit", "unit", e.Unit)
	}
	if n := len(e.Secrets); n == 0 || n > MaxSecrets {
		return petition.Fail(petition.Invalid, "webhook.secrets")
	}
	return nil
}

// Takes reports whether the endpoint is told of a case that these units may see; sealed ones are
// told to none.
func (e Endpoint) Takes(units []string, sealed bool) bool {
	return !sealed && e.Off.IsZero() && (e.Unit == "" || slices.Contains(units, e.Unit))
}

// Host is where an endpoint is, without its path, which may be secret.
func (e Endpoint) Host() string {
	if m := address.FindStringSubmatch(e.URL); m != nil {
		return m[1]
	}
	return ""
}

// address is an endpoint's: without a user and without a fragment.
var address = regexp.MustCompile(`^(https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?)(?:[/?][^#\s\\]*)?$`)

// Event is one thing that happened to a case: what another system is told.
type Event struct {
	ID      string            `json:"id"` // the same for every try and every endpoint
	Move    petition.MoveName `json:"move"`
	Number  string            `json:"number"`
	Version int64             `json:"version"` // of the case after it
	At      time.Time         `json:"at"`
}

// Delivery is an event on its way to an endpoint.
type Delivery struct {
	ID       string    `json:"id"` // endpoint, slash, event
	Endpoint string    `json:"endpoint"`
	Event    Event     `json:"event"`
	Tries    int       `json:"tries"`
	Last     time.Time `json:"last,omitzero"`
	Why      string    `json:"why,omitempty"` // what the last try met: a status, or an error without the address
}

// Endpoints keeps endpoints and what is on its way to them. SQLite and PostgreSQL pass one suite.
// Errors as those of petition.Store.
type Endpoints interface {
	// PutEndpoint writes one. Limited "webhook.many" beyond MaxEndpoints.
	PutEndpoint(ctx context.Context, e Endpoint) error

	// Endpoint reads one. NotFound "webhook.none".
	Endpoint(ctx context.Context, id string) (Endpoint, error)

	// Endpoints lists all, the first added first.
	Endpoints(ctx context.Context) ([]Endpoint, error)

	// DropEndpoint removes one with all that is on its way to it. None is no error.
	DropEndpoint(ctx context.Context, id string) error

	// GatherEvents takes what happened to cases since the last call and puts it on its way to every
	// endpoint that Takes it, due now, once; it answers how many there were.
	GatherEvents(ctx context.Context, now time.Time) (int, error)

	// ClaimDelivery gives the delivery to an endpoint that has been due the longest, which nobody else
	// is given until a moment. False when none is. One of a case that has been sealed is dropped.
	ClaimDelivery(ctx context.Context, endpoint string, now, until time.Time) (Delivery, bool, error)

	// SettleDelivery ends a delivery that was taken.
	SettleDelivery(ctx context.Context, id string) error

	// PostponeDelivery writes down a try that failed. The delivery is due again at a moment, or never
	// again by itself where it is zero.
	PostponeDelivery(ctx context.Context, d Delivery, due time.Time) error

	// DeadDeliveries lists at most limit that are not tried again by themselves, the newest first.
	DeadDeliveries(ctx context.Context, limit int) ([]Delivery, error)

	// ResendDeliveries makes those of these ids due now, or all that are dead where there are no ids,
	// as if they had not been tried. It answers how many.
	ResendDeliveries(ctx context.Context, now time.Time, ids ...string) (int, error)

	// CountDeliveries counts what is on its way and what is dead.
	CountDeliveries(ctx context.Context) (waiting, dead int, err error)
}

// Signed are the keys of the endpoint as the convention writes them, without what is none.
func (e Endpoint) Signed() (keys [][]byte) {
	for _, s := range e.Secrets {
		if key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s, "whsec_")); err == nil && len(key) >= 24 {
			keys = append(keys, key)
		}
	}
	return keys
}
