package officetest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/officetest"
	"dengwen/petition"
	"dengwen/petition/roster"
)

const forum = -1001

// inGroup has somebody do something in the group, as Telegram tells it.
func (c *county) inGroup(chat, from, topic int64, text string, reply int64) {
	m := map[string]any{
		"message_id": time.Now().UnixNano() % 1e9, "date": 1, "text": text,
		"from": map[string]any{"id": from, "first_name": "军", "last_name": "李", "language_code": "zh-hans"},
		"chat": map[string]any{"id": chat, "type": "supergroup", "is_forum": true},
	}
	if topic != 0 {
		m["message_thread_id"], m["is_topic_message"] = topic, true
	}
	if reply != 0 {
		m["reply_to_message"] = map[string]any{"message_id": reply, "chat": map[string]any{"id": chat}, "date": 1}
	}
	if head, _, _ := strings.Cut(text, " "); strings.HasPrefix(head, "/") {
		m["entities"] = []map[string]any{{"type": "bot_command", "offset": 0, "length": len(head)}}
	}
	c.push(chat, map[string]any{"message": m})
}

func (c *county) pressInGroup(chat, from int64, m fakeapi.Message, data string) {
	c.push(chat, map[string]any{"callback_query": map[string]any{
		"id": fmt.Sprint(time.Now().UnixNano()), "chat_instance": "1", "data": data, "from": map[string]any{"id": from, "first_name": "x"},
		"message": map[string]any{"message_id": m.ID, "date": 1, "message_thread_id": m.Topic, "is_topic_message": m.Topic != 0, "chat": map[string]any{"id": chat, "type": "supergroup", "is_forum": true}},
	}})
}

func (c *county) push(chat int64, u map[string]any) {
	body, err := json.Marshal(u)
	if err != nil {
		c.t.Fatal(err)
	}
	c.api.Push(chat, body)
}

