// Package attack holds no program, only a test: somebody from outside tries the built program over HTTP and the
// fake platforms, as docs/security.md says that it holds. With DENGWEN_ATTACK_STORES the same is tried on Redis and
// PostgreSQL.
package attack
