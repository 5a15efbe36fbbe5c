package cases

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dengwen/petition"
	"dengwen/petition/telling"

	quickjson "github.com/go-json-experiment/json/v1" // the standard library's from Go 1.27 on
)

var _ telling.Endpoints = (*Store)(nil)

func endpointPlace(id string) string { return "endpoints:" + id }

func deliveryPlace(id string) string { return "deliveries:" + id }

// sealedByID is a row of a table whose key is an id.
type sealedByID struct {
	id   string
	body []byte
}

func (r *sealedByID) targets() []any { return []any{&r.id, &r.body} }

// PutEndpoint is telling.Endpoints.PutEndpoint.
func (s *Store) PutEndpoint(ctx context.Context, e telling.Endpoint) error {
	body, err := s.sealJSON(e, endpointPlace(e.ID))
	if err != nil {
		return s.trouble("write endpoint", err)
	}
	return s.write(ctx, "write endpoint", func(ctx context.Context, tx Tx) error {
		others := 0
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM endpoints WHERE id <> $1`, e.ID).Scan(&others); err != nil {
			return err
		}
		if others >= telling.MaxEndpoints {
			return petition.Fail(petition.Limited, "webhook.many")
		}
		if others == 0 { // what happened before is told to nobody
			_, err := tx.ExecContext(ctx, `INSERT INTO endpoint_feed (one, pos) SELECT 1, chain FROM feed WHERE one = 1
				ON CONFLICT (one) DO UPDATE SET pos = CASE WHEN EXISTS (SELECT 1 FROM endpoints) THEN endpoint_feed.pos ELSE excluded.pos END`)
			if err != nil {
				return fmt.Errorf("begin to gather: %w", err)
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO endpoints (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, e.ID, body)
		return err
	})
}

// Endpoint is telling.Endpoints.Endpoint.
func (s *Store) Endpoint(ctx context.Context, id string) (telling.Endpoint, error) {
	all, err := s.endpoints(ctx, s.engine.reader())
	for _, e := range all {
		if e.ID == id {
			return e, nil
		}
	}
	if err == nil {
		err = petition.Fail(petition.NotFound, "webhook.none")
	}
	return telling.Endpoint{}, s.trouble("read endpoint", err)
}

// Endpoints is telling.Endpoints.Endpoints.
func (s *Store) Endpoints(ctx context.Context) ([]telling.Endpoint, error) {
	all, err := s.endpoints(ctx, s.engine.reader())
	return all, s.trouble("list endpoints", err)
}

func (s *Store) endpoints(ctx context.Context, q querier) (all []telling.Endpoint, err error) {
	rows, err := scan(ctx, q, (*sealedByID).targets, `SELECT id, body FROM endpoints ORDER BY id`)
	for _, r := range rows {
		var e telling.Endpoint
		if err := s.openJSON(r.body, endpointPlace(r.id), &e); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, err
}

// DropEndpoint is telling.Endpoints.DropEndpoint.
func (s *Store) DropEndpoint(ctx context.Context, id string) error {
	return s.write(ctx, "remove endpoint", func(ctx context.Context, tx Tx) error {
		_, err := tx.all(ctx, []statement{
			{"remove endpoint", `DELETE FROM endpoints WHERE id = $1`, []any{id}},
			{"remove deliveries", `DELETE FROM deliveries WHERE endpoint = $1`, []any{id}},
		})
		return err
	})
}

// gathered is how many links of the chain one call of GatherEvents goes through.
const gathered = 500

// changeRow is an entry of a case and the link of the version it came with.
type changeRow struct {
	pos, version, seq int64
	number, id, units string
	sealed            bool
	body              []byte
}

func (r *changeRow) targets() []any {
	return []any{&r.pos, &r.number, &r.version, &r.id, &r.units, &r.sealed, &r.seq, &r.body}
}

// GatherEvents is telling.Endpoints.GatherEvents. Position and deliveries are written at once, so that
// several processes may gather. Nothing is written while there is nothing to gather.
func (s *Store) GatherEvents(ctx context.Context, now time.Time) (n int, err error) {
	var behind bool
	err = s.engine.reader().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM feed f JOIN endpoint_feed e ON e.one = f.one WHERE e.pos < f.chain) AND EXISTS (SELECT 1 FROM endpoints)`).Scan(&behind)
	if err != nil || !behind {
		return 0, s.trouble("look what has changed", err)
	}
	err = s.write(ctx, "gather events", func(ctx context.Context, tx Tx) error {
		n = 0
		var from, newest int64
		// The row is changed first: it is the lock of those who gather.
		if err := tx.QueryRowContext(ctx, `UPDATE endpoint_feed SET pos = pos WHERE one = 1 RETURNING pos`).Scan(&from); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `SELECT chain FROM feed WHERE one = 1`).Scan(&newest); err != nil {
			return err
		}
		all, err := s.endpoints(ctx, tx)
		if err != nil {
			return err
		}
		upto := min(newest, from+gathered)
		rows, err := s.deliveriesOf(ctx, tx, all, from, upto, now)
		if err != nil {
			return err
		}
		n = len(rows)
		if _, err := tx.all(ctx, tx.insertions(`deliveries (id, endpoint, number, state, due, body)`, rows)); err != nil {
			return fmt.Errorf("put events on their way: %w", err)
		}
		_, err = tx.ExecContext(ctx, `UPDATE endpoint_feed SET pos = $1 WHERE one = 1`, upto)
		return err
	})
	return n, err
}

