package telegram

import (
	"strconv"
	"strings"

	"github.com/go-telegram/bot/models"

	"dengwen/bot"
)

func isGroup(c models.Chat) bool {
	return c.Type == models.ChatTypeGroup || c.Type == models.ChatTypeSupergroup
}

// inGroup fills in what only a group's message has; false when there is nothing in it
// for a conversation. Messages of other bots are ignored; an anonymous administrator writes as the
// group (Bot API sender_chat).
func inGroup(out *translated, m *models.Message) bool {
	e := &out.Event
	if m.MigrateToChatID != 0 {
		out.Conv, e.Moved, e.From = convOf(m.Chat.ID), convOf(m.MigrateToChatID), convOf(m.Chat.ID)
		return false
	}
	e.Hidden = m.SenderChat != nil && m.SenderChat.ID == m.Chat.ID
	if !e.Hidden && (m.From == nil || m.From.IsBot) {
		out.Skip = "group"
		return false
	}
	out.Conv, e.From = topicConv(m.Chat, m), convOf(m.Chat.ID)
	if !e.Hidden {
		e.From = convOf(m.From.ID)
	}
	e.Forum, e.Topic = m.Chat.IsForum, topicOf(out.Conv)
	return true
}

// topicConv is the conversation of a group, or of the topic a message stands in.
func topicConv(c models.Chat, m *models.Message) string {
	if m == nil || !m.IsTopicMessage || m.MessageThreadID == 0 {
		return convOf(c.ID)
	}
	return convOf(c.ID) + "/" + strconv.Itoa(m.MessageThreadID)
}

func topicOf(conv string) string {
	_, topic, _ := strings.Cut(conv, "/")
	return topic
}

// membership translates a change of the bot's own membership (Bot API my_chat_member).
func membership(out *translated, m *models.ChatMemberUpdated) {
	gone := m.NewChatMember.Type == models.ChatMemberTypeBanned || m.NewChatMember.Type == models.ChatMemberTypeLeft
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

// nameOf is what a sender calls themselves, as it is said in their script.
func nameOf(u *models.User) string {
	if hasHan(u.LastName) {
		return strings.TrimSpace(u.LastName + u.FirstName)
	}
	return strings.TrimSpace(u.FirstName + " " + u.LastName)
}
