package faults

import (
	"os"
	"strconv"
	"testing"
)

// Size is a number from the environment, so that a run may be made as hard as
// wanted, or otherwise.
func Size(tb testing.TB, name string, otherwise int) int {
	tb.Helper()
	v := os.Getenv(name)
	if v == "" {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		tb.Fatalf("%s: %q is not a number", name, v)
	}
	return n
}
