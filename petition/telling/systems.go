package telling

import (
	"context"
	"time"

	"dengwen/petition"
)

// Systems adds and removes the endpoints of other systems.
type Systems struct {
	store  Endpoints
	office *petition.Office
	now    func() time.Time
	newID  func() string
}

// NewSystems makes it. newID answers ids that sort by the time they were made.
func NewSystems(store Endpoints, o *petition.Office, now func() time.Time, newID func() string) *Systems {
	return &Systems{store, o, now, newID}
}

// Add adds an endpoint that is told of the cases of a unit, "" = of all, with a new key, which is
// answered in Secrets.
func (s *Systems) Add(ctx context.Context, url, unit string) (Endpoint, error) {
	e := Endpoint{ID: s.newID(), URL: url, Unit: unit, Secrets: []string{NewSecret()}, At: s.now()}
	if err := e.Check(s.office); err != nil {
		return e, err
	}
	return e, petition.Wrap(s.store.PutEndpoint(ctx, e), "add endpoint")
}

// List lists endpoints, the first added first.
func (s *Systems) List(ctx context.Context) ([]Endpoint, error) {
	all, err := s.store.Endpoints(ctx)
	return all, petition.Wrap(err, "list endpoints")
}

// Remove removes an endpoint with all that is on its way to it. NotFound "webhook.none".
func (s *Systems) Remove(ctx context.Context, id string) error {
	if _, err := s.store.Endpoint(ctx, id); err != nil {
		return err
	}
	return petition.Wrap(s.store.DropEndpoint(ctx, id), "remove endpoint")
}

// Rotate gives an endpoint a new key, the first of Secrets. The one before signs beside it until the
// next call.
func (s *Systems) Rotate(ctx context.Context, id string) (Endpoint, error) {
	return s.change(ctx, id, func(e *Endpoint) { e.Secrets = []string{NewSecret(), e.Secrets[0]} })
}

// SwitchOn has an endpoint told again that was switched off, of what happens from now on; what is dead
// is sent with Resend.
func (s *Systems) SwitchOn(ctx context.Context, id string) (Endpoint, error) {
	return s.change(ctx, id, func(e *Endpoint) { e.Off, e.Why = time.Time{}, "" })
}

func (s *Systems) change(ctx context.Context, id string, change func(e *Endpoint)) (Endpoint, error) {
	e, err := s.store.Endpoint(ctx, id)
	if err != nil {
		return e, err
	}
	change(&e)
	return e, petition.Wrap(s.store.PutEndpoint(ctx, e), "change endpoint")
}

// deadShown is how many dead deliveries are listed.
const deadShown = 200

// Dead lists what is not tried again by itself, the newest first.
func (s *Systems) Dead(ctx context.Context) ([]Delivery, error) {
	all, err := s.store.DeadDeliveries(ctx, deadShown)
	return all, petition.Wrap(err, "list dead deliveries")
}

// Resend sends dead deliveries again, all where no id is given, and answers how many.
func (s *Systems) Resend(ctx context.Context, ids ...string) (int, error) {
	n, err := s.store.ResendDeliveries(ctx, s.now(), ids...)
	return n, petition.Wrap(err, "send again")
}

// Count counts what is on its way and what is dead.
func (s *Systems) Count(ctx context.Context) (waiting, dead int, err error) {
	return s.store.CountDeliveries(ctx)
}