// await waits for the first message of a chat that fits.
func (c *county) await(chat *fakeapi.Chat, what string, fit func(fakeapi.Message) bool) fakeapi.Message {
	c.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; {
		log := chat.Messages()
		if i := slices.IndexFunc(log, fit); i >= 0 {
			return log[i]
		}
		if time.Now().After(end) {
			c.t.Fatalf("%s never came; the chat saw %d messages: %+v", what, len(log), texts(log))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func texts(log []fakeapi.Message) (out []string) {
	for _, m := range log {
		out = append(out, m.Text)
	}
	return out
}

func saying(words string) func(fakeapi.Message) bool {
	return func(m fakeapi.Message) bool { return strings.Contains(m.Text, words) }
}

// TestForum takes a group with topics through a case on the real door: the group is
// tied by an officer, the case gets a topic, a photo of the citizen comes into it, words
// in the topic reach the citizen, and a topic that was deleted is made anew.
func TestForum(t *testing.T) {
	t.Parallel()
	c := newCounty(t, 20)
	unit := c.units[0]
	officer := c.officers[unit][0]
	var from int64
	fmt.Sscanf(officer.Chat, "tg:%d", &from)
	group := c.api.Chat(forum)
	token, _, err := c.roster.Invite(t.Context(), petition.System(), roster.Invite{Unit: unit, Group: true}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	c.inGroup(forum, 99, 0, "/bind "+token, 0) // a stranger can't, and uses nothing up
	c.await(group, "the refusal", saying("要由这个单位"))
	c.inGroup(forum, from, 0, "/bind "+token, 0)
	c.await(group, "the binding", saying("绑定到"))

	me := c.api.Citizen(firstCitizen)
	number := c.lodgeFor(firstCitizen, 0)
	card := c.await(group, "the card", func(m fakeapi.Message) bool {
		return strings.Contains(m.Text, number) && m.Topic != 0 && len(m.Buttons) > 0
	})
	if topic := group.Topics()[card.Topic]; !strings.HasPrefix(topic.Name, number+" · ") {
		t.Errorf("the topic is called %q", topic.Name)
	}

	c.sendPhoto(me)
	photo := c.await(group, "the photo", func(m fakeapi.Message) bool { return len(m.Photo) > 0 })
	if photo.Topic != card.Topic {
		t.Errorf("the photo came into topic %d, want %d", photo.Topic, card.Topic)
	}

	c.inGroup(forum, from, card.Topic, "明天到现场", 0)
	ask := c.await(group, "the question where it goes", saying("发给群众，还是"))
	c.pressInGroup(forum, 98, ask, button(ask, "发给群众")) // somebody else's press is not the officer's
	c.await(group, "no to a stranger", saying("这里是工作人员用的"))
	c.pressInGroup(forum, from, ask, button(ask, "发给群众"))
	if _, err := me.Expect(t.Context(), "明天到现场"); err != nil {
		t.Fatal(err)
	}
	group.DropTopics()
	if _, err := c.cases.Do(t.Context(), petition.Actor{Owner: "tg:" + fmt.Sprint(firstCitizen)}, number, petition.Move{Key: "w", Name: petition.MoveWithdraw}); err != nil {
		t.Fatal(err)
	}
	c.run.Wake()
	last := c.await(group, "the end in a new topic", func(m fakeapi.Message) bool { return strings.Contains(m.Text, "已撤回") && m.Topic != card.Topic })
	for end := time.Now().Add(10 * time.Second); !group.Topics()[last.Topic].Closed; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the topic stays open: %+v", group.Topics())
		}
	}
}

// TestGroupWithoutRights: a group that lost what the bot needs there still hears of a case, or its
// head does, who is told what to give back; then everything is as it was.
func TestGroupWithoutRights(t *testing.T) {
	t.Parallel()
	c := newCounty(t, 20)
	unit := c.units[0]
	var from int64
	fmt.Sscanf(c.officers[unit][0].Chat, "tg:%d", &from)
	group := c.api.Chat(forum)
	group.SetLacks(fakeapi.Lacks{Topics: true})
	token, _, err := c.roster.Invite(t.Context(), petition.System(), roster.Invite{Unit: unit, Group: true}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	c.inGroup(forum, from, 0, "/bind "+token, 0)
	c.await(group, "the binding, and what is missing", saying("建不了话题"))
	const headChat = 8_999_999_999
	head := c.api.Chat(headChat)
	token, _, err = c.roster.Invite(t.Context(), petition.System(), roster.Invite{Unit: unit, Roles: []petition.Role{petition.Head}}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.roster.Join(t.Context(), token, fmt.Sprint("tg:", headChat), "王局"); err != nil {
		t.Fatal(err)
	}

	plain := c.lodgeFor(firstCitizen, 0)
	card := c.await(group, "the card in the group itself", func(m fakeapi.Message) bool { return strings.Contains(m.Text, plain) && len(m.Buttons) > 0 })
	if card.Topic != 0 {
		t.Errorf("the card stands in topic %d", card.Topic)
	}
	c.await(head, "a word to the head", saying("建不了话题"))

	group.SetLacks(fakeapi.Lacks{Text: true})
	silent := c.lodgeFor(firstCitizen+1, 0)
	c.await(head, "a word to the head", saying("不能发言"))
	c.await(head, "the case itself", func(m fakeapi.Message) bool {
		return strings.Contains(m.Text, silent) && strings.Contains(m.Text, "没发进去")
	})

	group.SetLacks(fakeapi.Lacks{})
	good := c.lodgeFor(firstCitizen+2, 0)
	c.await(group, "the card in a topic", func(m fakeapi.Message) bool {
		return strings.Contains(m.Text, good) && len(m.Buttons) > 0 && m.Topic != 0
	})

	hidden := map[string]any{
		"message_id": 7, "date": 1, "text": "这件谁在办", "message_thread_id": 5, "is_topic_message": true,
		"from": map[string]any{"id": 1087968824, "is_bot": true, "first_name": "Group"}, "sender_chat": map[string]any{"id": forum, "type": "supergroup"},
		"chat": map[string]any{"id": forum, "type": "supergroup", "is_forum": true},
	}
	c.push(forum, map[string]any{"message": hidden})
	c.await(group, "why it can't act", saying("匿名管理员"))
}

// lodgeFor lodges a petition of a citizen and gives it to a unit, by its index; it answers the number.
func (c *county) lodgeFor(chat int64, unit int) string {
	c.t.Helper()
	me := c.api.Citizen(chat)
	me.Say("下梁镇三组的路塌了，过不去车")
	if _, err := me.Expect(c.t.Context(), "按.提交|原样记下"); err != nil {
		c.t.Fatal(err)
	}
	if _, err := me.Press("^提交$"); err != nil {
		c.t.Fatal(err)
	}
	m, err := me.Expect(c.t.Context(), "登记好了")
	if err != nil {
		c.t.Fatal(err)
	}
	number := numberIn.FindString(m.Text)
	if err := c.assign(c.t.Context(), unit, number); err != nil {
		c.t.Fatal(err)
	}
	return number
}

func (c *county) sendPhoto(me *fakeapi.Citizen) {
	c.t.Helper()
	if _, err := me.Press("^补充$"); err != nil {
		c.t.Fatal(err)
	}
	if _, err := me.Expect(c.t.Context(), "补充什么"); err != nil {
		c.t.Fatal(err)
	}
	me.Photo("pic", "塌的地方", "")
	c.api.AddFile("pic", officetest.Picture)
	if _, err := me.Expect(c.t.Context(), "还有就接着发"); err != nil {
		c.t.Fatal(err)
	}
	if _, err := me.Press("^发送$"); err != nil {
		c.t.Fatal(err)
	}
}

func button(m fakeapi.Message, text string) string {
	for _, b := range m.Buttons {
		if b.Text == text {
			return b.Data
		}
	}
	return ""
}
