package cli

import (
	"io"
	"os"

	"dengwen/assist/classify"
	"dengwen/assist/related"
)

type relatedCmd struct {
	Eval string `help:"groups known to be related, JSON lines {\"group\",\"ids\",\"ignore\"}: measure on them instead" type:"existingfile"`
	File string `arg:"" optional:"" help:"JSON lines {\"id\",\"user\",\"time\",\"title\",\"text\"} (default: standard input)" type:"existingfile"`
}

func (c relatedCmd) Run(std streams) error {
	return withInput(c.File, std.in, func(in io.Reader) error {
		if c.Eval != "" {
			return withInput(c.Eval, std.in, func(groups io.Reader) error { return related.RunEval(in, groups, std.out) })
		}
		return related.Run(in, std.out, related.RunOptions{Warn: std.err, Progress: classify.Progress(os.Stderr)})
	})
}
