package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"dengwen/bot/turn"
	"dengwen/internal/backup"
	"dengwen/internal/websession"
)

// page is how many names or rows are read at once.
const page = 200

// Export hands over all that is kept, as it is at one moment, while others go on writing.
// Officers' web sessions, which are short and may have been ended since, are left out.
func (s *Store) Export(ctx context.Context, each func(backup.Record) error) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin to export conversations: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	for _, part := range []func(context.Context, *sql.Tx, func(backup.Record) error) error{
		exportMarks, exportConversations, exportDeadLetters, exportWebSessions,
	} {
		if err := part(ctx, tx, each); err != nil {
			return fmt.Errorf("export conversations: %w", err)
		}
	}
	return nil
}

// Empty reports whether nothing is kept yet.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM conversation) + (SELECT COUNT(*) FROM mailbox) +
		(SELECT COUNT(*) FROM dead_letters) + (SELECT COUNT(*) FROM mark) + (SELECT COUNT(*) FROM web_session)`).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("count conversations: %w", err)
	}
	return n == 0, nil
}

// query reads a page of rows, so that only a few are in memory and none is open while another
// query of the same transaction runs.
func query[T any](ctx context.Context, tx *sql.Tx, targets func(*T) []any, text string, args ...any) (all []T, err error) {
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(targets(&v)...); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

func exportMarks(ctx context.Context, tx *sql.Tx, each func(backup.Record) error) error {
	all, err := query(ctx, tx, func(m *backup.Mark) []any { return []any{&m.Name, &m.Value} }, `SELECT name, value FROM mark ORDER BY name`)
	for _, m := range all {
		if err := each(backup.Record{Mark: &m}); err != nil {
			return err
		}
	}
	return err
}

func exportConversations(ctx context.Context, tx *sql.Tx, each func(backup.Record) error) error {
	for after := ""; ; {
		names, err := query(ctx, tx, func(n *string) []any { return []any{n} }, `SELECT conv FROM
			(SELECT conv FROM conversation WHERE conv > ?1 UNION SELECT conv FROM mailbox WHERE conv > ?1) ORDER BY conv LIMIT ?2`, after, page)
		if err != nil || len(names) == 0 {
			return err
		}
		for _, conv := range names {
			c, err := exportConversation(ctx, tx, conv)
			if err != nil {
				return err
			}
			if err := each(backup.Record{Conversation: c}); err != nil {
				return err
			}
		}
		after = names[len(names)-1]
	}
}

func exportConversation(ctx context.Context, tx *sql.Tx, conv string) (*backup.Conversation, error) {
	c := &backup.Conversation{Conv: conv}
	var body, seen []byte
	err := tx.QueryRowContext(ctx, `SELECT fence, version, done, keep, session, body, seen FROM conversation WHERE conv = ?`, conv).
		Scan(&c.Fence, &c.Version, &c.Done, &c.Expires, &c.Session, &body, &seen)
	if err == nil {
		d := decoder{from: body}
		c.Events, c.Rows = items(d.entries()), items(d.entries())
		d.number()
		if err := d.err(); err != nil {
			return nil, err
		}
		for d := (decoder{from: seen}); len(d.from) > 0; {
			c.Seen = append(c.Seen, backup.SeenID{ID: string(d.text()), At: d.number()})
		}
	} else if !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	box := &backup.Mailbox{}
	err = tx.QueryRowContext(ctx, `SELECT n, keep FROM mailbox WHERE conv = ?`, conv).Scan(&box.Last, &box.Expires)
	if errors.Is(err, sql.ErrNoRows) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	c.Mailbox = box
	box.Posts, err = query(ctx, tx, func(p *turn.MailboxItem) []any { return []any{&p.Seq, &p.Key, &p.Body} },
		`SELECT seq, key, body FROM post WHERE conv = ? ORDER BY seq`, conv)
	return c, err
}

func items(entries []entry) (all []backup.Item) {
	for _, e := range entries {
		all = append(all, backup.Item{Key: e.key, At: e.at, Body: e.body})
	}
	return all
}

func exportDeadLetters(ctx context.Context, tx *sql.Tx, each func(backup.Record) error) error {
	type row struct {
		n, at int64
		turn.DeadLetter
	}
	for after := int64(0); ; {
		all, err := query(ctx, tx, func(r *row) []any { return []any{&r.n, &r.Conv, &r.ID, &r.at, &r.Body} },
			`SELECT n, conv, id, at, body FROM dead_letters WHERE n > ? ORDER BY n LIMIT ?`, after, page)
		if err != nil || len(all) == 0 {
			return err
		}
		for _, r := range all {
			r.At = time.UnixMilli(r.at).UTC()
			if err := each(backup.Record{DeadLetter: &r.DeadLetter}); err != nil {
				return err
			}
			after = r.n
		}
	}
}

func exportWebSessions(ctx context.Context, tx *sql.Tx, each func(backup.Record) error) error {
	type row struct {
		until int64
		websession.Row
	}
	for after := ""; ; {
		all, err := query(ctx, tx, func(r *row) []any { return []any{&r.Hash, &r.Owner, &r.until, &r.Body} },
			`SELECT hash, owner, until, body FROM web_session WHERE hash > ? ORDER BY hash LIMIT ?`, after, page)
		if err != nil || len(all) == 0 {
			return err
		}
		for _, r := range all {
			after = r.Hash
			r.Until = time.UnixMilli(r.until).UTC()
			if strings.HasPrefix(r.Owner, websession.OwnerOfStaff("")) {
				continue
			}
			if err := each(backup.Record{WebSession: &r.Row}); err != nil {
				return err
			}
		}
	}
}

// Import adds records to a store that was empty. Nobody holds their conversations, and
// what waits in them is due at once.
func (s *Store) Import(_ context.Context, records []backup.Record) error {
	now := time.Now().UnixMilli()
	err := s.submit(func(w *writer) error {
		for _, r := range records {
			if err := w.restore(r, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("import conversations: %w", err)
	}
	return nil
}

func (w *writer) restore(r backup.Record, now int64) (err error) {
	switch {
	case r.Mark != nil:
		_, err = w.mark.Exec(r.Mark.Name, r.Mark.Value)
	case r.DeadLetter != nil:
		err = w.putDeadLetter(*r.DeadLetter)
	case r.WebSession != nil:
		_, err = w.web.Exec(r.WebSession.Owner, r.WebSession.Until.UnixMilli(), r.WebSession.Body, r.WebSession.Hash)
	case r.Conversation != nil:
		err = w.restoreConversation(r.Conversation, now)
	}
	return err
}

func (w *writer) restoreConversation(c *backup.Conversation, now int64) error {
	b := &conversation{fence: c.Fence, version: c.Version, done: c.Done, expires: c.Expires, session: c.Session, events: entries(c.Events), rows: entries(c.Rows)}
	for _, id := range c.Seen {
		b.seen = binary.AppendVarint(appendText(b.seen, id.ID), id.At)
	}
	if err := w.put(c.Conv, b, now); err != nil || c.Mailbox == nil {
		return err
	}
	for _, p := range c.Mailbox.Posts {
		if _, err := w.post.Exec(c.Conv, p.Seq, p.Key, p.Body); err != nil {
			return err
		}
	}
	_, err := w.boxUp.Exec(c.Conv, c.Mailbox.Last, c.Mailbox.Expires)
	return err
}

func entries(all []backup.Item) (out []entry) {
	for _, i := range all {
		out = append(out, entry{key: i.Key, at: i.At, body: i.Body})
	}
	return out
}
