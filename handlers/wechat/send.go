package wechat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"dengwen/bot"
	"dengwen/bot/turn"
)

// maxBytes is how long a text may be, in bytes of UTF-8. The platform's manual names no number;
// others measured 2,048.
const maxBytes = 2048

// keptFor is how long what could not be said waits for the person's next message.
const keptFor = 30 * 24 * time.Hour

// Send says a message: in the answer of the request that waits, as a customer service message, or,
// where neither is allowed any more, as a notice that there is news. What can't be said is kept
// for the person's next message, and the turn is told that they were not reached.
func (d *Door) Send(ctx context.Context, conv, key string, say bot.Say) error {
	if d.cfg.Log != nil {
		if err := d.cfg.Log.Send(ctx, conv, key, say); err != nil {
			return err
		}
	}
	if strings.HasPrefix(key, "web:") {
		return nil // said to somebody who wrote in the browser
	}
	choices := choicesOf(say)
	if err := d.offer(ctx, conv, key, choices); err != nil {
		return &turn.SendError{Err: err}
	}
	before, err := d.lateTexts(ctx, conv)
	if err != nil {
		return &turn.SendError{Err: err}
	}
	parts := split(strings.Join(append(before, d.text(say, choices)), "\n\n"))
	if d.answer(ctx, conv, parts[0]) == nil {
		parts = parts[1:]
	}
	for _, text := range parts {
		err := d.call(ctx, "/cgi-bin/message/custom/send", map[string]any{
			"touser": openidOf(conv), "msgtype": "text", "text": map[string]string{"content": text},
		})
		if is(err, codeWindow, codeUsedUp) {
			return d.late(ctx, conv, key, say, d.text(say, nil))
		}
		if err != nil {
			return sendError(err)
		}
	}
	if len(before) == 0 {
		return nil
	}
	if err := d.keep(ctx, d.lateOf(conv), "said:"+key, []byte("[]"), true); err != nil {
		d.cfg.Logger.Warn("wechat: what was kept may be said again", "err", err)
	}
	return nil
}

// lateTexts are what could not be said before.
func (d *Door) lateTexts(ctx context.Context, conv string) (texts []string, err error) {
	err = d.kept(ctx, d.lateOf(conv), func(_ string, body []byte) error {
		var parts []string
		if err := json.Unmarshal(body, &parts); err != nil {
			return err
		}
		texts = append(texts, parts...)
		return nil
	})
	return texts, err
}

// text is a message with its buttons as numbers to answer with, and where its papers are.
func (d *Door) text(say bot.Say, choices []choice) string {
	var b strings.Builder
	b.WriteString(say.Text)
	for _, c := range choices {
		if c.URL == "" {
			fmt.Fprintf(&b, "\n%s %s", c.Mark, c.Text)
		} else {
			fmt.Fprintf(&b, "\n%s %s", c.Text, c.URL)
		}
	}
	if len(choices) > 0 && choices[0].Mark != "" {
		b.WriteString("\n" + d.cfg.Locales.Say(d.langOf(say), "wechat.choose"))
	}
	if about := papersOf(say); about != "" && d.cfg.Public != "" {
		b.WriteString("\n" + d.cfg.Locales.Say(d.langOf(say), "wechat.papers", "Link", d.cfg.Public+"/c/"+about))
	}
	return b.String()
}

// papersOf is the case whose receipt, files or papers a message carries, "" = none.
func papersOf(say bot.Say) string {
	switch {
	case say.Receipt != nil:
		return say.Receipt.Number
	case len(say.Media) > 0, len(say.Documents) > 0:
		return say.About
	}
	return ""
}

func (d *Door) langOf(say bot.Say) string {
	if d.cfg.Locales.Speaks(say.Lang) {
		return say.Lang
	}
	return d.cfg.Locales.Languages()[0].Tag
}

// split cuts a text into messages, between lines where there is one in the second half.
func split(text string) (parts []string) {
	for len(text) > maxBytes {
		cut := maxBytes
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		if nl := strings.LastIndexByte(text[:cut], '\n'); nl > cut/2 {
			cut = nl
		}
		parts, text = append(parts, text[:cut]), strings.TrimPrefix(text[cut:], "\n")
	}
	return append(parts, text)
}

