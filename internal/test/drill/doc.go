// Package drill holds no program, only a test: the program is backed up while citizens lodge petitions
// through a fake Bot API and an officer moves cases, is killed and never comes back, and another is
// restored from the backup onto other stores. Run it at full size with
//
//	DENGWEN_DRILL_CITIZENS=100 DENGWEN_DRILL_SECONDS=60 go test -v -timeout 30m ./internal/test/drill
package drill
