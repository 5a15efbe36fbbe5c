// Package mail is the door of e-mail (RFC 5322, RFC 6409): a unit's address is told there what
// happened, with a number and a link. Nobody can answer.
package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"dengwen/bot"
	"dengwen/bot/turn"
)

// Prefix stands before an address's name in the address of its conversation.
const Prefix = "mail"

// Server is where mail is handed in.
type Server struct {
	Host     string
	Port     int
	User     string
	Password string
	From     string
	TLS      bool // from the first byte (SMTPS, 465); else STARTTLS, which only loopback need not speak
}

// ParseServer reads smtps://user:password@host:465?from=office@example.cn, or smtp:// for STARTTLS
// (587). Its errors do not hold the password.
func ParseServer(address string) (s Server, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return s, errors.New("not an address such as smtps://user:password@host:465?from=office@example.cn")
	}
	s = Server{Host: u.Hostname(), Port: map[string]int{"smtps": 465, "smtp": 587}[u.Scheme], User: u.User.Username(), From: u.Query().Get("from"), TLS: u.Scheme == "smtps"}
	s.Password, _ = u.User.Password()
	if p := u.Port(); p != "" {
		port, err := strconv.ParseUint(p, 10, 16)
		if err != nil || port == 0 {
			return s, errors.New("the port is none")
		}
		s.Port = int(port)
	}
	if s.From == "" {
		s.From = s.User
	}
	if _, err := netmail.ParseAddress(s.From); err != nil {
		return s, errors.New("from is missing or no address: whom mail comes from")
	}
	return s, nil
}

// Box is a unit's address.
type Box struct{ Unit, Address string }

// Name is what its conversation is called.
func (b Box) Name() string {
	sum := sha256.Sum256([]byte(strings.ToLower(b.Address)))
	return Prefix + ":" + b.Unit + "." + hex.EncodeToString(sum[:6])
}

// Door sends mail. It is safe for concurrent use.
type Door struct {
	server   Server
	boxes    map[string]Box
	personal Personal
	words    Words
	mark     func(value string) string
	now      func() time.Time
}

// Personal are addresses that people chose for themselves.
type Personal struct {
	// Address is that of a conversation, "" = there is none any more; wait is how long its owner is not
	// to be disturbed, but for what is urgent.
	Address func(ctx context.Context, conv string, urgent bool) (address string, wait time.Duration, err error)

	// Leave is the address of a page that ends mail to the owner of a conversation with one press, "" =
	// there is none.
	Leave func(conv string) string

	// Refused notes that a server took no mail for the address, for good (RFC 5321, 4.2.1).
	Refused func(ctx context.Context, conv string) error
}

// Words are the sentences of the door.
type Words struct {
	Subject func(say bot.Say) string
	Leave   func(say bot.Say, link string) string // how to get no more such mail
}

var _ turn.Sender = (*Door)(nil)

// New makes the door. mark is a keyed hash in 32 hexadecimal digits, by which mails of this door are known
// again (ParseBounce). It does not touch the network.
func New(s Server, all []Box, personal Personal, words Words, mark func(value string) string, now func() time.Time) *Door {
	d := &Door{server: s, boxes: map[string]Box{}, personal: personal, words: words, mark: mark, now: now}
	for _, b := range all {
		d.boxes[b.Name()] = b
	}
	return d
}

// Shows is what this door declares of itself.
func Shows() bot.Door { return bot.Door{OneWay: true} }

// Of are the conversations of a unit's addresses.
func (d *Door) Of(unit string) (convs []string) {
	for name, b := range d.boxes {
		if b.Unit == unit {
			convs = append(convs, name)
		}
	}
	return convs
}

// sendTimeout is how long a server may take for one mail.
const sendTimeout = 25 * time.Second

// Send hands a mail in. The same key is the same Message-ID: a mail that was handed in twice can be
// known (RFC 5322, 3.6.4).
func (d *Door) Send(ctx context.Context, conv, key string, say bot.Say) error {
	address := d.boxes[conv].Address
	own := address == ""
	if own {
		var wait time.Duration
		var err error
		if address, wait, err = d.personal.Address(ctx, conv, say.Urgent); err != nil {
			return fmt.Errorf("find the address of a conversation: %w", err)
		}
		if wait > 0 {
			return &turn.SendError{After: wait, Err: errors.New("quiet hours")}
		}
	}
	if address == "" {
		return &turn.SendError{Gone: true, Err: errors.New("nobody wants mail there any more")}
	}
	m, err := d.message(conv, address, key, say)
	if err != nil {
		return &turn.SendError{Drop: true, Err: err}
	}
	c, err := d.client()
	if err != nil {
		return &turn.SendError{Err: fmt.Errorf("make mail client: %w", err)}
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	err = c.DialAndSendWithContext(ctx, m)
	var refused *mail.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500 && refused.Reason == mail.ErrSMTPRcptTo && own:
		if err := d.personal.Refused(ctx, conv); err != nil {
			return fmt.Errorf("note a refused address: %w", err)
		}
		return &turn.SendError{Gone: true, Err: fmt.Errorf("address refused: %d", refused.ErrorCode())}
	case errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500:
		return &turn.SendError{Drop: true, Err: fmt.Errorf("mail refused: %d", refused.ErrorCode())}
	}
	return &turn.SendError{Err: fmt.Errorf("hand mail in: %w", err)}
}

func (d *Door) message(conv, address, key string, say bot.Say) (*mail.Msg, error) {
	m := mail.NewMsg()
	if err := m.From(d.server.From); err != nil {
		return nil, errors.New("the sender's address is no address")
	}
	if err := m.To(address); err != nil {
		return nil, errors.New("the receiver's address is no address")
	}
	_, host, _ := strings.Cut(d.server.From, "@")
	m.SetMessageIDWithValue(messageID(conv, key, strings.Trim(host, "<> "), d.mark))
	m.SetDateWithValue(d.now())
	m.Subject(d.words.Subject(say))
	text := say.Text + "\n"
	if link := d.leave(conv); link != "" { // RFC 2369, RFC 8058
		text += "\n" + d.words.Leave(say, link) + "\n"
		m.SetGenHeader("List-Unsubscribe", "<"+link+">")
		m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(mail.TypeTextPlain, text)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no machine answers it
	return m, nil
}

func (d *Door) leave(conv string) string {
	if _, unit := d.boxes[conv]; unit || d.personal.Leave == nil {
		return ""
	}
	return d.personal.Leave(conv)
}

func (d *Door) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(d.server.Port), mail.WithTimeout(sendTimeout)}
	switch {
	case d.server.TLS:
		options = append(options, mail.WithSSL())
	case local(d.server.Host):
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if d.server.User != "" && d.server.Password != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(d.server.User), mail.WithPassword(d.server.Password))
	}
	return mail.NewClient(d.server.Host, options...)
}

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
