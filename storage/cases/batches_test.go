package cases_test

import (
	"testing"

	"dengwen/storage/storagetest"
)

func TestBatches(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) { storagetest.Batches(t, open(t, url, dir, newBox(t))) })
}
