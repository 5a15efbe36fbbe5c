package classify

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// RunOptions are those of Run.
type RunOptions struct {
	Model *Model    // default: the one in the binary
	Among []string  // labels to choose from; default: all
	Warn  io.Writer // where lines that cannot be read are named; default: nowhere
}

// Run classifies JSON lines {"id","title","text"} (title may be missing) into JSON lines
// {"id","category","confidence","subject","alternatives"}, one for one and in order. A line that cannot be read is
// named on Warn and passed over; Run then goes on and fails at the end with how many there were.
func Run(in io.Reader, out io.Writer, o RunOptions) error {
	model := o.Model
	if model == nil {
		var err error
		if model, err = Default(); err != nil {
			return err
		}
	}
	buffered := bufio.NewWriter(out)
	answers := json.NewEncoder(buffered)
	answers.SetEscapeHTML(false)
	faults := faultCounter{w: o.Warn}
	err := eachLine(in, func(line []byte) error {
		m, err := parseMessage(line)
		if err != nil {
			return err
		}
		return answers.Encode(struct {
			ID json.RawMessage `json:"id"`
			Result
		}{orNull(m.ID), model.Classify(m.Title, m.Text, o.Among)})
	}, faults.add)
	if err := errors.Join(err, buffered.Flush()); err != nil {
		return fmt.Errorf("classify: %w", err)
	}
	return faults.err()
}

func orNull(id json.RawMessage) json.RawMessage {
	if len(id) == 0 {
		return json.RawMessage("null")
	}
	return id
}

type faultCounter struct {
	w io.Writer
	n int
}

func (f *faultCounter) add(err error) {
	f.n++
	if f.w != nil {
		fmt.Fprintln(f.w, err)
	}
}

func (f *faultCounter) err() error {
	if f.n == 0 {
		return nil
	}
	return fmt.Errorf("%d lines could not be read and were passed over", f.n)
}

// TrainOptions are those of RunTrain.
type TrainOptions struct {
	Options
	EvalOnly bool      // hold out a fifth and report; no model is written
	Report   io.Writer // where the scores go
	Warn     io.Writer // where lines that cannot be read are named; default: nowhere
}

// RunTrain trains a model on the labelled messages in (JSON lines or CSV, see ReadExamples) and writes it to out,
// or with EvalOnly only measures on a held-out fifth.
func RunTrain(in io.Reader, out io.Writer, o TrainOptions) error {
	faults := faultCounter{w: o.Warn}
	examples, err := ReadExamples(in, faults.add)
	if err != nil {
		return err
	}
	report := o.Report
	if report == nil {
		report = io.Discard
	}
	if o.EvalOnly {
		scores, err := Evaluate(examples, o.Options)
		if err != nil {
			return err
		}
		fmt.Fprintf(report, "held out: %s", scores)
		return faults.err()
	}
	model, trained, err := Train(examples, o.Options)
	if err != nil {
		return err
	}
	if _, err := model.WriteTo(out); err != nil {
		return err
	}
	fmt.Fprintf(report, "%d messages in %d groups; cross-validated: %s", trained.Messages, trained.Groups, trained.Scores)
	return faults.err()
}

// String is the scores as lines of text.
func (s Scores) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "messages %d  accuracy %.3f  macro-F1 %.3f  top-2 %.3f  calibration error %.3f\n",
		s.Messages, s.Accuracy, s.MacroF1, s.TopTwo, s.CalibrationError)
	for _, l := range s.PerLabel {
		fmt.Fprintf(&b, "  %s: precision %.3f  recall %.3f  of %d\n", l.Label, l.Precision, l.Recall, l.Messages)
	}
	for _, c := range s.Certain {
		fmt.Fprintf(&b, "  confidence ≥ %.2f: precision %.3f  coverage %.3f\n", c.Threshold, c.Precision, c.Coverage)
	}
	return b.String()
}

// Progress returns a function that draws a bar on f, or nil where f is not a terminal.
func Progress(f *os.File) func(done, total int) {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return func(done, total int) {
		const width = 30
		filled := width * done / max(total, 1)
		fmt.Fprintf(f, "\r[%s%s] %d/%d", strings.Repeat("█", filled), strings.Repeat("·", width-filled), done, total)
		if done == total {
			fmt.Fprintln(f)
		}
	}
}
