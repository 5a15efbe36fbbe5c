package fakewechat

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Person follows the account. Not for concurrent use, but for what is said to them.
type Person struct {
	OpenID string

	s *Server

	mu         sync.Mutex
	seen       []string
	changed    chan struct{}
	read       int
	free       int  // customer service messages left
	window     bool // 48 hours since their last message are not over
	subscribed int  // notices they may still be sent, -1 = any number
	notices    []string
	next       int64
	last       string // message, for Again
}

// Person is the follower with this openid.
func (s *Server) Person(openid string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.people[openid]
	if p == nil {
		p = &Person{OpenID: openid, s: s, changed: make(chan struct{}), next: 1}
		s.people[openid] = p
	}
	return p
}

func (s *Server) known(openid string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.people[openid]
}

// Subscribe lets n notices come, -1 = any number (长期订阅).
func (p *Person) Subscribe(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.subscribed = n
}

// TwoDaysLater closes the window of free answers.
func (p *Person) TwoDaysLater() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.window = false
}

// Notices are the notices they were sent, field=value.
func (p *Person) Notices() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.notices...)
}

// Seen is all that was said to them, oldest first.
func (p *Person) Seen() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.seen...)
}

// See is the next thing said to them that matches.
func (p *Person) See(ctx context.Context, pattern string) (string, error) {
	re := regexp.MustCompile(pattern)
	for {
		p.mu.Lock()
		changed := p.changed
		for ; p.read < len(p.seen); p.read++ {
			if re.MatchString(p.seen[p.read]) {
				text := p.seen[p.read]
				p.read++
				p.mu.Unlock()
				return text, nil
			}
		}
		p.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return "", fmt.Errorf("nothing that was said matches %q: %q", pattern, p.Seen())
		}
	}
}

func (p *Person) show(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = append(p.seen, text)
	close(p.changed)
	p.changed = make(chan struct{})
}

// sendFree shows a customer service message and answers the errcode that refuses it, 0 = none.
func (p *Person) sendFree(text string) int {
	p.mu.Lock()
	switch {
	case !p.window:
		p.mu.Unlock()
		return 45015
	case p.free == 0:
		p.mu.Unlock()
		return 45047
	}
	p.free--
	p.mu.Unlock()
	p.show(text)
	return 0
}

func (p *Person) notified(template string, values []string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.subscribed == 0 {
		return false
	}
	if p.subscribed > 0 {
		p.subscribed--
	}
	sort.Strings(values)
	p.notices = append(p.notices, template+" "+strings.Join(values, " "))
	return true
}

// Say types a text.
func (p *Person) Say(text string) { p.push("text", "<Content>"+quote(text)+"</Content>", p.s.Free) }

// Send sends something with a media id: image, voice, video.
func (p *Person) Send(kind, mediaID string) {
	p.push(kind, "<MediaId>"+quote(mediaID)+"</MediaId><Format>amr</Format>", p.s.Free)
}

// Locate shares a point.
func (p *Person) Locate(lat, lon float64) {
	p.push("location", fmt.Sprintf("<Location_X>%f</Location_X><Location_Y>%f</Location_Y>", lat, lon), p.s.Free)
}

// Event is an event: subscribe, SCAN, CLICK … Three free messages follow it at most.
func (p *Person) Event(name, key string) {
	p.push("event", "<Event>"+quote(name)+"</Event><EventKey>"+quote(key)+"</EventKey>", min(3, p.s.Free))
}

func quote(text string) string { return "<![CDATA[" + text + "]]>" }

func (p *Person) push(kind, fields string, free int) {
	p.mu.Lock()
	p.next++
	id := p.next
	p.free, p.window = free, true
	p.mu.Unlock()
	if kind != "event" {
		fields += fmt.Sprintf("<MsgId>%d%06d</MsgId>", time.Now().Unix(), id)
	}
	message := fmt.Sprintf("<xml><ToUserName>%s</ToUserName><FromUserName>%s</FromUserName><CreateTime>%d</CreateTime><MsgType>%s</MsgType>%s</xml>",
		quote("gh_test"), quote(p.OpenID), time.Now().Unix(), quote(kind), fields)
	p.last = message
	p.try()
}

// Again is the last message once more, as the platform sends it when it has missed the answer.
func (p *Person) Again() { p.try() }

