package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dengwen/internal/seal"
)

func newSet(t *testing.T) (seal.Set, string) {
	t.Helper()
	text, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	set, err := seal.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return set, text
}

func boxOf(t *testing.T, text string) *seal.Box {
	t.Helper()
	b, err := seal.Open(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sealed(t *testing.T, b *seal.Box, plain string) []byte {
	t.Helper()
	s, err := b.Seal([]byte(plain), "here")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func next(t *testing.T, set seal.Set) seal.Set {
	t.Helper()
	set, err := set.WithNext(time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// A rotation step by step: what was sealed opens at every step, the new key alone opens what is
// sealed from then on, hashes stay what they were, and who has the old key only reads nothing new.
func TestRotation(t *testing.T) {
	t.Parallel()
	set, bare := newSet(t)
	old := boxOf(t, bare)
	before, hash := sealed(t, old, "以前的"), old.Hash("owner", "tg:1")

	set = next(t, set)
	prepared := boxOf(t, set.String())
	if prepared.Seals() != old.Seals() {
		t.Error("a key that was only added seals")
	}
	set = set.Advanced()
	rotated := boxOf(t, set.String())
	if rotated.Seals() == old.Seals() {
		t.Fatal("the new key does not seal")
	}
	now := sealed(t, rotated, "现在的")
	for name, b := range map[string]*seal.Box{"prepared": prepared, "rotated": rotated} {
		for _, s := range [][]byte{before, now} {
			if _, err := b.Open(s, "here"); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !bytes.Equal(b.Hash("owner", "tg:1"), hash) {
			t.Errorf("%s: hashes changed", name)
		}
	}
	if _, err := old.Open(now, "here"); !errors.Is(err, seal.ErrUnknownKey) {
		t.Errorf("the old key alone and what the new one sealed: %v", err)
	}

	again, err := rotated.Reseal(before, "elsewhere", "here")
	if err != nil {
		t.Fatal(err)
	}
	if id, _ := seal.KeyOf(again); id != rotated.Seals() {
		t.Errorf("sealed anew under %s", id)
	}
	if more, err := rotated.Reseal(again, "here"); more != nil || err != nil {
		t.Errorf("what the newest key sealed was sealed anew: %v", err)
	}

	set, err = set.Without(old.Seals())
	if err != nil {
		t.Fatal(err)
	}
	retired := boxOf(t, set.String())
	if p, err := retired.Open(again, "here"); err != nil || string(p) != "以前的" {
		t.Errorf("after retiring: %q, %v", p, err)
	}
	if _, err := retired.Open(before, "here"); !errors.Is(err, seal.ErrUnknownKey) {
		t.Errorf("a retired key opens: %v", err)
	}
	if !bytes.Equal(retired.Hash("owner", "tg:1"), hash) {
		t.Error("hashes changed when the first key was retired")
	}
	if _, err := retired.Derive(old.Seals(), "blob", "x"); !errors.Is(err, seal.ErrUnknownKey) {
		t.Errorf("keys are derived from a retired one: %v", err)
	}
	if boxOf(t, next(t, set).Advanced().String()).Seals() == retired.Seals() {
		t.Error("a second rotation changed nothing")
	}
}

func TestKeysInUseStay(t *testing.T) {
	t.Parallel()
	set, _ := newSet(t)
	set = next(t, set)
	prepared, _ := set.Next()
	for _, id := range []seal.ID{set.Sealing().ID, prepared.ID} {
		if _, err := set.Without(id); !errors.Is(err, seal.ErrInUse) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if _, err := set.Without("00000000"); !errors.Is(err, seal.ErrNoSuchKey) {
		t.Error(err)
	}
}

// Keys written one a line without more, as some will by hand: the last seals.
func TestBareKeys(t *testing.T) {
	t.Parallel()
	_, a := newSet(t)
	_, b := newSet(t)
	box := boxOf(t, a+"\n"+b+"\n")
	if box.Seals() != boxOf(t, b).Seals() || box.First() != boxOf(t, a).Seals() {
		t.Error("the last does not seal, or the first does not find")
	}
	if _, err := box.Open(sealed(t, boxOf(t, a), "x"), "here"); err != nil {
		t.Error(err)
	}
}

func TestSpoiltSets(t *testing.T) {
	t.Parallel()
	set, bare := newSet(t)
	text := next(t, set).String()
	id := string(set.Sealing().ID)
	for name, text := range map[string]string{
		"two seal": strings.Replace(text, " next ", " seals ", 1), "no key": "# nothing\n", "another id": strings.Replace(text, id, "00000000", 1),
		"unknown state": strings.Replace(text, " next ", " sleeps ", 1), "twice": bare + "\n" + bare, "cut": text[:len(text)-9],
		"retired but whole": strings.Replace(text, " seals ", " finds ", 1),
	} {
		if _, err := seal.Parse(text); !errors.Is(err, seal.ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Two processes with one file: the one that has not read the file again opens what the other
// sealed with a key it has never seen, and seals with it soon.
func TestFileIsReadAgain(t *testing.T) {
	t.Parallel()
	set, bare := newSet(t)
	path := filepath.Join(t.TempDir(), "dengwen.key")
	if err := os.WriteFile(path, []byte(bare+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	running, err := seal.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	set = next(t, set).Advanced()
	if err := set.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	other := boxOf(t, set.String())
	if p, err := running.Open(sealed(t, other, "新的"), "here"); err != nil || string(p) != "新的" {
		t.Fatalf("%q, %v", p, err)
	}
	set = next(t, set).Advanced()
	if err := set.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	time.Sleep(seal.Refresh + 100*time.Millisecond)
	if id, _ := seal.KeyOf(sealed(t, running, "x")); id != set.Sealing().ID {
		t.Errorf("after %v it still seals with %s", seal.Refresh, id)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("spoilt"), 0o600); err != nil {
		t.Fatal(err)
	}
	time.Sleep(seal.Refresh + 100*time.Millisecond)
	if id, _ := seal.KeyOf(sealed(t, running, "x")); id != set.Sealing().ID {
		t.Error("a spoilt file took the keys away")
	}
}

func TestOneProcessChangesTheKeys(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "dengwen.key")
	release, err := seal.Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Lock(path); !errors.Is(err, seal.ErrLocked) {
		t.Errorf("a second one: %v", err)
	}
	release()
	release, err = seal.Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	release()
}
