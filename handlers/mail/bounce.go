package mail

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"regexp"
	"strings"
)

// Bounce is a report that a mail of ours did not arrive.
type Bounce struct {
	Conv string // conversation that it was sent to
	Key  string // of the outbox row that it was; "" = of none that tells a notice

	Failed  bool // for good: it will not arrive; false = it is late, or did arrive
	Refused bool // the address itself takes no mail: it is unknown, or was closed
}

// ErrNotOurs says that a mail is no report about one of ours.
var ErrNotOurs = errors.New("no report about a mail that was sent from here")

// Budgets of a report. It comes from strangers, and a real one has three parts and some kilobytes.
const (
	maxBounce = 1 << 20 // bytes that are read
	maxParts  = 20      // parts that are looked at, in all
	maxDepth  = 4       // of parts in parts
	maxText   = 64 << 10
)

// ParseBounce reads a report (RFC 3464), or what servers send in its place, and finds which mail of ours it
// is about by its Message-ID, which mark proves: nobody else can write one. ErrNotOurs for everything else.
func ParseBounce(r io.Reader, mark func(value string) string) (Bounce, error) {
	m, err := netmail.ReadMessage(bufio.NewReader(io.LimitReader(r, maxBounce)))
	if err != nil {
		return Bounce{}, ErrNotOurs
	}
	f := &findings{}
	if !reports(m.Header) {
		return Bounce{}, ErrNotOurs
	}
	if m.Header.Get("X-Failed-Recipients") != "" { // Exim's, also where it makes no parts
		f.failed = true
	}
	for _, name := range []string{"In-Reply-To", "References"} {
		f.add(m.Header.Get(name))
	}
	f.part(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body, 0)
	conv, key, ok := ours(f.text.String(), mark)
	if !ok {
		return Bounce{}, ErrNotOurs
	}
	return f.bounce(conv, key), nil
}

// reports tells reports from what people and their absence notes answer.
func reports(h netmail.Header) bool {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type")) // "" for one that is none
	return kind == "multipart/report" || h.Get("X-Failed-Recipients") != "" || strings.TrimSpace(h.Get("Return-Path")) == "<>" || daemon.MatchString(h.Get("From"))
}

var daemon = regexp.MustCompile(`(?i)mailer-daemon|postmaster|mail delivery`)

// findings are what the parts of a report say.
type findings struct {
	parts  int
	text   strings.Builder // of all parts, where the Message-ID is looked for
	said   strings.Builder // of the parts for people, where codes stand that no part for programs has
	action string          // of the part for programs (RFC 3464, 2.3.3)
	status string          // and its code (RFC 3463)
	reply  string          // and the remote server's own answer
	failed bool
}

func (f *findings) add(text string) {
	if room := maxBounce - f.text.Len(); room > 0 {
		f.text.WriteString(text[:min(len(text), room)])
		f.text.WriteString("\n")
	}
}

// part looks at one part and those in it. What can't be read is passed over: the rest may say enough.
func (f *findings) part(contentType, encoding string, body io.Reader, depth int) {
	if f.parts++; f.parts > maxParts || depth > maxDepth {
		return
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") && params["boundary"] != "" {
		for all := multipart.NewReader(body, params["boundary"]); f.parts <= maxParts; {
			p, err := all.NextRawPart()
			if err != nil {
				return
			}
			f.part(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p, depth+1)
		}
		return
	}
	raw, _ := io.ReadAll(io.LimitReader(decoded(encoding, body), maxText)) // what came before an error is read
	f.add(string(raw))
	switch kind {
	case "message/delivery-status", "message/global-delivery-status":
		f.delivery(raw)
	case "text/plain", "text/html":
		f.said.Write(raw)
	}
}

func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// delivery reads the part for programs: groups of fields, the first of the mail and one for each address.
// We send to one address.
func (f *findings) delivery(raw []byte) {
	for line := range strings.Lines(unfolded(raw)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "action":
			f.action = strings.ToLower(value)
		case "status":
			f.status = value
		case "diagnostic-code":
			f.reply = value
		}
	}
}

func unfolded(raw []byte) string {
	text := bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	return folding.ReplaceAllString(string(text), " ")
}

