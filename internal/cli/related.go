package cli

import (
	"io"
	"os"

	"dengwen/assist/classify"
	"dengwen/assist/related"
)

type relatedCmd struct {
	Eval string `type:"existingfile"`
	File string `arg:"" optional:"" type:"existingfile"`
}

func (c relatedCmd) Run(std streams) error {
	return withInput(c.File, std.in, func(in io.Reader) error {
		if c.Eval != "" {
			return withInput(c.Eval, std.in, func(groups io.Reader) error { return related.RunEval(in, groups, std.out) })
		}
		return related.Run(in, std.out, related.RunOptions{Warn: std.err, Progress: classify.Progress(os.Stderr)})
	})
}
