package memory_test

import (
	"testing"

	"dengwen/internal/test/memory"
	"dengwen/petition/bulletin"
	"dengwen/storage/storagetest"
)

func TestBulletins(t *testing.T) {
	t.Parallel()
	storagetest.Bulletins(t, func(*testing.T) bulletin.Store { return memory.NewBulletins() })
}
