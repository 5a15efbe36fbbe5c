//go:build !linux

package blob

import "io/fs"

func replaceFile(tmp, path string, was fs.FileInfo) error { return replaceIfThere(tmp, path, was) }
