package cases_test

import (
	"net"
	"strings"
	"testing"

	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/storage/cases"
	"dengwen/storage/storagetest"

	"github.com/jackc/pgx/v5/pgproto3"
)

// The store asks behind a pooler as it does here: no statement stays compiled on a connection.
func TestPostgresPooled(t *testing.T) {
	t.Parallel()
	storagetest.Cases(t, func(t *testing.T) petition.Store {
		at := servers.Postgres(t)
		return open(t, at+"?default_query_exec_mode=cache_describe", "", newBox(t))
	})
}

// A pooler that refuses our settings is asked again without them.
func TestPoolerIsKnown(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan map[string]string, 8)
	go pooler(l, asked)
	if s, err := cases.Open(t.Context(), "postgres://somebody@"+l.Addr().String()+"/dengwen?sslmode=disable", "", newBox(t)); err == nil {
		_ = s.Close()
		t.Fatal("opened a store that is none")
	}
	_ = l.Close()
	if first := <-asked; first["jit"] != "off" {
		t.Errorf("began with %v", first)
	}
	times := 0
	for again := range asked {
		times++
		for name := range again {
			if !strings.Contains("user database application_name", name) {
				t.Errorf("a pooler was asked for %s again", name)
			}
		}
	}
	if times == 0 {
		t.Error("it was not asked again")
	}
}

// pooler refuses as PgBouncer does: whoever asks for one of our settings is told so,
// whoever does not is turned away. It ends with the listener.
func pooler(l net.Listener, asked chan<- map[string]string) {
	defer close(asked)
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		b := pgproto3.NewBackend(c, c)
		if m, err := b.ReceiveStartupMessage(); err == nil {
			start, _ := m.(*pgproto3.StartupMessage)
			asked <- start.Parameters
			refusal := &pgproto3.ErrorResponse{Severity: "FATAL", Code: "3D000", Message: "no such database: dengwen"}
			if start.Parameters["jit"] != "" {
				refusal = &pgproto3.ErrorResponse{Severity: "FATAL", Code: "08P01", Message: "unsupported startup parameter: jit"}
			}
			b.Send(refusal)
			_ = b.Flush()
		}
		_ = c.Close()
	}
}
