package faults

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// Disk is a small file system in memory that can be filled to the last byte.
type Disk struct{ Dir string }

// NewDisk mounts one of some megabytes until the test ends, open to every user. Only
// root may; without it the answer is an error.
func NewDisk(tb testing.TB, megabytes int) (*Disk, error) {
	tb.Helper()
	dir, err := os.MkdirTemp("", "dengwen-disk-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the disk: %w", err)
	}
	tb.Cleanup(func() { _ = os.Remove(dir) })
	options := fmt.Sprintf("size=%dm,mode=0777", megabytes)
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", dir).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("mount a small disk: %w: %s", err, out)
	}
	tb.Cleanup(func() { _ = exec.Command("umount", "-l", dir).Run() })
	return &Disk{dir}, nil
}

func (d *Disk) filler() string { return filepath.Join(d.Dir, "filler") }

// Fill takes all the room there is.
func (d *Disk) Fill() error {
	f, err := os.OpenFile(d.filler(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("fill the disk: %w", err)
	}
	defer f.Close()
	for block := make([]byte, 1<<20); len(block) > 0; {
		switch _, err := f.Write(block); {
		case errors.Is(err, syscall.ENOSPC):
			block = block[:len(block)/2]
		case err != nil:
			return fmt.Errorf("fill the disk: %w", err)
		}
	}
	return nil
}

// Free gives the room back.
func (d *Disk) Free() error { return os.Remove(d.filler()) }
