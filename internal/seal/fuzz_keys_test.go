package seal_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"dengwen/internal/seal"
)

// A file of keys is refused with ErrKey, or is a set that says the same when it is written and read
// again, one of whose keys seals what the same file opens.
func FuzzKeyFile(f *testing.F) {
	key, err := seal.NewKey()
	if err != nil {
		f.Fatal(err)
	}
	set, err := seal.Parse(key)
	if err != nil {
		f.Fatal(err)
	}
	two, err := set.WithNext(time.Unix(1e9, 0))
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{key, set.String(), two.String(), two.Advanced().String(), "# x\n\n" + two.Advanced().Advanced().String(), key + "\n" + key, strings.ReplaceAll(two.String(), "\n", "\r\n"), "a - seals " + key} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := seal.Parse(text)
		if err != nil {
			return
		}
		again, err := seal.Parse(set.String())
		if err != nil || again.String() != set.String() {
			t.Fatalf("%q is read, written and then %v", text, err)
		}
		box, err := seal.Open(text)
		if errors.Is(err, seal.ErrKey) {
			return // keys of another kind
		}
		if err != nil {
			t.Fatalf("a set that seals nothing: %v", err)
		}
		sealed, err := box.Seal([]byte("x"), "here")
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := box.Open(sealed, "here"); err != nil || string(plain) != "x" {
			t.Errorf("%q, %v", plain, err)
		}
	})
}
