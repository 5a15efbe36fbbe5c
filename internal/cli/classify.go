package cli

import (
	"fmt"
	"io"
	"os"

	"dengwen/assist/classify"
)

type classifyCmd struct {
	Among []string
	Model string `type:"existingfile"`
	File  string `arg:"" optional:"" type:"existingfile"`
}

func (c classifyCmd) Run(std streams) error {
	opts := classify.RunOptions{Among: c.Among, Warn: std.err}
	if c.Model != "" {
		f, err := os.Open(c.Model)
		if err != nil {
			return fmt.Errorf("open model: %w", err)
		}
		defer f.Close()
		if opts.Model, err = classify.Read(f); err != nil {
			return fmt.Errorf("read model %s: %w", c.Model, err)
		}
	}
	return withInput(c.File, std.in, func(in io.Reader) error { return classify.Run(in, std.out, opts) })
}
