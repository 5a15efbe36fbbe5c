package cases

import (
	"context"
	"strconv"
	"strings"
	"time"
)

const refsFor = 400 * 24 * time.Hour

func (s *Store) message(chat, ref string) []byte { return s.box.Hash("message", chat+"/"+ref) }

func (s *Store) PutRefs(ctx context.Context, chat string, refs map[string]string, at time.Time) error {
	return s.write(ctx, "note what a message is about", func(ctx context.Context, tx Tx) error {
		for ref, number := range refs {
			_, err := tx.ExecContext(ctx, `INSERT INTO refs (message, number, at) VALUES ($1, $2, $3)
				ON CONFLICT (message) DO UPDATE SET number = excluded.number, at = excluded.at`, s.message(chat, ref), number, at.UnixMilli())
			if err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM refs WHERE at < $1`, at.Add(-refsFor).UnixMilli())
		return err
	})
}

func (s *Store) Refs(ctx context.Context, chat string, refs ...string) (map[string]string, error) {
	var marks []string
	var args []any
	names := map[string]string{} // by their hash
	for i, ref := range refs {
		h := s.message(chat, ref)
		names[string(h)] = ref
		marks, args = append(marks, "$"+strconv.Itoa(i+1)), append(args, h)
	}
	type noted struct {
		message []byte
		number  string
	}
	found, err := scan(ctx, s.engine.reader(), func(n *noted) []any { return []any{&n.message, &n.number} },
		`SELECT message, number FROM refs WHERE message IN (`+strings.Join(marks, ", ")+`)`, args...)
	all := map[string]string{}
	for _, n := range found {
		all[names[string(n.message)]] = n.number
	}
	return all, s.trouble("read what a message is about", err)
}
