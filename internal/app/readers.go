package app

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
	"dengwen/internal/config"
	"dengwen/petition"
)

// readers are what understands and answers: offline alone, or with a language model on top
// where one is set up.
type readers struct {
	Reader turn.Reader
	Answer turn.Answer
	hear   func(ctx context.Context, recording io.Reader, name string) (string, error) // nil = nobody listens
	warm   func()                                                                      // reads a message for practice
}

func NewReaders(set *config.Settings, office *petition.Office, book *answer.Book) (w readers, err error) {
	offline, err := assist.NewReader(office, book)
	if err != nil {
		return w, fmt.Errorf("prepare the offline reader: %w", err)
	}
	warm := func() {
		for _, text := range warmupStories {
			_, _ = offline.Read(context.Background(), text, "", time.Now())
		}
	}
	if !set.Model() {
		return readers{Reader: offline, Answer: assist.Answers(book), warm: warm}, nil
	}
	m, err := model.New(model.Config{
		Key: set.OpenAIKey, BaseURL: set.OpenAIBase, Name: set.OpenAIModel, Voice: set.OpenAIVoice,
		Daily: set.OpenAIDaily, Sealed: set.OpenAISealed, Prompts: set.OpenAIPrompts,
	}, office, offline)
	if err != nil {
		return w, fmt.Errorf("prepare the language model: %w", err)
	}
	w = readers{Reader: m, Answer: assist.Rephrased(book, m), warm: warm}
	if m.Hears() {
		w.hear = m.Transcribe
	}
	return w, nil
}

// warmupStories is what the reader reads before the first person writes: what it compiles
// for that takes up to a second, which nobody should wait for.
var warmupStories = []string{
	"我是营盘镇二组的村民，去年 3 月老板拖欠我们 12 个人工资 3 万元，找过镇上和信访局，一直没人管，请帮忙要回来。电话 13800000000",
	"The road at our village has been broken since last month, please repair it. How long does it take?",
}

// related proposes petitions about one matter, where the cases are in this process.
func (a *App) related() func(context.Context, petition.View) ([]bot.Related, error) {
	if a.Store == nil {
		return nil
	}
	return assist.NewRelatedFinder(a.Store).Related
}

func (a *App) modelName() string {
	if !a.Settings.Model() {
		return ""
	}
	return a.Settings.OpenAIModel
}

func NewBook(o *petition.Office) (*answer.Book, error) {
	return answer.New(answer.Office{
		Name: o.Name, Phone: o.Phone, Hours: o.Hours, Address: o.Address, Bring: o.Documents,
	})
}
