//go:build !unix

package app

import "errors"

// FreeBytes is an error: the system call is not known here.
func FreeBytes(string) (uint64, error) { return 0, errors.New("not known on this system") }