func (p *Person) try() {
	for range p.s.Tries {
		if p.s.deliver(p, p.last) {
			return
		}
		time.Sleep(20 * time.Millisecond) // of the platform; pushes are not sent again at once
	}
	p.show("该公众号提供的服务出现故障，请稍后再试")
}

// deliver pushes once and shows the answer. false: it will be sent again.
func (s *Server) deliver(p *Person, message string) bool {
	s.mu.Lock()
	s.pushes++
	hook, nonce := s.hook, strconv.Itoa(s.pushes)
	s.mu.Unlock()
	query, body := s.Push(p.OpenID, nonce, message)
	ctx, cancel := context.WithTimeout(context.Background(), s.Patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, hook+"?"+query, strings.NewReader(body))
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		return false
	}
	if text := string(got); text == "" || text == "success" {
		return true
	}
	text, err := s.readAnswer(p, got)
	if err != nil {
		p.show("该公众号暂时无法提供服务 " + err.Error())
		return true
	}
	p.show(text)
	return true
}

// Push is the query and the body of a request by which the platform pushes a message, signed and sealed
// now. The message is any text.
func (s *Server) Push(openid, nonce, message string) (query, body string) {
	sealed, now := s.seal(message), strconv.FormatInt(time.Now().Unix(), 10)
	q := url.Values{"timestamp": {now}, "nonce": {nonce}, "openid": {openid}, "encrypt_type": {"aes"},
		"signature": {s.sign(now, nonce)}, "msg_signature": {s.sign(now, nonce, sealed)}}
	return q.Encode(), "<xml><ToUserName>" + quote("gh_test") + "</ToUserName><Encrypt>" + quote(sealed) + "</Encrypt></xml>"
}

// readAnswer checks a passive answer as the platform does.
func (s *Server) readAnswer(p *Person, body []byte) (string, error) {
	var outer struct {
		Encrypt, MsgSignature, TimeStamp, Nonce string
	}
	if err := xml.Unmarshal(body, &outer); err != nil {
		return "", err
	}
	if s.sign(outer.TimeStamp, outer.Nonce, outer.Encrypt) != outer.MsgSignature {
		return "", fmt.Errorf("wrong signature")
	}
	plain, err := s.open(outer.Encrypt)
	if err != nil {
		return "", err
	}
	var inner struct {
		ToUserName, FromUserName, MsgType, Content string
	}
	if err := xml.Unmarshal(plain, &inner); err != nil {
		return "", err
	}
	switch {
	case inner.ToUserName != p.OpenID || inner.FromUserName != "gh_test" || inner.MsgType != "text":
		return "", fmt.Errorf("wrong receiver or type")
	case len(inner.Content) > 2048 || !utf8.ValidString(inner.Content):
		return "", fmt.Errorf("text of %d bytes", len(inner.Content))
	}
	return inner.Content, nil
}

func (s *Server) sign(parts ...string) string {
	all := append([]string{s.Token}, parts...)
	sort.Strings(all)
	return fmt.Sprintf("%x", sha1.Sum([]byte(strings.Join(all, ""))))
}

func (s *Server) key() []byte {
	k, err := base64.StdEncoding.DecodeString(s.Key + "=")
	if err != nil {
		panic("fakewechat: " + err.Error()) // of Options
	}
	return k
}

func (s *Server) seal(message string) string {
	var b bytes.Buffer
	b.WriteString("0123456789abcdef")
	_ = binary.Write(&b, binary.BigEndian, uint32(len(message)))
	b.WriteString(message + s.AppID)
	pad := 32 - b.Len()%32
	b.Write(bytes.Repeat([]byte{byte(pad)}, pad))
	block, _ := aes.NewCipher(s.key())
	out := b.Bytes()
	cipher.NewCBCEncrypter(block, s.key()[:16]).CryptBlocks(out, out)
	return base64.StdEncoding.EncodeToString(out)
}

func (s *Server) open(sealed string) ([]byte, error) {
	body, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(body) == 0 || len(body)%32 != 0 {
		return nil, fmt.Errorf("not sealed")
	}
	block, _ := aes.NewCipher(s.key())
	cipher.NewCBCDecrypter(block, s.key()[:16]).CryptBlocks(body, body)
	body = body[:len(body)-int(body[len(body)-1])]
	n := int(binary.BigEndian.Uint32(body[16:20]))
	if 20+n > len(body) || string(body[20+n:]) != s.AppID {
		return nil, fmt.Errorf("sealed for somebody else")
	}
	return body[20 : 20+n], nil
}
