package cases

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// Reasons why the database could not be opened, as far as they can be told apart.
const (
	Refused  = "refused"  // nothing listens at that address
	NoHost   = "host"     // no machine has that name
	Silent   = "silent"   // no answer in time
	Login    = "login"    // user or password are wrong, or not let in (pg_hba.conf)
	NoBase   = "database" // the server has no database of that name
	NoRights = "rights"   // the user may not make tables
)

// Reason is why Open failed, "" when it is none of the above.
func Reason(err error) string {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return map[string]string{"28P01": Login, "28000": Login, "3D000": NoBase, "42501": NoRights}[p.Code] // SQLSTATE
	}
	var unknown *net.DNSError
	var n net.Error
	switch {
	case errors.As(err, &unknown):
		return NoHost
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &n) && n.Timeout():
		return Silent
	}
	return ""
}
