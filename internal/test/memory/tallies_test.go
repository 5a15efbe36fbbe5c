package memory_test

import (
	"testing"

	"dengwen/internal/test/memory"
	"dengwen/storage/storagetest"
)

func TestTallies(t *testing.T) {
	t.Parallel()
	storagetest.Tallies(t, new(memory.Tallies))
}
