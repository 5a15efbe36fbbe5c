package days

import (
	"os"
	"path/filepath"
	"testing"

	"dengwen/internal/test/servers"
)

// mostOfPictures is what the pictures of the docs weigh together, in bytes.
const mostOfPictures = 600 << 10

// Pictures of docs/first-day.md are made where DENGWEN_PICTURES names a folder for them (make pictures).
func TestPictures(t *testing.T) {
	folder := os.Getenv("DENGWEN_PICTURES")
	if folder == "" {
		t.Skip("makes pictures: make pictures")
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	d := startDemo(t)
	var made []string
	play(t, "pictures.mjs", map[string]any{"base": d.base, "browser": servers.Chromium(t), "links": d.links, "unit": d.unit, "folder": folder}, &made)
	all := int64(0)
	for _, name := range made {
		info, err := os.Stat(filepath.Join(folder, "first-day-"+name+".webp"))
		if err != nil {
			t.Fatal(err)
		}
		all += info.Size()
	}
	if len(made) != 7 || all > mostOfPictures {
		t.Errorf("%d pictures of %d bytes together", len(made), all)
	}
	t.Logf("%v: %d bytes", made, all)
}
