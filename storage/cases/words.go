package cases

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"crypto/hmac"
	"crypto/sha256"
	"hash"

	"dengwen/petition"
	"dengwen/storage/seal"
)

// words finds sealed text by its words: every two neighbouring characters are kept
// as a keyed hash of eight bytes. Two are right for Chinese, where most words have
// two characters and nothing separates them. Without the key nobody can compute or
// guess a hash; who holds the database learns only how often pairs occur.
type words struct{ key []byte }

func newWords(box *seal.Box) words { return words{box.Hash("words", "key of grams")} }

// texts are what a search looks through, folded.
func texts(c petition.Case) []string {
	f := c.Filing
	var out []string
	for _, t := range []string{c.Number, f.Title, f.Facts, f.Request, f.Place.Text} {
		out = append(out, fold(t))
	}
	return out
}

func fold(s string) string { return strings.ToLower(s) }

// split is the folded words of a query.
func split(query string) []string { return strings.Fields(fold(query)) }

// match reports whether every word occurs in one of the texts.
func match(texts, words []string) bool {
	for _, w := range words {
		if !occurs(texts, w) {
			return false
		}
	}
	return true
}

func occurs(texts []string, word string) bool {
	for _, t := range texts {
		if strings.Contains(t, word) {
			return true
		}
	}
	return false
}

// grams hashes the pairs of neighbouring characters of folded texts, each once.
// Pairs with a blank are left out: no word holds one.
func (w words) grams(texts []string) []int64 {
	h := hmac.New(sha256.New, w.key)
	seen := map[string]bool{}
	var out []int64
	for _, t := range texts {
		for i, r := range t {
			size := utf8.RuneLen(r)
			next, n := utf8.DecodeRuneInString(t[min(i+max(size, 1), len(t)):])
			if size < 0 || n == 0 || unicode.IsSpace(r) || unicode.IsSpace(next) {
				continue
			}
			if pair := t[i : i+size+n]; !seen[pair] {
				seen[pair] = true
				out = append(out, gram(h, pair))
			}
		}
	}
	return out
}

func gram(h hash.Hash, pair string) int64 {
	h.Reset()
	_, _ = h.Write([]byte(pair)) // a hash never fails
	var sum [sha256.Size]byte
	return int64(binary.BigEndian.Uint64(h.Sum(sum[:0])))
}

// markUnread locks the mark, so that an indexing under way either has read what the
// change replaces, and is waited for, or waits for the change.
func markUnread(ctx context.Context, tx Tx, ref int64) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO unread (ref) VALUES ($1) ON CONFLICT (ref) DO UPDATE SET ref = excluded.ref`, ref); err != nil {
		return fmt.Errorf("note case for indexing: %w", err)
	}
	return nil
}

// indexBatch is how many cases one transaction indexes; with at least indexBulk
// waiting, as after a store was filled, that many together.
const indexBatch, indexBulk = 50, 2000

// Index brings the index of words up to date. A filing does not wait for it, a
// search with words does: it calls this first. Calling it now and then in a quiet
// moment keeps the first search quick.
func (s *Store) Index(ctx context.Context) error {
	for {
		var waiting int
		err := s.engine.reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM unread LIMIT $1) AS t`, indexBulk).Scan(&waiting)
		if err != nil {
			return s.trouble("index words", err)
		}
		if waiting == 0 {
			return nil
		}
		batch, add := indexBatch, s.indexEach
		if waiting == indexBulk {
			batch, add = indexBulk, s.indexTogether
		}
		err = s.write(ctx, "index words", func(ctx context.Context, tx Tx) error { return s.indexSome(ctx, tx, batch, add) })
		if err != nil {
			return err
		}
	}
}

func (s *Store) indexSome(ctx context.Context, tx Tx, batch int, add func(context.Context, Tx, []row) error) error {
	refs, err := scan(ctx, tx, func(n *int64) []any { return []any{n} },
		`DELETE FROM unread WHERE ref IN (SELECT ref FROM unread ORDER BY ref LIMIT $1) RETURNING ref`, batch)
	if err != nil {
		return fmt.Errorf("take cases to index: %w", err)
	}
	rows, err := s.rows(ctx, tx, refs)
	if err != nil {
		return fmt.Errorf("read cases to index: %w", err)
	}
	return add(ctx, tx, rows)
}

func (s *Store) indexEach(ctx context.Context, tx Tx, rows []row) error {
	for _, w := range rows {
		if err := s.indexOne(ctx, tx, w); err != nil {
			return err
		}
	}
	return nil
}

// indexTogether writes the pairs of many cases in the order of the index, so that
// each of its pages is touched once and not once for each case.
func (s *Store) indexTogether(ctx context.Context, tx Tx, rows []row) error {
	having := map[int64][]int64{}
	for _, w := range rows {
		r, err := s.open(w, nil)
		if err != nil {
			return err
		}
		for _, g := range s.words.grams(texts(r.Case)) {
			having[g] = append(having[g], w.ref)
		}
	}
	for _, g := range slices.Sorted(maps.Keys(having)) {
		_, err := tx.ExecContext(ctx, `INSERT INTO grams (gram, ref) SELECT CAST($2 AS BIGINT), CAST(value AS BIGINT) FROM `+s.engine.each()+`
			WHERE true ON CONFLICT (gram, ref) DO NOTHING`, list(having[g]), g)
		if err != nil {
			return fmt.Errorf("index words of many cases: %w", err)
		}
	}
	return nil
}

func (s *Store) indexOne(ctx context.Context, tx Tx, w row) error {
	r, err := s.open(w, nil)
	if err != nil {
		return err
	}
	// WHERE true keeps SQLite from reading ON CONFLICT as a join.
	_, err = tx.ExecContext(ctx, `INSERT INTO grams (gram, ref) SELECT CAST(value AS BIGINT), CAST($2 AS BIGINT) FROM `+s.engine.each()+`
		WHERE true ON CONFLICT (gram, ref) DO NOTHING`, list(s.words.grams(texts(r.Case))), w.ref)
	if err != nil {
		return fmt.Errorf("index words of case: %w", err)
	}
	return nil
}
