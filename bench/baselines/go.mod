// A module of its own, so that what is only measured against stays out of the
// program's requirements.
module dengwen/bench/baselines

go 1.26.0

require (
	github.com/redis/go-redis/v9 v9.23.0
	gopkg.in/telebot.v4 v4.0.0-beta.10
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	go.uber.org/atomic v1.12.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
)
