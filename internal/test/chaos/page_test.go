package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"dengwen/internal/test/fakeapi"
)

// page is a browser at the web page, from an address of its own. What fails is sent
// again under the same id, as the page's script does.
type page struct {
	http.Client
	base string
	csrf string
	ids  func() string
	last int64

	mu    sync.Mutex
	read  int
	heard []fakeapi.Message
}

func newPage(r *run, p *person) *page {
	jar, err := cookiejar.New(nil)
	r.must(err)
	from := &net.Dialer{Timeout: 5 * time.Second, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 1, byte(p.rng.IntN(250)), byte(1+p.rng.IntN(250)))}}
	b := &page{base: r.pageURL().String(), Client: http.Client{Jar: jar, Timeout: 10 * time.Second, Transport: &http.Transport{DialContext: from.DialContext, DisableKeepAlives: true}}}
	b.ids = func() string { return fmt.Sprintf("%016x", p.rng.Uint64()) }
	return b
}

var csrfIn = regexp.MustCompile(`data-csrf="([^"]+)"`)

const knock = 300 * time.Millisecond // between attempts

// enter opens the page and keeps its cookie.
func (b *page) enter(ctx context.Context) error {
	for b.csrf == "" {
		_, body, err := b.do(ctx, http.MethodGet, "/", nil)
		if found := csrfIn.FindSubmatch(body); found != nil {
			b.csrf = string(found[1])
			continue
		}
		if ctx.Err() != nil {
			return fmt.Errorf("open the page: %w", err)
		}
		time.Sleep(knock)
	}
	return nil
}

func (b *page) do(ctx context.Context, method, path string, form url.Values) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if method == http.MethodPost || strings.HasPrefix(path, "/posts") {
		req.Header.Set("Accept", "application/json")
	}
	res, err := b.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, body, err
}

func (b *page) say(ctx context.Context, text string) error {
	return b.post(ctx, url.Values{"text": {text}})
}

// post sends until it is taken. A page that has become too old is loaded anew. A refusal
// that would be the same again is an error.
func (b *page) post(ctx context.Context, form url.Values) error {
	form.Set("id", b.ids())
	form.Set("lang", "zh-CN")
	for {
		if err := b.enter(ctx); err != nil {
			return err
		}
		form.Set("csrf", b.csrf)
		status, body, err := b.do(ctx, http.MethodPost, "/say", form)
		switch {
		case err == nil && status == http.StatusOK:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil && status == http.StatusForbidden:
			b.csrf = ""
		case err == nil && status/100 == 4 && status != http.StatusTooManyRequests:
			return fmt.Errorf("the page answers %d: %.200s", status, body)
		}
		time.Sleep(knock)
	}
}

func (b *page) tap(ctx context.Context, m fakeapi.Message, button *regexp.Regexp) (bool, error) {
	k, found := m.Button(button)
	if !found {
		return false, nil
	}
	return true, b.post(ctx, url.Values{"press": {k.Data}, "ref": {k.URL}})
}

// next polls for what the bot says; a bubble that changed comes again.
func (b *page) next(ctx context.Context) (fakeapi.Message, error) {
	for {
		if err := b.enter(ctx); err != nil {
			return fakeapi.Message{}, err
		}
		if b.read < len(b.heard) {
			b.read++
			return b.heard[b.read-1], nil
		}
		if ctx.Err() != nil {
			return fakeapi.Message{}, ctx.Err()
		}
		b.poll(ctx)
		if b.read == len(b.heard) {
			time.Sleep(knock)
		}
	}
}

// poll asks once for what is new and reports whether it was told.
func (b *page) poll(ctx context.Context) bool {
	status, body, err := b.do(ctx, http.MethodGet, "/posts?after="+strconv.FormatInt(b.last, 10), nil)
	var u struct {
		Last  int64
		Items []struct{ Key, HTML string }
	}
	if err == nil && status == http.StatusForbidden {
		b.csrf = ""
	}
	if err != nil || status != http.StatusOK || json.Unmarshal(body, &u) != nil {
		return false
	}
	b.last = u.Last
	for _, item := range u.Items {
		b.hear(item.Key, item.HTML)
	}
	return true
}

// readAll asks until an answer holds nothing new.
func (b *page) readAll(ctx context.Context) {
	for ctx.Err() == nil && b.enter(ctx) == nil {
		if before := len(b.all()); b.poll(ctx) && len(b.all()) == before {
			return
		}
	}
}

var (
	words   = regexp.MustCompile(`(?s)<div class="words">(.*?)</div>`)
	buttons = regexp.MustCompile(`<button name="press" value="([^"]*)"[^>]*>([^<]*)`)
	tags    = regexp.MustCompile(`<[^>]*>`)
)

// hear keeps a bubble of the bot. A button's URL is the message it belongs to.
func (b *page) hear(key, bubble string) {
	if strings.Contains(bubble, `class="msg mine"`) {
		return
	}
	m := fakeapi.Message{At: time.Now()}
	if found := words.FindStringSubmatch(bubble); found != nil {
		m.Text = strings.TrimSpace(html.UnescapeString(tags.ReplaceAllString(strings.ReplaceAll(found[1], "<br>", "\n"), "")))
	}
	for _, k := range buttons.FindAllStringSubmatch(bubble, -1) {
		m.Buttons = append(m.Buttons, fakeapi.Button{Text: html.UnescapeString(strings.TrimSpace(k[2])), Data: html.UnescapeString(k[1]), URL: key, Inline: true})
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heard = append(b.heard, m)
}

func (b *page) all() []fakeapi.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]fakeapi.Message(nil), b.heard...)
}
