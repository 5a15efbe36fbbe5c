package storagetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"dengwen/bot/turn"
)

// Mailbox is the conformance suite of turn.Mailbox. open makes an empty store that
// is closed with the test; two opened on the same place see each other's posts.
func Mailbox(t *testing.T, open func(t *testing.T) (a, b turn.Mailbox)) {
	for name, test := range map[string]func(*testing.T, turn.Mailbox, turn.Mailbox){
		"posts are numbered, in order, once per key": numbered,
		"reading goes on from a position":            reading,
		"waiting ends with a post":                   awaited,
		"waiting sees other processes":               awaitedElsewhere,
		"waiting ends with its context":              awaitedInVain,
		"a mailbox is forgotten after its time":      emptied,
		"a mailbox keeps its newest posts":           trimmed,
		"a restart leaves nothing before it":         restarted,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := open(t)
			test(t, a, b)
		})
	}
}

func postTo(t *testing.T, m turn.Mailbox, conv, key, body string) {
	t.Helper()
	if err := m.Put(context.Background(), conv, key, []byte(body), time.Hour); err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
}

func postsAfter(t *testing.T, m turn.Mailbox, conv string, after int64, limit int) []turn.MailboxItem {
	t.Helper()
	posts, err := m.Since(context.Background(), conv, after, limit)
	if err != nil {
		t.Fatalf("since %d: %v", after, err)
	}
	return posts
}

func numbered(t *testing.T, a, b turn.Mailbox) {
	postTo(t, a, "web:1", "k1", "一")
	postTo(t, b, "web:1", "k2", "二")
	postTo(t, a, "web:2", "k1", "elsewhere")
	postTo(t, b, "web:1", "k1", "again")
	posts := postsAfter(t, a, "web:1", 0, 10)
	if len(posts) != 2 {
		t.Fatalf("%d posts, want 2", len(posts))
	}
	for i, want := range []turn.MailboxItem{{Seq: 1, Key: "k1", Body: []byte("一")}, {Seq: 2, Key: "k2", Body: []byte("二")}} {
		if p := posts[i]; p.Seq != want.Seq || p.Key != want.Key || string(p.Body) != string(want.Body) {
			t.Errorf("post %d: %+v, want %+v", i, p, want)
		}
	}
}

func reading(t *testing.T, a, _ turn.Mailbox) {
	if posts := postsAfter(t, a, "web:1", 0, 10); len(posts) != 0 {
		t.Fatalf("posts in an empty mailbox: %v", posts)
	}
	for i := range 10 {
		postTo(t, a, "web:1", fmt.Sprint(i), "x")
	}
	posts := postsAfter(t, a, "web:1", 4, 3)
	if len(posts) != 3 || posts[0].Seq != 5 || posts[2].Seq != 7 {
		t.Fatalf("three after the fourth: %+v", posts)
	}
	if posts := postsAfter(t, a, "web:1", 10, 3); len(posts) != 0 {
		t.Fatalf("posts after the last: %v", posts)
	}
}

func awaited(t *testing.T, a, _ turn.Mailbox) {
	postTo(t, a, "web:1", "0", "x")
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := a.Wait(ctx, "web:1", 0); err != nil {
		t.Fatalf("wait for what is there: %v", err)
	}
	done := make(chan error, 2)
	began := time.Now()
	for range 2 {
		go func() { done <- a.Wait(ctx, "web:1", 1) }()
	}
	postTo(t, a, "web:1", "0", "no news")
	postTo(t, a, "web:2", "0", "not here")
	postTo(t, a, "web:1", "1", "news")
	for range 2 {
		if err := <-done; err != nil {
			t.Fatalf("wait: %v", err)
		}
	}
	if d := time.Since(began); d > 900*time.Millisecond {
		t.Errorf("news of this process took %v", d)
	}
}

func awaitedElsewhere(t *testing.T, a, b turn.Mailbox) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- a.Wait(ctx, "web:1", 0) }()
	postTo(t, b, "web:1", "1", "news")
	if err := <-done; err != nil {
		t.Fatalf("wait: %v", err)
	}
}

func awaitedInVain(t *testing.T, a, _ turn.Mailbox) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := a.Wait(ctx, "web:1", 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("wait: %v", err)
	}
}

func emptied(t *testing.T, a, _ turn.Mailbox) {
	if err := a.Put(context.Background(), "web:1", "1", []byte("x"), 10*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(10 * time.Second)
	for len(postsAfter(t, a, "web:1", 0, 10)) > 0 {
		if time.Now().After(end) {
			t.Fatal("still there after 10 s")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func trimmed(t *testing.T, a, _ turn.Mailbox) {
	for i := range 510 {
		postTo(t, a, "web:1", fmt.Sprint(i), "x")
	}
	posts := postsAfter(t, a, "web:1", 0, 1000)
	if len(posts) != 500 || posts[0].Seq != 11 || posts[499].Seq != 510 {
		t.Fatalf("%d posts, from %d", len(posts), posts[0].Seq)
	}
}

func restarted(t *testing.T, a, b turn.Mailbox) {
	for i := range 3 {
		postTo(t, a, "web:1", fmt.Sprint(i), "words")
	}
	postTo(t, a, "web:2", "0", "elsewhere")
	for range 2 { // delivered twice it is one post, and removes nothing that came since
		if err := b.Restart(context.Background(), "web:1", "new", []byte("done"), time.Hour); err != nil {
			t.Fatal(err)
		}
		postTo(t, a, "web:1", "later", "after it")
	}
	posts := postsAfter(t, a, "web:1", 0, 10)
	if len(posts) != 2 || posts[0].Seq != 4 || string(posts[0].Body) != "done" || posts[1].Key != "later" {
		t.Errorf("after the restart: %+v", posts)
	}
	if n := len(postsAfter(t, a, "web:2", 0, 10)); n != 1 {
		t.Errorf("%d posts in the other mailbox, want 1", n)
	}
}
