// Package chaos holds no program, only a test: citizens in Telegram and at the web
// page lodge petitions, officers work them in chat, write answers and have them signed,
// and meanwhile everything around the program, and the program itself, is broken on
// purpose. What came of it is judged from outside, by the database and by what people
// were sent. The short form is
//
//	DENGWEN_CHAOS=short go test ./internal/test/chaos
//
// and the long one
//
//	DENGWEN_CHAOS_MINUTES=10 make chaos
//
// for each of four combinations, or `go test -v -timeout 0 -run Chaos/stores-webhook
// ./internal/test/chaos` for one. DENGWEN_CHAOS_SEED repeats a
// run's choices (which faults for how long, who says what), not its timing.
// DENGWEN_CHAOS_CITIZENS is how many talk at once. DENGWEN_CHAOS_BEFORE names an older
// build, one in which papers are signed: every run begins with it and is upgraded under way.
package chaos
