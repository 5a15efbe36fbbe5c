package wechat_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/handlers/wechat"
	"dengwen/internal/seal"
	"dengwen/internal/test/fakewechat"
	"dengwen/locales"
	"dengwen/storage/sqlite"
)

// stage is a door between a platform and a conversation that says what the test has it say.
type stage struct {
	turn     sync.Mutex
	t        testing.TB
	platform *fakewechat.Server
	door     *wechat.Door
	hook     string
	say      func(conv string, e bot.Event) []bot.Say // what an event is answered with
	slow     time.Duration                            // before it is

	mu     sync.Mutex
	events []bot.Event
	known  map[string]bool
	down   int // how many events are not accepted yet
	failed []error
}

func newStage(t testing.TB, change func(*wechat.Config)) *stage {
	t.Helper()
	s := &stage{t: t, platform: fakewechat.Start(fakewechat.Options{Patience: 2 * time.Second}), known: map[string]bool{}}
	t.Cleanup(s.platform.Close)
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "conversations.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	c := wechat.Config{
		AppID: s.platform.AppID, Secret: s.platform.Secret, Token: s.platform.Token, AESKeys: []string{s.platform.Key}, APIURL: s.platform.URL(),
		Mail: store, Box: box, Locales: words, Now: time.Now, Answer: 500 * time.Millisecond, Public: "https://xf.example.cn",
		Notice: wechat.Notice{Template: "T1", Number: "character_string1", News: "thing2"},
	}
	if change != nil {
		change(&c)
	}
	if s.door, err = wechat.New(c); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.door.Handler(s))
	t.Cleanup(server.Close)
	s.hook = server.URL + wechat.Path
	s.platform.SetHook(s.hook)
	s.say = func(string, bot.Event) []bot.Say { return []bot.Say{{Text: "好"}} }
	return s
}

// Accept is turn.Inbox.Accept: the answer follows by itself.
func (s *stage) Accept(_ context.Context, conv string, e bot.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down > 0 {
		s.down--
		return errors.New("no store")
	}
	if s.known[e.ID] {
		return nil
	}
	s.known[e.ID], s.events = true, append(s.events, e)
	go func() {
		time.Sleep(s.slow)
		s.turn.Lock() // one message of a conversation is answered whole before the next
		defer s.turn.Unlock()
		for i, say := range s.say(conv, e) {
			if err := s.door.Send(context.Background(), conv, e.ID+"/"+string(rune('a'+i)), say); err != nil {
				s.mu.Lock()
				s.failed = append(s.failed, err)
				s.mu.Unlock()
			}
		}
	}()
	return nil
}

func (s *stage) PutDeadLetter(context.Context, string, string, []byte) error { return nil }
func (s *stage) WaitAnswered(context.Context, string) error                  { return nil }

func (s *stage) last() bot.Event {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.events) == 0 {
		s.t.Fatal("no event came")
	}
	return s.events[len(s.events)-1]
}

func (s *stage) see(p *fakewechat.Person, pattern string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	if _, err := p.See(ctx, pattern); err != nil {
		s.t.Fatal(err)
	}
}

const customSend = "/cgi-bin/message/custom/send"

// Who answers in time answers in the request, at no cost; who does not, by a customer service
// message, and the platform sends nothing twice.
func TestAnswersInTimeAndLate(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	p := s.platform.Person("o1")
	p.Say("路坏了")
	s.see(p, "^好$")
	if n := s.platform.Calls(customSend); n != 0 {
		t.Errorf("an answer in time cost %d customer service messages", n)
	}
	s.slow = time.Second
	p.Say("还有一件")
	s.see(p, "^好$")
	if n := s.platform.Calls(customSend); n != 1 {
		t.Errorf("a late answer cost %d customer service messages", n)
	}
	if n := s.platform.Pushes(); n != 2 {
		t.Errorf("two messages took %d pushes", n)
	}
}

// A message that could not be kept is sent again and taken once then.
func TestWhatIsNotKeptComesAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	p := s.platform.Person("o1")
	s.down = 1
	p.Say("路坏了")
	s.see(p, "^好$")
	if n := s.platform.Pushes(); n != 2 || len(s.events) != 1 {
		t.Errorf("%d pushes, %d events", n, len(s.events))
	}
}

