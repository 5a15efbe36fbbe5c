package cases_test

import (
	"testing"

	"dengwen/storage/storagetest"
)

func TestTallies(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) { storagetest.Tallies(t, open(t, url, dir, newBox(t))) })
}
