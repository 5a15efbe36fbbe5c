package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dengwen/internal/office"
	"dengwen/internal/seal"
)

// oneServer is what two machines share.
type oneServer map[string]string

func (m oneServer) Mark(_ context.Context, name string) (string, error) { return m[name], nil }

func (m oneServer) SetMark(_ context.Context, name, value string) error {
	m[name] = value
	return nil
}

// What one machine changes, the other has after its next look, also when it was away; of two changes at once one stands on
// both and the other is kept; nothing of the file stands in the clear on the server.
func TestMachinesShareTheOfficeFile(t *testing.T) {
	t.Parallel()
	box := must(seal.Open(must(seal.NewKey())))
	server := oneServer{}
	first := must(office.File(""))
	machine := func(text []byte) *sharedOffice {
		dir := t.TempDir()
		path := filepath.Join(dir, "office.yaml")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return &sharedOffice{server, box, office.Book{Path: path, Folder: filepath.Join(dir, "kept")}, filepath.Base(dir)}
	}
	change := func(s *sharedOffice, hours string) {
		t.Helper()
		text := strings.Replace(string(first), "周一至周五 8:00–18:00", hours, 1)
		if err := os.WriteFile(s.book.Path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	look := func(all ...*sharedOffice) {
		t.Helper()
		for _, s := range all {
			if err := s.agree(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	says := func(s *sharedOffice, hours string) {
		t.Helper()
		if text := must(office.File(s.book.Path)); !strings.Contains(string(text), hours) {
			t.Errorf("it does not say %s", hours)
		}
	}
	a, b := machine(first), machine(first)
	look(a, b)
	change(a, "周一至周五 9:00–17:00")
	look(b, a, b)
	says(b, "9:00–17:00")
	look(a, b, a)
	says(a, "9:00–17:00") // b gives nothing back
	change(b, "周一至周六 8:00–18:00")
	look(b)
	look(a) // was away meanwhile
	says(a, "周一至周六")
	change(a, "周日也开门")
	change(b, "只有周一")
	look(a, b, a, b)
	says(a, "周日也开门")
	says(b, "周日也开门")
	if log := must(b.book.Log()); len(log) != 2 || !strings.Contains(string(must(b.book.Before(log[1].Before))), "只有周一") {
		t.Error("what was changed at the same time is lost")
	}
	stranger := machine([]byte(strings.Replace(string(first), "周一至周五 8:00–18:00", "一张旧的", 1)))
	look(stranger, a, b)
	says(stranger, "一张旧的")
	says(a, "周日也开门")
	for name, value := range server {
		if strings.Contains(value, "信访局") || strings.Contains(value, "hours") {
			t.Errorf("%s is in the clear", name)
		}
	}
}
