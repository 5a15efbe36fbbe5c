package cases

import (
	"context"
	"fmt"
	"strings"

	"dengwen/petition"
	"dengwen/petition/issuing"
)

var _ issuing.Store = (*Store)(nil)

func reportPaperPlace(id string) string { return "report_papers:" + id }

// PutReportPaper is issuing.Store.PutReportPaper.
func (s *Store) PutReportPaper(ctx context.Context, p issuing.Paper) error {
	body, err := s.sealJSON(p, reportPaperPlace(p.ID))
	if err != nil {
		return s.trouble("write paper of a report", err)
	}
	write := statement{"write paper of a report", `UPDATE report_papers SET version = $1, state = $2, body = $3 WHERE id = $4 AND version = $1 - 1`,
		[]any{p.Version, string(p.State), body, p.ID}}
	if p.Version == 1 {
		write.query = `INSERT INTO report_papers (version, state, body, id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`
	}
	return s.write(ctx, "write paper of a report", func(ctx context.Context, tx Tx) error {
		n, err := tx.all(ctx, []statement{write})
		if err == nil && n[0] == 0 {
			err = petition.Fail(petition.Conflict, "issuing.changed")
		}
		return err
	})
}

// ReportPaper is issuing.Store.ReportPaper.
func (s *Store) ReportPaper(ctx context.Context, id string) (issuing.Paper, error) {
	all, err := s.reportPapers(ctx, `WHERE id = $1`, id)
	if err == nil && len(all) == 0 {
		err = petition.Fail(petition.NotFound, "issuing.none")
	}
	if err != nil {
		return issuing.Paper{}, err
	}
	return all[0], nil
}

// ReportPapers is issuing.Store.ReportPapers.
func (s *Store) ReportPapers(ctx context.Context, states []petition.DraftState) ([]issuing.Paper, error) {
	if len(states) == 0 {
		return nil, nil
	}
	var in []string
	var args []any
	for i, state := range states {
		in, args = append(in, fmt.Sprintf("$%d", i+1)), append(args, string(state))
	}
	return s.reportPapers(ctx, `WHERE state IN (`+strings.Join(in, ", ")+`) ORDER BY id LIMIT 100`, args...)
}

func (s *Store) reportPapers(ctx context.Context, rest string, args ...any) ([]issuing.Paper, error) {
	found, err := scan(ctx, s.engine.reader(), (*disputeRow).targets, `SELECT id, body FROM report_papers `+rest, args...)
	if err != nil {
		return nil, s.trouble("read papers of reports", err)
	}
	all := make([]issuing.Paper, len(found))
	for i, r := range found {
		if err := s.openJSON(r.body, reportPaperPlace(r.id), &all[i]); err != nil {
			return nil, s.trouble("read papers of reports", err)
		}
	}
	return all, nil
}
