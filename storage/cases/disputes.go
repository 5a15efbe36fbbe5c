package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dengwen/petition"
	"dengwen/petition/mediation"
)

var _ mediation.Store = (*Store)(nil)

func disputePlace(number string) string { return "disputes:" + number }

func surveyRoundPlace(id string) string { return "survey_rounds:" + id }

type disputeRow struct {
	id   string
	body []byte
}

func (r *disputeRow) targets() []any { return []any{&r.id, &r.body} }

// reporter is the keyed hash of a chat or an officer who reported a dispute, NULL for none.
func (s *Store) reporter(kind, who string) any {
	if who == "" {
		return nil
	}
	return s.box.Hash("dispute "+kind, who)
}

// CreateDispute is mediation.Store.CreateDispute.
func (s *Store) CreateDispute(ctx context.Context, key string, d mediation.Dispute) (mediation.Dispute, error) {
	body, err := s.sealJSON(d, disputePlace(d.Number))
	if err != nil {
		return d, s.trouble("write dispute", err)
	}
	hash := s.box.Hash("dispute key", key)
	err = s.write(ctx, "write dispute", func(ctx context.Context, tx Tx) error {
		found, err := scan(ctx, tx, (*disputeRow).targets, `SELECT id, body FROM disputes WHERE key = $1 OR id = $2 ORDER BY key <> $1`, hash, d.Number)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return s.existing(ctx, tx, hash, found[0], &d)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO disputes (id, key, version, unit, status, received, round, next, untold, owner, officer, body)
			VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $9, $10, $11)`,
			d.Number, hash, d.Version, d.Unit, string(d.Status), d.Received.UnixMilli(), d.Round, d.Told < len(d.Log), s.reporter("owner", d.Owner), s.reporter("officer", d.Staff), body)
		return err
	})
	return d, err
}

// existing reads into d the dispute that has the key; the number of another one is a conflict.
func (s *Store) existing(ctx context.Context, tx Tx, hash []byte, r disputeRow, d *mediation.Dispute) error {
	var same int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM disputes WHERE id = $1 AND key = $2`, r.id, hash).Scan(&same); err != nil {
		return err
	}
	if same == 0 {
		return petition.Fail(petition.Conflict, "dispute.number")
	}
	*d = mediation.Dispute{}
	return s.openJSON(r.body, disputePlace(r.id), d)
}

// SaveDispute is mediation.Store.SaveDispute.
func (s *Store) SaveDispute(ctx context.Context, d mediation.Dispute, next string) error {
	body, err := s.sealJSON(d, disputePlace(d.Number))
	if err != nil {
		return s.trouble("write dispute", err)
	}
	return s.write(ctx, "write dispute", func(ctx context.Context, tx Tx) error {
		n, err := tx.all(ctx, []statement{{
			"write dispute", `UPDATE disputes SET version = $1, unit = $2, status = $3, round = $4, next = $5, untold = $6, owner = $7, body = $8 WHERE id = $9 AND version = $10`,
			[]any{d.Version, d.Unit, string(d.Status), d.Round, next, d.Told < len(d.Log), s.reporter("owner", d.Owner), body, d.Number, d.Version - 1},
		}})
		if err == nil && n[0] == 0 {
			err = petition.Fail(petition.Conflict, "dispute.changed")
		}
		return err
	})
}

// Dispute is mediation.Store.Dispute.
func (s *Store) Dispute(ctx context.Context, number string) (d mediation.Dispute, err error) {
	all, err := s.disputes(ctx, `WHERE id = $1`, number)
	if err == nil && len(all) == 0 {
		return d, petition.Fail(petition.NotFound, "dispute.none")
	}
	if err != nil {
		return d, err
	}
	return all[0], nil
}

