package web

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/officer"
	"dengwen/bot/turn"
	"dengwen/internal/scrub"
	"dengwen/internal/seal"
	fakes "dengwen/internal/test/memory"
	"dengwen/internal/websession"
	"dengwen/locales"
	"dengwen/petition"
)

// memory is a mailbox for these tests.
type memory struct {
	mu    sync.Mutex
	posts map[string][]turn.MailboxItem
	news  chan struct{}
	fail  error
}

func newMemory() *memory {
	return &memory{posts: map[string][]turn.MailboxItem{}, news: make(chan struct{})}
}

func (m *memory) Put(_ context.Context, conv, key string, body []byte, _ time.Duration) error {
	return m.put(conv, key, body, false)
}

func (m *memory) Restart(_ context.Context, conv, key string, body []byte, _ time.Duration) error {
	return m.put(conv, key, body, true)
}

func (m *memory) put(conv, key string, body []byte, restart bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	for _, p := range m.posts[conv] {
		if p.Key == key {
			return nil
		}
	}
	seq := int64(1)
	if n := len(m.posts[conv]); n > 0 {
		seq = m.posts[conv][n-1].Seq + 1
	}
	if restart {
		m.posts[conv] = nil
	}
	m.posts[conv] = append(m.posts[conv], turn.MailboxItem{Seq: seq, Key: key, Body: body})
	close(m.news)
	m.news = make(chan struct{})
	return nil
}

func (m *memory) Since(_ context.Context, conv string, after int64, limit int) ([]turn.MailboxItem, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return nil, m.fail
	}
	var out []turn.MailboxItem
	for _, p := range m.posts[conv] {
		if p.Seq > after && len(out) < limit {
			out = append(out, p)
		}
	}
	return out, nil
}

func (m *memory) Wait(ctx context.Context, conv string, after int64) error {
	for {
		m.mu.Lock()
		n := len(m.posts[conv])
		there, news := n > 0 && m.posts[conv][n-1].Seq > after, m.news
		m.mu.Unlock()
		if there {
			return nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (m *memory) setFail(err error) { m.mu.Lock(); m.fail = err; m.mu.Unlock() }

// office is what stands behind the door in these tests: it notes every event and
// file, and answers as reply says.
type office struct {
	petition.Cases // what the door must not call stays nil and would panic
	turn.Inbox
	mu     sync.Mutex
	events []bot.Event
	convs  []string
	seen   map[string]bool
	stored map[string][]byte
	down   error
	full   error // of a file
	reply  func(conv string, e bot.Event, n int)
}

func (o *office) Accept(_ context.Context, conv string, e bot.Event) error {
	o.mu.Lock()
	if o.down != nil {
		defer o.mu.Unlock()
		return o.down
	}
	if o.seen[conv+e.ID] {
		o.mu.Unlock()
		return nil
	}
	o.seen[conv+e.ID] = true
	o.events = append(o.events, e)
	o.convs = append(o.convs, conv)
	n, reply := len(o.events), o.reply
	o.mu.Unlock()
	if reply != nil {
		reply(conv, e, n)
	}
	return nil
}

func (o *office) setDown(err error) { o.mu.Lock(); o.down = err; o.mu.Unlock() }

// whose are the conversations of the events taken.
func (o *office) whose() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string(nil), o.convs...)
}

func (o *office) taken() []bot.Event {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]bot.Event(nil), o.events...)
}

const testMaxFile = 64 << 10