// Buttons are numbers to answer with, however the number is written, until the next message.
func TestNumbersAreButtons(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	p := s.platform.Person("o1")
	s.say = func(_ string, e bot.Event) []bot.Say {
		if e.Press != nil {
			return []bot.Say{{Text: "按了 " + e.Press.Data}}
		}
		return []bot.Say{{Text: "对吗", Rows: [][]bot.Button{{{Text: "提交", Data: "1:send"}, {Text: "看条例", URL: "https://example.cn/law"}}, {{Text: "改一处", Data: "1:edit"}}}}}
	}
	for text, want := range map[string]string{"1": "1:send", "２": "1:edit", " 2 ": "1:edit", "改一处": "1:edit"} {
		p.Say("路坏了")
		s.see(p, `(?s)对吗\n1 提交\n看条例 https://example.cn/law\n2 改一处\n`)
		p.Say(text)
		s.see(p, "^按了 "+want+"$")
	}
	p.Say("2")
	s.see(p, "对吗") // nothing was offered any more: it is a word
	if e := s.last(); e.Press != nil || e.Text != "2" {
		t.Errorf("an old number presses %+v", e.Press)
	}
}

// Where a number is the answer, buttons are letters.
func TestANumberIsAnAnswer(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	p := s.platform.Person("o1")
	s.say = func(string, bot.Event) []bot.Say {
		return []bot.Say{{Text: "一共几个人？", Number: true, Rows: [][]bot.Button{{{Text: "就我一个", Data: "one"}, {Text: "跳过", Data: "skip"}}}}}
	}
	p.Say("路坏了")
	s.see(p, "(?s)几个人？\nA 就我一个\nB 跳过\n")
	p.Say("2")
	s.see(p, "几个人")
	if e := s.last(); e.Press != nil || e.Text != "2" {
		t.Errorf("2 is taken for %+v", e)
	}
	p.Say("b")
	s.see(p, "几个人")
	if e := s.last(); e.Press == nil || e.Press.Data != "skip" {
		t.Errorf("b is taken for %+v", e)
	}
}

// What the platform does not let through is kept, told by a notice where one is subscribed to, and
// said in front of the next answer.
func TestWhatWindowsShutOutIsNotLost(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	p := s.platform.Person("o1")
	p.Say("路坏了")
	s.see(p, "^好$")
	p.TwoDaysLater()
	var gone *turn.SendError
	if err := s.door.Send(t.Context(), "wx:o1", "n1", bot.Say{Text: "办结了", About: "ZS26-719148-CY"}); !errors.As(err, &gone) || !gone.Gone {
		t.Errorf("who subscribed to nothing is reached: %v", err)
	}
	p.Subscribe(1)
	if err := s.door.Send(t.Context(), "wx:o1", "n2", bot.Say{Text: "请评价", About: "ZS26-719148-CY"}); err != nil {
		t.Errorf("the notice: %v", err)
	}
	if n := p.Notices(); len(n) != 1 || strings.Contains(n[0], "评价") || !strings.Contains(n[0], "ZS26-719148-CY") {
		t.Errorf("notices: %q", n)
	}
	p.Say("怎么样了")
	s.see(p, "(?s)^办结了\n\n请评价\n\n好$")
	p.Say("谢谢")
	s.see(p, "^好$")
	s.platform.Person("o1")
	for i := range 6 { // five are free
		err := s.door.Send(t.Context(), "wx:o1", "m"+string(rune('0'+i)), bot.Say{Text: "第几条"})
		if (err != nil) != (i == 5) {
			t.Errorf("message %d: %v", i+1, err)
		}
	}
}

// A token that is refused is renewed once; a long text is cut between characters.
func TestTokensAndLength(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	p := s.platform.Person("o1")
	p.Say("路坏了")
	s.see(p, "^好$")
	long := strings.Repeat("字", 1000)
	if err := s.door.Send(t.Context(), "wx:o1", "k1", bot.Say{Text: long}); err != nil {
		t.Fatal(err)
	}
	s.platform.ExpireTokens()
	if err := s.door.Send(t.Context(), "wx:o1", "k2", bot.Say{Text: "<a> & b"}); err != nil {
		t.Fatal(err)
	}
	s.see(p, "^<a> & b$")
	if got := strings.Join(p.Seen()[1:len(p.Seen())-1], ""); got != long {
		t.Errorf("%d characters came of 1000", len([]rune(got)))
	}
	if n := s.platform.Calls("/cgi-bin/stable_token"); n != 2 {
		t.Errorf("the token was asked for %d times", n)
	}
	s.platform.Refuse(customSend, -1)
	var later *turn.SendError
	if err := s.door.Send(t.Context(), "wx:o1", "k3", bot.Say{Text: "x"}); !errors.As(err, &later) || later.Gone || later.Drop {
		t.Errorf("a busy platform: %v", err)
	}
}

