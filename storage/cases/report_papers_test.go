package cases_test

import (
	"testing"

	"dengwen/storage/storagetest"
)

func TestReportPapers(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) { storagetest.ReportPapers(t, open(t, url, dir, newBox(t))) })
}
