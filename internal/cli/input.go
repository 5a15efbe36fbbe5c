package cli

import (
	"fmt"
	"io"
	"os"
)

func withInput(path string, std io.Reader, do func(io.Reader) error) error {
	if path == "" || path == "-" {
		return do(std)
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open input: %w", err)
	}
	defer f.Close()
	return do(f)
}
