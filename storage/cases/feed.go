package cases

import (
	"context"
	"fmt"
	"strconv"

	"dengwen/petition"

	quickjson "github.com/go-json-experiment/json/v1" // the standard library's from Go 1.27 on
)

// The feed's positions are handed out under the lock of one row that is held until
// the change commits, as the last lock of every change. So a later position never
// becomes visible before an earlier one, without gaps. A database sequence would
// not do: it hands out numbers in the order of asking, and a reader could pass by
// one whose transaction commits later. Reading only below the oldest running
// transaction would do, but any long transaction would stop the feed, and the
// order would not survive a dump.

const posDigits = 16

func posID(pos int64) string { return fmt.Sprintf("%0*d", posDigits, pos) }

func noticePlace(pos int64) string { return "notices:" + posID(pos) }

func (s *Store) addressee(to string) []byte { return s.box.Hash("addressee", to) }

// writeFeed writes what is numbered in the order of becoming visible: notices, links of the
// chain, lines of the access log, and what the index of words must know.
func (s *Store) writeFeed(ctx context.Context, tx Tx, b *batch) error {
	if len(b.notices)+len(b.wordChanges)+len(b.accesses)+len(b.links) == 0 {
		return nil
	}
	var last, lastWords, lastChain int64
	err := tx.QueryRowContext(ctx, `UPDATE feed SET last = last + $1, words = words + $2, chain = chain + $3 WHERE one = 1 RETURNING last, words, chain`,
		len(b.notices), len(b.wordChanges), len(b.accesses)+len(b.links)).Scan(&last, &lastWords, &lastChain)
	if err != nil {
		return fmt.Errorf("take feed position: %w", err)
	}
	lines, cases, links, err := s.accessRows(lastChain-int64(len(b.accesses))+1, b.accesses)
	if err != nil {
		return err
	}
	notices, err := s.noticeRows(last, b.notices)
	if err != nil {
		return err
	}
	all := tx.wordChanges(lastWords, b.wordChanges)
	all = append(all, tx.insertions(`chain (`+linkColumns+`)`, linkRows(lastChain, append(b.links, links...)))...)
	all = append(all, tx.insertions(`accesses (pos, at, unit, officer, body, hash)`, lines)...)
	all = append(all, tx.insertions(`case_accesses (number, pos)`, cases)...)
	_, err = tx.all(ctx, append(all, tx.insertions(`notices (pos, addressee, body)`, notices)...))
	return err
}

// noticeRows are notices as rows, the last at position last.
func (s *Store) noticeRows(last int64, notices []petition.Notice) ([][]any, error) {
	rows := make([][]any, 0, len(notices))
	for i, n := range notices {
		pos := last - int64(len(notices)-1-i)
		n.ID = posID(pos)
		sealed, err := s.sealJSON(n, noticePlace(pos))
		if err != nil {
			return nil, err
		}
		rows = append(rows, []any{pos, s.addressee(n.To), sealed})
	}
	return rows, nil
}

type sealedNotice struct {
	pos  int64
	body []byte
}

func (s *Store) Notices(ctx context.Context, after string, limit int) ([]petition.Notice, error) {
	from, err := s.position(ctx, "last", after)
	if err != nil {
		return nil, err
	}
	found, err := scan(ctx, s.engine.reader(), func(n *sealedNotice) []any { return []any{&n.pos, &n.body} },
		`SELECT pos, body FROM notices WHERE pos > $1 ORDER BY pos LIMIT $2`, from, limit)
	if err != nil {
		return nil, s.trouble("read feed", err)
	}
	out := make([]petition.Notice, 0, len(found))
	for _, f := range found {
		n, err := s.openNotice(f)
		if err != nil { // it would stop the feed for everybody
			s.damaged.note("notice " + strconv.FormatInt(f.pos, 10))
			continue
		}
		out = append(out, n)
	}
	return out, nil
}

// position reads a cursor; one beyond the end, which counter has, never was.
func (s *Store) position(ctx context.Context, counter, after string) (int64, error) {
	if after == "" {
		return 0, nil
	}
	pos, err := strconv.ParseUint(after, 10, 63)
	if err != nil || len(after) != posDigits || pos == 0 {
		return 0, petition.Fail(petition.Invalid, "feed.cursor")
	}
	var last int64
	if err := s.engine.reader().QueryRowContext(ctx, `SELECT `+counter+` FROM feed WHERE one = 1`).Scan(&last); err != nil {
		return 0, s.trouble("read feed", err)
	}
	if int64(pos) > last {
		return 0, petition.Fail(petition.Invalid, "feed.cursor")
	}
	return int64(pos), nil
}

func (s *Store) openNotice(f sealedNotice) (n petition.Notice, err error) {
	plain, err := s.box.Open(f.body, noticePlace(f.pos))
	if err == nil {
		err = quickjson.Unmarshal(plain, &n)
	}
	if err != nil {
		return n, fmt.Errorf("read notice %d: %w", f.pos, err)
	}
	return n, nil
}
