package memory_test

import (
	"testing"

	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/storage/storagetest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	storagetest.Cases(t, func(*testing.T) petition.Store { return memory.NewMemory() })
}

func TestBlobs(t *testing.T) {
	t.Parallel()
	storagetest.Blobs(t, func(*testing.T) petition.Blobs { return new(memory.Blobs) })
}
