package app

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/storage/redis"
)

// Where processes on several machines share a Redis server, each machine has an office file of its own. What one of them
// changes is put there, and the others take it.

const (
	officeSumMark  = "office-file-sum"
	officeTextMark = "office-file-text" // sealed: officers on duty are named in it
)

// marks are small values that processes share.
type marks interface {
	Mark(ctx context.Context, name string) (string, error)
	SetMark(ctx context.Context, name, value string) error
}

// sharedOffice keeps one machine's office file and the shared one alike. Which text both had when they last were is in the
// data folder: whichever is another since then is the newer one. Where both are, the shared one is, which others
// already use; the machine's is kept among the copies.
type sharedOffice struct {
	marks marks
	box   *seal.Box
	book  office.Book
	host  string
}

// sharesOffice is nil where no other machine can share the conversations.
func (a *App) sharesOffice() *sharedOffice {
	shared, ok := a.conv.(*redis.Store)
	if !ok || a.Settings.Office == "" {
		return nil
	}
	host, _ := os.Hostname() // "" will do: it is for the log
	return &sharedOffice{shared, a.Box, Book(a.Settings), host}
}

func sumOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// agree makes the two alike. It is asked while the machine's file is in use as it is, so that no faulty one is passed on.
func (s *sharedOffice) agree(ctx context.Context) error {
	text, err := office.File(s.book.Path)
	if err != nil {
		return err
	}
	here := sumOf(text)
	there, err := s.marks.Mark(ctx, officeSumMark)
	if err != nil {
		return err
	}
	last, err := s.last()
	switch {
	case err != nil || here == there && last == here:
		return err
	case here == there:
		return s.keep(here)
	case there == "" || there == last:
		return s.give(ctx, text, here)
	case last == "": // they never were alike: neither is known to be the newer one
		return nil
	}
	return s.take(ctx, there)
}

func (s *sharedOffice) give(ctx context.Context, text []byte, sum string) error {
	sealed, err := s.box.Seal(text, officeTextMark)
	if err != nil {
		return err
	}
	if err := s.marks.SetMark(ctx, officeTextMark, s.host+" "+base64.StdEncoding.EncodeToString(sealed)); err != nil {
		return err
	}
	if err := s.marks.SetMark(ctx, officeSumMark, sum); err != nil {
		return err
	}
	return s.keep(sum)
}

func (s *sharedOffice) take(ctx context.Context, sum string) error {
	value, err := s.marks.Mark(ctx, officeTextMark)
	if err != nil {
		return err
	}
	host, body, _ := strings.Cut(value, " ")
	sealed, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return fmt.Errorf("read the shared office file: %w", err)
	}
	text, err := s.box.Open(sealed, officeTextMark)
	if err != nil {
		return fmt.Errorf("open the shared office file: %w", err)
	}
	if sumOf(text) != sum {
		return nil // another is just being put there: the next look finds both
	}
	if _, _, err := s.book.Put(ctx, text, nil, host, time.Now()); err != nil {
		return fmt.Errorf("take the shared office file: %w", err)
	}
	return s.keep(sum)
}

func (s *sharedOffice) lastPath() string { return filepath.Join(s.book.Folder, "shared.sum") }

// last is the text that both had when they were alike, "" = never.
func (s *sharedOffice) last() (string, error) {
	sum, err := os.ReadFile(s.lastPath())
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	return string(sum), err
}

func (s *sharedOffice) keep(sum string) error {
	if err := os.MkdirAll(s.book.Folder, 0o700); err != nil {
		return err
	}
	return os.WriteFile(s.lastPath(), []byte(sum), 0o600)
}
