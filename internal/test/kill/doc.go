// Package kill holds no program, only a test: it kills the bot with -9 at
// random moments while citizens lodge petitions through a fake Bot API, by webhook
// and by polling, on Redis and on SQLite. Run it at full size with
//
//	DENGWEN_KILLS=30 DENGWEN_KILL_CITIZENS=300 go test -v -timeout 60m ./internal/test/kill
package kill
