package petitiontest_test

import (
	"testing"

	"dengwen/petition"
	"dengwen/petition/petitiontest"
	"dengwen/storage/storagetest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	storagetest.Cases(t, func(*testing.T) petition.Store { return petitiontest.NewMemory() })
}

func TestBlobs(t *testing.T) {
	t.Parallel()
	storagetest.Blobs(t, func(*testing.T) petition.Blobs { return new(petitiontest.Blobs) })
}
