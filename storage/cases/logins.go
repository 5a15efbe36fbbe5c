package cases

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"dengwen/internal/login"
	"dengwen/petition"
)

var _ login.Store = (*Store)(nil)

func loginPlace(person string) string { return "logins:" + person }

// Login is login.Store.Login.
func (s *Store) Login(ctx context.Context, name string) (login.Login, error) {
	return s.login(ctx, `name = $1`, s.box.Hash("login", name))
}

// LoginOf is login.Store.LoginOf.
func (s *Store) LoginOf(ctx context.Context, person string) (login.Login, error) {
	return s.login(ctx, `id = $1`, person)
}

func (s *Store) login(ctx context.Context, where string, arg any) (l login.Login, err error) {
	var person string
	var version int64
	var body []byte
	err = s.engine.reader().QueryRowContext(ctx, `SELECT id, version, body FROM logins WHERE `+where, arg).Scan(&person, &version, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return l, login.ErrNone
	}
	if err != nil {
		return l, s.trouble("read login", err)
	}
	plain, err := s.box.Open(body, loginPlace(person))
	if err == nil {
		err = json.Unmarshal(plain, &l)
	}
	l.Version = version
	return l, s.trouble("open login", err)
}

// PutLogin is login.Store.PutLogin.
func (s *Store) PutLogin(ctx context.Context, l login.Login) error {
	body, err := s.sealJSON(l, loginPlace(l.Person))
	if err != nil {
		return s.trouble("write login", err)
	}
	name := s.box.Hash("login", l.Name)
	refused := petition.Fail(petition.Conflict, "login")
	var why error
	err = s.write(ctx, "write login", func(ctx context.Context, tx Tx) error {
		var other string
		err := tx.QueryRowContext(ctx, `SELECT id FROM logins WHERE name = $1 AND id <> $2`, name, l.Person).Scan(&other)
		if err == nil {
			why = login.ErrTaken
			return refused
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("look for the name: %w", err)
		}
		done, err := tx.ExecContext(ctx, `INSERT INTO logins (id, name, version, body) VALUES ($1, $2, 1, $3)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, version = logins.version + 1, body = excluded.body WHERE logins.version = $4`,
			l.Person, name, body, l.Version)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err == nil && n == 0 {
			why = login.ErrStale
			return refused
		}
		return nil
	})
	if errors.Is(err, refused) {
		return why
	}
	return err
}

// DropLogin is login.Store.DropLogin.
func (s *Store) DropLogin(ctx context.Context, person string) error {
	return s.write(ctx, "remove login", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM logins WHERE id = $1`, person)
		return err
	})
}
