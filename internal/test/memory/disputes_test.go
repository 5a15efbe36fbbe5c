package memory_test

import (
	"testing"

	"dengwen/internal/test/memory"
	"dengwen/storage/storagetest"
)

func TestDisputes(t *testing.T) {
	t.Parallel()
	storagetest.Disputes(t, memory.NewDisputes())
}
