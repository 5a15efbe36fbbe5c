package emulator

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
)

// person talks to the bot through the emulator's own client interface.
type person struct {
	t    *testing.T
	url  string // of the emulator
	id   int64
	seen map[int64]string // text of each of the bot's messages as last read
	log  []said
	read int // entries of log already expected
}

// said is one thing the bot said or changed.
type said struct {
	id      int64
	text    string
	buttons []button
}

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
}

func (p *person) from() map[string]any {
	return map[string]any{"id": p.id, "first_name": "大山", "is_bot": false, "language_code": "zh-hans"}
}

func (p *person) chat() map[string]any {
	return map[string]any{"id": p.id, "first_name": "大山", "type": "private"}
}

func (p *person) send(path string, fields map[string]any) {
	p.t.Helper()
	fields["botToken"], fields["date"] = token, time.Now().Unix()
	fields["from"] = p.from()
	if path != "/sendCallback" {
		fields["chat"] = p.chat()
	}
	if status, body, err := post(p.url+path, fields); err != nil || status != 200 {
		p.t.Fatalf("emulator %s: %d %s %v", path, status, body, err)
	}
}

// Talk is one exchange: what the person does ("[x]" presses the button x, "/x" is a
// command, anything else is said) and what the bot's answer must match. It answers
// what the bot said.
func (p *person) Talk(does, expect string) string {
	p.t.Helper()
	name, isButton := strings.CutPrefix(does, "[")
	switch {
	case isButton:
		p.press(strings.TrimSuffix(name, "]"))
	case strings.HasPrefix(does, "/"):
		length := len(strings.SplitN(does, " ", 2)[0])
		p.send("/sendCommand", map[string]any{"text": does, "entities": []any{map[string]any{"type": "bot_command", "offset": 0, "length": length}}})
	default:
		p.send("/sendMessage", map[string]any{"text": does})
	}
	return p.expect(expect)
}

// TalkWith is Talk with a message of other fields of the Bot API's Message.
func (p *person) TalkWith(fields map[string]any, expect string) string {
	p.t.Helper()
	p.send("/sendMessage", fields)
	return p.expect(expect)
}

// press presses the newest button with this text.
func (p *person) press(text string) {
	p.t.Helper()
	for i := len(p.log) - 1; i >= 0; i-- {
		for _, b := range p.log[i].buttons {
			if b.Text == text {
				p.send("/sendCallback", map[string]any{"data": b.Data, "message": map[string]any{
					"message_id": p.log[i].id, "date": time.Now().Unix(), "chat": p.chat(), "text": p.log[i].text}})
				return
			}
		}
	}
	p.t.Fatalf("no button %q; the bot said %+v", text, p.log)
}

// expect waits for something the bot says or changes that matches.
func (p *person) expect(pattern string) string {
	p.t.Helper()
	re := regexp.MustCompile(pattern)
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		p.look()
		for i := p.read; i < len(p.log); i++ {
			if re.MatchString(p.log[i].text) {
				p.read = i + 1
				return p.log[i].text
			}
		}
	}
	p.t.Fatalf("nothing the bot said matches %q; unread: %+v", pattern, p.log[p.read:])
	return ""
}

// look reads the emulator's history for what is new or changed.
func (p *person) look() {
	p.t.Helper()
	_, body, err := post(p.url+"/getUpdatesHistory", map[string]any{"token": token})
	if err != nil {
		p.t.Fatal(err)
	}
	var h struct {
		Result []struct {
			ID      int64 `json:"messageId"`
			Message struct {
				Chat   any    `json:"chat_id"` // only what the bot said has one
				Text   string `json:"text"`
				Markup struct {
					Inline [][]button `json:"inline_keyboard"`
				} `json:"reply_markup"`
			} `json:"message"`
		} `json:"result"`
	}
	if err := json.Unmarshal(body, &h); err != nil {
		p.t.Fatalf("history: %v: %.300s", err, body)
	}
	for _, r := range h.Result {
		if idOf(r.Message.Chat) != p.id || p.seen[r.ID] == r.Message.Text {
			continue
		}
		p.seen[r.ID] = r.Message.Text
		m := said{id: r.ID, text: r.Message.Text}
		for _, row := range r.Message.Markup.Inline {
			m.buttons = append(m.buttons, row...)
		}
		p.log = append(p.log, m)
	}
}

// idOf reads a chat id that JSON gives as a number and forms as a text.
func idOf(v any) int64 {
	switch v := v.(type) {
	case float64:
		return int64(v)
	case string:
		n, _ := json.Number(v).Int64()
		return n
	}
	return 0
}
