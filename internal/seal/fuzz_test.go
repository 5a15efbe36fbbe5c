package seal_test

import (
	"testing"

	"dengwen/internal/seal"
)

// What stands in a store opens only if it was sealed there; a text is a set of keys or refused.
func FuzzOpen(f *testing.F) {
	key, err := seal.NewKey()
	if err != nil {
		f.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		f.Fatal(err)
	}
	sealed, err := box.Seal([]byte("words"), "here")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed, "elsewhere", key)
	f.Add(sealed[:5], "here", "")
	f.Add([]byte{}, "", "a b c\nd")
	f.Fuzz(func(t *testing.T, bytes []byte, where, text string) {
		if plain, err := box.Open(bytes, where); err == nil && !(string(bytes) == string(sealed) && where == "here") {
			t.Errorf("%q opens at %q: %q", bytes, where, plain)
		}
		seal.KeyOf(bytes)
		_, _ = seal.Parse(text)
	})
}
