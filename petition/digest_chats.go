package petition

import "context"

// DigestChats are the chats a digest goes to: a daily one to the unit's groups and
// everybody there, a weekly one to its heads (in the petition office its
// supervisors), one on sealed reports to the named officers. A unit nobody of which
// can be reached gets none: no case depends on a digest.
func (d *Desk) DigestChats(ctx context.Context, g Digest) ([]string, error) {
	switch {
	case g.Sealed:
		return d.chatsOf(ctx, g.Unit, func(p Person) bool { return p.Has(Sealed) })
	case g.Weekly:
		return d.chatsOf(ctx, g.Unit, func(p Person) bool { return p.Has(Head) || p.Has(Supervisor) })
	}
	return d.unitChats(ctx, g.Unit, "")
}
