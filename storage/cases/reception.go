package cases

import (
	"context"
	"database/sql"
	"time"

	"dengwen/petition"
	"dengwen/petition/reception"

	"github.com/pressly/goose/v3"
)

var _ reception.Store = (*Store)(nil)

func receptionDayPlace(id string) string { return "reception_days:" + id }

func appointmentPlace(id string) string { return "appointments:" + id }

// booker is the keyed hash by which a chat's appointments are found; of no chat nothing.
func (s *Store) booker(chat string) []byte {
	if chat == "" {
		return []byte{}
	}
	return s.box.Hash("appointments", chat)
}

type dayRow struct {
	id, state string
	version   int64
	booked    int
	body      []byte
}

func (r *dayRow) targets() []any { return []any{&r.id, &r.state, &r.version, &r.booked, &r.body} }

const dayColumns = `SELECT d.id, d.state, d.version, (SELECT COUNT(*) FROM appointments a WHERE a.day = d.id AND a.slot IS NOT NULL), d.body FROM reception_days d`

func (s *Store) openDay(r dayRow) (d reception.Day, err error) {
	err = s.openJSON(r.body, receptionDayPlace(r.id), &d)
	d.State, d.Version, d.Booked = reception.DayState(r.state), r.version, r.booked
	return d, err
}

type appointmentRow struct {
	id         string
	day        string
	slot, seat sql.NullInt64
	state      string
	tell       int64
	body       []byte
}

func (r *appointmentRow) targets() []any {
	return []any{&r.id, &r.day, &r.slot, &r.seat, &r.state, &r.tell, &r.body}
}

const appointmentColumns = `SELECT id, day, slot, seat, state, tell, body FROM appointments`

func (s *Store) openAppointment(r appointmentRow) (a reception.Appointment, err error) {
	err = s.openJSON(r.body, appointmentPlace(r.id), &a)
	a.ID, a.Day, a.State, a.Slot, a.Seat, a.Tell = r.id, r.day, reception.State(r.state), -1, 0, time.Time{}
	if r.slot.Valid {
		a.Slot, a.Seat = int(r.slot.Int64), int(r.seat.Int64)
	}
	if r.tell > 0 {
		a.Tell = time.UnixMilli(r.tell)
	}
	return a, err
}

// appointments reads those that a condition selects.
func (s *Store) appointments(ctx context.Context, q querier, where string, args ...any) (all []reception.Appointment, err error) {
	found, err := scan(ctx, q, (*appointmentRow).targets, appointmentColumns+where, args...)
	for _, r := range found {
		a, err := s.openAppointment(r)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, err
}

// oneAppointment reads the one that a condition selects. NotFound otherwise.
func (s *Store) oneAppointment(ctx context.Context, q querier, where string, args ...any) (a reception.Appointment, err error) {
	all, err := s.appointments(ctx, q, where, args...)
	if err == nil && len(all) == 0 {
		return a, petition.Fail(petition.NotFound, "reception.no_booking")
	}
	if err != nil {
		return a, err
	}
	return all[0], nil
}

func unixMilli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// appointmentValues are the columns that change: slot, seat, state, tell, owner, body, day, personal.
func (s *Store) appointmentValues(a reception.Appointment) ([]any, error) {
	body, err := s.sealJSON(a, appointmentPlace(a.ID))
	var slot, seat sql.NullInt64
	personal := 0
	if a.Personal() {
		personal = 1
	}
	if a.Slot >= 0 {
		slot, seat = sql.NullInt64{Int64: int64(a.Slot), Valid: true}, sql.NullInt64{Int64: int64(a.Seat), Valid: true}
	}
	return []any{slot, seat, string(a.State), unixMilli(a.Tell), s.booker(a.Owner), body, a.Day, personal}, err
}

func (s *Store) insertAppointment(ctx context.Context, tx Tx, a reception.Appointment) error {
	values, err := s.appointmentValues(a)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO appointments (slot, seat, state, tell, owner, body, day, personal, id, number, asked, made) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		append(values, a.ID, a.Number, s.box.Hash("booking", a.Key), a.Made.UnixMilli())...)
	return err
}

