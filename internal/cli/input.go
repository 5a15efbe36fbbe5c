package cli

import (
	"io"
	"os"
)

func withInput(path string, std io.Reader, do func(io.Reader) error) error {
	if path == "" || path == "-" {
		return do(std)
	}
	f, err := os.Open(path)
	if err != nil {
		return fault("cli.file_unread", err, "file", path)
	}
	defer f.Close()
	return do(f)
}
