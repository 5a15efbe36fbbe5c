package cases

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"

	"dengwen/petition"
	"dengwen/petition/bulletin"
)

var _ bulletin.Store = (*Store)(nil)

// reader is the keyed hash by which a chat that gets service notices is known.
func (s *Store) readerOf(chat string) []byte { return s.box.Hash("service notices", chat) }

func consentPlace(hash []byte) string { return "consents:" + hex.EncodeToString(hash) }

func (s *Store) Agree(ctx context.Context, c bulletin.Consent) (bulletin.Consent, error) {
	hash := s.readerOf(c.Chat)
	body, err := s.sealJSON(c, consentPlace(hash))
	if err != nil {
		return c, s.trouble("note consent", err)
	}
	err = s.write(ctx, "note consent", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO consents (chat, at, body) VALUES ($1, $2, $3) ON CONFLICT (chat) DO NOTHING`, hash, c.At.UnixMilli(), body)
		if err != nil {
			return err
		}
		c, err = s.consent(ctx, tx, hash)
		return err
	})
	return c, err
}

func (s *Store) Disagree(ctx context.Context, chat string) error {
	return s.write(ctx, "take consent back", func(ctx context.Context, tx Tx) error {
		return s.disagree(ctx, tx, chat)
	})
}

func (s *Store) disagree(ctx context.Context, tx Tx, chat string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM consents WHERE chat = $1`, s.readerOf(chat))
	return err
}

func (s *Store) Consent(ctx context.Context, chat string) (bulletin.Consent, error) {
	c, err := s.consent(ctx, s.engine.reader(), s.readerOf(chat))
	if errors.Is(err, sql.ErrNoRows) {
		return c, petition.Fail(petition.NotFound, "notices.none")
	}
	return c, s.trouble("read consent", err)
}

func (s *Store) consent(ctx context.Context, q querier, hash []byte) (c bulletin.Consent, err error) {
	var body []byte
	if err := q.QueryRowContext(ctx, `SELECT body FROM consents WHERE chat = $1`, hash).Scan(&body); err != nil {
		return c, err
	}
	return c, s.openJSON(body, consentPlace(hash), &c)
}

func (s *Store) Agreed(ctx context.Context) (n int, err error) {
	err = s.engine.reader().QueryRowContext(ctx, `SELECT COUNT(*) FROM consents`).Scan(&n)
	return n, s.trouble("count consents", err)
}

// Next goes in the order of the hashes.
func (s *Store) Next(ctx context.Context, id string, limit int) ([]bulletin.Consent, error) {
	rows, err := scan(ctx, s.engine.reader(), func(r *sealedBinding) []any { return []any{&r.chat, &r.body} },
		`SELECT c.chat, c.body FROM consents c, bulletins b WHERE b.id = $1 AND c.chat > b.upto AND c.at <= b.at ORDER BY c.chat LIMIT $2`, id, limit)
	if err != nil {
		return nil, s.trouble("read whom to tell", err)
	}
	out := make([]bulletin.Consent, len(rows))
	for i, r := range rows {
		if err := s.openJSON(r.body, consentPlace(r.chat), &out[i]); err != nil {
			return nil, s.trouble("read whom to tell", err)
		}
	}
	return out, nil
}
