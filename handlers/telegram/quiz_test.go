package telegram

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/bot"
)

// calls is a Bot API that keeps what it was asked and answers by method.
type calls struct {
	mu      sync.Mutex
	methods []string
	bodies  []string
	refuse  string // method that is refused
}

func (c *calls) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	c.mu.Lock()
	c.methods, c.bodies = append(c.methods, method), append(c.bodies, string(body))
	c.mu.Unlock()
	if method == c.refuse {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, refusing("400", "Bad Request: wrong poll", ""))
		return
	}
	_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":7,"chat":{"id":42},"date":1}}`)
}

func quizDoor(t *testing.T, c *calls) *Door {
	t.Helper()
	h := httptest.NewServer(c)
	t.Cleanup(h.Close)
	d, err := New(Config{Token: "123456:geheim", APIURL: h.URL, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func quizSay() bot.Say {
	return bot.Say{
		Text: "多久书面告知？", Rows: [][]bot.Button{{{Text: "A. 15 日", Data: "0:quiz:1.0.0.0"}}, {{Text: "B. 60 日", Data: "0:quiz:1.0.0.1"}}},
		Poll: &bot.Poll{Question: "多久书面告知？", Options: []string{"15 日", "60 日"}, Why: "第 23 条。", Rows: [][]bot.Button{{{Text: "下一题", Data: "0:quiz:1.0.1"}}}},
	}
}

func TestQuizIsTelegramsOwn(t *testing.T) {
	t.Parallel()
	c := &calls{}
	if err := quizDoor(t, c).Send(t.Context(), "tg:42", "k", quizSay()); err != nil {
		t.Fatal(err)
	}
	var sent struct {
		Question    string
		Type        string
		Explanation string
		Options     []struct{ Text string }
		Right       []int           `json:"correct_option_ids"`
		Markup      json.RawMessage `json:"reply_markup"`
	}
	if err := json.Unmarshal([]byte(c.bodies[0]), &sent); err != nil {
		t.Fatal(err)
	}
	if c.methods[0] != "sendPoll" || sent.Type != "quiz" || len(sent.Options) != 2 || len(sent.Right) != 1 || sent.Right[0] != 0 ||
		sent.Explanation != "第 23 条。" || !strings.Contains(string(sent.Markup), "0:quiz:1.0.1") {
		t.Errorf("%s %s", c.methods[0], c.bodies[0])
	}
}

// A question that Telegram's quiz can't hold, or a server that knows none, gets a
// text with buttons.
func TestQuizFallsBackToButtons(t *testing.T) {
	t.Parallel()
	long := quizSay()
	long.Poll.Options[1] = strings.Repeat("长", maxOption+1)
	c := &calls{}
	if err := quizDoor(t, c).Send(t.Context(), "tg:42", "k", long); err != nil || c.methods[0] != "sendMessage" {
		t.Errorf("%v, %v", c.methods, err)
	}
	c = &calls{refuse: "sendPoll"}
	if err := quizDoor(t, c).Send(t.Context(), "tg:42", "k", quizSay()); err != nil || len(c.methods) != 2 || c.methods[1] != "sendMessage" {
		t.Errorf("%v, %v", c.methods, err)
	}
}
