package api

import "context"

// UnitOf is the unit that the key of a call is bound to.
func UnitOf(ctx context.Context) string { return callerOf(ctx).key.Unit }
