package wechat_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/bot/turn"
	"dengwen/handlers/doortest"
	"dengwen/handlers/wechat"
	"dengwen/internal/test/fakewechat"
)

// The door passes the suite of all doors as far as an official account goes.
func TestSuite(t *testing.T) {
	t.Parallel()
	doortest.Run(t, doortest.Kit{
		Can: doortest.Capabilities{
			Files: true, Locations: true, Pushes: true, Again: true, MaxIn: 600, MaxOut: 2048, Answer: 5 * time.Second,
		},
		Open: func(t testing.TB, p doortest.Parts) doortest.Network { return newNetwork(t, p) },
	})
}

// network is the platform with one person, and the address that it pushes to.
type network struct {
	t        testing.TB
	parts    doortest.Parts
	platform *fakewechat.Server
	person   *fakewechat.Person
	hook     *httptest.Server

	mu      sync.Mutex
	door    *wechat.Door
	handler http.Handler // nil while the program is down
	slowest time.Duration
	files   int
}

func newNetwork(t testing.TB, p doortest.Parts) *network {
	n := &network{t: t, parts: p, platform: fakewechat.Start(fakewechat.Options{Tries: 40, Free: 100})}
	t.Cleanup(n.platform.Close)
	n.person = n.platform.Person("o1")
	n.hook = httptest.NewServer(http.HandlerFunc(n.push))
	t.Cleanup(n.hook.Close)
	n.platform.SetHook(n.hook.URL + wechat.Path)
	return n
}

func (n *network) push(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	h := n.handler
	n.mu.Unlock()
	if h == nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	began := time.Now()
	h.ServeHTTP(w, r)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.slowest = max(n.slowest, time.Since(began))
}

func (n *network) Doors() map[string]turn.Door {
	d, err := wechat.New(wechat.Config{
		AppID: n.platform.AppID, Secret: n.platform.Secret, Token: n.platform.Token, AESKeys: []string{n.platform.Key}, APIURL: n.platform.URL(),
		Mail: n.parts.Store, Box: n.parts.Box, Locales: n.parts.Locales, Now: time.Now, Public: "https://xf.example.cn",
	})
	if err != nil {
		n.t.Fatal(err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.door = d
	return map[string]turn.Door{"wx": {Send: d, Fetch: d, Channel: "wechat", Shows: wechat.Shows}}
}

func (n *network) Listen(ctx context.Context, in turn.Inbox) {
	n.mu.Lock()
	n.handler = n.door.Handler(in)
	n.mu.Unlock()
	<-ctx.Done()
	n.mu.Lock()
	n.handler = nil
	n.mu.Unlock()
}

func (n *network) Person() doortest.Person               { return n }
func (n *network) Refuse(doortest.Refusal) (mend func()) { return func() {} }
func (n *network) Conv() string                          { return "wx:" + n.person.OpenID }

func (n *network) Slowest() time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.slowest
}

// Say splits what is too long for one message, as people do.
func (n *network) Say(text string) error {
	for r := []rune(text); len(r) > 0; r = r[min(len(r), 600):] {
		n.person.Say(string(r[:min(len(r), 600)]))
	}
	return nil
}

func (n *network) Press(button string) error { return n.Say(button) }

func (n *network) Send(files ...doortest.File) error {
	for _, f := range files {
		n.mu.Lock()
		n.files++
		id := "m" + strconv.Itoa(n.files)
		n.mu.Unlock()
		n.platform.PutMedia(id, f.Body)
		kind, ok := map[string]string{"photo": "image", "voice": "voice", "video": "video"}[f.Kind]
		if !ok {
			return errors.New("people can't send documents to an account")
		}
		n.person.Send(kind, id)
	}
	return nil
}

func (n *network) Locate(lat, lon float64) error { n.person.Locate(lat, lon); return nil }
func (n *network) Share(string, string) error    { return errors.New("nobody shares a card here") }
func (n *network) Edit(string) error             { return errors.New("nothing is edited here") }
func (n *network) Repeat() error                 { n.person.Again(); return nil }

var offered = regexp.MustCompile(`(?m)^(?:\d{1,2}|[A-Z]) (.+)$`)

func (n *network) Shown() (out []doortest.Message) {
	for _, text := range n.person.Seen() {
		m := doortest.Message{Text: text}
		for _, b := range offered.FindAllStringSubmatch(text, -1) {
			m.Buttons = append(m.Buttons, strings.TrimSpace(b[1]))
		}
		out = append(out, m)
	}
	return out
}
