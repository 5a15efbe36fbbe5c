package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"dengwen/assist/classify"
)

type trainCmd struct {
	File string `arg:"" type:"existingfile"`
	Out  string `default:"model.bin" type:"path"`
	Eval bool
}

func (c trainCmd) Run(std streams, sp *speech) error {
	return withInput(c.File, std.in, func(in io.Reader) error {
		opts := classify.TrainOptions{EvalOnly: c.Eval, Report: std.err, Warn: std.err}
		opts.Progress = classify.Progress(os.Stderr)
		if c.Eval {
			return classify.RunTrain(in, io.Discard, opts)
		}
		var model bytes.Buffer // a training that fails leaves the file that was there
		trained := classify.RunTrain(in, &model, opts)
		if model.Len() == 0 {
			return trained
		}
		if err := os.WriteFile(c.Out, model.Bytes(), 0o644); err != nil {
			return fmt.Errorf("write model: %w", err)
		}
		fmt.Fprintln(std.err, sp.say("cli.train.wrote", "File", c.Out, "MB", fmt.Sprintf("%.1f", float64(model.Len())/1e6)))
		return trained
	})
}
