package cases

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// drawer is one drawer of the catalogue. The cards of a whole one never change but for
// words struck off.
type drawer struct {
	id, cases, low, high int64
	whole                bool
	filled               int64 // while it is put together: every pair below is in it
	goes                 int64 // the drawer it becomes part of, 0 = none
}

const cleared = -1 // filled of a drawer that is done with

type drawers []drawer

func readDrawers(ctx context.Context, q querier) (drawers, error) {
	all, err := scan(ctx, q, func(d *drawer) []any {
		return []any{&d.id, &d.cases, &d.low, &d.high, &d.whole, &d.filled, &d.goes}
	}, `SELECT id, cases, low, high, whole, filled, goes FROM drawers ORDER BY low, id`)
	if err != nil {
		return nil, fmt.Errorf("read drawers: %w", err)
	}
	return all, nil
}

func (d drawer) put(ctx context.Context, tx Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO drawers (id, cases, low, high, whole, filled, goes) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET whole = excluded.whole, filled = excluded.filled, goes = excluded.goes`,
		d.id, d.cases, d.low, d.high, d.whole, d.filled, d.goes)
	if err != nil {
		return fmt.Errorf("write drawer: %w", err)
	}
	return nil
}

// intoOne is how many drawers of like size become one: few, so that a search looks
// into few, and each case is copied once for every four times as many cases.
const intoOne = 4

// rank is alike for drawers of like size.
func (d drawer) rank() int {
	return int(math.Log(float64(max(d.cases, slipsWait))/slipsWait+0.001) / math.Log(intoOne))
}

type work func(ctx context.Context, tx Tx, id int64) error

// next is what is to be done with the drawers, small ones first, but room is made before
// more is taken; nil for nothing.
func (ds drawers) next() work {
	begun, alike := ds.begun(), ds.alike()
	for _, d := range ds {
		if !d.whole && d.filled == cleared {
			return func(ctx context.Context, tx Tx, _ int64) error { return throwOut(ctx, tx, d) }
		}
	}
	switch {
	case len(alike) > 0 && (begun == nil || alike[0].rank() < begun.rank()):
		return func(ctx context.Context, tx Tx, id int64) error { return begin(ctx, tx, id, alike) }
	case begun != nil:
		return func(ctx context.Context, tx Tx, _ int64) error { return goOn(ctx, tx, *begun, ds.into(begun.id)) }
	}
	return nil
}

// begun is the smallest drawer being put together.
func (ds drawers) begun() (smallest *drawer) {
	for i, d := range ds {
		if !d.whole && d.filled != cleared && (smallest == nil || d.cases < smallest.cases) {
			smallest = &ds[i]
		}
	}
	return smallest
}

// alike are the oldest drawers of the lowest rank that has enough to make one of.
func (ds drawers) alike() drawers {
	byRank := map[int]drawers{}
	for _, d := range ds {
		if d.whole && d.goes == 0 {
			byRank[d.rank()] = append(byRank[d.rank()], d)
		}
	}
	for rank := range 64 {
		if len(byRank[rank]) >= intoOne {
			return byRank[rank][:intoOne]
		}
	}
	return nil
}

func (ds drawers) into(id int64) (some drawers) {
	for _, d := range ds {
		if d.goes == id {
			some = append(some, d)
		}
	}
	return some
}

// fileSlips puts the slips that wait into a new drawer.
func (s *Store) fileSlips(ctx context.Context, tx Tx, id int64) error {
	type paper struct {
		ref   int64
		pairs []byte
	}
	slips, err := scan(ctx, tx, func(p *paper) []any { return []any{&p.ref, &p.pairs} }, `SELECT ref, pairs FROM slips ORDER BY ref LIMIT $1`, slipsMost)
	if err != nil {
		return fmt.Errorf("read slips: %w", err)
	}
	refs := make([]int64, 0, len(slips))
	var having []uint64 // a pair, and the how-manyth slip has it
	for i, p := range slips {
		refs = append(refs, p.ref)
		for at := 0; at+slipSize <= len(p.pairs); at += slipSize {
			having = append(having, uint64(binary.BigEndian.Uint32(p.pairs[at:]))<<32|uint64(i))
		}
	}
	slices.Sort(having)
	if err := writeDrawer(ctx, tx, id, refs, having); err != nil {
		return err
	}
	d := drawer{id: id, cases: int64(len(refs)), low: refs[0], high: refs[len(refs)-1], whole: true}
	if err := d.put(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM slips WHERE `+s.engine.among(`ref`), list(refs)); err != nil {
		return fmt.Errorf("take slips away: %w", err)
	}
	return nil
}

