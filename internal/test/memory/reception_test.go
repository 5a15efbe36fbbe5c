package memory_test

import (
	"testing"

	"dengwen/internal/test/memory"
	"dengwen/petition/reception"
	"dengwen/storage/storagetest"
)

func TestReceptions(t *testing.T) {
	t.Parallel()
	storagetest.Receptions(t, func(*testing.T) reception.Store { return memory.NewReceptions(memory.NewMemory()) })
}