func (s *Store) deliveriesOf(ctx context.Context, tx Tx, all []telling.Endpoint, from, upto int64, now time.Time) (rows [][]any, err error) {
	changes, err := scan(ctx, tx, (*changeRow).targets, `SELECT l.pos, l.number, l.version, c.id, c.units, c.sealed, e.seq, e.body
		FROM chain l JOIN cases c ON c.number = l.number JOIN entries e ON e.ref = c.ref AND e.version = l.version
		WHERE l.pos > $1 AND l.pos <= $2 AND l.number <> '' ORDER BY l.pos, e.seq`, from, upto)
	if err != nil {
		return nil, fmt.Errorf("read what has changed: %w", err)
	}
	for _, ch := range changes {
		event := telling.Event{ID: fmt.Sprintf("evt_%d_%d", ch.pos, ch.seq), Number: ch.number, Version: ch.version}
		for _, to := range all {
			if !to.Takes(strings.Split(ch.units, "\n"), ch.sealed) {
				continue
			}
			if event.Move == "" && !s.readEvent(ch, &event) {
				break
			}
			d := telling.Delivery{ID: to.ID + "/" + event.ID, Endpoint: to.ID, Event: event}
			body, err := s.sealJSON(d, deliveryPlace(d.ID))
			if err != nil {
				return nil, err
			}
			rows = append(rows, []any{d.ID, d.Endpoint, ch.number, "waiting", now.UnixMilli(), body})
		}
	}
	return rows, nil
}

// readEvent takes move and time from an entry; false for one that does not open, which verify names.
func (s *Store) readEvent(ch changeRow, event *telling.Event) bool {
	plain, err := s.box.Open(ch.body, entryPlace(ch.id, ch.seq))
	var e petition.Entry
	if err != nil || quickjson.Unmarshal(plain, &e) != nil {
		return false
	}
	event.Move, event.At = e.Move, e.At
	return true
}

