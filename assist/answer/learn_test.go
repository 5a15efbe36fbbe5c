package answer

import (
	"bytes"
	"os"
	"testing"

	"dengwen/assist/linear"
)

// learn fits the classifier to the phrasings of some entries, one class an entry.
func (v *vocabulary) learn(entries []matter) []byte {
	var all []linear.Example
	for e, m := range entries {
		for _, q := range m.phrasings(builtIn) {
			all = append(all, linear.Example{Features: hashes(v.features(q)), Class: e, Weight: 1})
		}
	}
	return linear.Training{Classes: len(entries), Buckets: 1 << 14, Epochs: 25, Shrink: 1e-5, Rate: 0.15}.Fit(all)
}

// The classifier was fitted to the entries as they are now; WRITE=1 fits it anew after they were changed.
func TestTheClassifierIsOfTheseEntries(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	file := b.words.learn(b.every)
	if os.Getenv("WRITE") != "" {
		if err := os.WriteFile("kb/model.bin", file, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(model, file) {
		t.Error("the entries or words have changed: fit the classifier anew with WRITE=1 go test ./assist/answer -run TheClassifier, and see what TestFitConfidence says")
	}
}
