package cases

import "database/sql"

// Writer lets tests spoil what is stored.
func (s *Store) Writer() *sql.DB { return s.engine.writer() }
