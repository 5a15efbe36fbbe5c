package cases

import (
	"context"
	"slices"
	"strings"
)

// OpenUnits lists the units that have open cases, reports on misconduct included, in
// alphabetical order.
func (s *Store) OpenUnits(ctx context.Context) ([]string, error) {
	type listKey struct{ key string }
	rows, err := scan(ctx, s.engine.reader(), func(k *listKey) []any { return []any{&k.key} },
		`SELECT DISTINCT key FROM list_keys WHERE key LIKE 'at %' OR key LIKE 'sealed at %'`)
	if err != nil {
		return nil, s.trouble("list units with open cases", err)
	}
	var units []string
	for _, k := range rows {
		if at, open := strings.CutSuffix(k.key, openKey(true)); open {
			units = append(units, strings.TrimPrefix(strings.TrimPrefix(at, "sealed "), "at "))
		}
	}
	slices.Sort(units)
	return slices.Compact(units), nil
}
