package fakeapi

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Topic is one forum topic of a group.
type Topic struct {
	ID     int64
	Name   string
	Closed bool
}

// Topics are the forum topics of a group, by id.
func (c *Chat) Topics() map[int64]Topic {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[int64]Topic{}
	for id, t := range c.topics {
		out[id] = *t
	}
	return out
}

// DropTopics deletes every topic, as an administrator of the group may.
func (c *Chat) DropTopics() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.topics)
}

// DropMessages deletes every message.
func (c *Chat) DropMessages() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.now)
}

// Upgrade makes a supergroup of a group: what is sent to the old one is refused with
// the new address.
func (c *Chat) Upgrade(to int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.movedTo = to
}

// Lacks is what the bot may not do in a group.
type Lacks struct {
	Text   bool // send messages
	Topics bool // create topics
	Forum  bool // the group has no topics
}

// SetLacks takes rights from the bot or gives them back.
func (c *Chat) SetLacks(l Lacks) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lacks = l
}

// getMember is getChatMember, of the bot itself.
func (s *Server) getMember(p params) answer {
	c := s.chat(p.num("chat_id"))
	if c == nil {
		return refused("chat not found")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	me := map[string]any{"id": 123456, "is_bot": true, "first_name": "登闻"}
	if c.lacks.Text {
		return ok(map[string]any{"status": "restricted", "user": me, "is_member": true, "can_send_messages": false})
	}
	return ok(map[string]any{"status": "administrator", "user": me, "can_manage_topics": !c.lacks.Topics})
}

func (s *Server) getChat(p params) answer {
	c := s.chat(p.num("chat_id"))
	if c == nil {
		return refused("chat not found")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return ok(map[string]any{"id": c.ID, "type": "supergroup", "title": "Group", "is_forum": !c.lacks.Forum})
}

// topic is createForumTopic and the three that change one.
func (s *Server) topic(method string, p params) answer {
	c := s.chat(p.num("chat_id"))
	if c == nil {
		return refused("chat not found")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.movedTo != 0:
		return answer{code: 400, fault: "Bad Request: group chat was upgraded to a supergroup chat", moved: c.movedTo}
	case c.lacks.Forum:
		return refused("the chat is not a forum")
	case c.lacks.Topics:
		return refused("not enough rights to create a topic")
	}
	if method == "createforumtopic" {
		return s.newTopic(c, p.str("name"))
	}
	t := c.topics[p.num("message_thread_id")]
	switch {
	case t == nil:
		return refused("TOPIC_ID_INVALID")
	case method == "editforumtopic" && t.Name == p.str("name"),
		method == "closeforumtopic" && t.Closed,
		method == "reopenforumtopic" && !t.Closed:
		return refused("TOPIC_NOT_MODIFIED")
	case method == "editforumtopic":
		t.Name = p.str("name")
	default:
		t.Closed = method == "closeforumtopic"
	}
	return ok(true)
}

func (s *Server) newTopic(c *Chat, name string) answer {
	if n := len([]rune(name)); n < 1 || n > 128 {
		return refused("TOPIC_TITLE_INVALID")
	}
	if c.topics == nil {
		c.topics = map[int64]*Topic{}
	}
	id := s.messageID.Add(1)
	c.topics[id] = &Topic{ID: id, Name: name}
	return ok(map[string]any{"message_thread_id": id, "name": name, "icon_color": 7322096})
}

// replied is the message that a send answers.
func replied(p params) int64 {
	var r struct {
		ID int64 `json:"message_id"`
	}
	_ = json.Unmarshal([]byte(p.str("reply_parameters")), &r)
	return r.ID
}

// album is sendMediaGroup: one message for each file, the caption on the first.
func (s *Server) album(c *Chat, m Message, p params) answer {
	var parts []struct{ Type, Media, Caption string }
	if json.Unmarshal([]byte(p.str("media")), &parts) != nil || len(parts) < 2 || len(parts) > 10 {
		return refused("wrong number of media in the group")
	}
	var all []json.RawMessage
	for _, part := range parts {
		field := strings.TrimPrefix(part.Media, "attach://")
		file := p.files[strings.TrimPrefix(p.str(field), "attach://")]
		if file == nil {
			return refused(fmt.Sprintf("there is no file %q in the request", field))
		}
		one := m
		one.ID, one.Text, one.Photo = s.messageID.Add(1), part.Caption, file
		c.add(one)
		s.counts.Sends.Add(1)
		all = append(all, messageJSON(c.ID, &one))
	}
	return ok(all)
}