// ClaimDelivery is telling.Endpoints.ClaimDelivery.
func (s *Store) ClaimDelivery(ctx context.Context, endpoint string, now, until time.Time) (d telling.Delivery, ok bool, err error) {
	err = s.write(ctx, "claim delivery", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM deliveries WHERE endpoint = $1 AND state = 'waiting' AND due <= $2 AND number IN (SELECT number FROM cases WHERE sealed)`, endpoint, now.UnixMilli())
		if err != nil {
			return fmt.Errorf("drop what is sealed: %w", err)
		}
		found, err := scan(ctx, tx, (*sealedByID).targets, `UPDATE deliveries SET due = $1 WHERE id = (
			SELECT id FROM deliveries WHERE endpoint = $2 AND state = 'waiting' AND due <= $3 ORDER BY due, id LIMIT 1) AND state = 'waiting' AND due <= $3
			RETURNING id, body`, until.UnixMilli(), endpoint, now.UnixMilli())
		if ok = err == nil && len(found) > 0; ok {
			d = telling.Delivery{}
			err = s.openJSON(found[0].body, deliveryPlace(found[0].id), &d)
		}
		return err
	})
	return d, ok, err
}

// SettleDelivery is telling.Endpoints.SettleDelivery.
func (s *Store) SettleDelivery(ctx context.Context, id string) error {
	return s.write(ctx, "settle delivery", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM deliveries WHERE id = $1`, id)
		return err
	})
}

// PostponeDelivery is telling.Endpoints.PostponeDelivery.
func (s *Store) PostponeDelivery(ctx context.Context, d telling.Delivery, due time.Time) error {
	body, err := s.sealJSON(d, deliveryPlace(d.ID))
	if err != nil {
		return s.trouble("postpone delivery", err)
	}
	state, at := "waiting", due
	if due.IsZero() {
		state, at = "dead", d.Last
	}
	return s.write(ctx, "postpone delivery", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = $1, due = $2, body = $3 WHERE id = $4`, state, at.UnixMilli(), body, d.ID)
		return err
	})
}

// DeadDeliveries is telling.Endpoints.DeadDeliveries.
func (s *Store) DeadDeliveries(ctx context.Context, limit int) ([]telling.Delivery, error) {
	rows, err := scan(ctx, s.engine.reader(), (*sealedByID).targets, `SELECT id, body FROM deliveries WHERE state = 'dead' ORDER BY due DESC, id LIMIT $1`, limit)
	all := make([]telling.Delivery, len(rows))
	for i, r := range rows {
		if err == nil {
			err = s.openJSON(r.body, deliveryPlace(r.id), &all[i])
		}
	}
	return all, s.trouble("list dead deliveries", err)
}

// resent is how many deliveries one call of ResendDeliveries makes due at most.
const resent = 1000

// ResendDeliveries is telling.Endpoints.ResendDeliveries.
func (s *Store) ResendDeliveries(ctx context.Context, now time.Time, ids ...string) (n int, err error) {
	err = s.write(ctx, "send deliveries again", func(ctx context.Context, tx Tx) error {
		rows, err := scan(ctx, tx, (*sealedByID).targets, `SELECT id, body FROM deliveries WHERE state = 'dead' ORDER BY due, id LIMIT $1`, resent)
		if err != nil {
			return err
		}
		wanted := map[string]bool{}
		for _, id := range ids {
			wanted[id] = true
		}
		n = 0
		for _, r := range rows {
			if len(ids) > 0 && !wanted[r.id] {
				continue
			}
			var d telling.Delivery
			if err := s.openJSON(r.body, deliveryPlace(r.id), &d); err != nil {
				return err
			}
			d.Tries = 0
			body, err := s.sealJSON(d, deliveryPlace(d.ID))
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = 'waiting', due = $1, body = $2 WHERE id = $3`, now.UnixMilli(), body, r.id); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// CountDeliveries is telling.Endpoints.CountDeliveries.
func (s *Store) CountDeliveries(ctx context.Context) (waiting, dead int, err error) {
	err = s.engine.reader().QueryRowContext(ctx, `SELECT COALESCE(SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN state = 'dead' THEN 1 ELSE 0 END), 0) FROM deliveries`).Scan(&waiting, &dead)
	return waiting, dead, s.trouble("count deliveries", err)
}