var (
	folding = regexp.MustCompile(`\n[ \t]+`)
	// enhanced is a code of RFC 3463, and plain one of RFC 5321.
	enhanced = regexp.MustCompile(`(?:^|[^0-9.])([245]\.\d{1,3}\.\d{1,3})(?:[^0-9.]|\.[^0-9]|\.?$)`)
	plain    = regexp.MustCompile(`\b(5[0-5]\d)[ -]`)
	// unknownAddress are codes that say that the address takes no mail: it is none, moved away or closed. A
	// full box, a size and a policy are no such thing.
	unknownAddress = regexp.MustCompile(`^5\.(?:1\.(?:0|1|2|3|6|10)|2\.1)$`)
	ourID          = regexp.MustCompile(`([0-9a-f]{32})\.([0-9a-z-]{1,40})\.([A-Za-z0-9._-]{1,100})@`)
)

// bounce is what the findings come to. Where no part is for programs, the text for people decides.
func (f *findings) bounce(conv, key string) Bounce {
	said, code := f.reply, f.status
	if f.action == "" {
		said = f.said.String()
	}
	if found := enhancedIn(said); found != "" && (code == "" || strings.HasSuffix(code, ".0.0")) {
		code = found
	}
	b := Bounce{Conv: conv, Key: key, Failed: f.action == "failed"}
	if f.action == "" {
		b.Failed = f.failed || strings.HasPrefix(code, "5") || plain.MatchString(said) || !late.MatchString(said)
	}
	unknown := unknownAddress.MatchString(code) || unknownWords.MatchString(said)
	b.Refused = b.Failed && (code == "5.1.1" || unknown && !otherReason.MatchString(said))
	return b
}

func enhancedIn(text string) string {
	if m := enhanced.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// What servers say in words. Codes alone tell too little: 550 5.1.0 is an unknown address here and a policy
// there.
var (
	late         = regexp.MustCompile(`(?i)delayed|warning message|not yet been delivered|still trying|keep trying|will be retried|will continue`)
	unknownWords = regexp.MustCompile(`(?i)user (?:is )?unknown|unknown (?:user|recipient|address|local)|no such (?:user|recipient|address|mailbox|account|person|domain)|does(?:n't| not) exist|(?:user|mailbox|recipient|account|address|host|domain)\S*(?: \S+)? not found|` +
		`(?:invalid|bad) (?:recipient|mailbox|address|user)|not a valid (?:user|mailbox|address)|no mailbox|mailbox unavailable|not listed in|account (?:is |has been )?(?:disabled|inactive|closed)|couldn't find any host|不存在|无此用户|没有这个用户`)
	otherReason = regexp.MustCompile(`(?i)spam|block|blacklist|polic(?:y|ies)|reputation|\bptr\b|reverse|virus|too (?:many|much|large|big)|frequen|rate limit|quota|mailbox (?:is )?full|over.?quota|relay|authenticat|\bspf\b|\bdkim\b|\bdmarc\b|频率|空间|已满|垃圾`)
)

// ours finds the Message-ID of a mail that was sent from here.
func ours(text string, mark func(value string) string) (conv, key string, ok bool) {
	for _, m := range ourID.FindAllStringSubmatch(text, 10) {
		if mark(m[2]+"."+m[3]) != m[1] {
			continue
		}
		if id, n, notice := strings.Cut(m[2], "-"); notice {
			key = "notice:" + id + "/" + n
		}
		return Prefix + ":" + m[3], key, true
	}
	return "", "", false
}

var noticeKey = regexp.MustCompile(`^(?:instead:)?notice:([0-9]{1,25})/([0-9]{1,6})$`)

// messageID is the Message-ID of a row's mail in a conversation, without its brackets: the same for the
// same row. A report about it says by it which row it was.
func messageID(conv, key, host string, mark func(value string) string) string {
	row := "x" + mark(conv + "\x00" + key)[:16]
	if m := noticeKey.FindStringSubmatch(key); m != nil {
		row = m[1] + "-" + m[2]
	}
	value := row + "." + strings.TrimPrefix(conv, Prefix+":")
	return mark(value) + "." + value + "@" + host
}
