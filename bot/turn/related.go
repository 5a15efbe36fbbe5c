package turn

import (
	"context"
	"errors"

	"dengwen/bot"
	"dengwen/petition"
)

// related asks which petitions may be about the same matter as this one. Those that the
// officer may not see are left out; the others get their titles.
func (r *Runner) related(ctx context.Context, me petition.Actor, number string) ([]bot.Related, error) {
	if me.Staff == "" {
		return nil, petition.Fail(petition.Forbidden, "move.who")
	}
	v, err := r.p.Cases.Look(ctx, me, number, "")
	if err != nil || r.p.Related == nil || v.Class == petition.Report {
		return nil, err
	}
	all, err := r.p.Related(ctx, v)
	if err != nil {
		return nil, err
	}
	out := []bot.Related{}
	for _, one := range all {
		w, err := r.p.Cases.Look(ctx, me, one.Number, "")
		var e *petition.Error
		switch {
		case errors.As(err, &e) && (e.Code == petition.NotFound || e.Code == petition.Forbidden):
			continue
		case err != nil:
			return nil, err
		}
		one.Title, one.Status = w.Title, w.Status
		out = append(out, one)
	}
	return out, nil
}