// Disputes is mediation.Store.Disputes.
func (s *Store) Disputes(ctx context.Context, q mediation.Query) ([]mediation.Dispute, error) {
	var where []string
	var args []any
	and := func(condition string, value any) {
		args = append(args, value)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if q.Unit != "" {
		and("unit = $%d", q.Unit)
	}
	if q.Owner != "" {
		and("owner = $%d", s.reporter("owner", q.Owner))
	}
	if q.Staff != "" {
		and("officer = $%d", s.reporter("officer", q.Staff))
	}
	if q.Round != "" {
		and("round = $%d", q.Round)
	}
	if !q.From.IsZero() {
		and("received >= $%d", q.From.UnixMilli())
	}
	if !q.To.IsZero() {
		and("received < $%d", q.To.UnixMilli())
	}
	if q.Status != "" {
		and("status = $%d", string(q.Status))
	}
	if q.Open {
		where = append(where, `status IN (`+openStatuses()+`)`)
	}
	query := ""
	if len(where) > 0 {
		query = `WHERE ` + strings.Join(where, ` AND `)
	}
	query += ` ORDER BY received DESC, id DESC`
	if q.Limit > 0 {
		args = append(args, q.Limit)
		query += fmt.Sprintf(` LIMIT $%d`, len(args))
	}
	return s.disputes(ctx, query, args...)
}

// openStatuses are those of a dispute that is not over, for IN.
func openStatuses() string {
	var all []string
	for _, st := range mediation.Statuses() {
		if st.Open() {
			all = append(all, `'`+string(st)+`'`)
		}
	}
	return strings.Join(all, `, `)
}

func (s *Store) disputes(ctx context.Context, rest string, args ...any) ([]mediation.Dispute, error) {
	found, err := scan(ctx, s.engine.reader(), (*disputeRow).targets, `SELECT id, body FROM disputes `+rest, args...)
	if err != nil {
		return nil, s.trouble("read disputes", err)
	}
	all := make([]mediation.Dispute, len(found))
	for i, r := range found {
		if err := s.openJSON(r.body, disputePlace(r.id), &all[i]); err != nil {
			return nil, s.trouble("read disputes", err)
		}
	}
	return all, nil
}

// DueDisputes is mediation.Store.DueDisputes.
func (s *Store) DueDisputes(ctx context.Context, day string, limit int) ([]mediation.Dispute, error) {
	untold, err := s.disputes(ctx, `WHERE untold ORDER BY id LIMIT $1`, limit)
	if err != nil {
		return nil, err
	}
	due, err := s.disputes(ctx, `WHERE status = 'agreed' AND next <> '' AND next <= $1 ORDER BY next LIMIT $2`, day, limit)
	for _, d := range due {
		if !slices.ContainsFunc(untold, func(o mediation.Dispute) bool { return o.Number == d.Number }) {
			untold = append(untold, d)
		}
	}
	return untold, err
}

// ForgetReporter is mediation.Store.ForgetReporter.
func (s *Store) ForgetReporter(ctx context.Context, owner string) (n int, err error) {
	err = s.write(ctx, "forget who reported disputes", func(ctx context.Context, tx Tx) error {
		found, err := scan(ctx, tx, (*disputeRow).targets, `SELECT id, body FROM disputes WHERE owner = $1`, s.reporter("owner", owner))
		for _, r := range found {
			var d mediation.Dispute
			if err := s.openJSON(r.body, disputePlace(r.id), &d); err != nil {
				return err
			}
			d.Owner, d.Version = "", d.Version+1
			body, err := s.sealJSON(d, disputePlace(r.id))
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE disputes SET owner = NULL, version = $1, body = $2 WHERE id = $3`, d.Version, body, r.id); err != nil {
				return err
			}
		}
		n = len(found)
		return err
	})
	return n, err
}

// PutRound is mediation.Store.PutRound.
func (s *Store) PutRound(ctx context.Context, r mediation.Round) error {
	body, err := s.sealJSON(r, surveyRoundPlace(r.ID))
	if err != nil {
		return s.trouble("write survey round", err)
	}
	return s.write(ctx, "write survey round", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO survey_rounds (id, unit, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, r.ID, r.Unit, body)
		return err
	})
}

// Rounds is mediation.Store.Rounds.
func (s *Store) Rounds(ctx context.Context, unit string) ([]mediation.Round, error) {
	found, err := scan(ctx, s.engine.reader(), (*disputeRow).targets, `SELECT id, body FROM survey_rounds WHERE unit = $1 ORDER BY id DESC`, unit)
	all := make([]mediation.Round, len(found))
	for i, r := range found {
		if err == nil {
			err = s.openJSON(r.body, surveyRoundPlace(r.id), &all[i])
		}
	}
	return all, s.trouble("read survey rounds", err)
}