// late keeps what could not be said, and tells by a notice, where the person subscribed to them,
// that a case has moved on.
func (d *Door) late(ctx context.Context, conv, key string, say bot.Say, text string) error {
	body, err := json.Marshal([]string{text})
	if err != nil {
		return err
	}
	if err := d.keep(ctx, d.lateOf(conv), key, body, false); err != nil {
		return &turn.SendError{Err: err}
	}
	err = errNotReached
	if say.About != "" && !bot.OfBulletin(say.About) && d.cfg.Notice.Template != "" {
		err = d.notify(ctx, conv, key, say)
	}
	if err == nil {
		return nil
	}
	out := sendError(err)
	out.Gone = out.Gone || errors.Is(err, errNotReached)
	return out
}

var errNotReached = errors.New("the person can't be written to before they write again")

// notify sends the subscription notice (订阅通知): the number, and that there is news.
func (d *Door) notify(ctx context.Context, conv, key string, say bot.Say) error {
	n := d.cfg.Notice
	body := map[string]any{
		"touser": openidOf(conv), "template_id": n.Template, "client_msg_id": clientID(key),
		"data": map[string]any{
			n.Number: map[string]string{"value": say.About},
			n.News:   map[string]string{"value": d.cfg.Locales.Say(d.langOf(say), "wechat.news")},
		},
	}
	if d.cfg.Public != "" {
		body["page"] = d.cfg.Public + "/c/" + say.About
	}
	return d.call(ctx, "/cgi-bin/message/subscribe/bizsend", body)
}

// clientID is what makes a notice that is sent again harmless, of 32 characters at most.
func clientID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// keep puts something sealed into a log of its own beside the conversation.
func (d *Door) keep(ctx context.Context, log, key string, body []byte, alone bool) error {
	sealed, err := d.cfg.Box.Seal(body, turn.PostPlace(log, key))
	if err != nil {
		return err
	}
	put := d.cfg.Mail.Put
	if alone {
		put = d.cfg.Mail.Restart
	}
	if err := put(ctx, log, key, sealed, keptFor); err != nil {
		return fmt.Errorf("keep what is said in WeChat: %w", err)
	}
	return nil
}

// kept reads such a log, oldest first.
func (d *Door) kept(ctx context.Context, log string, each func(key string, body []byte) error) error {
	items, err := d.cfg.Mail.Since(ctx, log, 0, 100)
	if err != nil {
		return fmt.Errorf("read what is kept of WeChat: %w", err)
	}
	for _, i := range items {
		plain, err := d.cfg.Box.Open(i.Body, turn.PostPlace(log, i.Key))
		if err != nil {
			return fmt.Errorf("open what is kept of WeChat: %w", err)
		}
		if err := each(i.Key, plain); err != nil {
			return err
		}
	}
	return nil
}

func (d *Door) lateOf(conv string) string { return turn.MailboxName(d.cfg.Box, conv) + "#late" }

func (d *Door) offeredOf(conv string) string { return turn.MailboxName(d.cfg.Box, conv) + "#offered" }

// choice is a button as a number to answer with, or as a link.
type choice struct {
	Mark string `json:"mark,omitempty"` // typed to press it, "" = a link
	Text string `json:"text"`
	Data string `json:"data,omitempty"`
	URL  string `json:"url,omitempty"`
}

func choicesOf(say bot.Say) (all []choice) {
	n := 0
	for _, row := range say.Rows {
		for _, b := range row {
			c := choice{Text: b.Text, Data: b.Data, URL: b.URL}
			if b.URL == "" {
				n++
				c.Mark = say.Mark(n)
			}
			all = append(all, c)
		}
	}
	return all
}

// offer notes what the numbers mean from now on.
func (d *Door) offer(ctx context.Context, conv, key string, choices []choice) error {
	body, err := json.Marshal(choices)
	if err != nil {
		return err
	}
	return d.keep(ctx, d.offeredOf(conv), key, body, true)
}

// choose makes a press of a text that is the number or the words of a button of the last message.
func (d *Door) choose(ctx context.Context, conv string, e *bot.Event) error {
	text := strings.TrimSpace(fullWidth.Replace(e.Text))
	if text == "" || len(e.Media) > 0 || utf8.RuneCountInString(text) > 40 {
		return nil
	}
	return d.kept(ctx, d.offeredOf(conv), func(key string, body []byte) error {
		var choices []choice
		if err := json.Unmarshal(body, &choices); err != nil {
			return err
		}
		for _, c := range choices {
			if c.URL == "" && (strings.EqualFold(text, c.Mark) || strings.EqualFold(text, c.Text)) {
				e.Press, e.Text = &bot.Press{Data: c.Data, Ref: key}, ""
				return nil
			}
		}
		return nil
	})
}

var fullWidth = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9")
