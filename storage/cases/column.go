package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
)

// search is one drawer being searched.
type search struct {
	id, low, high int64
	columns       []*column // one for each pair, that with the fewest cases first
	under, ahead  int64     // asked and answered last
}

func (d *search) before(ctx context.Context, below int64) (int64, error) {
	at := min(below-1, d.high)
	for {
		found, err := d.upTo(ctx, at)
		if err != nil || found == at || found == 0 {
			return found, err
		}
		at = found
	}
}

// upTo is at when all columns have it, else something lower that no case with all
// pairs is above, and 0 when there is none.
func (d *search) upTo(ctx context.Context, at int64) (int64, error) {
	for _, c := range d.columns {
		found, err := c.upTo(ctx, at)
		if err != nil || found != at {
			return found, err
		}
	}
	return at, nil
}

// column is one pair in one drawer.
type column struct {
	*finder
	drawer, pair int64
	spans        []*span
}

// span is a part of a column that was read: all its cases between two refs.
type span struct {
	from, upto int64 // from 0 when nothing is below
	card       cardReader
	written    []byte // refs as the card has them
	refs       []int64
}

// cases decodes the refs when they are asked for: of most drawers nobody does.
func (s *span) cases() (refs []int64, err error) {
	if s.refs == nil && len(s.written) > 0 {
		s.refs, err = s.card.refs(make([]int64, 0, len(s.written)), s.written)
	}
	return s.refs, err
}

func (c *column) size() int {
	s := c.spans[0] // where the pair ends
	if s.from > 0 {
		return math.MaxInt32
	}
	return len(s.written)
}

// upTo is the last ref that is not above at, 0 for none.
func (c *column) upTo(ctx context.Context, at int64) (int64, error) {
	for at > 0 {
		s, err := c.span(ctx, at)
		if err != nil {
			return 0, err
		}
		refs, err := s.cases()
		if err != nil {
			return 0, err
		}
		i, has := slices.BinarySearch(refs, at)
		switch {
		case has:
			return at, nil
		case i > 0:
			return refs[i-1], nil
		}
		at = s.from - 1
	}
	return 0, nil
}

func (c *column) span(ctx context.Context, at int64) (*span, error) {
	for _, s := range c.spans {
		if s.from <= at && at <= s.upto {
			return s, nil
		}
	}
	if c.read++; c.read > mostCards {
		return nil, errFar
	}
	var body []byte
	err := c.s.engine.reader().QueryRowContext(ctx, `SELECT (`+lastCard+`) FROM drawers WHERE id = $1 AND whole`, c.drawer, c.pair, at).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errMoved
	}
	if err != nil {
		return nil, fmt.Errorf("read card: %w", err)
	}
	return c.keep(body, at)
}

// keep adds what a card tells of the refs up to upto; nil is no card at all.
func (c *column) keep(body []byte, upto int64) (*span, error) {
	s := &span{upto: upto}
	if body != nil {
		var err error
		if s.card, err = readCard(body); err != nil {
			return nil, err
		}
		if s.written, err = s.card.find(c.pair); err != nil {
			return nil, err
		}
		if s.card.pair == c.pair { // the pair may go on before this card
			s.from = s.card.ref
		}
	}
	c.spans = append(c.spans, s)
	return s, nil
}
