package turn

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"dengwen/petition"
	"dengwen/petition/telling"
)

// miss says that a notice did not get to a place, "" = it has none; nothing where nobody notes it.
func (r *Runner) miss(n petition.Notice, place string, places []string) []telling.Miss {
	if r.p.Missed == nil || n.Number == "" {
		return nil
	}
	return []telling.Miss{{Notice: n, Place: place, Places: places, At: r.p.Now()}}
}

func (r *Runner) noteMisses(ctx context.Context, all []telling.Miss) error {
	if len(all) == 0 {
		return nil
	}
	return r.p.Missed(ctx, all)
}

// rowMissed notes that the message of a notice did not get to its conversation. Other messages, and
// notices that the feed has no more, are passed over.
func (r *Runner) rowMissed(ctx context.Context, p *outboxEntry) error {
	if r.p.Missed == nil {
		return nil
	}
	n, found, err := NoticeOf(ctx, r.p.Cases, p.Key)
	if err != nil || !found {
		return err
	}
	places, err := r.placesOf(ctx, n)
	if err != nil {
		return err
	}
	if g, ok := r.group(ctx, p.Conv); ok { // its unit's heads are told instead
		heads, err := r.p.Roster.Heads(ctx, g.Unit)
		if err != nil {
			return err
		}
		places = append(places, heads...)
	}
	return r.noteMisses(ctx, r.miss(n, p.Conv, places))
}

// NoticeOf is the notice that an outbox row tells, also in place of somebody else, by the row's key; false
// for a row of another kind, and where the feed has the notice no more.
func NoticeOf(ctx context.Context, cases petition.Cases, key string) (n petition.Notice, found bool, err error) {
	id, _, _ := strings.Cut(strings.TrimPrefix(key, "instead:"), "/")
	id, is := strings.CutPrefix(id, "notice:")
	at, no := strconv.ParseUint(id, 10, 63)
	if !is || no != nil || at == 0 {
		return n, false, nil
	}
	before := ""
	if at > 1 {
		before = fmt.Sprintf("%0*d", len(id), at-1)
	}
	page, err := cases.Notices(ctx, before, 1)
	if err != nil || len(page) == 0 || page[0].ID != id {
		return n, false, err
	}
	return page[0], true, nil
}
