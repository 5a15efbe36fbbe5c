package roster

import (
	"context"

	"dengwen/petition"
)

// DigestChats are the chats a digest goes to: a daily one to the unit's groups and
// everybody there, a weekly one to its heads (in the petition office its
// supervisors), one on sealed reports to the named officers. A unit nobody of which
// can be reached gets none: no case depends on a digest.
func (d *Service) DigestChats(ctx context.Context, g petition.Digest) ([]string, error) {
	switch {
	case g.Sealed:
		return d.chatsOf(ctx, g.Unit, func(p Person) bool { return p.Has(petition.Sealed) })
	case g.Weekly:
		return d.chatsOf(ctx, g.Unit, func(p Person) bool { return p.Has(petition.Head) || p.Has(petition.Supervisor) })
	}
	return d.unitChats(ctx, g.Unit, "")
}
