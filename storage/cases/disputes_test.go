package cases_test

import (
	"testing"

	"dengwen/storage/storagetest"
)

func TestDisputes(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) { storagetest.Disputes(t, open(t, url, dir, newBox(t))) })
}
