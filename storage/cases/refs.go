package cases

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

const refsFor = 400 * 24 * time.Hour

func (s *Store) message(chat, ref string) []byte { return s.box.Hash("message", chat+"/"+ref) }

func (s *Store) PutRef(ctx context.Context, chat, ref, number string, at time.Time) error {
	return s.write(ctx, "note what a message is about", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO refs (message, number, at) VALUES ($1, $2, $3)
			ON CONFLICT (message) DO UPDATE SET number = excluded.number, at = excluded.at`, s.message(chat, ref), number, at.UnixMilli())
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM refs WHERE at < $1`, at.Add(-refsFor).UnixMilli())
		return err
	})
}

func (s *Store) Ref(ctx context.Context, chat, ref string) (string, error) {
	var number string
	err := s.engine.reader().QueryRowContext(ctx, `SELECT number FROM refs WHERE message = $1`, s.message(chat, ref)).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return number, s.trouble("read what a message is about", err)
}
