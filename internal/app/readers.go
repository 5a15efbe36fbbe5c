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
	"dengwen/locales"
	"dengwen/petition"
)

// readers read what citizens write and answer questions on the rules: offline alone, or a
// language model before them where one is configured.
type readers struct {
	Reader     turn.Reader
	Answer     turn.Answer
	transcribe func(ctx context.Context, recording io.Reader, name string) (string, error) // nil = no speech recognition
	drafts     *model.Reader                                                               // nil = no language model
	people     func(text string) []string                                                  // names of persons
	warmUp     func()                                                                      // compiles what the first message would wait for
}

// NewReaders builds the offline readers, and the language model's where the settings have
// one.
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
		return readers{Reader: offline, Answer: assist.Answers(book), people: offline.People, warmUp: warm}, nil
	}
	m, err := model.New(model.Config{
		Key: set.OpenAIKey, BaseURL: set.OpenAIBase, Name: set.OpenAIModel, Voice: set.OpenAIVoice,
		Daily: set.OpenAIDaily, Sealed: set.OpenAISealed, Prompts: set.OpenAIPrompts,
	}, office, offline)
	if err != nil {
		return w, fmt.Errorf("prepare the language model: %w", err)
	}
	w = readers{Reader: m, Answer: assist.Rephrased(book, m), drafts: m, people: offline.People, warmUp: warm}
	if m.Hears() {
		w.transcribe = m.Transcribe
	}
	return w, nil
}

// warmupStories are read at start: the expressions that the reader compiles at their first
// use take up to a second, which no citizen should wait for.
var warmupStories = []string{
	"我是营盘镇二组的村民，去年 3 月老板拖欠我们 12 个人工资 3 万元，找过镇上和信访局，一直没人管，请帮忙要回来。电话 13800000000",
	"The road at our village has been broken since last month, please repair it. How long does it take?",
}

// related proposes petitions about one matter, where the cases are in this process.
func (a *App) related() func(context.Context, petition.View) ([]bot.Related, error) {
	if a.finder == nil {
		return nil
	}
	return a.finder.Related
}

func (a *App) modelName() string {
	if !a.Settings.Model() {
		return ""
	}
	return a.Settings.OpenAIModel
}

// NewBook builds the answers on the rules with the office's own data, in the languages of words
// and of DENGWEN_LOCALES.
func NewBook(s *config.Settings, o *petition.Office, words *locales.Catalog) (*answer.Book, error) {
	return answer.New(o, words, ownLocales(s)...)
}
