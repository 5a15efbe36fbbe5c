package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"dengwen/bot"
	"dengwen/bot/turn"
)

// office is a mail server that keeps what it takes, and refuses when it is told to.
type office struct {
	mu     sync.Mutex
	taken  []string
	refuse *smtp.SMTPError
}

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{o: o}, nil }

type session struct{ o *office }

func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(string, *smtp.RcptOptions) error {
	s.o.mu.Lock()
	defer s.o.mu.Unlock()
	if s.o.refuse != nil {
		return s.o.refuse
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.o.mu.Lock()
	defer s.o.mu.Unlock()
	s.o.taken = append(s.o.taken, string(b))
	return err
}

// serve runs a mail server and answers its address.
func serve(t *testing.T, o *office) Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(o)
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	s, err := ParseServer("smtp://" + l.Addr().String() + "?from=office@xf.example.cn")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func marked(value string) string {
	sum := sha256.Sum256([]byte("key" + value))
	return hex.EncodeToString(sum[:16])
}

var words = Words{
	Subject: func(say bot.Say) string { return "有新情况 " + say.About },
	Leave:   func(_ bot.Say, link string) string { return "不想再收: " + link },
}

// Who petitioned agreed to mail: each has a link that ends it, and an address that a server refuses for
// good is noted. One that is taken back meanwhile gets nothing.
func TestMailOfOnesOwn(t *testing.T) {
	t.Parallel()
	o := &office{}
	address, noted := "lan@mail.example.cn", ""
	d := New(serve(t, o), nil, Personal{
		Address: func(context.Context, string, bool) (string, time.Duration, error) { return address, 0, nil },
		Leave:   func(conv string) string { return "https://xf.example.cn/told/" + conv[len("mail:"):] },
		Refused: func(_ context.Context, conv string) error { noted = conv; return nil },
	}, words, marked, time.Now)
	send := func() error { return d.Send(t.Context(), "mail:w-1", "notice:7/0", bot.Say{Text: "有新进展"}) }
	if err := send(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(o.taken, ""); !strings.Contains(got, "List-Unsubscribe: <https://xf.example.cn/told/w-1>") || !strings.Contains(got, "List-Unsubscribe-Post: List-Unsubscribe=One-Click") {
		t.Errorf("taken: %s", got)
	}
	var e *turn.SendError
	o.refuse = &smtp.SMTPError{Code: 550, Message: "no such user"}
	if err := send(); !errors.As(err, &e) || !e.Gone || noted != "mail:w-1" {
		t.Errorf("550: %+v, noted %q", err, noted)
	}
	address, o.refuse = "", nil
	if err := send(); !errors.As(err, &e) || !e.Gone || len(o.taken) != 1 {
		t.Errorf("taken back: %+v, %d mails", err, len(o.taken))
	}
}

func TestMail(t *testing.T) {
	t.Parallel()
	o := &office{}
	s := serve(t, o)
	box := Box{"transport", "Clerk@county.example.cn"}
	d := New(s, []Box{box}, Personal{}, words, marked, func() time.Time { return time.Unix(1700000000, 0) })
	if got := d.Of("transport"); len(got) != 1 || strings.Contains(got[0], "lerk") {
		t.Fatalf("addresses: %q", got)
	}
	send := func() error {
		return d.Send(t.Context(), box.Name(), "notice:1/0", bot.Say{Text: "ZS26-719148-CY 转来了\n𠮷", About: "ZS26-719148-CY"})
	}
	for range 2 {
		if err := send(); err != nil {
			t.Fatal(err)
		}
	}
	id := func(m string) string { return m[strings.Index(m, "Message-ID:"):][:60] }
	if len(o.taken) != 2 || id(o.taken[0]) != id(o.taken[1]) || !strings.Contains(o.taken[0], "Auto-Submitted: auto-generated") || !strings.Contains(o.taken[0], "To: <Clerk@county.example.cn>") {
		t.Errorf("taken: %q", o.taken)
	}
	var e *turn.SendError
	o.refuse = &smtp.SMTPError{Code: 451, Message: "later"}
	if err := send(); !errors.As(err, &e) || e.Drop || e.Gone {
		t.Errorf("451: %+v", err)
	}
	o.refuse = &smtp.SMTPError{Code: 550, Message: "no such user"}
	if err := send(); !errors.As(err, &e) || !e.Drop {
		t.Errorf("550: %+v", err)
	}
}

func TestParseServer(t *testing.T) {
	t.Parallel()
	s, err := ParseServer("smtps://office%40xf.example.cn:hush@mail.example.cn")
	if err != nil || s != (Server{"mail.example.cn", 465, "office@xf.example.cn", "hush", "office@xf.example.cn", true}) {
		t.Errorf("%+v %v", s, err)
	}
	for _, wrong := range []string{"", "http://x", "smtp://mail.example.cn", "smtps://user:hush@mail.example.cn:465"} {
		if _, err := ParseServer(wrong); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
