package main

import (
	"context"
	"fmt"
	"io"
	"time"

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
	h.warm = func() {
		for _, text := range practice {
			_, _ = offline.Read(context.Background(), text, "", time.Now())
		}
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

// practice is what the reader reads before the first person writes: what it compiles
// for that takes up to a second, which nobody should wait for.
var practice = []string{
	"我是营盘镇二组的村民，去年 3 月老板拖欠我们 12 个人工资 3 万元，找过镇上和信访局，一直没人管，请帮忙要回来。电话 13800000000",
	"The road at our village has been broken since last month, please repair it. How long does it take?",
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
