package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/handlers/doortest"
	"dengwen/handlers/web"
	"dengwen/internal/scrub"
	"dengwen/internal/websession"
)

// The door passes the suite of all doors, for a browser without scripts.
func TestSuite(t *testing.T) {
	t.Parallel()
	can := doortest.Capabilities{
		Buttons: true, Files: true, Documents: true, Albums: true, Captions: true, Locations: true, Pictures: true, Pushes: true, Again: true, MaxIn: 10000, MaxOut: 1 << 20,
	}
	doortest.Run(t, doortest.Kit{Can: can, Open: func(t testing.TB, p doortest.Parts) doortest.Network {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		return &network{t: t, parts: p, browser: &http.Client{Jar: jar}}
	}})
}

// network is the page and one browser before it.
type network struct {
	t       testing.TB
	parts   doortest.Parts
	door    *web.Door
	browser *http.Client
	last    map[string]string // fields of the last post
	sent    []doortest.File
	notices []doortest.Message // what the page itself said, of a file that it does not take

	mu   sync.Mutex
	url  string // of the program that runs
	conv string
}

func (n *network) Doors() map[string]turn.Door {
	var err error
	n.door, err = web.New(web.Config{
		Locales: n.parts.Locales, Cases: n.parts.Cases, Mail: n.parts.Store, Box: n.parts.Box, Endings: scrub.Endings(), Name: "柞水县信访局",
		Sessions: websession.New(n.parts.Store, n.parts.Box, n.parts.Now, websession.Periods()), AnswerWait: time.Millisecond,
		Draw:   func(to io.Writer, _ bot.Receipt) error { return png.Encode(to, image.NewGray(image.Rect(0, 0, 8, 8))) },
		Limits: web.Limits{ConvBurst: 100000, AddrBurst: 100000, NewBurst: 1000},
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return map[string]turn.Door{"web": {Send: n.door, Channel: "web"}}
}

// noting notes whose conversation the browser has.
type noting struct {
	turn.Inbox
	n *network
}

func (i noting) Accept(ctx context.Context, conv string, e bot.Event) error {
	i.n.mu.Lock()
	i.n.conv = conv
	i.n.mu.Unlock()
	return i.Inbox.Accept(ctx, conv, e)
}

func (n *network) Listen(ctx context.Context, in turn.Inbox) {
	s := httptest.NewServer(n.door.Handler(noting{in, n}))
	n.mu.Lock()
	n.url = s.URL
	n.mu.Unlock()
	<-ctx.Done()
	n.door.Close()
	s.Close()
}

func (n *network) Person() doortest.Person               { return n }
func (n *network) Slowest() time.Duration                { return 0 }
func (n *network) Refuse(doortest.Refusal) (mend func()) { return func() {} }

func (n *network) Conv() string { n.mu.Lock(); defer n.mu.Unlock(); return n.conv }

// do asks the program that runs, until one does.
func (n *network) do(method, path, kind string, body []byte) (int, string, error) {
	var last error
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		n.mu.Lock()
		url := n.url
		n.mu.Unlock()
		req, err := http.NewRequest(method, url+path, bytes.NewReader(body))
		if err != nil {
			return 0, "", err
		}
		req.Header.Set("Content-Type", kind)
		res, err := n.browser.Do(req)
		if err != nil {
			last = err
			continue
		}
		text, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err == nil && res.StatusCode != http.StatusServiceUnavailable {
			return res.StatusCode, string(text), nil
		}
		last = fmt.Errorf("status %d, %w", res.StatusCode, err)
	}
	return 0, "", last
}

var field = regexp.MustCompile(`name="(csrf|id)" value="([^"]+)"`)

// post sends the form of the page with these fields.
func (n *network) post(fields map[string]string, files ...doortest.File) error {
	_, page, err := n.do("GET", "/", "", nil)
	if err != nil {
		return err
	}
	for _, f := range field.FindAllStringSubmatch(page, -1) {
		if _, there := fields[f[1]]; !there {
			fields[f[1]] = f[2]
		}
	}
	n.last, n.sent = fields, files
	return n.Repeat()
}

// Repeat posts the same form again.
func (n *network) Repeat() error {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, name := range []string{"csrf", "id", "text", "press", "ref", "lat", "lon"} {
		if v := n.last[name]; v != "" {
			_ = w.WriteField(name, v)
		}
	}
	for i, f := range n.sent {
		name := f.Name
		if name == "" {
			name = fmt.Sprintf("%d.png", i) // browsers name every file
		}
		part, _ := w.CreateFormFile("file", name)
		_, _ = part.Write(f.Body)
	}
	_ = w.Close()
	status, page, err := n.do("POST", "/say", w.FormDataContentType(), b.Bytes())
	if told := refusal.FindStringSubmatch(page); err == nil && told != nil {
		n.notices = append(n.notices, doortest.Message{Text: html.UnescapeString(told[1])})
		return nil
	}
	if err == nil && status >= 400 {
		err = fmt.Errorf("status %d: %s", status, page)
	}
	return err
}

func (n *network) Say(text string) error { return n.post(map[string]string{"text": text}) }

func (n *network) Send(files ...doortest.File) error {
	words := map[string]string{}
	for _, f := range files {
		if f.Caption != "" {
			words["text"] = f.Caption
		}
	}
	return n.post(words, files...)
}

func (n *network) Locate(lat, lon float64) error {
	return n.post(map[string]string{"lat": fmt.Sprint(lat), "lon": fmt.Sprint(lon)})
}

var errCannot = errors.New("a page can't")

func (n *network) Share(string, string) error { return errCannot }
func (n *network) Edit(string) error          { return errCannot }

var (
	article = regexp.MustCompile(`(?s)<article class="msg (mine|bot)".*?</article>`)
	words   = regexp.MustCompile(`(?s)<div class="words">(.*?)</div>`)
	ref     = regexp.MustCompile(`name="ref" value="([^"]*)"`)
	button  = regexp.MustCompile(`<button name="press" value="([^"]*)"[^>]*>([^<]*)`)
	refusal = regexp.MustCompile(`(?s)<p[^>]*role="alert"[^>]*>(.*?)</p>`)
)

func (n *network) bubbles() ([]string, error) {
	_, body, err := n.do("GET", "/posts?after=0", "", nil)
	if err != nil {
		return nil, err
	}
	var u struct {
		Items []struct{ HTML string }
	}
	if err := json.Unmarshal([]byte(body), &u); err != nil {
		return nil, fmt.Errorf("%w: %s", err, body)
	}
	var out []string
	for _, i := range u.Items {
		if m := article.FindStringSubmatch(i.HTML); m != nil && m[1] == "bot" {
			out = append(out, i.HTML)
		}
	}
	return out, nil
}

func (n *network) Press(label string) error {
	all, err := n.bubbles()
	if err != nil {
		return err
	}
	for i := len(all) - 1; i >= 0; i-- {
		for _, b := range button.FindAllStringSubmatch(all[i], -1) {
			if strings.TrimSpace(html.UnescapeString(b[2])) == label {
				return n.post(map[string]string{"press": html.UnescapeString(b[1]), "ref": html.UnescapeString(ref.FindStringSubmatch(all[i])[1])})
			}
		}
	}
	return fmt.Errorf("no button %q", label)
}

func (n *network) Shown() (out []doortest.Message) {
	all, err := n.bubbles()
	if err != nil {
		n.t.Error(err)
		return nil
	}
	for _, b := range all {
		m := doortest.Message{Picture: strings.Contains(b, "<figure>")}
		if w := words.FindStringSubmatch(b); w != nil {
			m.Text = html.UnescapeString(w[1])
		}
		for _, x := range button.FindAllStringSubmatch(b, -1) {
			m.Buttons = append(m.Buttons, strings.TrimSpace(html.UnescapeString(x[2])))
		}
		out = append(out, m)
	}
	return append(out, n.notices...)
}
