package terminal

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// event reads a message: a button's number or words, /file, /place, another command,
// or what the person has to say.
func (d *Door) event(ctx context.Context, line string) (bot.Event, error) {
	text := strings.TrimSpace(line)
	if m := replyLike.FindStringSubmatch(text); m != nil {
		return d.reply(ctx, m[1], strings.TrimSpace(m[2]))
	}
	if p := d.press(text); p != nil {
		return bot.Event{Press: p}, nil
	}
	return d.messageEvent(ctx, text)
}

func (d *Door) messageEvent(ctx context.Context, text string) (bot.Event, error) {
	name, rest := commandIn(text)
	switch name {
	case "file":
		return d.file(ctx, rest)
	case "place":
		return d.place(rest)
	}
	return bot.Event{Text: text, Command: name, Args: rest}, nil
}

var replyLike = regexp.MustCompile(`^\^(\d*)\s+(?s:(.+))$`)

// reply answers a message by its number, without one the last: ^3 words, ^3 /file
// photo.jpg, or ^3 2 to press its second button.
func (d *Door) reply(ctx context.Context, number, text string) (bot.Event, error) {
	d.mu.Lock()
	n := len(d.cases)
	if number != "" {
		n, _ = strconv.Atoi(number)
	}
	if n < 1 || n > len(d.cases) {
		d.mu.Unlock()
		return bot.Event{}, errors.New(d.say("no_message"))
	}
	to := d.cases[n-1]
	d.mu.Unlock()
	if p := pressOf(to.buttons, to.ref, text); p != nil {
		return bot.Event{Press: p}, nil
	}
	e, err := d.messageEvent(ctx, text)
	e.ReplyTo = to.ref
	return e, err
}

// press finds the button that text stands for: 1, [1], its words, or its words in
// brackets.
func (d *Door) press(text string) *bot.Press {
	d.mu.Lock()
	defer d.mu.Unlock()
	return pressOf(d.buttonsShown, d.ref, text)
}

func pressOf(keys []shownButton, ref, text string) *bot.Press {
	if inner, ok := strings.CutPrefix(text, "["); ok && strings.HasSuffix(inner, "]") {
		text = strings.TrimSuffix(inner, "]")
	}
	for _, k := range keys {
		if strings.EqualFold(k.mark, text) || strings.EqualFold(k.Text, text) {
			return &bot.Press{Data: k.Data, Ref: ref}
		}
	}
	return nil
}

var slashLike = regexp.MustCompile(`^/([A-Za-z][A-Za-z_]{0,31})(?:\s+(?s:(.*)))?$`)

func commandIn(text string) (name, rest string) {
	m := slashLike.FindStringSubmatch(text)
	if m == nil {
		return "", ""
	}
	return strings.ToLower(m[1]), strings.TrimSpace(m[2])
}

// file stores the file at path and makes the message that carries it.
func (d *Door) file(ctx context.Context, path string) (bot.Event, error) {
	if d.Cases == nil || path == "" {
		return bot.Event{}, errors.New(d.say("no_file"))
	}
	f, err := os.Open(path)
	if err != nil {
		return bot.Event{}, errors.New(d.say("cannot_open", "Name", path))
	}
	defer f.Close()
	name := filepath.Base(path)
	at := petition.Attachment{ID: "term-" + hex.EncodeToString(random(16)), Name: name, Kind: kindOf(name)}
	at, err = d.Cases.Attach(ctx, d.actor(ctx), at, f)
	if err != nil {
		return bot.Event{}, d.fileRefusal(name, err)
	}
	m := bot.Media{ID: at.ID, Kind: at.Kind, Name: at.Name, Type: at.Type, Size: at.Size, Stored: true}
	return bot.Event{Media: []bot.Media{m}}, nil
}

// fileRefusal says what to do about a file that was not stored.
func (d *Door) fileRefusal(name string, err error) error {
	var e *petition.Error
	switch {
	case petition.Retryable(err):
		return errors.New(d.say("trouble"))
	case errors.As(err, &e) && strings.Contains(e.Key, "large"):
		return errors.New(d.say("too_large", "Name", name))
	}
	return errors.New(d.say("bad_kind", "Name", name))
}

// kindOf guesses by the name; whoever stores the file looks at the bytes.
func kindOf(name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".heic", ".gif":
		return "photo"
	case ".mp3", ".m4a", ".ogg", ".oga", ".amr", ".wav", ".aac":
		return "audio"
	case ".mp4", ".mov", ".3gp", ".webm":
		return "video"
	}
	return "document"
}

// place reads degrees north and east, "33.68 109.11" or "33.68, 109.11".
func (d *Door) place(text string) (bot.Event, error) {
	var lat, lon float64
	_, err := fmt.Sscan(strings.NewReplacer(",", " ", "，", " ").Replace(text), &lat, &lon)
	if err != nil || !(lat >= -90 && lat <= 90) || !(lon >= -180 && lon <= 180) {
		return bot.Event{}, errors.New(d.say("no_place"))
	}
	return bot.Event{Location: &bot.Location{Lat: lat, Lon: lon}}, nil
}

// actor is whose files these are: an officer's, or the citizen's.
func (d *Door) actor(ctx context.Context) petition.Actor {
	if d.Who != nil {
		return d.Who(ctx, d.Conv)
	}
	return petition.Actor{Owner: d.Conv, Asker: d.Conv}
}
