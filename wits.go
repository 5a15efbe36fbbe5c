package main

import (
	"context"
	"fmt"
	"io"

	"dengwen/assist"
	"dengwen/assist/answer"
	"dengwen/assist/model"
	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/petition"
)

// wits are what understands and answers: offline alone, or with a language model on top
// where one is set up.
type wits struct {
	reader turn.Reader
	answer turn.Answer
	hear   func(ctx context.Context, recording io.Reader, name string) (string, error) // nil = nobody listens
}

func (h *house) wits(book *answer.Book) (w wits, err error) {
	offline, err := assist.NewReader(h.office, book)
	if err != nil {
		return w, fmt.Errorf("prepare the offline reader: %w", err)
	}
	if !h.set.Model() {
		return wits{reader: offline, answer: assist.Answers(book)}, nil
	}
	m, err := model.New(model.Config{
		Key: h.set.OpenAIKey, BaseURL: h.set.OpenAIBase, Name: h.set.OpenAIModel, Voice: h.set.OpenAIVoice,
		Daily: h.set.OpenAIDaily, Sealed: h.set.OpenAISealed, Prompts: h.set.OpenAIPrompts,
	}, h.office, offline)
	if err != nil {
		return w, fmt.Errorf("prepare the language model: %w", err)
	}
	w = wits{reader: m, answer: assist.Rephrased(book, m)}
	if m.Hears() {
		w.hear = m.Transcribe
	}
	return w, nil
}

// related proposes petitions about one matter, where the cases are in this process.
func (h *house) related() func(context.Context, petition.View) ([]bot.Related, error) {
	if h.store == nil {
		return nil
	}
	return assist.NewKin(h.store).Related
}

func (h *house) modelName() string {
	if !h.set.Model() {
		return ""
	}
	return h.set.OpenAIModel
}
