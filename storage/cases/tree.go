package cases

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dengwen/petition"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// logName is the origin line of checkpoints and the name of the key that signs them.
const logName = "dengwen"

// checkpointEvery is how long apart checkpoints are at least.
const checkpointEvery = time.Hour

// growth bounds how many links one transaction adds to the tree.
const growth = 5000

// signer signs checkpoints with an Ed25519 key derived from the data's key, so that it is
// the same after a restore and nothing more has to be kept.
func (s *Store) signer() (note.Signer, string, error) {
	seed := s.box.Hash("checkpoint key", logName)
	verifierKey, err := note.NewEd25519VerifierKey(logName, ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey))
	if err != nil {
		return nil, "", fmt.Errorf("make key for checkpoints: %w", err)
	}
	hash := strings.Split(verifierKey, "+")[1]
	const ed25519Key = 1 // note.algEd25519
	signer, err := note.NewSigner("PRIVATE+KEY+" + logName + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{ed25519Key}, seed...)))
	return signer, verifierKey, err
}

// hashReader reads stored hashes of the tree: those just made, then those in the database.
type hashReader struct {
	s    *Store
	ctx  context.Context
	q    querier
	made map[int64]tlog.Hash
}

type storedHash struct {
	idx  int64
	hash []byte
}

// ReadHashes is tlog.HashReader.ReadHashes.
func (r hashReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	have, missing := map[int64]tlog.Hash{}, []int64{}
	for _, i := range indexes {
		if h, ok := r.made[i]; ok {
			have[i] = h
		} else {
			missing = append(missing, i)
		}
	}
	if len(missing) > 0 {
		found, err := scan(r.ctx, r.q, func(h *storedHash) []any { return []any{&h.idx, &h.hash} },
			`SELECT idx, hash FROM tree_hashes WHERE `+r.s.engine.among(`idx`), list(missing))
		if err != nil {
			return nil, err
		}
		for _, h := range found {
			have[h.idx] = tlog.Hash(append(make([]byte, 0, tlog.HashSize), h.hash...)[:tlog.HashSize])
		}
	}
	out := make([]tlog.Hash, 0, len(indexes))
	for _, i := range indexes {
		h, ok := have[i]
		if !ok {
			return nil, fmt.Errorf("hash %d of the tree is missing", i)
		}
		out = append(out, h)
	}
	return out, nil
}

// GrowTree adds the links that are not in the tree yet and answers how many. Several
// processes may do so at once.
func (s *Store) GrowTree(ctx context.Context) (int, error) {
	all := 0
	for {
		n, err := s.growTree(ctx)
		all += n
		if err != nil || n < growth {
			return all, err
		}
	}
}

func (s *Store) growTree(ctx context.Context) (added int, err error) {
	err = s.write(ctx, "grow tree", func(ctx context.Context, tx Tx) error {
		var size int64
		if err := tx.QueryRowContext(ctx, `UPDATE tree SET size = size WHERE one = 1 RETURNING size`).Scan(&size); err != nil {
			return err
		}
		links, err := scan(ctx, tx, func(l *link) []any { return l.targets() },
			`SELECT `+linkColumns+` FROM chain WHERE pos > $1 ORDER BY pos LIMIT $2`, size, growth)
		if err != nil || len(links) == 0 {
			added = 0
			return err
		}
		reader, rows := hashReader{s, ctx, tx, map[int64]tlog.Hash{}}, [][]any{}
		for i, l := range links {
			n := size + int64(i)
			if l.pos != n+1 {
				return fmt.Errorf("link %d of the chain is missing: see dengwen verify", n+1)
			}
			hashes, err := tlog.StoredHashesForRecordHash(n, tlog.RecordHash(l.head), reader)
			if err != nil {
				return err
			}
			for k, h := range hashes {
				idx := tlog.StoredHashIndex(0, n) + int64(k)
				reader.made[idx] = h
				rows = append(rows, []any{idx, h[:]})
			}
		}
		if _, err := tx.all(ctx, tx.insertions(`tree_hashes (idx, hash)`, rows)); err != nil {
			return err
		}
		added = len(links)
		_, err = tx.ExecContext(ctx, `UPDATE tree SET size = $1 WHERE one = 1`, size+int64(added))
		return err
	})
	return added, err
}

