package cases

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dengwen/petition"
	"dengwen/petition/roster"
)

var _ roster.Store = (*Store)(nil)

func personPlace(id string) string { return "people:" + id }

func unknownPerson() error { return petition.Fail(petition.NotFound, "staff.unknown") }

func (s *Store) PutPerson(ctx context.Context, p roster.Person) error {
	body, err := s.sealJSON(p, personPlace(p.ID))
	if err != nil {
		return s.trouble("write person", err)
	}
	var chat any // NULL but for an active person, so that a chat can be used again
	if p.Active() && p.Chat != "" {
		chat = s.box.Hash("staff chat", p.Chat)
	}
	return s.write(ctx, "write person", func(ctx context.Context, tx Tx) error {
		var other string
		err := tx.QueryRowContext(ctx, `SELECT id FROM people WHERE chat = $1 AND id <> $2`, chat, p.ID).Scan(&other)
		if err == nil {
			return petition.Fail(petition.Conflict, "staff.chat")
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("look for the chat: %w", err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO people (id, unit, active, chat, body) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (id) DO UPDATE SET unit = excluded.unit, active = excluded.active, chat = excluded.chat, body = excluded.body`,
			p.ID, p.Unit, p.Active(), chat, body)
		return err
	})
}

func (s *Store) Person(ctx context.Context, id string) (roster.Person, error) {
	return s.person(ctx, `id = $1`, id)
}

func (s *Store) PersonByChat(ctx context.Context, chat string) (roster.Person, error) {
	return s.person(ctx, `chat = $1`, s.box.Hash("staff chat", chat))
}

func (s *Store) person(ctx context.Context, where string, arg any) (roster.Person, error) {
	people, err := s.people(ctx, where, arg)
	if err != nil {
		return roster.Person{}, err
	}
	if len(people) == 0 {
		return roster.Person{}, unknownPerson()
	}
	return people[0], nil
}

func (s *Store) People(ctx context.Context, unit string) ([]roster.Person, error) {
	people, err := s.people(ctx, `($1 = '' OR unit = $1)`, unit)
	slices.SortFunc(people, func(a, b roster.Person) int {
		if a.Active() != b.Active() {
			if a.Active() {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name+a.ID, b.Name+b.ID)
	})
	return people, err
}

type sealedPerson struct {
	id   string
	body []byte
}

func (s *Store) people(ctx context.Context, where string, arg any) ([]roster.Person, error) {
	rows, err := scan(ctx, s.engine.reader(), func(r *sealedPerson) []any { return []any{&r.id, &r.body} },
		`SELECT id, body FROM people WHERE `+where+` ORDER BY id`, arg)
	if err != nil {
		return nil, s.trouble("read people", err)
	}
	out := make([]roster.Person, 0, len(rows))
	for _, r := range rows {
		var p roster.Person
		if err := s.openJSON(r.body, personPlace(r.id), &p); err != nil {
			return nil, s.trouble("read people", err)
		}
		out = append(out, p)
	}
	return out, nil
}

func invitePlace(hash []byte) string { return "invites:" + hex.EncodeToString(hash) }

// PutInvite adds an invitation. Those that ran out are swept
// away with it.
func (s *Store) PutInvite(ctx context.Context, i roster.Invite) error {
	body, err := s.sealJSON(i, invitePlace(i.Hash))
	if err != nil {
		return s.trouble("keep invitation", err)
	}
	return s.write(ctx, "keep invitation", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO invites (hash, expires, body) VALUES ($1, $2, $3)`, i.Hash, i.Expires.UnixMilli(), body)
		return err
	})
}

func (s *Store) TakeInvite(ctx context.Context, hash []byte, now time.Time) (roster.Invite, error) {
	var i roster.Invite
	err := s.write(ctx, "use invitation", func(ctx context.Context, tx Tx) error {
		var expires int64
		var body []byte
		err := tx.QueryRowContext(ctx, `DELETE FROM invites WHERE hash = $1 RETURNING expires, body`, hash).Scan(&expires, &body)
		if errors.Is(err, sql.ErrNoRows) || err == nil && expires < now.UnixMilli() {
			return petition.Fail(petition.NotFound, "staff.invite")
		}
		if err != nil {
			return err
		}
		i.Hash = hash
		return s.openJSON(body, invitePlace(hash), &i)
	})
	return i, err
}

func (s *Store) openJSON(sealed []byte, where string, v any) error {
	plain, err := s.box.Open(sealed, where)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return fmt.Errorf("read %s: %w", where, err)
	}
	return nil
}
