package cli

import (
	"fmt"
	"io"
	"os"

	"dengwen/assist/classify"
)

type classifyCmd struct {
	Among []string `help:"subjects to choose from, by commas (default: all)"`
	Model string   `help:"a model made by train (default: the one in the program)" type:"existingfile"`
	File  string   `arg:"" optional:"" help:"JSON lines {\"id\",\"title\",\"text\"} (default: standard input)" type:"existingfile"`
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
