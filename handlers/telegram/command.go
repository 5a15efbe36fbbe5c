package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
)

// command finds a command in a text by its bot_command entities, whose offsets
// count UTF-16 units. At the head of a text any command counts; further on only
// one the bot has, so that "/tmp" in a story stays part of the story. What follows
// the command is its argument, the payload of a deep link for one.
func (t translator) command(text string, marks []models.MessageEntity) (name, args string) {
	for _, m := range marks {
		if m.Type != models.MessageEntityTypeBotCommand {
			continue
		}
		from, to, ok := span(text, m.Offset, m.Length)
		if !ok {
			continue
		}
		if name, ok := t.commandName(text[from:to], from == 0); ok {
			return name, strings.TrimSpace(text[to:])
		}
	}
	if len(marks) == 0 && strings.HasPrefix(text, "/") {
		return t.commandWithoutEntities(text)
	}
	return "", ""
}

// commandWithoutEntities reads a command at the head of a text that came without entities, as some
// Bot API servers send it.
func (t translator) commandWithoutEntities(text string) (name, args string) {
	head, rest, _ := strings.Cut(text, " ")
	if name, ok := t.commandName(head, true); ok {
		return name, strings.TrimSpace(rest)
	}
	return "", ""
}

// commandName is the name in "/name@bot" if it is meant for this bot.
func (t translator) commandName(mark string, head bool) (string, bool) {
	name, whom, _ := strings.Cut(strings.TrimPrefix(mark, "/"), "@")
	name = strings.ToLower(name)
	if whom != "" && t.username != "" && !strings.EqualFold(whom, t.username) {
		return "", false
	}
	return name, isCommand(name) && (head || t.known[name])
}

func isCommand(name string) bool {
	for _, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return false
		}
	}
	return name != "" && len(name) <= 32
}

// span turns an offset and length in UTF-16 units into byte positions.
func span(text string, offset, length int) (from, to int, ok bool) {
	if offset < 0 || length <= 0 {
		return 0, 0, false
	}
	from, ok = bytesAt(text, offset)
	if !ok {
		return 0, 0, false
	}
	n, ok := bytesAt(text[from:], length)
	return from, from + n, ok
}

// bytesAt is the byte position after so many UTF-16 units.
func bytesAt(text string, units int) (int, bool) {
	at := 0
	for at < len(text) && units > 0 {
		r, size := utf8.DecodeRuneInString(text[at:])
		units -= unitsOf(r)
		at += size
	}
	return at, units == 0
}

// unitsOf is how many UTF-16 units a rune takes.
func unitsOf(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

func hasHan(s string) bool {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}
