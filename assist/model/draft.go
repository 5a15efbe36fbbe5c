package model

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// Passage is what sentences of a draft may stand on.
type Passage struct {
	ID    string // by which the draft names it, as "law 3"
	Text  string // at most 2,000 characters of it are sent
	Other bool   // of another petition: a sentence that names what was covered there is left out
}

// DraftField is a text of a paper: its key, and what it is for.
type DraftField struct{ Key, About string }

// DraftAsk is what a draft is asked from.
type DraftAsk struct {
	Fields   []DraftField
	Passages []Passage
	Hide     []string // names and addresses of persons that are covered before anything is sent; numbers are found
}

// Sentence is one of a draft, with the ids of the passages it stands on.
type Sentence struct {
	Field, Text string
	Sources     []string
}

// ErrUnfit says that the model answered with nothing that can be used.
var ErrUnfit = errors.New("the model's draft cannot be used")

const (
	draftWithin   = 25 * time.Second // retries included
	maxPassage    = 2000             // characters
	maxSentences  = 60
	maxSentence   = 300 // characters
	draftGrounded = 0.5 // share of a sentence's characters that stand in its passages
)

const draftSchema = `{"type":"object","additionalProperties":false,"required":["sentences"],"properties":{"sentences":{"type":"array","items":
{"type":"object","additionalProperties":false,"required":["field","text","sources"],"properties":{"field":{"type":"string"},"text":{"type":"string"},
"sources":{"type":"array","items":{"type":"string"}}}}}}}`

// Draft asks for sentences of a paper, each standing on passages. It answers those that hold: of a field
// that was asked for, naming passages that there are, with no number, period, article, law or covered person that does
// not stand in them; and how many did not. ErrUnfit where none holds, another error where the model could not be asked.
func (r *Reader) Draft(ctx context.Context, ask DraftAsk) (good []Sentence, left int, err error) {
	own, others := mask{}, mask{}
	sources := map[string]string{}
	var sent strings.Builder
	for _, p := range ask.Passages {
		text := p.Text
		if runes := []rune(text); len(runes) > maxPassage {
			text = string(runes[:maxPassage])
		}
		if p.Other {
			text = others.hide(text, ask.Hide, "Q")
		} else {
			text = own.hide(text, ask.Hide, "P")
		}
		sources[p.ID] = text
		sent.WriteString(fence("passage", p.ID+"\n"+text) + "\n")
	}
	var prompt strings.Builder
	if err := r.draft.Execute(&prompt, ask); err != nil {
		return nil, 0, fmt.Errorf("fill prompt draft.tmpl: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, draftWithin)
	defer cancel()
	var out string
	err = r.breaker.do(ctx, func() (err error) {
		out, err = r.complete(ctx, openai.ChatCompletionRequest{
			Model: r.cfg.Name,
			Messages: []openai.ChatCompletionMessage{
				{Role: openai.ChatMessageRoleSystem, Content: prompt.String()},
				{Role: openai.ChatMessageRoleUser, Content: sent.String()},
			},
			ResponseFormat: &openai.ChatCompletionResponseFormat{
				Type: openai.ChatCompletionResponseFormatTypeJSONSchema,
				JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{
					Name: "draft", Schema: json.RawMessage(draftSchema), Strict: true,
				},
			},
		})
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	var answer struct{ Sentences []Sentence }
	if err := parse(out, &answer); err != nil || len(answer.Sentences) > maxSentences {
		return nil, 0, fmt.Errorf("%w: %w", ErrUnfit, err)
	}
	for _, s := range answer.Sentences {
		s.Text = clean(s.Text, maxSentence)
		if !holds(s, ask.Fields, sources) {
			left++
			continue
		}
		s.Text = own.reveal(s.Text)
		good = append(good, s)
	}
	if len(good) == 0 {
		return nil, left, ErrUnfit
	}
	return good, left, nil
}

var (
	covered = regexp.MustCompile(`\[[A-Z]+\d+\]`)
	others  = regexp.MustCompile(`\[Q\d+\]`)
	// What a sentence may not bring along: articles, laws, periods and sums in words.
	exact = regexp.MustCompile(`第[一二三四五六七八九十百零〇\d]+条|《[^《》]{1,40}》|[一二三四五六七八九十百千万亿两零〇]+(?:个?工作日|日|天|个月|月|年|元|人|户|亩|米|吨)`)
)

func holds(s Sentence, fields []DraftField, sources map[string]string) bool {
	if s.Text == "" || len(s.Sources) == 0 || others.MatchString(s.Text) || !slices.ContainsFunc(fields, func(f DraftField) bool { return f.Key == s.Field }) {
		return false
	}
	var stands strings.Builder
	for _, id := range s.Sources {
		text, ok := sources[id]
		if !ok {
			return false
		}
		stands.WriteString(text + "\n")
	}
	for _, piece := range append(exact.FindAllString(s.Text, -1), covered.FindAllString(s.Text, -1)...) {
		if !strings.Contains(stands.String(), piece) {
			return false
		}
	}
	return grounded(covered.ReplaceAllString(s.Text, ""), stands.String(), draftGrounded)
}