func writeDrawer(ctx context.Context, tx Tx, id int64, refs []int64, having []uint64) error {
	pile := pile{drawer: id}
	w := newCardWriter(refs[0], pile.put)
	var some []int64
	for i := 0; i < len(having); {
		pair := having[i] >> 32
		some = some[:0]
		for ; i < len(having) && having[i]>>32 == pair; i++ {
			some = append(some, refs[uint32(having[i])])
		}
		if err := w.add(int64(pair), some); err != nil {
			return err
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	return pile.write(ctx, tx)
}

// pile gathers cards that are written together.
type pile struct {
	drawer int64
	cards  [][]any
}

func (p *pile) put(c card) error {
	p.cards = append(p.cards, []any{p.drawer, c.pair, c.ref, c.body})
	return nil
}

func (p *pile) write(ctx context.Context, tx Tx) error {
	return insertRows(ctx, tx, `cards (drawer, pair, ref, body)`, p.cards)
}

// clear takes a drawer out of use. A small one is thrown away at once: in a bulk there
// are thousands.
func (d drawer) clear(ctx context.Context, tx Tx) error {
	if d.cases > slipsMost {
		d.whole, d.filled, d.goes = false, cleared, 0
		return d.put(ctx, tx)
	}
	_, err := tx.all(ctx, []statement{
		{"throw cards away", `DELETE FROM cards WHERE drawer = $1`, []any{d.id}},
		{"throw drawer away", `DELETE FROM drawers WHERE id = $1`, []any{d.id}},
	})
	return err
}

// throwAtOnce is how many cards one step throws away.
const throwAtOnce = 500

func throwOut(ctx context.Context, tx Tx, d drawer) error {
	last, err := scan(ctx, tx, func(c *card) []any { return []any{&c.pair, &c.ref} },
		`SELECT pair, ref FROM cards WHERE drawer = $1 ORDER BY pair, ref LIMIT 1 OFFSET $2`, d.id, throwAtOnce-1)
	if err != nil {
		return fmt.Errorf("find cards to throw away: %w", err)
	}
	if len(last) > 0 {
		_, err = tx.ExecContext(ctx, `DELETE FROM cards WHERE drawer = $1 AND (pair, ref) <= ($2, $3)`, d.id, last[0].pair, last[0].ref)
	} else if _, err = tx.ExecContext(ctx, `DELETE FROM cards WHERE drawer = $1`, d.id); err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM drawers WHERE id = $1`, d.id)
	}
	if err != nil {
		return fmt.Errorf("throw cards away: %w", err)
	}
	return nil
}

// strikeAll takes a case off every card that has one of its pairs, wherever it is.
func strikeAll(ctx context.Context, tx Tx, ref int64, pairs []uint32) error {
	all, err := readDrawers(ctx, tx)
	if err != nil {
		return err
	}
	for _, d := range all {
		if ref < d.low || ref > d.high {
			continue
		}
		for _, p := range pairs {
			if err := strikeOne(ctx, tx, d.id, int64(p), ref); err != nil {
				return fmt.Errorf("strike words off: %w", err)
			}
		}
	}
	return nil
}

// lastCard is the card that holds a ref of a pair, if one does.
const lastCard = `SELECT body FROM cards WHERE drawer = $1 AND (pair, ref) <= ($2, $3) ORDER BY pair DESC, ref DESC LIMIT 1`

func strikeOne(ctx context.Context, tx Tx, drawer, pair, ref int64) error {
	found, err := scan(ctx, tx, func(b *[]byte) []any { return []any{b} }, lastCard, drawer, pair, ref)
	if err != nil || len(found) == 0 {
		return err
	}
	body, err := strike(found[0], pair, ref)
	if err != nil || body == nil {
		return err
	}
	key, err := readCard(body)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE cards SET body = $4 WHERE drawer = $1 AND pair = $2 AND ref = $3`, drawer, key.pair, key.ref, body)
	return err
}
