package cases_test

import (
	"testing"
	"time"

	county "dengwen/internal/office"
	"dengwen/petition"
	"dengwen/storage/storagetest"

	"github.com/google/uuid"
)

func TestTelling(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		box := newBox(t)
		s := open(t, url, dir, box)
		storagetest.Telling(t, s, petition.NewService(s, county.Example(), petition.DefaultCalendar(), box.Hash, time.Now, uuid.NewString, nil))
	})
}
