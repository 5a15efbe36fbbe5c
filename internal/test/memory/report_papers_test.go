package memory_test

import (
	"testing"

	"dengwen/internal/test/memory"
	"dengwen/storage/storagetest"
)

func TestReportPapers(t *testing.T) {
	t.Parallel()
	storagetest.ReportPapers(t, new(memory.ReportPapers))
}
