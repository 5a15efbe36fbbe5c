package cases_test

import (
	"testing"
	"time"
)

func TestCopies(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		day := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
		for _, step := range []struct {
			name, id string
			at       time.Time
		}{{"7:photo:a", "AgAC1", day}, {"7:photo:b", "AgAC2", day}, {"7:photo:a", "AgAC3", day.AddDate(0, 0, 399)}, {"8:photo:a", "AgAC4", day.AddDate(0, 0, 401)}} {
			if err := s.PutCopy(t.Context(), step.name, step.id, step.at); err != nil {
				t.Fatal(err)
			}
		}
		for name, want := range map[string]string{"7:photo:a": "AgAC3", "7:photo:b": "", "8:photo:a": "AgAC4", "9:photo:a": ""} {
			if got, err := s.Copy(t.Context(), name); err != nil || got != want {
				t.Errorf("%s: %q, want %q (%v)", name, got, want, err)
			}
		}
	})
}
