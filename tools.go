package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"dengwen/assist/answer"
	"dengwen/assist/classify"
	"dengwen/assist/related"
	"dengwen/internal/config"
	"dengwen/petition"
)

type askCmd struct {
	Question []string `arg:"" help:"the question, in Chinese or English"`
	JSON     bool     `help:"print answer, articles, confidence and entry as JSON"`
	Lang     string   `default:"" enum:",zh-CN,en" help:"language of the answer (default: that of the question)"`
}

func (c askCmd) Run(s *config.Settings, std streams) error {
	office, err := loadOffice(s.Office)
	if err != nil {
		return err
	}
	book, err := newBook(office)
	if err != nil {
		return err
	}
	question := strings.Join(c.Question, " ")
	return answer.RunAsk(book, question, langOf(c.Lang, question), c.JSON, std.out)
}

// langOf guesses by the letters: a question without one Chinese character is English.
func langOf(said, text string) string {
	if said != "" {
		return said
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r >= 0x3400 }) {
		return "zh-CN"
	}
	return "en"
}

func newBook(o *petition.Office) (*answer.Book, error) {
	return answer.New(answer.Office{
		Name: o.Name, Phone: o.Phone, Hours: o.Hours, Address: o.Address, Bring: o.Documents,
	})
}

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

type trainCmd struct {
	File string `arg:"" help:"labelled messages, CSV or JSON lines with title, text, category" type:"existingfile"`
	Out  string `default:"model.bin" help:"where to write the model" type:"path"`
	Eval bool   `help:"hold out a fifth of the messages, report on it and write nothing"`
}

func (c trainCmd) Run(std streams) error {
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
		return trained
	})
}

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

type dueCmd struct {
	Rule string `help:"which period; an unknown one lists them all"`
	From string `help:"the day it starts, as 2026-08-03"`
	On   string `help:"the designated day, for periods that are set case by case"`
	JSON bool   `help:"print rule, article, from, due, rolled, internal and provisional as JSON"`
}

func (c dueCmd) Run(s *config.Settings, std streams) error {
	office, err := loadOffice(s.Office)
	if err != nil {
		return err
	}
	cal, err := petition.LoadCalendar(s.DataDir)
	if err != nil {
		return err
	}
	args := []string{"--rule", c.Rule, "--from", c.From}
	if c.On != "" {
		args = append(args, "--on", c.On)
	}
	if c.JSON {
		args = append(args, "--json")
	}
	return petition.RunDue(args, std.out, cal, office.Settings)
}

type calendarCmd struct {
	Import calendarImportCmd `cmd:"" help:"take in a year's notice"`
	Show   calendarShowCmd   `cmd:"" default:"1" help:"list the years"`
}

type calendarImportCmd struct {
	File string `arg:"" help:"JSON with the rest days and make-up working days of a year" type:"existingfile"`
}

func (c calendarImportCmd) Run(s *config.Settings, std streams) error {
	return petition.RunCalendar([]string{"import", c.File}, std.out, s.DataDir)
}

type calendarShowCmd struct{}

func (calendarShowCmd) Run(s *config.Settings, std streams) error {
	return petition.RunCalendar([]string{"show"}, std.out, s.DataDir)
}

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
