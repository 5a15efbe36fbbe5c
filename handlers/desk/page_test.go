package desk

import "testing"

// Pages are read when they are first shown: each can be.
func TestEveryPageIsRead(t *testing.T) {
	p, err := loadPages()
	if err != nil {
		t.Fatal(err)
	}
	for name, tree := range p.trees {
		if _, err := tree(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
