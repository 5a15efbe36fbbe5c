package petitiontest_test

import (
	"testing"

	"dengwen/petition"
	"dengwen/petition/petitiontest"
	"dengwen/storage/storagetest"
)

func TestBulletins(t *testing.T) {
	t.Parallel()
	storagetest.Bulletins(t, func(*testing.T) petition.Bulletins { return petitiontest.NewBulletins() })
}
