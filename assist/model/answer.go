package model

import (
	"context"
	"fmt"
	"io"
	"strings"

	openai "github.com/sashabaranov/go-openai"
)

// Rephrase says retrieved passages shorter, in the question's words. The caller
// checks the result against the passages; "" means that the model has nothing to
// say, could not be asked or did not know.
func (r *Reader) Rephrase(ctx context.Context, question string, passages []string) string {
	var b strings.Builder
	if r.rephrase.Execute(&b, map[string]any{"Passages": passages}) != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Within)
	defer cancel()
	var out string
	err := r.breaker.do(ctx, func() (err error) {
		out, err = r.complete(ctx, openai.ChatCompletionRequest{
			Model: r.cfg.Name,
			Messages: []openai.ChatCompletionMessage{
				{Role: openai.ChatMessageRoleSystem, Content: b.String()},
				{Role: openai.ChatMessageRoleUser, Content: fence("question", question)},
			},
		})
		return err
	})
	out = strings.TrimSpace(out)
	if err != nil || strings.Contains(out, "UNKNOWN") || len(out) > 3000 || links.MatchString(out) {
		return ""
	}
	return out
}

// Hears reports whether voice messages can be transcribed.
func (r *Reader) Hears() bool { return r.cfg.Voice != "" }

// Transcribe turns a voice message into text. name carries the file's ending, by
// which servers tell the format.
func (r *Reader) Transcribe(ctx context.Context, voice io.Reader, name string) (string, error) {
	res, err := r.client.CreateTranscription(ctx, openai.AudioRequest{
		Model: r.cfg.Voice, Reader: voice, FilePath: name,
	})
	if err != nil {
		return "", fmt.Errorf("transcribe voice message: %w", err)
	}
	return strings.TrimSpace(res.Text), nil
}
