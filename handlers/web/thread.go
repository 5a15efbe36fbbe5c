package web

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
)

// entry is what one post of the mailbox holds, sealed: a message of the bot or one
// of the citizen's own.
type entry struct {
	At  time.Time `json:"at"`
	Say *bot.Say  `json:"say,omitempty"`
	Own *own      `json:"own,omitempty"`
}

// own is what the citizen sent, as their page shows it again after a reload.
type own struct {
	Text  string `json:"text,omitempty"`
	Ref   string `json:"ref,omitempty"`  // key of the message whose button was pressed
	Data  string `json:"data,omitempty"` // which button
	Files []file `json:"files,omitempty"`
	Point bool   `json:"point,omitempty"` // a location was shared; where is not kept here
}

type file struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	Size int64  `json:"size"`
}

// message is one bubble: an entry with the later edits and presses folded in.
type message struct {
	Seq     int64
	Changed int64 // the last post that changed how it looks
	Key     string
	At      time.Time
	Mine    bool
	Say     bot.Say
	Own     own
	Chosen  map[string]bool // data of the buttons pressed
}

// maxShown is how many bubbles a page shows; older ones stay in the store.
const maxShown = 300

// thread is the last messages of a conversation's log, oldest first.
type thread struct {
	msgs   []*message
	keys   map[string]*message
	first  int64 // Seq of the first post read, 0 = none
	last   int64 // and of the last
	edited bool  // a post changes a message, maybe one before the first

	forgotten bool // the position asked for is not in the log any more
}

func (d *Door) thread(ctx context.Context, conv string) (*thread, error) {
	return d.read(ctx, conv, 0)
}

// since is the log as far as it is needed to show what changed after a position:
// mostly a post or two. A press or an edit changes an earlier message, and then it is
// the whole log. A position that is not in it any more was removed with the log.
func (d *Door) since(ctx context.Context, conv string, after int64) (*thread, error) {
	t, err := d.read(ctx, conv, after-1)
	if err != nil || after < 1 || (t.first == after && !t.edited) {
		return t, err
	}
	gone := t.first != after
	t, err = d.thread(ctx, conv)
	if err == nil {
		t.forgotten = gone
	}
	return t, err
}

func (d *Door) read(ctx context.Context, conv string, from int64) (*thread, error) {
	const batch = 500
	t := &thread{keys: map[string]*message{}, last: max(0, from)}
	for {
		posts, err := d.Mail.Since(ctx, d.mailbox(conv), t.last, batch)
		if err != nil {
			return nil, fmt.Errorf("read log: %w", err)
		}
		for _, p := range posts {
			t.add(p.Seq, p.Key, d.open(conv, p))
		}
		if len(posts) < batch {
			return t, nil
		}
	}
}

// open reads a sealed post. One that cannot be read, sealed under a key that is
// gone, is left out: the rest of the log is still worth showing.
func (d *Door) open(conv string, p turn.MailboxItem) entry {
	var e entry
	plain, err := d.Box.Open(p.Body, turn.PostPlace(d.mailbox(conv), p.Key))
	if err == nil {
		err = json.Unmarshal(plain, &e)
	}
	if err != nil {
		d.Log.Warn("web: post left out of a log", "seq", p.Seq, "reason", "cannot be opened")
		return entry{}
	}
	return e
}

func (t *thread) add(seq int64, key string, e entry) {
	if t.first == 0 {
		t.first = seq
	} else { // the first is known to whoever asks for what follows it
		t.edited = t.edited || e.Say != nil && e.Say.Edit != "" || e.Own != nil && e.Own.Ref != ""
	}
	t.last = seq
	switch {
	case e.Say != nil:
		if old := t.keys[e.Say.Edit]; e.Say.Edit != "" && old != nil && !old.Mine {
			old.Say, old.Changed, old.Chosen = *e.Say, seq, nil
			return
		}
		t.append(&message{Seq: seq, Changed: seq, Key: key, At: e.At, Say: *e.Say})
	case e.Own != nil:
		t.append(&message{Seq: seq, Changed: seq, Key: key, At: e.At, Mine: true, Own: *e.Own})
		t.pressed(seq, e.Own.Ref, e.Own.Data)
	}
}

func (t *thread) append(m *message) {
	t.msgs = append(t.msgs, m)
	t.keys[m.Key] = m
	if len(t.msgs) > maxShown {
		delete(t.keys, t.msgs[0].Key)
		t.msgs = t.msgs[1:]
	}
}

func (t *thread) pressed(seq int64, ref, data string) {
	m := t.keys[ref]
	if ref == "" || m == nil || m.Mine {
		return
	}
	if m.Chosen == nil {
		m.Chosen = map[string]bool{}
	}
	m.Chosen[data], m.Changed = true, seq
}

// label is what the button with this data says; "" when it is not there.
func (t *thread) label(ref, data string) string {
	m := t.keys[ref]
	if m == nil {
		return ""
	}
	for _, row := range m.Say.Rows {
		for _, b := range row {
			if b.Data == data {
				return b.Text
			}
		}
	}
	return ""
}

// lang is the language the bot last spoke, "" before its first word.
func (t *thread) lang() string {
	for _, m := range slices.Backward(t.msgs) {
		if m.Say.Lang != "" {
			return m.Say.Lang
		}
	}
	return ""
}

// waiting reports that nothing was said or changed after the citizen's last word.
func (t *thread) waiting() bool {
	if len(t.msgs) == 0 {
		return false
	}
	m := t.msgs[len(t.msgs)-1]
	return m.Mine && m.Seq == t.last
}
