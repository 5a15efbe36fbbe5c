package officer_test

import (
	"path/filepath"
	"strings"
	"testing"

	"dengwen/internal/test/officetest"
)

// Every conversation of several sides goes as it is written down; see
// officetest.Script for how to read one.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil || len(files) < 28 {
		t.Fatalf("%d transcripts, want at least 28 (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			officetest.Replay(t, file)
		})
	}
}

// Nothing in them is said but sentences of locales, what the office's data say and what people do.
func TestTranscriptsSaySentencesOfLocales(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			officetest.ReplayMarked(t, file)
		})
	}
}

// Where no calendar is published, every date that is computed says that it is provisional.
func TestTranscriptsSayWhatIsProvisional(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			officetest.ReplayUnpublished(t, file)
		})
	}
}
