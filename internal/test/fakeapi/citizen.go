package fakeapi

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Citizen is a person in a private chat with the bot. Not for concurrent use.
type Citizen struct {
	Chat *Chat
	Lang string // language_code of the client

	s    *Server
	read int // entries of the chat's log already expected
	sent int64
}

// Citizen is the person whose chat has this id.
func (s *Server) Citizen(id int64) *Citizen {
	return &Citizen{Chat: s.Chat(id), Lang: "zh-hans", s: s}
}

type object = map[string]any

func (c *Citizen) user() object {
	return object{"id": c.Chat.ID, "is_bot": false, "first_name": "Citizen", "language_code": c.Lang}
}

func (c *Citizen) home() object {
	return object{"id": c.Chat.ID, "first_name": "Citizen", "type": "private"}
}

// Message sends a message with the given fields of the Bot API's Message and
// answers the update's id.
func (c *Citizen) Message(fields object) int64 { return c.push("message", fields) }

// Edit changes the newest message the citizen sent.
func (c *Citizen) Edit(text string) int64 {
	c.sent--
	return c.push("edited_message", object{"text": text, "edit_date": time.Now().Unix()})
}

// EditCaption changes the words under the newest message, which had the fields.
func (c *Citizen) EditCaption(fields object, caption string) int64 {
	c.sent--
	edited := maps.Clone(fields)
	edited["caption"], edited["edit_date"] = caption, time.Now().Unix()
	return c.push("edited_message", edited)
}

func (c *Citizen) push(kind string, fields object) int64 {
	c.sent++
	m := object{"message_id": 500_000 + c.sent, "from": c.user(), "chat": c.home(), "date": time.Now().Unix()}
	for k, v := range fields {
		m[k] = v
	}
	return c.update(object{kind: m})
}

func (c *Citizen) update(u object) int64 {
	body, err := json.Marshal(u)
	if err != nil {
		panic("fakeapi: " + err.Error()) // maps of plain values
	}
	return c.s.Push(c.Chat.ID, body)
}

// Say types a text; a command at its head is marked as clients mark it.
func (c *Citizen) Say(text string) int64 {
	f := object{"text": text}
	if head, _, _ := strings.Cut(text, " "); strings.HasPrefix(head, "/") {
		f["entities"] = []object{{"type": "bot_command", "offset": 0, "length": len(head)}}
	}
	return c.Message(f)
}

// Photo sends a picture in two sizes; its file id is id. album "" = on its own.
func (c *Citizen) Photo(id, caption, album string) int64 {
	c.s.AddFile(id, jpeg)
	c.s.AddFile(id+"s", jpeg)
	f := object{"photo": []object{
		{"file_id": id + "s", "file_unique_id": "s", "width": 90, "height": 60, "file_size": len(jpeg)},
		{"file_id": id, "file_unique_id": "l", "width": 1280, "height": 960, "file_size": len(jpeg)},
	}}
	if caption != "" {
		f["caption"] = caption
	}
	if album != "" {
		f["media_group_id"] = album
	}
	return c.Message(f)
}

// Locate shares a point.
func (c *Citizen) Locate(lat, lon float64) int64 {
	return c.Message(object{"location": object{"latitude": lat, "longitude": lon}})
}

// Share sends the citizen's own card.
func (c *Citizen) Share(name, phone string) int64 {
	return c.Message(object{"contact": object{"first_name": name, "phone_number": phone, "user_id": c.Chat.ID}})
}

// Press presses the newest button whose text or data matches and answers the
// callback query's id ("" for a button of the keyboard, whose text is sent).
func (c *Citizen) Press(pattern string) (string, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return "", fmt.Errorf("press %q: %w", pattern, err)
	}
	return c.press(re)
}

func (c *Citizen) press(re *regexp.Regexp) (string, error) {
	log := c.Chat.Messages()
	for i := len(log) - 1; i >= 0; i-- {
		if b, found := log[i].Button(re); found {
			return c.pressOn(&log[i], b), nil
		}
	}
	last := ""
	if len(log) > 0 {
		last = log[len(log)-1].Text
	}
	return "", fmt.Errorf("no button matches %q; the bot last said %q", re, last)
}

// Tap presses the button of a message whose text or data matches; false when it has
// none.
func (c *Citizen) Tap(m Message, re *regexp.Regexp) bool {
	b, found := m.Button(re)
	if found {
		c.pressOn(&m, b)
	}
	return found
}

func (c *Citizen) pressOn(m *Message, b Button) string {
	if !b.Inline {
		c.Say(b.Text)
		return ""
	}
	id := strconv.FormatInt(c.Chat.ID, 10) + "-" + strconv.FormatInt(c.s.pressID.Add(1), 10)
	c.s.presses.Store(id, new(atomic.Int64))
	c.update(object{"callback_query": object{
		"id": id, "from": c.user(), "chat_instance": "1", "data": b.Data,
		"message": object{"message_id": m.ID, "chat": c.home(), "date": m.At.Unix(), "text": m.Text},
	}})
	return id
}

// Expect waits for the next thing the bot says that matches, and takes note that
// everything up to it was read.
func (c *Citizen) Expect(ctx context.Context, pattern string) (Message, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return Message{}, fmt.Errorf("expect %q: %w", pattern, err)
	}
	return c.expect(ctx, re)
}

// Next waits for the next thing the bot says.
func (c *Citizen) Next(ctx context.Context) (Message, error) { return c.expect(ctx, anything) }

var anything = regexp.MustCompile("")

func (c *Citizen) expect(ctx context.Context, re *regexp.Regexp) (Message, error) {
	for {
		c.Chat.mu.Lock()
		for i := c.read; i < len(c.Chat.log); i++ {
			if m := c.Chat.log[i]; re.MatchString(m.Text) {
				c.read = i + 1
				c.Chat.mu.Unlock()
				return m, nil
			}
		}
		changed := c.Chat.changed
		c.Chat.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("nothing the bot said matches %q: %w; unread %q", re, ctx.Err(), c.unread())
		}
	}
}

func (c *Citizen) unread() (texts []string) {
	log := c.Chat.Messages()
	for _, m := range log[min(c.read, len(log)):] {
		texts = append(texts, m.Text)
	}
	return texts
}

// jpeg is the smallest picture a type sniffer takes for one.
var jpeg = []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9")
