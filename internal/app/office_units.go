package app

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"dengwen/petition"
	"dengwen/storage/cases"
)

// namedOrphans is how many cases of a unit that is gone are named.
const namedOrphans = 20

// CheckUnits finds the open cases of units that an office's data have retired or lack: nobody
// could work on them. The error names the cases of each unit; nil where there are none.
func CheckUnits(ctx context.Context, st *cases.Store, o *petition.Office) error {
	units, err := st.OpenUnits(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, unit := range units {
		if o.Lives(unit) {
			continue
		}
		scope, q := petition.Scope{All: true, SealedUnits: []string{unit}}, petition.Query{Unit: unit, Open: true, Limit: namedOrphans}
		held, more, err := st.List(ctx, scope, q)
		if err != nil {
			return err
		}
		var numbers []string
		for _, r := range held {
			numbers = append(numbers, r.Case.Number)
		}
		if more != "" {
			numbers = append(numbers, "…")
		}
		into := cmp.Or(o.Successor(unit), o.Unit)
		faults = append(faults, petition.Fail(petition.Conflict, "office_file.open_cases", "unit", o.UnitName(unit), "code", unit, "into", o.UnitName(into), "numbers", strings.Join(numbers, " ")))
	}
	return errors.Join(faults...)
}
