package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
)

// finder finds, in the catalogue as it stood when it was made, the cases that have
// all of some pairs. It reads those cards that it needs and keeps them.
type finder struct {
	s       *Store
	pairs   []int64
	slips   []int64 // cases on slips, rising
	drawers []*search
	older   int64 // drawers that are not open yet hold no younger case, 0 = all are open
	moved   int64 // of the catalogue when the slips were read
	read    int   // cards read one by one
}

// errMoved says that a drawer a finder reads became part of another meanwhile.
var errMoved = errors.New("the catalogue of words has moved on")

// errFar says that a finder has read as many cards as one search may.
var errFar = errors.New("too many cards for one search")

// mostCards bounds what a finder reads beyond the first card of each pair and drawer.
const mostCards = 500

type slipOf struct {
	moved, ref sql.NullInt64
	pairs      []byte
}

// readSlips names a ref so that PostgreSQL goes along the index: slips come and go, and
// the table keeps the room that a bulk of them took.
const readSlips = `SELECT c.moved, s.ref, s.pairs FROM catalogue c LEFT JOIN slips s ON s.ref > 0 WHERE c.one = 1`

// newFinder reads the slips and, of drawers, the card where each pair ends: two
// statements, however many there are, or a third for the older drawers when somebody
// asks for cases as old. Slips come first: one that is put into a drawer between the
// two is seen twice, which does no harm.
func (s *Store) newFinder(ctx context.Context, pairs []int64) (*finder, error) {
	f := &finder{s: s, pairs: pairs}
	slips, err := scan(ctx, s.engine.reader(), func(o *slipOf) []any { return []any{&o.moved, &o.ref, &o.pairs} }, readSlips)
	if err != nil {
		return nil, fmt.Errorf("read slips: %w", err)
	}
	for _, o := range slips {
		if o.ref.Valid && onSlip(o.pairs, pairs) {
			f.slips = append(f.slips, o.ref.Int64)
		}
	}
	slices.Sort(f.slips)
	if len(slips) > 8*slipsWait {
		s.clerk.call()
	}
	f.moved = slips[0].moved.Int64
	most := everyDrawer
	if common(slips, pairs) {
		most = youngDrawers
	}
	return f, f.openDrawers(ctx, math.MaxInt64, most)
}

// youngDrawers are opened at first for words that the latest cases have.
const youngDrawers, everyDrawer = 4, 1 << 20

// common reports whether each of the pairs is on several slips.
func common(slips []slipOf, pairs []int64) bool {
	for _, p := range pairs {
		n := 0
		for _, o := range slips {
			if n < 2 && onSlip(o.pairs, []int64{p}) {
				n++
			}
		}
		if n < 2 {
			return false
		}
	}
	return true
}

type firstCard struct {
	moved, drawer, low, high, pair int64
	body                           []byte
}

// firstCards reads, for each pair of a list and each of some drawers, the card where
// it ends.
func firstCards(each string) string {
	return `SELECT (SELECT moved FROM catalogue WHERE one = 1), d.id, d.low, d.high, CAST(p.value AS BIGINT),
		(SELECT c.body FROM cards c WHERE c.drawer = d.id AND c.pair <= CAST(p.value AS BIGINT) ORDER BY c.pair DESC, c.ref DESC LIMIT 1)
		FROM (SELECT id, low, high FROM drawers WHERE whole AND high <= $2 ORDER BY high DESC, id LIMIT $3) d
		CROSS JOIN (SELECT value FROM ` + each + `) p ORDER BY d.high DESC, d.id`
}

// openDrawers opens up to most drawers without cases younger than one, the youngest
// first. It leaves out those that lack one of the pairs.
func (f *finder) openDrawers(ctx context.Context, upTo int64, most int) error {
	cards, err := scan(ctx, f.s.engine.reader(), func(c *firstCard) []any {
		return []any{&c.moved, &c.drawer, &c.low, &c.high, &c.pair, &c.body}
	}, firstCards(f.s.engine.each()), list(f.pairs), upTo, most)
	if err != nil {
		return fmt.Errorf("read drawers: %w", err)
	}
	known := map[int64]bool{}
	for _, d := range f.drawers {
		known[d.id] = true
	}
	var opened []*search
	for i, c := range cards {
		if c.moved != f.moved {
			return errMoved
		}
		if i == 0 || c.drawer != cards[i-1].drawer {
			opened = append(opened, &search{id: c.drawer, low: c.low, high: c.high})
		}
		column := &column{finder: f, drawer: c.drawer, pair: c.pair}
		if _, err := column.keep(c.body, math.MaxInt64); err != nil {
			return err
		}
		d := opened[len(opened)-1]
		d.columns = append(d.columns, column)
	}
	if f.older = 0; len(opened) == most {
		f.older = opened[most-1].high
	}
	for _, d := range opened {
		slices.SortFunc(d.columns, func(a, b *column) int { return a.size() - b.size() })
		if d.columns[0].size() > 0 && !known[d.id] {
			f.drawers = append(f.drawers, d)
		}
	}
	return nil
}

// before answers the youngest case below a ref that has all pairs, 0 for none.
func (f *finder) before(ctx context.Context, below int64) (ref int64, err error) {
	if i, _ := slices.BinarySearch(f.slips, below); i > 0 {
		ref = f.slips[i-1]
	}
	for _, d := range f.drawers {
		if d.high <= ref { // nor has any behind it a younger one
			break
		}
		if d.ahead >= below || below > d.under {
			d.under = below
			if d.ahead, err = d.before(ctx, below); err != nil {
				return 0, err
			}
		}
		ref = max(ref, d.ahead)
	}
	if f.older > 0 && ref <= f.older {
		if err := f.openDrawers(ctx, f.older, everyDrawer); err != nil {
			return 0, err
		}
		return f.before(ctx, below)
	}
	return ref, nil
}

// some are the n youngest cases below a ref that have all pairs, or as many as there
// are, the youngest first.
func (f *finder) some(ctx context.Context, below int64, n int) (refs []int64, err error) {
	for len(refs) < n {
		if below, err = f.before(ctx, below); err != nil || below == 0 {
			return refs, err
		}
		refs = append(refs, below)
	}
	return refs, nil
}

// having keeps those of the refs that have all pairs, in their order.
func (f *finder) having(ctx context.Context, refs []int64) ([]int64, error) {
	has := map[int64]bool{}
	for _, ref := range slices.Backward(slices.Sorted(slices.Values(refs))) {
		ok, err := f.has(ctx, ref)
		if err != nil {
			return nil, err
		}
		has[ref] = ok
	}
	return slices.DeleteFunc(slices.Clone(refs), func(ref int64) bool { return !has[ref] }), nil
}

func (f *finder) has(ctx context.Context, ref int64) (bool, error) {
	if _, ok := slices.BinarySearch(f.slips, ref); ok {
		return true, nil
	}
	if ref <= f.older {
		if err := f.openDrawers(ctx, f.older, everyDrawer); err != nil {
			return false, err
		}
	}
	for _, d := range f.drawers {
		if d.low <= ref && ref <= d.high {
			if found, err := d.upTo(ctx, ref); err != nil || found == ref {
				return err == nil, err
			}
		}
	}
	return false, nil
}
