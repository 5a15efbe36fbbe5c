package turn

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"dengwen/internal/seal"
)

// MailboxName is what a store calls the mailbox of a conversation: the page's own address, which is
// random, and of any other, which may be a person's account, a keyed hash.
func MailboxName(b *seal.Box, conv string) string {
	if strings.HasPrefix(conv, "web:") {
		return conv
	}
	door, _, _ := strings.Cut(conv, ":")
	return door + ":" + hex.EncodeToString(b.Hash("mailbox", conv)[:16])
}

// PostPlace is what a sealed post of a mailbox is bound to: one copied elsewhere does not open.
func PostPlace(mailbox, key string) string { return "mail:" + mailbox + ":" + key }

// Mailbox is the log of messages of a door that has no network to store them, as the web
// page: the page displays it. Two stores pass one conformance suite,
// storage/storagetest: Redis and SQLite. Bodies are opaque and arrive sealed.
type Mailbox interface {
	// Put appends a post to a conversation, once per key: a second Put of the same
	// key changes nothing. The whole log is remembered for retention after the last Put.
	Put(ctx context.Context, conv, key string, body []byte, retention time.Duration) error

	// Restart is Put of a post before which nothing stays: every earlier post is removed
	// in the same write. Seq goes on from where it was.
	Restart(ctx context.Context, conv, key string, body []byte, retention time.Duration) error

	// Since reads the posts with a Seq above after, oldest first, at most limit.
	// None is no error.
	Since(ctx context.Context, conv string, after int64, limit int) ([]MailboxItem, error)

	// Wait returns when the conversation has a post with a Seq above after, whoever
	// wrote it in whatever process, or with ctx's error.
	Wait(ctx context.Context, conv string, after int64) error
}

// MailboxItem is one entry of a mailbox. Seq goes up within a conversation, from 1.
type MailboxItem struct {
	Seq  int64
	Key  string
	Body []byte
}
