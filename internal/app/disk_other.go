//go:build !unix

package app

import "errors"

func FreeBytes(string) (uint64, error) { return 0, errors.New("not known on this system") }
