package telegram

import (
	"strconv"
	"strings"

	"dengwen/bot"
)

func isGroup(c chat) bool { return c.Type == "group" || c.Type == "supergroup" }

// inGroup fills in what only a group's message has; false when there is nothing in it
// for a conversation. Messages of anonymous administrators and
// other bots are ignored.
func inGroup(out *translated, m *message) bool {
	e := &out.Event
	if m.MovedTo != 0 {
		out.Conv, e.Moved, e.From = convOf(m.Chat.ID), convOf(m.MovedTo), convOf(m.Chat.ID)
		return false
	}
	if m.From == nil || m.From.Bot {
		out.Skip = "group"
		return false
	}
	out.Conv = topicConv(m.Chat, m)
	e.From, e.Forum, e.Topic = convOf(m.From.ID), m.Chat.Forum, topicOf(out.Conv)
	return true
}

// topicConv is the conversation of a group, or of the topic a message stands in.
func topicConv(c chat, m *message) string {
	if m == nil || !m.Topic || m.Thread == 0 {
		return convOf(c.ID)
	}
	return convOf(c.ID) + "/" + strconv.FormatInt(m.Thread, 10)
}

func topicOf(conv string) string {
	_, topic, _ := strings.Cut(conv, "/")
	return topic
}

// membership translates a change of the bot's own membership (Bot API my_chat_member).
func membership(out *translated, m *member) {
	gone := m.New.Status == "kicked" || m.New.Status == "left"
	switch {
	case isGroup(m.Chat) && gone:
		out.Conv, out.Event.Removed, out.Event.From = convOf(m.Chat.ID), true, convOf(m.Chat.ID)
	case isGroup(m.Chat):
		out.Skip = "group"
	case skipChat(m.Chat) != "":
		out.Skip = skipChat(m.Chat)
	case gone:
		out.Skip = "blocked"
	default:
		out.Skip = "unblocked"
	}
}

// usesInvitation reports whether an event uses an invitation: the only one whose sender's
// Telegram name is taken. Citizens' names are not.
func usesInvitation(e *bot.Event) bool {
	return e.Command == "join" || e.Command == "start" && strings.HasPrefix(e.Args, "join_")
}

// name is what a sender calls themselves, as it is said in their script.
func (u user) name() string {
	if hasHan(u.Last) {
		return strings.TrimSpace(u.Last + u.First)
	}
	return strings.TrimSpace(u.First + " " + u.Last)
}