// updateAppointment writes one whose state and next telling are still those; false when they are not.
func (s *Store) updateAppointment(ctx context.Context, tx Tx, a reception.Appointment, state reception.State, tell time.Time) (bool, error) {
	values, err := s.appointmentValues(a)
	if err != nil {
		return false, err
	}
	n, err := tx.all(ctx, []statement{{"write appointment", `UPDATE appointments SET slot = $1, seat = $2, state = $3, tell = $4, owner = $5, body = $6, day = $7, personal = $8 WHERE id = $9 AND state = $10 AND tell = $11`,
		append(values, a.ID, string(state), unixMilli(tell))}})
	return err == nil && n[0] == 1, err
}

// PutDay is reception.Store.PutDay.
func (s *Store) PutDay(ctx context.Context, d reception.Day, tell time.Time) (reception.Day, error) {
	var out reception.Day
	err := s.write(ctx, "write reception day", func(ctx context.Context, tx Tx) error {
		was, err := s.lockDay(ctx, tx, d.ID)
		if err != nil && petition.CodeOf(err) != petition.NotFound {
			return err
		}
		if was.Version != d.Version {
			return petition.Fail(petition.Conflict, "reception.changed")
		}
		out = d
		out.Version, out.Booked = d.Version+1, was.Booked
		body, err := s.sealJSON(out, receptionDayPlace(d.ID))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO reception_days (id, date, time, state, version, body) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET date = excluded.date, time = excluded.time, state = excluded.state, version = excluded.version, body = excluded.body`,
			d.ID, d.Date, d.Time, string(d.State), out.Version, body)
		if err != nil || tell.IsZero() {
			return err
		}
		return s.changeBookings(ctx, tx, &out, tell)
	})
	return out, err
}

// changeBookings has everybody who booked told of a day that is another now.
func (s *Store) changeBookings(ctx context.Context, tx Tx, d *reception.Day, tell time.Time) error {
	all, err := s.appointments(ctx, tx, ` WHERE day = $1 AND state = 'booked'`, d.ID)
	for _, a := range all {
		was := a.Tell
		a.Change(*d, tell)
		if err == nil {
			_, err = s.updateAppointment(ctx, tx, a, reception.Booked, was)
		}
	}
	if d.State == reception.Cancelled {
		d.Booked = 0
	}
	return err
}

// lockDay reads a day so that nobody else books on it before this transaction ends.
func (s *Store) lockDay(ctx context.Context, tx Tx, id string) (reception.Day, error) {
	query := dayColumns + ` WHERE d.id = $1`
	if s.engine.dialect() == goose.DialectPostgres {
		query += ` FOR UPDATE OF d`
	}
	found, err := scan(ctx, tx, (*dayRow).targets, query, id)
	if err == nil && len(found) == 0 {
		return reception.Day{}, petition.Fail(petition.NotFound, "reception.none")
	}
	if err != nil {
		return reception.Day{}, err
	}
	return s.openDay(found[0])
}

// ReceptionDay is reception.Store.ReceptionDay.
func (s *Store) ReceptionDay(ctx context.Context, id string) (d reception.Day, err error) {
	found, err := scan(ctx, s.engine.reader(), (*dayRow).targets, dayColumns+` WHERE d.id = $1`, id)
	if err == nil && len(found) == 0 {
		return d, petition.Fail(petition.NotFound, "reception.none")
	}
	if err == nil {
		d, err = s.openDay(found[0])
	}
	return d, s.trouble("read reception day", err)
}

// ReceptionDays is reception.Store.ReceptionDays.
func (s *Store) ReceptionDays(ctx context.Context, from, to string, limit int) (all []reception.Day, err error) {
	found, err := scan(ctx, s.engine.reader(), (*dayRow).targets, dayColumns+` WHERE d.date >= $1 AND d.date <= $2 ORDER BY d.date, d.time, d.id LIMIT $3`, from, to, limit)
	for _, r := range found {
		d, err := s.openDay(r)
		if err != nil {
			return nil, s.trouble("read reception days", err)
		}
		all = append(all, d)
	}
	return all, s.trouble("read reception days", err)
}

// Book is reception.Store.Book.
func (s *Store) Book(ctx context.Context, a reception.Appointment, places []reception.Place, now time.Time) (reception.Appointment, error) {
	out := a
	err := s.write(ctx, "book", func(ctx context.Context, tx Tx) error {
		out = a
		known, err := s.appointments(ctx, tx, ` WHERE asked = $1`, s.box.Hash("booking", a.Key))
		if err != nil {
			return err
		}
		if len(known) > 0 {
			out = known[0]
			return nil
		}
		if err := s.mayBook(ctx, tx, a, now); err != nil {
			return err
		}
		if err := s.seat(ctx, tx, &out, places, now); err != nil {
			return err
		}
		return s.insertAppointment(ctx, tx, out)
	})
	return out, err
}

// mayBook keeps the limits on bookings.
func (s *Store) mayBook(ctx context.Context, tx Tx, a reception.Appointment, now time.Time) error {
	var has, held, made, madeFor int
	owner, since := s.booker(a.Owner), now.Add(-24*time.Hour).UnixMilli()
	err := tx.QueryRowContext(ctx, `SELECT
		(SELECT COUNT(*) FROM appointments WHERE number = $1 AND state = 'booked'),
		(SELECT COUNT(*) FROM appointments WHERE owner = $2 AND state = 'booked'),
		(SELECT COUNT(*) FROM appointments WHERE owner = $2 AND made > $3),
		(SELECT COUNT(*) FROM appointments WHERE number = $1 AND made > $3)`, a.Number, owner, since).Scan(&has, &held, &made, &madeFor)
	switch {
	case err != nil:
		return err
	case has > 0:
		return petition.Fail(petition.Conflict, "reception.has")
	case a.Owner != "" && (held >= reception.MaxHeld || made >= reception.MaxMade), madeFor >= reception.MaxMade:
		return petition.Fail(petition.Limited, "reception.many")
	}
	return nil
}

// seat finds the first free seat in the places. Days are locked in the order they are tried, which is not
// the same for everybody: PostgreSQL ends one of two that wait for each other, and it is tried again.
func (s *Store) seat(ctx context.Context, tx Tx, a *reception.Appointment, places []reception.Place, now time.Time) error {
	for _, p := range places {
		d, err := s.lockDay(ctx, tx, p.Day)
		if petition.CodeOf(err) == petition.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		all, err := s.appointments(ctx, tx, ` WHERE day = $1 AND slot IS NOT NULL AND id <> $2`, p.Day, a.ID)
		if err != nil {
			return err
		}
		if slot, seat, ok := d.Free(reception.TakenOf(all), p.Slot, now); ok {
			a.Put(d, slot, seat, now)
			return nil
		}
	}
	return petition.Fail(petition.Conflict, "reception.full")
}

// MoveAppointment is reception.Store.MoveAppointment.
func (s *Store) MoveAppointment(ctx context.Context, id string, places []reception.Place, now time.Time) (reception.Appointment, error) {
	var out reception.Appointment
	err := s.write(ctx, "move appointment", func(ctx context.Context, tx Tx) error {
		a, err := s.oneAppointment(ctx, tx, ` WHERE id = $1`, id)
		if err != nil {
			return err
		}
		out = a
		if a.State != reception.Booked {
			return petition.Fail(petition.Conflict, "reception.over")
		}
		if err := s.seat(ctx, tx, &out, places, now); err != nil {
			return err
		}
		if out.Day == a.Day && out.Slot == a.Slot {
			out = a
			return nil
		}
		if out.Moves++; out.Moves > reception.MaxMoves {
			return petition.Fail(petition.Limited, "reception.moves")
		}
		ok, err := s.updateAppointment(ctx, tx, out, reception.Booked, a.Tell)
		if err == nil && !ok {
			return errOvertaken
		}
		return err
	})
	return out, err
}

// PutAppointment is reception.Store.PutAppointment.
func (s *Store) PutAppointment(ctx context.Context, a reception.Appointment, from reception.State) error {
	return s.write(ctx, "write appointment", func(ctx context.Context, tx Tx) error {
		was, err := s.oneAppointment(ctx, tx, ` WHERE id = $1`, a.ID)
		if err != nil {
			return err
		}
		if was.State != from {
			return petition.Fail(petition.Conflict, "reception.over")
		}
		ok, err := s.updateAppointment(ctx, tx, a, from, was.Tell)
		if err == nil && !ok {
			return errOvertaken
		}
		return err
	})
}

// AddWalkIn is reception.Store.AddWalkIn.
func (s *Store) AddWalkIn(ctx context.Context, a reception.Appointment) (reception.Appointment, error) {
	out := a
	err := s.write(ctx, "write visitor", func(ctx context.Context, tx Tx) error {
		known, err := s.appointments(ctx, tx, ` WHERE asked = $1`, s.box.Hash("booking", a.Key))
		if err == nil && len(known) > 0 {
			out = known[0]
			return nil
		}
		if err != nil {
			return err
		}
		return s.insertAppointment(ctx, tx, a)
	})
	return out, err
}

// Appointment is reception.Store.Appointment.
func (s *Store) Appointment(ctx context.Context, id string) (reception.Appointment, error) {
	a, err := s.oneAppointment(ctx, s.engine.reader(), ` WHERE id = $1`, id)
	return a, s.trouble("read appointment", err)
}

// AppointmentOf is reception.Store.AppointmentOf.
func (s *Store) AppointmentOf(ctx context.Context, number string) (reception.Appointment, error) {
	a, err := s.oneAppointment(ctx, s.engine.reader(), ` WHERE number = $1 AND state = 'booked'`, number)
	return a, s.trouble("read appointment", err)
}

// AppointmentsBy is reception.Store.AppointmentsBy.
func (s *Store) AppointmentsBy(ctx context.Context, owner string) ([]reception.Appointment, error) {
	if owner == "" {
		return nil, nil
	}
	all, err := s.appointments(ctx, s.engine.reader(), ` WHERE owner = $1 AND state = 'booked' ORDER BY made`, s.booker(owner))
	return all, s.trouble("read appointments", err)
}

// Sheet is reception.Store.Sheet.
func (s *Store) Sheet(ctx context.Context, day string) ([]reception.Appointment, error) {
	all, err := s.appointments(ctx, s.engine.reader(), ` WHERE day = $1 AND state <> 'back' ORDER BY slot IS NULL, slot, seat, made, id`, day)
	return all, s.trouble("read sheet", err)
}

// ToTell is reception.Store.ToTell.
func (s *Store) ToTell(ctx context.Context, now time.Time, limit int) ([]reception.Appointment, error) {
	all, err := s.appointments(ctx, s.engine.reader(), ` WHERE tell > 0 AND tell <= $1 ORDER BY tell, id LIMIT $2`, now.UnixMilli(), limit)
	return all, s.trouble("read whom to tell", err)
}

// NoteTold is reception.Store.NoteTold.
func (s *Store) NoteTold(ctx context.Context, a reception.Appointment, was time.Time) error {
	return s.write(ctx, "note what was told", func(ctx context.Context, tx Tx) error {
		_, err := s.updateAppointment(ctx, tx, a, a.State, was)
		return err
	})
}

// ForgetChat is reception.Store.ForgetChat.
func (s *Store) ForgetChat(ctx context.Context, owner string) error {
	if owner == "" {
		return nil
	}
	_, err := s.forget(ctx, ` WHERE owner = $1`, s.booker(owner))
	return err
}

// ForgetBefore is reception.Store.ForgetBefore.
func (s *Store) ForgetBefore(ctx context.Context, date string, limit int) (int, error) {
	return s.forget(ctx, ` WHERE personal = 1 AND day IN (SELECT id FROM reception_days WHERE date < $1) ORDER BY id LIMIT $2`, date, limit)
}

// forget takes what is personal out of the appointments that a condition selects.
func (s *Store) forget(ctx context.Context, where string, args ...any) (n int, err error) {
	err = s.write(ctx, "forget appointments", func(ctx context.Context, tx Tx) error {
		all, err := s.appointments(ctx, tx, where, args...)
		n = len(all)
		if err != nil {
			return err
		}
		for _, a := range all {
			from, was := a.State, a.Tell
			a.Forget()
			ok, err := s.updateAppointment(ctx, tx, a, from, was)
			if err != nil {
				return err
			}
			if !ok {
				return errOvertaken
			}
		}
		return nil
	})
	return n, err
}