// Checkpoint brings the tree up to date and signs a checkpoint of it (a note as
// golang.org/x/mod/sumdb/note reads it: name, number of links, root), unless the last is
// younger than an hour or nothing has changed since; then it answers "".
func (s *Store) Checkpoint(ctx context.Context, now time.Time) (string, error) {
	if _, err := s.GrowTree(ctx); err != nil {
		return "", err
	}
	var size, last, at int64
	err := s.engine.reader().QueryRowContext(ctx, `SELECT size, COALESCE((SELECT MAX(size) FROM checkpoints), 0), COALESCE((SELECT MAX(at) FROM checkpoints), 0)
		FROM tree WHERE one = 1`).Scan(&size, &last, &at)
	if err != nil {
		return "", s.trouble("read tree", err)
	}
	if size == last || now.Sub(time.UnixMilli(at)) < checkpointEvery {
		return "", nil
	}
	root, err := tlog.TreeHash(size, hashReader{s: s, ctx: ctx, q: s.engine.reader()})
	if err != nil {
		return "", s.trouble("compute root of the tree", err)
	}
	text, err := s.sign(size, root)
	if err != nil {
		return "", s.trouble("sign checkpoint", err)
	}
	return text, s.write(ctx, "keep checkpoint", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO checkpoints (size, at, note) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING`, size, now.UnixMilli(), text)
		return err
	})
}

func (s *Store) sign(size int64, root tlog.Hash) (string, error) {
	signer, _, err := s.signer()
	if err != nil {
		return "", err
	}
	signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", logName, size, root)}, signer)
	return string(signed), err
}

// checkpoint is a checkpoint that was read.
type checkpoint struct {
	size int64
	root tlog.Hash
}

// readCheckpoint opens a checkpoint that this store's key has signed.
func (s *Store) readCheckpoint(text string) (c checkpoint, err error) {
	_, key, err := s.signer()
	if err != nil {
		return c, err
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return c, err
	}
	n, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return c, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 3 || lines[0] != logName {
		return c, errors.New("not a checkpoint of this program")
	}
	if c.size, err = strconv.ParseInt(lines[1], 10, 64); err == nil {
		c.root, err = tlog.ParseHash(lines[2])
	}
	return c, err
}

// Checkpoints reads the signed checkpoints behind a number of links, oldest first.
func (s *Store) Checkpoints(ctx context.Context, after int64, limit int) (p petition.Checkpoints, err error) {
	if _, p.Key, err = s.signer(); err != nil {
		return p, s.trouble("read checkpoints", err)
	}
	p.Notes, err = scan(ctx, s.engine.reader(), func(c *petition.Checkpoint) []any { return []any{&c.Size, &c.Note} },
		`SELECT size, note FROM checkpoints WHERE size > $1 ORDER BY size LIMIT $2`, after, limit)
	if p.Notes == nil {
		p.Notes = []petition.Checkpoint{}
	}
	return p, s.trouble("read checkpoints", err)
}

// markOf is what the receipt of a case has of its first entry in the record.
func (s *Store) markOf(ctx context.Context, q querier, number string) (string, error) {
	var head []byte
	err := q.QueryRowContext(ctx, `SELECT head FROM chain WHERE number = $1 AND number <> '' ORDER BY pos LIMIT 1`, number).Scan(&head)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil // from before there was a chain, and not linked yet
	}
	if err != nil {
		return "", fmt.Errorf("read first entry of the case in the record: %w", err)
	}
	return s.mark(head)
}

func (s *Store) mark(head []byte) (string, error) {
	_, key, err := s.signer()
	return petition.Mark(key, head), err
}

// Prove shows that a version of a case is in the newest checkpoint: the newest that it covers, or
// the first there is of the case. NotFound "proof.not_yet" until a checkpoint covers it.
func (s *Store) Prove(ctx context.Context, number string, first bool) (p petition.Proof, err error) {
	if _, p.Key, err = s.signer(); err != nil {
		return p, s.trouble("read key of checkpoints", err)
	}
	var at int64
	err = s.engine.reader().QueryRowContext(ctx, `SELECT size, at, note FROM checkpoints ORDER BY size DESC LIMIT 1`).Scan(&p.Size, &at, &p.Checkpoint)
	if errors.Is(err, sql.ErrNoRows) {
		return p, petition.Fail(petition.NotFound, "proof.not_yet")
	}
	if err != nil {
		return p, s.trouble("read checkpoint", err)
	}
	p.At = time.UnixMilli(at).UTC()
	last := ` ORDER BY pos DESC LIMIT 2`
	if first {
		last = ` ORDER BY pos LIMIT 1`
	}
	links, err := scan(ctx, s.engine.reader(), func(l *link) []any { return l.targets() },
		`SELECT `+linkColumns+` FROM chain WHERE number = $1 AND number <> '' AND pos <= $2`+last, number, p.Size)
	if err != nil {
		return p, s.trouble("read chain", err)
	}
	if len(links) == 0 {
		return p, petition.Fail(petition.NotFound, "proof.not_yet")
	}
	proof, err := tlog.ProveRecord(p.Size, links[0].pos-1, hashReader{s: s, ctx: ctx, q: s.engine.reader()})
	if err != nil {
		return p, s.trouble("prove", err)
	}
	p.Number, p.Version, p.Position, p.Content = number, links[0].version, links[0].pos-1, hex.EncodeToString(links[0].content)
	if len(links) > 1 {
		p.Before = hex.EncodeToString(links[1].head)
	}
	p.Hashes = []string{}
	for _, h := range proof {
		p.Hashes = append(p.Hashes, hex.EncodeToString(h[:]))
	}
	return p, nil
}
