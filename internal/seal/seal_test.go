package seal_test

import (
	"bytes"
	"errors"
	"testing"

	"dengwen/internal/seal"
)

func TestBox(t *testing.T) {
	t.Parallel()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := box.Seal([]byte("路塌了"), "cases:1:body")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("路塌了")) {
		t.Fatal("sealed bytes show the text")
	}
	again, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := again.Open(sealed, "cases:1:body")
	if err != nil || string(plain) != "路塌了" {
		t.Fatalf("opened %q, %v", plain, err)
	}
	if _, err := again.Open(sealed, "cases:2:body"); err == nil {
		t.Error("a text moved to another record opened")
	}
	if !bytes.Equal(box.Hash("owner", "tg:1"), again.Hash("owner", "tg:1")) {
		t.Error("the same value hashes differently after reading the key again")
	}
	if bytes.Equal(box.Hash("owner", "tg:1"), box.Hash("code", "tg:1")) {
		t.Error("one value hashes alike for two purposes")
	}
}

func TestOpenRefusesForeignKey(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "geheim", "e30"} {
		if _, err := seal.Open(text); !errors.Is(err, seal.ErrKey) {
			t.Errorf("Open(%q) = %v, want ErrKey", text, err)
		}
	}
}
