// Package replicas holds no program, only a test: several processes of the bot behind
// one webhook address, on one Redis and one PostgreSQL, of which one after another is
// killed with -9 and started again while citizens lodge petitions, and all of which
// are at last restarted one by one as an upgrade does. Larger with
//
//	REPLICAS_CITIZENS=1000 REPLICAS_KILLS=30 go test -v -timeout 60m ./internal/test/replicas
package replicas
