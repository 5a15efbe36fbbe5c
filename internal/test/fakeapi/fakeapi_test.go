package fakeapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// call calls a method with JSON parameters and answers status and body.
func call(t *testing.T, s *Server, method, body string) (int, string) {
	t.Helper()
	resp, err := http.Post(s.URL()+"/bot"+s.Token()+"/"+method, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestRefusesWhatTelegramRefuses(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	s.Chat(7)
	_, _ = call(t, s, "sendMessage", `{"chat_id":7,"text":"first"}`)
	text := func(n int) string { return fmt.Sprintf(`{"chat_id":7,"text":%q}`, strings.Repeat("字", n)) }
	data := func(n int) string {
		return fmt.Sprintf(`{"chat_id":7,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":%q}]]}}`, strings.Repeat("d", n))
	}
	for _, c := range []struct {
		name, method, body string
		code               int
		says               string
	}{
		{"4096 units", "sendMessage", text(4096), 200, ""},
		{"4097 units", "sendMessage", text(4097), 400, "message is too long"},
		{"2049 emoji", "sendMessage", fmt.Sprintf(`{"chat_id":7,"text":%q}`, strings.Repeat("😀", 2049)), 400, "too long"},
		{"no text", "sendMessage", `{"chat_id":7,"text":" "}`, 400, "text is empty"},
		{"unknown chat", "sendMessage", `{"chat_id":8,"text":"x"}`, 400, "chat not found"},
		{"64 bytes of data", "sendMessage", data(64), 200, ""},
		{"65 bytes of data", "sendMessage", data(65), 400, "BUTTON_DATA_INVALID"},
		{"no data", "sendMessage", data(0), 400, "Text buttons are unallowed"},
		{"long caption", "sendPhoto", fmt.Sprintf(`{"chat_id":7,"photo":"P","caption":%q}`, strings.Repeat("字", 1025)), 400, "caption is too long"},
		{"no photo", "sendPhoto", `{"chat_id":7}`, 400, "no photo"},
		{"nothing to edit", "editMessageText", `{"chat_id":7,"message_id":5,"text":"x"}`, 400, "message to edit not found"},
		{"same text", "editMessageText", `{"chat_id":7,"message_id":1001,"text":"first"}`, 400, "message is not modified"},
		{"other text", "editMessageText", `{"chat_id":7,"message_id":1001,"text":"second"}`, 200, ""},
		{"unknown press", "answerCallbackQuery", `{"callback_query_id":"1"}`, 400, "query is too old"},
		{"unknown file", "getFile", `{"file_id":"1"}`, 400, "wrong file_id"},
		{"command name", "setMyCommands", `{"commands":[{"command":"Help","description":"x"}]}`, 400, "BOT_COMMAND_INVALID"},
		{"no such method", "sendHologram", `{}`, 404, "method not found"},
		{"not JSON", "sendMessage", `{"chat_id`, 400, "can't parse"},
	} {
		code, body := call(t, s, c.method, c.body)
		if code != c.code || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d %s", c.name, code, body)
		}
	}
}

func TestFormsAndUploads(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	s.Chat(7)
	body := "--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n7\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\n回执\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"r.png\"\r\n\r\nPNG\r\n--x--\r\n"
	resp, err := http.Post(s.URL()+"/bot"+s.Token()+"/sendPhoto", "multipart/form-data; boundary=x", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	log := s.Chat(7).Messages()
	if len(log) != 1 || log[0].Text != "回执" || !bytes.Equal(log[0].Photo, []byte("PNG")) {
		t.Errorf("status %d, chat saw %+v", resp.StatusCode, log)
	}
}

// A webhook gets a chat's updates one after another, each until it is taken.
func TestWebhookOrderAndRedelivery(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var got []int64
	var busy, worst, calls atomic.Int64
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		worst.Store(max(worst.Load(), busy.Add(1)))
		defer busy.Add(-1)
		if r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != "geheim" || calls.Add(1)%3 == 0 {
			w.WriteHeader(500)
			return
		}
		var u struct {
			ID int64 `json:"update_id"`
		}
		_ = json.NewDecoder(r.Body).Decode(&u)
		mu.Lock()
		got = append(got, u.ID)
		mu.Unlock()
	}))
	defer bot.Close()
	s := start(t, Options{RetryPause: time.Millisecond, RedeliverEvery: 4})
	s.SetWebhook(bot.URL, "geheim")
	c := s.Citizen(7)
	for range 20 {
		c.Say("x")
	}
	settle(t, s)
	if worst.Load() != 1 {
		t.Errorf("%d updates of one chat at once", worst.Load())
	}
	seen := map[int64]int{}
	last := int64(0)
	for _, id := range got {
		if id < last {
			t.Errorf("order %v", got)
		}
		last = id
		seen[id]++
	}
	if len(seen) != 20 || len(got) != 25 {
		t.Errorf("%d different updates of 20, %d taken, want 25: every fourth twice", len(seen), len(got))
	}
}

func settle(t *testing.T, s *Server) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); s.Pending() > 0; time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d updates never taken", s.Pending())
		}
	}
}

func TestPollingOffset(t *testing.T) {
	t.Parallel()
	s := start(t, Options{RedeliverEvery: 700002})
	c := s.Citizen(7)
	for range 3 {
		c.Say("x")
	}
	ids := func(offset int64) (out []int64) {
		_, body := call(t, s, "getUpdates", fmt.Sprintf(`{"offset":%d,"timeout":0}`, offset))
		var r struct {
			Result []struct {
				ID int64 `json:"update_id"`
			}
		}
		if err := json.Unmarshal([]byte(body), &r); err != nil {
			t.Fatal(err)
		}
		for _, u := range r.Result {
			out = append(out, u.ID)
		}
		return out
	}
	for _, step := range []struct {
		offset int64
		want   string
	}{
		{0, "[700001 700002 700003]"}, // not confirmed: the same again
		{0, "[700001 700002 700003]"},
		{700002, "[700002 700003]"},
		{700004, "[700002]"}, // meant to come twice
		{700004, "[]"},
	} {
		if got := fmt.Sprint(ids(step.offset)); got != step.want {
			t.Errorf("offset %d: got %s, want %s", step.offset, got, step.want)
		}
	}
}

func TestSecondPollerEndsTheFirst(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	first := make(chan int, 1)
	go func() {
		resp, err := http.Post(s.URL()+"/bot"+s.Token()+"/getUpdates", "application/json", strings.NewReader(`{"timeout":30}`))
		if err != nil {
			first <- 0
			return
		}
		_ = resp.Body.Close()
		first <- resp.StatusCode
	}()
	for s.Counts().Polls == 0 {
		time.Sleep(time.Millisecond)
	}
	if code, body := call(t, s, "getUpdates", `{"timeout":0}`); code != 200 {
		t.Errorf("second poller: %d %s", code, body)
	}
	if code := <-first; code != 409 {
		t.Errorf("first poller got %d, want 409", code)
	}
}

func TestFaultsOnPurpose(t *testing.T) {
	t.Parallel()
	s := start(t, Options{FloodEvery: 3, FailEvery: 5})
	s.Chat(7)
	codes := map[int]int{}
	for range 30 {
		code, body := call(t, s, "sendMessage", `{"chat_id":7,"text":"x"}`)
		codes[code]++
		if code == 429 && !strings.Contains(body, `"retry_after":1`) {
			t.Errorf("429 says %s", body)
		}
	}
	if codes[429] != 8 || codes[500] != 6 || codes[200] != 16 {
		t.Errorf("got %v", codes)
	}
}
