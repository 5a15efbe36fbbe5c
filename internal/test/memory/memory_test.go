package memory_test

import (
	"testing"
	"time"

	"dengwen/internal/test/memory"
	"dengwen/internal/websession"
	"dengwen/petition"
	"dengwen/storage/storagetest"
)

func TestWebSessions(t *testing.T) {
	storagetest.WebSessions(t, func(*testing.T) websession.Store { return memory.NewWebSessions(time.Now) })
}

func TestMemory(t *testing.T) {
	t.Parallel()
	storagetest.Cases(t, func(*testing.T) petition.Store { return memory.NewMemory() })
}

func TestBlobs(t *testing.T) {
	t.Parallel()
	storagetest.Blobs(t, func(*testing.T) petition.Blobs { return new(memory.Blobs) })
}

func TestKept(t *testing.T) { storagetest.Kept(t, new(memory.Kept)) }
