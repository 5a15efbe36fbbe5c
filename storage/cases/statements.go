package cases

import "database/sql"

// statements keeps compiled the statements of the one connection that writes; it
// belongs to the batch that runs. A statement seen for the first time inside a
// transaction is compiled after it.
type statements struct {
	ready  map[string]*sql.Stmt
	wanted map[string]bool
}

const maxStatements = 256

func newStatements() *statements {
	return &statements{ready: map[string]*sql.Stmt{}, wanted: map[string]bool{}}
}

func (s *statements) get(query string) *sql.Stmt {
	stmt := s.ready[query]
	if stmt == nil && len(s.ready)+len(s.wanted) < maxStatements {
		s.wanted[query] = true
	}
	return stmt
}

func (s *statements) catchUp(db *sql.DB) {
	for query := range s.wanted {
		if stmt, err := db.Prepare(query); err == nil { // a faulty one fails where it is used
			s.ready[query] = stmt
		}
	}
	clear(s.wanted)
}
