package telegram

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/test/fakeapi"
)

// answering is a Bot API that always says the same.
func answering(t *testing.T, status int, body string) *Door {
	t.Helper()
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(h.Close)
	d, err := New(Config{Token: "123456:geheim", APIURL: h.URL, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func refusing(code, description, parameters string) string {
	if parameters != "" {
		parameters = `,"parameters":` + parameters
	}
	return `{"ok":false,"error_code":` + code + `,"description":"` + description + `"` + parameters + `}`
}

// What the Bot API refuses becomes what the turn does next, for texts and for
// receipts alike.
func TestSendErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		body   string
		want   turn.SendError
	}{
		"flood":       {429, refusing("429", "Too Many Requests: retry after 17", `{"retry_after":17}`), turn.SendError{After: 17 * time.Second}},
		"flood of 0":  {429, refusing("429", "Too Many Requests", ""), turn.SendError{After: time.Second}},
		"blocked":     {403, refusing("403", "Forbidden: bot was blocked by the user", ""), turn.SendError{Gone: true}},
		"deactivated": {403, refusing("403", "Forbidden: user is deactivated", ""), turn.SendError{Gone: true}},
		"no chat":     {400, refusing("400", "Bad Request: chat not found", ""), turn.SendError{Gone: true}},
		"malformed":   {400, refusing("400", "Bad Request: can't parse entities", ""), turn.SendError{Drop: true}},
		"migrated":    {400, refusing("400", "Bad Request: group chat was upgraded to a supergroup chat", `{"migrate_to_chat_id":-1001234567890}`), turn.SendError{MovedTo: "tg:-1001234567890"}},
		"500":         {500, refusing("500", "Internal Server Error", ""), turn.SendError{}},
		"502 page":    {502, "<html>bad gateway</html>", turn.SendError{}},
		"wrong token": {401, refusing("401", "Unauthorized", ""), turn.SendError{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := answering(t, c.status, c.body)
			err := d.Send(t.Context(), "tg:7", "k", bot.Say{Text: "您好"})
			var got *turn.SendError
			if !errors.As(err, &got) {
				t.Fatalf("got %T %v", err, err)
			}
			if got.Err == nil || got.After != c.want.After || got.Gone != c.want.Gone || got.Drop != c.want.Drop || got.MovedTo != c.want.MovedTo {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
			if strings.Contains(err.Error(), "geheim") {
				t.Errorf("the error tells the token: %v", err)
			}
		})
	}
}

func png(to io.Writer, _ bot.Receipt) error {
	_, err := to.Write([]byte("\x89PNG"))
	return err
}

func TestSendTextAndButtons(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	d, _ := door(t, s, newInbox(), nil)
	c := s.Chat(7)
	say := bot.Say{Text: "请确认 <b>&</b>", Rows: [][]bot.Button{
		{{Text: "提交", Data: "s1:send"}, {Text: "看条例", URL: "https://a.example/rules"}},
		{{Text: "太长", Data: strings.Repeat("x", 65)}, {Text: "", Data: "y"}, {Text: "没有内容"}},
	}, Ask: "location"}
	if err := d.Send(t.Context(), "tg:7", "k", say); err != nil {
		t.Fatal(err)
	}
	log := c.Messages()
	if len(log) != 1 || log[0].Text != say.Text {
		t.Fatalf("chat saw %+v", log)
	}
	want := []fakeapi.Button{{Text: "提交", Data: "s1:send", Inline: true}, {Text: "看条例", URL: "https://a.example/rules", Inline: true}}
	if b := log[0].Buttons; len(b) != 2 || b[0] != want[0] || b[1] != want[1] {
		t.Errorf("buttons %+v, want %+v", b, want)
	}
}

func TestSendAsksTheNativeWay(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	d, _ := door(t, s, newInbox(), nil)
	c := s.Chat(7)
	for _, w := range []struct {
		say  bot.Say
		want fakeapi.Button
	}{
		{bot.Say{Text: "在哪里？", Ask: "location"}, fakeapi.Button{Text: "发送我的位置", Location: true}},
		{bot.Say{Text: "Where is it?", Lang: "en", Ask: "location"}, fakeapi.Button{Text: "Send my location", Location: true}},
		{bot.Say{Text: "电话是多少？", Ask: "contact"}, fakeapi.Button{Text: "发送我的电话号码", Contact: true}},
	} {
		if err := d.Send(t.Context(), "tg:7", "k", w.say); err != nil {
			t.Fatal(err)
		}
		log := c.Messages()
		if b := log[len(log)-1].Buttons; len(b) != 1 || b[0] != w.want {
			t.Errorf("%q: buttons %+v, want %+v", w.say.Text, b, w.want)
		}
	}
}

func TestSendLongTextInParts(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	d, _ := door(t, s, newInbox(), nil)
	c := s.Chat(7)
	text := strings.Repeat("😀", 5000)
	if err := d.Send(t.Context(), "tg:7", "k", bot.Say{Text: text, Rows: [][]bot.Button{{{Text: "好", Data: "ok"}}}}); err != nil {
		t.Fatal(err)
	}
	log := c.Messages()
	if len(log) != 3 || log[0].Text+log[1].Text+log[2].Text != text {
		t.Fatalf("%d parts", len(log))
	}
	if len(log[0].Buttons)+len(log[1].Buttons) != 0 || len(log[2].Buttons) != 1 {
		t.Error("the buttons do not hang on the last part")
	}
}

func TestSendNothing(t *testing.T) {
	t.Parallel()
	d, _ := door(t, api(t, fakeapi.Options{}), newInbox(), nil)
	var got *turn.SendError
	if err := d.Send(t.Context(), "tg:7", "k", bot.Say{Text: " "}); !errors.As(err, &got) || !got.Drop {
		t.Errorf("empty text: %v", err)
	}
	if err := d.Send(t.Context(), "web:7", "k", bot.Say{Text: "x"}); !errors.As(err, &got) || !got.Gone {
		t.Errorf("another door's address: %v", err)
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	d, _ := door(t, s, newInbox(), func(c *Config) { c.Draw = png })
	c := s.Chat(7)
	send := func(say bot.Say) fakeapi.Message {
		t.Helper()
		if err := d.Send(t.Context(), "tg:7", "k", say); err != nil {
			t.Fatal(err)
		}
		log := c.Messages()
		return log[len(log)-1]
	}
	rows := [][]bot.Button{{{Text: "下一页", Data: "next"}}}
	first := send(bot.Say{Text: "第 1 页", Rows: rows})
	edit := "1001"
	if got := send(bot.Say{Text: "第 2 页", Rows: rows, Edit: edit}); !got.Edited || got.ID != first.ID || len(got.Buttons) != 1 {
		t.Errorf("changed to %+v", got)
	}
	send(bot.Say{Text: "第 2 页", Rows: rows, Edit: edit})
	if n := len(c.Messages()); n != 2 {
		t.Errorf("an edit to the same text made a message: %d", n)
	}
	if got := send(bot.Say{Text: "第 3 页", Edit: "999"}); got.Edited || got.Text != "第 3 页" {
		t.Errorf("edit of a vanished message: %+v", got)
	}
	if got := send(bot.Say{Text: "第 4 页", Edit: "junk"}); got.Edited || got.Text != "第 4 页" {
		t.Errorf("edit without a message: %+v", got)
	}
	send(bot.Say{Text: "回执", Receipt: &bot.Receipt{}})
	if got := send(bot.Say{Text: "改了", Edit: "1004"}); got.Edited || got.Text != "改了" {
		t.Errorf("edit of a picture: %+v", got)
	}
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("字", 1025)
	for name, c := range map[string]struct {
		draw     func(io.Writer, bot.Receipt) error
		text     string
		messages int
		photo    bool
	}{
		"picture with caption":   {png, "登记好了", 1, true},
		"caption too long":       {png, long, 2, true},
		"nobody draws":           {nil, "登记好了", 1, false},
		"drawing fails":          {func(io.Writer, bot.Receipt) error { return errors.New("no font") }, "登记好了", 1, false},
		"picture without a word": {png, "", 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := api(t, fakeapi.Options{})
			d, _ := door(t, s, newInbox(), func(cfg *Config) { cfg.Draw = c.draw })
			chat := s.Chat(7)
			say := bot.Say{Text: c.text, Receipt: &bot.Receipt{Number: "ZS26-0417-3K"}, Rows: [][]bot.Button{{{Text: "看进度", Data: "look"}}}}
			if err := d.Send(t.Context(), "tg:7", "k", say); err != nil {
				t.Fatal(err)
			}
			log := chat.Messages()
			if len(log) != c.messages || (string(log[0].Photo) == "\x89PNG") != c.photo {
				t.Fatalf("chat saw %d messages, photo %q", len(log), log[0].Photo)
			}
			last := log[len(log)-1]
			if last.Text != c.text || len(last.Buttons) != 1 {
				t.Errorf("last message %q with %d buttons", last.Text, len(last.Buttons))
			}
		})
	}
}

func TestReceiptErrors(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{FloodEvery: 1, RetryAfter: 7})
	s.Chat(7)
	d, _ := door(t, s, newInbox(), func(c *Config) { c.Draw = png })
	var got *turn.SendError
	if err := d.Send(t.Context(), "tg:7", "k", bot.Say{Text: "x", Receipt: &bot.Receipt{}}); !errors.As(err, &got) || got.After != 7*time.Second {
		t.Errorf("flood: %v", err)
	}
	if err := answering(t, 403, refusing("403", "Forbidden", "")).Send(t.Context(), "tg:7", "k", bot.Say{Text: "x", Receipt: &bot.Receipt{}}); !errors.As(err, &got) || !got.Gone {
		t.Errorf("blocked: %v", err)
	}
}

// The pace holds for all chats together.
func TestPace(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	s.Chat(7)
	d, _ := door(t, s, newInbox(), func(c *Config) { c.PerSecond = 20 })
	begin := time.Now()
	for range 30 { // 20 at once, then 20 a second
		if err := d.Send(t.Context(), "tg:7", "k", bot.Say{Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(begin); took < 400*time.Millisecond {
		t.Errorf("30 messages at 20 a second took %v", took)
	}
}
