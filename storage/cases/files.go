package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dengwen/petition"
)

type sealedFile struct {
	id   string
	body []byte
}

func filePlace(id string) string { return "files:" + id }

func (s *Store) PutFile(ctx context.Context, f petition.File) (petition.File, error) {
	noted := f
	err := s.write(ctx, "note file", func(ctx context.Context, tx Tx) error {
		sealed, err := s.sealJSON(f, filePlace(f.ID))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO files (id, at, loose, owner, body)
			SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), NOT EXISTS (SELECT 1 FROM case_files WHERE id = $1), $3, $4
			WHERE true ON CONFLICT (id) DO NOTHING`, f.ID, f.At.UnixMilli(), s.owner(f.By), sealed)
		if err != nil {
			return fmt.Errorf("note file: %w", err)
		}
		all, err := s.filesOf(ctx, tx, `id = $1`, f.ID)
		if err == nil && len(all) == 1 {
			noted = all[0]
		}
		return err
	})
	return noted, err
}

func (s *Store) Files(ctx context.Context, ids []string) ([]petition.File, error) {
	all, err := s.filesOf(ctx, s.engine.reader(), `id IN (SELECT value FROM `+s.engine.each()+`)`, list(ids))
	return all, s.trouble("read files", err)
}

// LooseFiles asks case_files too: a file may
// have been noted and named in two transactions that did not see each other.
func (s *Store) LooseFiles(ctx context.Context, before time.Time, limit int) ([]petition.File, error) {
	all, err := s.filesOf(ctx, s.engine.reader(), `loose AND at < $1 AND NOT EXISTS
		(SELECT 1 FROM case_files WHERE case_files.id = files.id) ORDER BY at LIMIT $2`, before.UnixMilli(), limit)
	return all, s.trouble("find loose files", err)
}

func (s *Store) DropFile(ctx context.Context, id string) error {
	return s.write(ctx, "drop file", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM files WHERE id = $1`, id)
		return err
	})
}

func (s *Store) filesOf(ctx context.Context, q querier, where string, args ...any) ([]petition.File, error) {
	found, err := scan(ctx, q, func(f *sealedFile) []any { return []any{&f.id, &f.body} }, `SELECT id, body FROM files WHERE `+where, args...)
	if err != nil {
		return nil, err
	}
	out := make([]petition.File, 0, len(found))
	for _, f := range found {
		file, err := s.openFile(f)
		if err != nil {
			return nil, err
		}
		out = append(out, file)
	}
	return out, nil
}

func (s *Store) openFile(f sealedFile) (file petition.File, err error) {
	plain, err := s.box.Open(f.body, filePlace(f.id))
	if err == nil {
		err = json.Unmarshal(plain, &file)
	}
	if err != nil {
		return file, fmt.Errorf("read note of file %s: %w", f.id, err)
	}
	return file, nil
}

// nameFiles notes that a case names these files.
func (s *Store) nameFiles(ctx context.Context, tx Tx, ref int64, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO case_files (id, ref) SELECT value, CAST($2 AS BIGINT) FROM `+s.engine.each()+`
		WHERE true ON CONFLICT (id, ref) DO NOTHING`, list(ids), ref)
	if err != nil {
		return fmt.Errorf("name files: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE files SET loose = false WHERE loose AND id IN (SELECT value FROM `+s.engine.each()+`)`, list(ids))
	if err != nil {
		return fmt.Errorf("tie files: %w", err)
	}
	return nil
}

// renameFiles notes what the case names more and less than before.
func (s *Store) renameFiles(ctx context.Context, tx Tx, old, w row, ids []string) error {
	if old.files == w.files {
		return nil
	}
	before := strings.Fields(old.files)
	if err := s.nameFiles(ctx, tx, w.ref, without(ids, before)); err != nil {
		return err
	}
	gone := without(before, ids)
	if len(gone) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM case_files WHERE ref = $2 AND id IN (SELECT value FROM `+s.engine.each()+`)`, list(gone), w.ref)
	if err != nil {
		return fmt.Errorf("unname files: %w", err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE files SET loose = true WHERE id IN (SELECT value FROM `+s.engine.each()+`)
		AND NOT EXISTS (SELECT 1 FROM case_files WHERE case_files.id = files.id)`, list(gone))
	if err != nil {
		return fmt.Errorf("loosen files: %w", err)
	}
	return nil
}

// disownFiles takes the owner's address off the notes of their files.
func (s *Store) disownFiles(ctx context.Context, tx Tx, owner []byte) error {
	files, err := s.filesOf(ctx, tx, `owner = $1`, owner)
	if err != nil {
		return fmt.Errorf("find files of owner: %w", err)
	}
	slices.SortFunc(files, func(a, b petition.File) int { return strings.Compare(a.ID, b.ID) })
	for _, f := range files {
		f.By = ""
		sealed, err := s.sealJSON(f, filePlace(f.ID))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE files SET owner = NULL, body = $2 WHERE id = $1`, f.ID, sealed); err != nil {
			return fmt.Errorf("disown file: %w", err)
		}
	}
	return nil
}
