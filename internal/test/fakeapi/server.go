// Package fakeapi is a fake Telegram Bot API server with Telegram's manners, for
// tests and for measuring: it checks what the real one would refuse, delivers the
// updates of a chat one after another until each is answered 2xx, keeps the offset
// of getUpdates, and can be told to fail. Scripted citizens talk through it.
package fakeapi

import (
	"fmt"
	"io"
	"log"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// Options say how the server behaves. The zero Options is a server without faults.
type Options struct {
	Addr      string        // loopback address; "" = a free port
	Token     string        // "" = 123456:TEST
	Username  string        // "" = dengwen_bot
	Conns     int           // webhook deliveries at once; 0 = 100, Telegram's most
	Delay     time.Duration // sends are answered after this long
	IdleClose time.Duration // idle keep-alive connections are closed after this long; 0 = never

	RedeliverEvery int            // every k-th update comes twice, same update_id
	Redeliver      func(int) bool // or: whether the update with this id comes twice
	FloodEvery     int            // every k-th send is refused with 429
	FailEvery      int            // every k-th send is refused with 500
	RetryAfter     int            // seconds a 429 asks for; 0 = 1
	RetryPause     time.Duration  // between deliveries of an update not answered 2xx; 0 = 100 ms

	LocalDir string // a local Bot API server: getFile puts the file here and answers its absolute path
	TestEnv  bool   // the test environment: methods are at /bot<token>/test/
}

// Server is a running fake Bot API server. It is safe for concurrent use.
type Server struct {
	opts  Options
	http  *fasthttp.Server
	ln    net.Listener
	post  *fasthttp.Client
	done  chan struct{}
	slots chan struct{}

	chats    sync.Map // int64 → *Chat
	files    sync.Map // file id → []byte
	presses  sync.Map // callback query id → answered, *atomic.Int64
	commands sync.Map // language → number of commands
	hook     atomic.Pointer[hook]
	trouble  atomic.Pointer[Trouble]
	queue    queue
	faults   faults
	newest   sync.Map // chat → its newest update, pushed

	updateID, messageID, pressID atomic.Int64
	restart                      atomic.Int64 // id to go on from, 0 = the next one
	counts                       counts
}

// hook is what setWebhook set, and how its last deliveries went.
type hook struct {
	url, secret string

	mu      sync.Mutex
	failed  time.Time // the last delivery that was not taken, zero = none
	failure string
}

func (h *hook) fail(at time.Time, why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failed, h.failure = at, why
}

// Start serves on a loopback address until Close.
func Start(o Options) (*Server, error) {
	o = withDefaults(o)
	ln, err := net.Listen("tcp4", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("start fake Bot API: %w", err)
	}
	if ip := ln.Addr().(*net.TCPAddr).IP; !ip.IsLoopback() {
		_ = ln.Close()
		return nil, fmt.Errorf("start fake Bot API: %s is not a loopback address", o.Addr)
	}
	s := &Server{opts: o, ln: ln, done: make(chan struct{}), slots: make(chan struct{}, o.Conns)}
	s.queue.wake = make(chan struct{}, 1)
	s.messageID.Store(1000)
	s.updateID.Store(700_000)
	s.post = &fasthttp.Client{MaxConnsPerHost: 4096, MaxIdleConnDuration: time.Minute, NoDefaultUserAgentHeader: true,
		ReadTimeout: time.Minute, WriteTimeout: time.Minute, MaxIdemponentCallAttempts: 1}
	s.http = &fasthttp.Server{Handler: s.serve, MaxRequestBodySize: 128 << 20, IdleTimeout: o.IdleClose, NoDefaultServerHeader: true,
		Logger: log.New(io.Discard, "", 0), // connections that break are no news
		ConnState: func(_ net.Conn, st fasthttp.ConnState) {
			if st == fasthttp.StateNew {
				s.counts.Connections.Add(1)
			}
		}}
	go func() { _ = s.http.Serve(ln) }()
	return s, nil
}

func withDefaults(o Options) Options {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Token == "" {
		o.Token = "123456:TEST"
	}
	if o.Username == "" {
		o.Username = "dengwen_bot"
	}
	if o.Conns == 0 {
		o.Conns = 100
	}
	if o.RetryAfter == 0 {
		o.RetryAfter = 1
	}
	if o.RetryPause == 0 {
		o.RetryPause = 100 * time.Millisecond
	}
	return o
}

// RestartIDs has ids go on from id, lower than those before, with the first update that finds the
// queue empty: as after a quiet week (telegram-bot-api issue 156).
func (s *Server) RestartIDs(id int64) { s.restart.Store(id) }

// AnswerAtOnce has getUpdates answer without waiting when there is nothing.
func (s *Server) AnswerAtOnce(yes bool) { s.queue.atOnce.Store(yes) }

// Close stops deliveries and the server.
func (s *Server) Close() {
	close(s.done)
	_ = s.ln.Close()
	s.queue.poke()
}

// URL is the server's address, for TELEGRAM_API_URL.
func (s *Server) URL() string { return "http://" + s.ln.Addr().String() }

// Token is the token the server takes.
func (s *Server) Token() string { return s.opts.Token }

// SetWebhook does what the method setWebhook does, for bots that never call it;
// url "" is deleteWebhook.
func (s *Server) SetWebhook(url, secret string) {
	if url == "" {
		s.hook.Store(nil)
		return
	}
	s.hook.Store(&hook{url: url, secret: secret})
	for _, u := range s.queue.takeAll() {
		s.toHook(u)
	}
}

// Hook is the address of the webhook, "" when none is set.
func (s *Server) Hook() string {
	if h := s.hook.Load(); h != nil {
		return h.url
	}
	return ""
}

// Commands is how many commands the menu of a language holds.
func (s *Server) Commands(lang string) int {
	n, _ := s.commands.Load(lang)
	k, _ := n.(int)
	return k
}

// AddFile makes a file a bot can fetch by its id.
func (s *Server) AddFile(id string, content []byte) { s.files.Store(id, content) }

// Answered counts the answers to a pressed button, by callback query id.
func (s *Server) Answered(press string) int64 {
	n, ok := s.presses.Load(press)
	if !ok {
		return 0
	}
	return n.(*atomic.Int64).Load()
}

// Unanswered counts buttons pressed that nobody answered.
func (s *Server) Unanswered() int {
	open := 0
	s.presses.Range(func(_, n any) bool {
		if n.(*atomic.Int64).Load() == 0 {
			open++
		}
		return true
	})
	return open
}

func (s *Server) closed() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}
