package answer

import (
	"errors"
	"fmt"
	"slices"
)

// ErrUnbacked says that a rephrased text has a number or an article which its entries lack.
var ErrUnbacked = errors.New("not in the entries")

// Check guards a rephrased answer: every number in it (Arabic, Han or English, with what it counts)
// and every article must occur in one of the given entries (ids) in either language or in the
// articles they rest on. It errs on the strict side: 两个月 does not pass for 60日. An unknown id is
// an error, and with no ids every number is.
func (b *Book) Check(text string, entries []string) error {
	backed, err := b.backedBy(entries)
	if err != nil {
		return err
	}
	for _, q := range quantities(text) {
		if !backed.holds(q) {
			return fmt.Errorf("check the text: %g %s: %w", float64(q.milli)/1000, q.unit, ErrUnbacked)
		}
	}
	return nil
}

type backing []quantity

func (b *Book) backedBy(ids []string) (backing, error) {
	var out backing
	for _, id := range ids {
		for _, lang := range []string{"zh", English} {
			e, err := b.Entry(id, lang)
			if err != nil {
				return nil, fmt.Errorf("check the text: %w", err)
			}
			out = append(out, quantities(e.Title+"\n"+e.Text)...)
			for _, n := range e.Articles {
				out = append(out, quantity{int64(n) * 1000, articleUnit})
			}
		}
	}
	return out, nil
}

// holds accepts a number without a unit when the entries have it with any unit but that of an
// article; a number with a unit needs the same unit, or none.
func (b backing) holds(q quantity) bool {
	return slices.ContainsFunc(b, func(have quantity) bool {
		if have.milli != q.milli {
			return false
		}
		if q.unit == articleUnit || have.unit == articleUnit {
			return q.unit == have.unit
		}
		return q.unit == "" || have.unit == q.unit || have.unit == ""
	})
}
