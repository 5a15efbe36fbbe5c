package chaos

import (
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"dengwen/bot/turn"
	"dengwen/internal/test/faults"
)

// olderData is what an earlier version of the program left behind: conversations in
// every state, among them those of the chats from firstOlder on.
const (
	olderData  = "../upgrade/testdata/upgrade/data"
	firstOlder = 1010
	lastOlder  = 1078
	leftMost   = 20 // what it may have left to do of a kind
)

// takeOver begins an embedded run with the data of an earlier version. Chats of that
// time are there again, and some of the citizens speak from them.
func (r *run) takeOver() {
	r.must(filepath.WalkDir(olderData, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(olderData, path)
		if err != nil {
			return err
		}
		to := filepath.Join(r.at.Data, strings.TrimSuffix(name, ".gz"))
		if d.IsDir() {
			return os.MkdirAll(to, 0o700)
		}
		return unpack(path, to)
	}))
	key, err := os.ReadFile(filepath.Join(r.at.Data, "dengwen.key"))
	r.must(err)
	r.at.Key = strings.TrimSpace(string(key))
	for id := range int64(5000) {
		r.api.Chat(1000 + id)
	}
	if r.older != "" {
		r.before = turn.Depth{Events: leftMost, Rows: leftMost, DeadLetters: leftMost} // the store is not to be opened before it
		return
	}
	r.before, err = faults.OpenRecord(r.t, r.at).Left(r.t.Context())
	r.must(err)
}

func unpack(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(from, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return err
		}
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err2 := out.Close(); err == nil {
		err = err2
	}
	return err
}

// chatOf is the chat of the n-th citizen, n from 0.
func (r *run) chatOf(n int) int64 {
	if older := int64(firstOlder + n); r.c.older && older <= lastOlder {
		return older
	}
	return int64(7_000_000_000 + n)
}
