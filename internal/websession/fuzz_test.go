package websession_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/memory"
	"dengwen/internal/websession"
)

// A cookie of a stranger's making opens nothing.
func FuzzCookie(f *testing.F) {
	key, err := seal.NewKey()
	if err != nil {
		f.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		f.Fatal(err)
	}
	m := websession.New(memory.NewWebSessions(time.Now), box, time.Now, websession.Periods())
	token, _, err := m.Start(context.Background(), websession.Session{Kind: websession.Citizen, Conv: "web:1"})
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{"", "a", token[1:], token + " ", token[:len(token)-1] + "=", "\x00\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := m.Find(context.Background(), text); text != token && !errors.Is(err, websession.ErrNone) {
			t.Errorf("%q opens %+v, %v", text, s, err)
		}
	})
}
