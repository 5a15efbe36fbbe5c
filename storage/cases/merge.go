package cases

import (
	"context"
	"fmt"
	"slices"
)

// cardsAtOnce is about how many cards one step of putting a drawer together writes:
// some ten milliseconds.
const cardsAtOnce = 128

// begin starts a drawer that shall hold what some others do.
func begin(ctx context.Context, tx Tx, id int64, of drawers) error {
	d := drawer{id: id, low: of[0].low}
	for i := range of {
		d.cases, d.low, d.high = d.cases+of[i].cases, min(d.low, of[i].low), max(d.high, of[i].high)
		of[i].goes = id
		if err := of[i].put(ctx, tx); err != nil {
			return err
		}
	}
	if err := d.put(ctx, tx); err != nil {
		return err
	}
	return goOn(ctx, tx, d, of)
}

// goOn copies the next pairs. When they were the last, d takes the place of the
// drawers it was made of.
func goOn(ctx context.Context, tx Tx, d drawer, of drawers) error {
	var hands []*hand
	for _, from := range of {
		h := &hand{drawer: from.id}
		if err := h.start(ctx, tx, d.filled); err != nil {
			return err
		}
		hands = append(hands, h)
	}
	more, err := copyPairs(ctx, tx, &d, hands)
	if err != nil {
		return fmt.Errorf("put drawer together: %w", err)
	}
	if more {
		return d.put(ctx, tx)
	}
	d.whole = true
	for _, from := range of {
		if err := from.clear(ctx, tx); err != nil {
			return err
		}
	}
	if err := moved(ctx, tx); err != nil {
		return err
	}
	return d.put(ctx, tx)
}

// copyPairs copies whole pairs until it has written enough.
func copyPairs(ctx context.Context, tx Tx, d *drawer, hands []*hand) (more bool, err error) {
	pile := pile{drawer: d.id}
	w := newCardWriter(d.low, pile.put)
	for {
		pair, ok := lowest(hands)
		if more = ok; !ok {
			break
		}
		if d.filled = pair; len(pile.cards) >= cardsAtOnce {
			break
		}
		var refs []int64
		for _, h := range hands {
			if refs, err = h.take(ctx, tx, pair, refs); err != nil {
				return false, err
			}
		}
		if !slices.IsSorted(refs) {
			slices.Sort(refs)
		}
		if err := w.add(pair, slices.Compact(refs)); err != nil {
			return false, err
		}
	}
	if err := w.flush(); err != nil {
		return false, err
	}
	return more, pile.write(ctx, tx)
}

func lowest(hands []*hand) (pair int64, ok bool) {
	for _, h := range hands {
		if h.has && (!ok || h.reader.at < pair) {
			pair, ok = h.reader.at, true
		}
	}
	return pair, ok
}

// hand goes through the cards of one drawer in order.
type hand struct {
	drawer int64
	cards  [][]byte // read and not yet gone through
	last   card     // key of the last of them
	reader cardReader
	refs   []byte // of the pair it is at
	has    bool   // it is at one
}

// start goes to the first pair that is not below from.
func (h *hand) start(ctx context.Context, q querier, from int64) error {
	before, err := scan(ctx, q, func(c *card) []any { return []any{&c.pair, &c.ref} },
		`SELECT pair, ref FROM cards WHERE drawer = $1 AND pair < $2 ORDER BY pair DESC, ref DESC LIMIT 1`, h.drawer, from)
	if err != nil {
		return err
	}
	h.last = card{pair: -1}
	if len(before) > 0 {
		h.last = card{pair: before[0].pair, ref: before[0].ref - 1} // it may go on up to from
	}
	for {
		if err := h.next(ctx, q); err != nil || !h.has || h.reader.at >= from {
			return err
		}
	}
}

// handful is how many cards are read at once.
const handful = 32

func (h *hand) next(ctx context.Context, q querier) (err error) {
	for {
		if h.refs, h.has, err = h.reader.next(); err != nil || h.has {
			return err
		}
		if len(h.cards) == 0 {
			if err := h.fetch(ctx, q); err != nil || len(h.cards) == 0 {
				return err
			}
		}
		if h.reader, err = readCard(h.cards[0]); err != nil {
			return err
		}
		h.cards = h.cards[1:]
	}
}

func (h *hand) fetch(ctx context.Context, q querier) error {
	some, err := scan(ctx, q, func(c *card) []any { return []any{&c.pair, &c.ref, &c.body} },
		`SELECT pair, ref, body FROM cards WHERE drawer = $1 AND (pair, ref) > ($2, $3) ORDER BY pair, ref LIMIT $4`, h.drawer, h.last.pair, h.last.ref, handful)
	if err != nil {
		return err
	}
	for _, c := range some {
		h.last = c
		h.cards = append(h.cards, c.body)
	}
	return nil
}

// take reads the refs of a pair, which may go over several cards, and goes on.
func (h *hand) take(ctx context.Context, q querier, pair int64, to []int64) ([]int64, error) {
	for h.has && h.reader.at == pair {
		var err error
		if to, err = h.reader.refs(to, h.refs); err != nil {
			return nil, err
		}
		if err := h.next(ctx, q); err != nil {
			return nil, err
		}
	}
	return to, nil
}
