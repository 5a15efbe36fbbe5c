package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"
)

var errDiffers = errors.New("what was sealed anew reads differently")

// again writes what old holds into tmp, under the newest key, and reads it back.
func (s sealer) again(ctx context.Context, tmp *os.File, id string, old io.ReadCloser) error {
	plain, err := s.open(old, id)
	if err != nil {
		return err
	}
	defer plain.Close()
	was, is := sha256.New(), sha256.New()
	if _, _, err := s.seal(ctx, tmp, id, io.TeeReader(plain, was), math.MaxInt64-1); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return fmt.Errorf("write file sealed anew: %w", err)
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read file sealed anew: %w", err)
	}
	fresh, err := s.open(io.NopCloser(tmp), id)
	if err != nil {
		return err
	}
	if _, err := io.Copy(is, reader{ctx, fresh}); err != nil {
		return fmt.Errorf("read file sealed anew: %w", err)
	}
	if !bytes.Equal(was.Sum(nil), is.Sum(nil)) {
		return errDiffers
	}
	return nil
}

// uploadsFor is longer than any upload may take.
const uploadsFor = 24 * time.Hour

func tidy(dir string, now time.Time) error {
	all, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look for files left behind: %w", err)
	}
	var faults []error
	for _, d := range all {
		st, err := d.Info()
		if err == nil && (strings.HasPrefix(d.Name(), "reseal-") || now.Sub(st.ModTime()) > uploadsFor) {
			faults = append(faults, os.Remove(filepath.Join(dir, d.Name())))
		}
	}
	return errors.Join(faults...)
}
