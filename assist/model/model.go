// Package model lets a language model read stories and rephrase answers, through any
// OpenAI-compatible address. It proposes and never decides: what it says is parsed
// into a closed form or dropped, and where it is slow, wrong or gone the offline
// reader's result stands, in the same turn.
package model

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"text/template"
	"time"

	"dengwen/bot"
	"dengwen/petition"

	openai "github.com/sashabaranov/go-openai"
)

//go:embed prompts/*.tmpl
var prompts embed.FS

// Offline is the reader that is always there.
type Offline interface {
	Read(ctx context.Context, text, lang string, now time.Time) (bot.Reading, error)
}

// Config says where the model is and what it may cost.
type Config struct {
	Key, BaseURL, Name string
	Voice              string        // transcription model, "" = none
	Within             time.Duration // for one reading, retries included (default 2.5 s)
	Daily              int           // calls a day, 0 = no limit
	Sealed             bool          // may see reports on misconduct
	Prompts            string        // folder with own templates, "" = built in
	Now                func() time.Time
}

// Reader reads with the model on top of the offline reader.
type Reader struct {
	client   *openai.Client
	cfg      Config
	offline  Offline
	system   string
	rephrase *template.Template
	draft    *template.Template
	subjects map[string]bool
	places   map[string]bool
	breaker  *breaker
}

// New prepares a Reader; it calls nobody. It fails only on prompt templates that
// cannot be read.
func New(cfg Config, office *petition.Office, offline Offline) (*Reader, error) {
	if cfg.Within == 0 {
		cfg.Within = 2500 * time.Millisecond
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	t, err := templates(cfg.Prompts)
	if err != nil {
		return nil, err
	}
	r := &Reader{
		client: client(cfg), cfg: cfg, offline: offline,
		rephrase: t.Lookup("rephrase.tmpl"), draft: t.Lookup("draft.tmpl"),
		subjects: map[string]bool{}, places: map[string]bool{},
		breaker: newBreaker(cfg.Daily, cfg.Now),
	}
	for _, c := range office.Categories {
		r.subjects[c.Code] = true
	}
	for _, p := range office.Places {
		r.places[p.Code] = true
	}
	var b strings.Builder
	err = t.ExecuteTemplate(&b, "read.tmpl", map[string]any{"Subjects": office.Categories, "Places": office.Places})
	if err != nil {
		return nil, fmt.Errorf("fill prompt read.tmpl: %w", err)
	}
	r.system = b.String()
	return r, nil
}

func templates(folder string) (*template.Template, error) {
	var from fs.FS = prompts
	pattern := "prompts/*.tmpl"
	if folder != "" {
		from, pattern = os.DirFS(folder), "*.tmpl"
	}
	t, err := template.ParseFS(from, pattern)
	if err != nil {
		return nil, fmt.Errorf("read prompt templates: %w", err)
	}
	for _, name := range []string{"read.tmpl", "rephrase.tmpl"} {
		if t.Lookup(name) == nil {
			return nil, fmt.Errorf("read prompt templates: %s is missing in %s", name, folder)
		}
	}
	if t.Lookup("draft.tmpl") == nil { // a folder may leave it to the one built in
		if t, err = t.ParseFS(prompts, "prompts/draft.tmpl"); err != nil {
			return nil, fmt.Errorf("read prompt templates: %w", err)
		}
	}
	return t, nil
}

// The library has no time limit of its own; the context's is the real one, this one
// only catches a server that trickles.
func client(cfg Config) *openai.Client {
	c := openai.DefaultConfig(cfg.Key)
	if cfg.BaseURL != "" {
		c.BaseURL = strings.TrimRight(cfg.BaseURL, "/")
	}
	c.HTTPClient = &http.Client{
		Timeout:   30 * time.Second,
		Transport: limited{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error { // people's words go to the server that was set up and to no other
			return errors.New("the language model's server redirects")
		},
	}
	return openai.NewClientWithConfig(c)
}

// maxAnswerBytes is how much of an answer is read; a form takes some 2 KB.
const maxAnswerBytes = 64 << 10

// limited fails when the body of an answer is longer than maxAnswerBytes.
type limited struct{ http.RoundTripper }

func (l limited) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := l.RoundTripper.RoundTrip(req)
	if err == nil {
		res.Body = http.MaxBytesReader(nil, res.Body, maxAnswerBytes)
	}
	return res, err
}

// Read answers within Config.Within plus the offline reader's own milliseconds. It
// has no error of its own.
func (r *Reader) Read(ctx context.Context, text, lang string, now time.Time) (bot.Reading, error) {
	base, err := r.offline.Read(ctx, text, lang, now)
	if err != nil {
		return base, err
	}
	if r.skip(base) {
		return base, nil
	}
	masked, mask := conceal(text, base)
	var f form
	if r.ask(ctx, masked, &f) != nil {
		return base, nil
	}
	f.reveal(mask)
	return r.merge(base, f, text), nil
}

// skip keeps sealed matters, questions and emergencies away from the model: the
// first by right, the others because waiting gains nothing.
func (r *Reader) skip(base bot.Reading) bool {
	sealed := base.Class.Value == string(petition.Report) && !r.cfg.Sealed
	return sealed || base.Danger || base.Kind == "own_case" || base.Kind == "question" && base.KindConf > 0.8
}

func (r *Reader) ask(ctx context.Context, text string, f *form) error {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Within)
	defer cancel()
	return r.breaker.do(ctx, func() error {
		out, err := r.complete(ctx, openai.ChatCompletionRequest{
			Model: r.cfg.Name,
			Messages: []openai.ChatCompletionMessage{
				{Role: openai.ChatMessageRoleSystem, Content: r.system},
				{Role: openai.ChatMessageRoleUser, Content: fence("message", text)},
			},
			ResponseFormat: format(),
		})
		if err != nil {
			return err
		}
		return f.parse(out)
	})
}

func (r *Reader) complete(ctx context.Context, req openai.ChatCompletionRequest) (string, error) {
	res, err := r.client.CreateChatCompletion(ctx, req)
	if err != nil {
		return "", fmt.Errorf("ask language model: %w", err)
	}
	if len(res.Choices) == 0 {
		return "", fmt.Errorf("ask language model: %w", errEmpty)
	}
	return res.Choices[0].Message.Content, nil
}

var errEmpty = errors.New("the answer is empty")

// fence marks the citizen's words; a closing mark inside them is defused.
func fence(name, text string) string {
	text = strings.ReplaceAll(text, "</"+name, "< /"+name)
	return "<" + name + ">\n" + text + "\n</" + name + ">"
}
