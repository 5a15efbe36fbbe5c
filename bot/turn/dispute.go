package turn

import (
	"context"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/mediation"
)

// dispute answers a query about disputes that are settled early.
func (r *Runner) dispute(ctx context.Context, me petition.Actor, key string, q *bot.DisputeQuery, out *bot.Outcome) (err error) {
	if r.p.Disputes == nil {
		return petition.Fail(petition.Unavailable, "")
	}
	var d mediation.Dispute
	switch {
	case q.Report != nil:
		report := *q.Report
		report.Key = key
		d, err = r.p.Disputes.Report(ctx, me, report)
	case q.Look != "":
		d, err = r.p.Disputes.Look(ctx, me, q.Look)
	case q.List:
		out.Disputes, err = r.p.Disputes.List(ctx, me, mediation.Query{Open: true, Limit: listedDisputes})
		return err
	case q.Move != nil:
		d, err = r.p.Disputes.Do(ctx, me, q.Number, *q.Move, q.Seen)
	default:
		return errUnknownKind
	}
	out.Disputes = []mediation.Dispute{d}
	return err
}

// listedDisputes is how many disputes one message lists.
const listedDisputes = 20