func (o *office) Attach(_ context.Context, a petition.Actor, at petition.Attachment, r io.Reader) (petition.Attachment, error) {
	b, err := io.ReadAll(io.LimitReader(r, testMaxFile+1))
	if err != nil {
		return at, err
	}
	if len(b) > testMaxFile {
		return at, petition.Fail(petition.Invalid, "file.too_large")
	}
	if bytes.HasPrefix(b, []byte("MZ")) {
		return at, petition.Fail(petition.Invalid, "file.kind")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.full != nil {
		return at, o.full
	}
	if o.down != nil {
		return at, petition.Fail(petition.Unavailable, "")
	}
	o.stored[at.ID] = b
	at.Size, at.Stored = int64(len(b)), true
	return at, nil
}

// stage is a door with everything behind it, served on loopback.
type stage struct {
	*office
	t    testing.TB
	mail *memory
	door *Door
	srv  *httptest.Server

	clock atomic.Pointer[time.Time]
	staff sync.Map // officer's id by conversation
}

func (s *stage) now() time.Time { return *s.clock.Load() }

// after lets time pass.
func (s *stage) after(d time.Duration) { s.clock.Store(new(s.now().Add(d))) }

func (s *stage) staffOf(_ context.Context, conv string) (string, error) {
	id, _ := s.staff.Load(conv)
	name, _ := id.(string)
	return name, nil
}

// newVisitor is somebody with a session of their own.
func (s *stage) newVisitor() (*http.Request, visitor) {
	s.t.Helper()
	token, _, err := s.door.Sessions.Start(context.Background(), websession.Session{Kind: websession.Citizen, Conv: "web:" + randomHex(16)})
	if err != nil {
		s.t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(&http.Cookie{Name: s.door.cookieName(r), Value: token})
	v, err := s.door.visitor(r)
	if err != nil {
		s.t.Fatal(err)
	}
	return r, v
}

var start = time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC)

func newStage(t testing.TB, change func(*Config)) *stage {
	t.Helper()
	s := &stage{t: t, mail: newMemory(), office: &office{seen: map[string]bool{}, stored: map[string][]byte{}}}
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Store(&start)
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	c := Config{
		Locales: words,
		Cases:   s.office, Mail: s.mail, Box: box, Draw: dot, Staff: s.staffOf, Joins: officer.Joins,
		Sessions: websession.New(fakes.NewWebSessions(s.now), box, s.now, websession.Periods()), CheckEvery: 20 * time.Millisecond,
		Name: "柞水县信访局", Example: true, MaxFile: testMaxFile, Endings: scrub.Endings(),
		Now: s.now, AnswerWait: 2 * time.Second, PingEvery: time.Second,
		Limits: Limits{ConvBurst: 1000, AddrBurst: 10000, NewBurst: 1000},
	}
	if change != nil {
		change(&c)
	}
	if s.door, err = New(c); err != nil {
		t.Fatal(err)
	}
	s.srv = httptest.NewServer(s.door.Handler(s))
	t.Cleanup(func() { s.door.Close(); s.srv.Close() })
	s.reply = s.echo
	return s
}

// echo answers every event with a message that names it and two buttons.
func (s *stage) echo(conv string, e bot.Event, n int) {
	s.send(conv, e.ID+"/0", bot.Say{Text: "您说的我原样记下了。这件事发生在哪里？",
		Rows: [][]bot.Button{{{Text: "下梁镇", Data: "p1"}, {Text: "不确定", Data: "p2"}}}})
}

func (s *stage) send(conv, key string, say bot.Say) {
	s.t.Helper()
	if err := s.door.Send(context.Background(), conv, key, say); err != nil {
		s.t.Error(err)
	}
}

func dot(to io.Writer, _ bot.Receipt) error {
	return png.Encode(to, image.NewGray(image.Rect(0, 0, 2, 2)))
}

// browser is one citizen without JavaScript.
type browser struct {
	*stage
	c    *http.Client
	page string // the last page seen
}

func (s *stage) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	b := &browser{stage: s, c: &http.Client{Jar: jar}}
	b.get("/", http.StatusOK)
	return b
}

func (b *browser) do(req *http.Request, want int) *http.Response {
	b.t.Helper()
	res, err := b.c.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.page = string(body)
	if res.StatusCode != want {
		b.t.Fatalf("%s %s: status %d, want %d\n%s", req.Method, req.URL.Path, res.StatusCode, want, b.page)
	}
	return res
}

func (b *browser) get(path string, want int) *http.Response {
	b.t.Helper()
	req, err := http.NewRequest("GET", b.srv.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(req, want)
}

var csrfField = regexp.MustCompile(`name="csrf" value="([0-9a-f]+)"`)
var idField = regexp.MustCompile(`name="id" value="([^"]+)"`)

func (b *browser) fields(pairs ...string) url.Values {
	v := url.Values{}
	if m := csrfField.FindStringSubmatch(b.page); m != nil {
		v.Set("csrf", m[1])
	}
	if m := idField.FindStringSubmatch(b.page); m != nil {
		v.Set("id", m[1])
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func (b *browser) post(path string, v url.Values, want int) *http.Response {
	b.t.Helper()
	req, err := http.NewRequest("POST", b.srv.URL+path, strings.NewReader(v.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req, want)
}

func (b *browser) shows(words ...string) {
	b.t.Helper()
	for _, w := range words {
		if !strings.Contains(b.page, w) {
			b.t.Errorf("page does not show %q\n%s", w, b.page)
		}
	}
}

func (b *browser) hides(words ...string) {
	b.t.Helper()
	for _, w := range words {
		if strings.Contains(b.page, w) {
			b.t.Errorf("page shows %q", w)
		}
	}
}