// What others send is refused: no seal, another's, an old one, one that came before, too much.
func TestStrangersAreRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	var sent *http.Request
	var body []byte
	catch := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent = r
		body, _ = io.ReadAll(r.Body)
		_, _ = io.WriteString(w, "success")
	}))
	defer catch.Close()
	s.platform.SetHook(catch.URL + wechat.Path)
	s.platform.Person("o1").Say("路坏了")
	post := func(q url.Values, body string) int {
		t.Helper()
		res, err := http.Post(s.hook+"?"+q.Encode(), "text/xml", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	with := func(name, value string) url.Values {
		q := sent.URL.Query()
		q.Set(name, value)
		return q
	}
	plain := "<xml><ToUserName>gh</ToUserName><FromUserName>o1</FromUserName><MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId></xml>"
	for what, c := range map[string]struct {
		q    url.Values
		body string
		want int
	}{
		"no seal":             {sent.URL.Query(), plain, http.StatusBadRequest},
		"another signature":   {with("msg_signature", strings.Repeat("0", 40)), string(body), http.StatusUnauthorized},
		"another nonce":       {with("nonce", "x"), string(body), http.StatusUnauthorized},
		"an old one":          {with("timestamp", "1700000000"), string(body), http.StatusUnauthorized},
		"too much":            {sent.URL.Query(), strings.Repeat("x", 65<<10), http.StatusRequestEntityTooLarge},
		"nested without end":  {sent.URL.Query(), strings.Repeat("<a>", 5000), http.StatusBadRequest},
		"entities that grow":  {sent.URL.Query(), `<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><Encrypt>&a;</Encrypt></xml>`, http.StatusBadRequest},
		"the signature alone": {sent.URL.Query(), "<xml><Encrypt>AAAA</Encrypt></xml>", http.StatusUnauthorized},
	} {
		if got := post(c.q, c.body); got != c.want {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
	if len(s.events) != 0 {
		t.Fatalf("a stranger's bytes became %d events", len(s.events))
	}
	if got := post(sent.URL.Query(), string(body)); got != http.StatusOK {
		t.Errorf("the push itself: %d", got)
	}
	if got := post(sent.URL.Query(), string(body)); got != http.StatusUnauthorized {
		t.Errorf("the same push again: %d", got)
	}
	for q, want := range map[string]int{"?signature=x&timestamp=1&nonce=2&echostr=3": http.StatusUnauthorized} {
		res, err := http.Get(s.hook + q)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("a check of the address that nobody signed: %d", res.StatusCode)
		}
	}
}

// Everything that people can send becomes an event; what needs no answer becomes none.
func TestEveryKindOfMessage(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	p := s.platform.Person("o1")
	p.Send("image", "m1")
	if e := s.last(); len(e.Media) != 1 || e.Media[0].Ref != "wx:m1" || e.Media[0].Kind != "photo" {
		t.Errorf("image: %+v", e)
	}
	p.Send("voice", "m2")
	if e := s.last(); len(e.Media) != 1 || e.Media[0].Type != "audio/amr" || !e.Media[0].Audible() {
		t.Errorf("voice: %+v", e)
	}
	p.Locate(33.68, 109.11)
	if e := s.last(); e.Location == nil || e.Location.Lat != 33.68 || e.Location.Lon != 109.11 {
		t.Errorf("location: %+v", e)
	}
	p.Event("subscribe", "qrscene_abc")
	if e := s.last(); e.Command != "start" || e.Args != "abc" {
		t.Errorf("subscribe: %+v", e)
	}
	p.Event("CLICK", "my")
	if e := s.last(); e.Command != "my" {
		t.Errorf("click: %+v", e)
	}
	n := len(s.events)
	p.Event("unsubscribe", "")
	p.Event("VIEW", "https://example.cn")
	if len(s.events) != n {
		t.Error("an event without words became one of the conversation")
	}
	s.platform.PutMedia("m1", []byte("\xff\xd8\xff"))
	body, err := s.door.Fetch(t.Context(), bot.Media{Ref: "wx:m1"})
	if err != nil {
		t.Fatal(err)
	}
	content, _ := io.ReadAll(body)
	body.Close()
	if string(content) != "\xff\xd8\xff" {
		t.Errorf("fetched %q", content)
	}
	s.platform.DropMedia("m1")
	if _, err := s.door.Fetch(t.Context(), bot.Media{Ref: "wx:m1"}); err == nil {
		t.Error("what is gone is fetched")
	}
}

// Neither secret nor token stands in an error.
func TestErrorsKeepSecrets(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(c *wechat.Config) { c.APIURL = "http://127.0.0.1:1" })
	err := s.door.Send(t.Context(), "wx:o1", "k", bot.Say{Text: "x"})
	if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "access_token") {
		t.Errorf("%v", err)
	}
}
