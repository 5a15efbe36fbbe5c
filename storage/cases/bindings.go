package cases

import (
	"context"
	"encoding/hex"

	"dengwen/petition/roster"
)

func (s *Store) group(chat string) []byte { return s.box.Hash("staff group", chat) }

func bindingPlace(hash []byte) string { return "bindings:" + hex.EncodeToString(hash) }

func (s *Store) PutBinding(ctx context.Context, b roster.Binding) error {
	hash := s.group(b.Chat)
	body, err := s.sealJSON(b, bindingPlace(hash))
	if err != nil {
		return s.trouble("tie group", err)
	}
	return s.write(ctx, "tie group", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO bindings (chat, unit, body) VALUES ($1, $2, $3)
			ON CONFLICT (chat) DO UPDATE SET unit = excluded.unit, body = excluded.body`, hash, b.Unit, body)
		return err
	})
}

func (s *Store) DropBinding(ctx context.Context, chat string) error {
	return s.write(ctx, "untie group", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM bindings WHERE chat = $1`, s.group(chat))
		return err
	})
}

type sealedBinding struct{ chat, body []byte }

func (s *Store) Bindings(ctx context.Context, unit string) ([]roster.Binding, error) {
	rows, err := scan(ctx, s.engine.reader(), func(r *sealedBinding) []any { return []any{&r.chat, &r.body} },
		`SELECT chat, body FROM bindings WHERE ($1 = '' OR unit = $1) ORDER BY chat`, unit)
	if err != nil {
		return nil, s.trouble("read groups", err)
	}
	out := make([]roster.Binding, 0, len(rows))
	for _, r := range rows {
		var b roster.Binding
		if err := s.openJSON(r.body, bindingPlace(r.chat), &b); err != nil {
			return nil, s.trouble("read groups", err)
		}
		out = append(out, b)
	}
	return out, nil
}
