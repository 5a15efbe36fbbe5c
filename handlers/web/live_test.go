package web

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
)

func TestEditsTakeTheOldPlace(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("text", "翻页"), 200)
	conv, key := b.convs[0], between(t, b.page, `name="ref" value="`, `"`)
	b.send(conv, "edit", bot.Say{Text: "第二页", Edit: key, Rows: [][]bot.Button{{{Text: "上一页", Data: "back"}}}})
	b.send(conv, "edit", bot.Say{Text: "重复", Edit: key})
	b.send(conv, "gone", bot.Say{Text: "找不到原来那条就另发", Edit: "nowhere"})
	b.get("/", 200)
	b.shows("第二页", "上一页", "另发")
	b.hides("您说的我原样记下了", "重复")
	if n := strings.Count(b.page, "<article"); n != 3 {
		t.Errorf("%d bubbles, want 3", n)
	}
}

func TestPolling(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("text", "一"), 200)
	b.get("/posts?after=1", 200)
	var u update
	if err := json.Unmarshal([]byte(b.page), &u); err != nil {
		t.Fatal(err)
	}
	if u.Last != 2 || len(u.Items) != 1 || u.Items[0].ID != "m2" || u.Waiting || u.Lang != "zh-CN" || !strings.Contains(u.Items[0].HTML, "下梁镇") {
		t.Errorf("update = %+v", u)
	}
	b.get("/posts?after=2", 200)
	b.shows(`"items":[]`)
	b.c.Jar = nil
	b.get("/posts", 403)
	b.get("/live", 403)
}

func TestLiveStreamResumesWhereTheBrowserWas(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.post("/say", b.fields("text", "一"), 200)
	conv := b.convs[0]
	first := b.stream(t, "")
	first.until("m1\"", "m2\"")
	b.send(conv, "news", bot.Say{Text: "有新进展"})
	first.until("id: 3", "有新进展")
	first.stop()
	b.send(conv, "more", bot.Say{Text: "又有进展"})
	again := b.stream(t, "3")
	again.until("id: 4", "又有进展")
	if strings.Contains(again.got, "有新进展") {
		t.Error("a message came twice")
	}
	again.until("event: ping")
	b.door.Close()
	again.ended()
}

// What a reader gets step by step comes to the page that is rendered at once, with
// presses, edits and a log that is forgotten under way.
func TestUpdatesComeToTheSamePage(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	r, v := s.newVisitor()
	keys := [][]bot.Button{{{Text: "是", Data: "y"}}}
	steps := []entry{
		{Own: &own{Text: "一"}}, {Say: &bot.Say{Text: "问一", Rows: keys}}, {Own: &own{Text: "是", Ref: "k1", Data: "y"}},
		{Say: &bot.Say{Text: "问二", Rows: keys}}, {Say: &bot.Say{Text: "问二改", Edit: "k3"}}, {Say: &bot.Say{Text: "原来那条不在了", Edit: "k99"}},
		{Own: &own{Text: "是", Ref: "k3", Data: "y"}}, {Own: &own{Text: "二"}},
	}
	page, after := map[string]string{}, int64(0)
	for i, e := range steps {
		if err := s.door.put(r.Context(), v.conv, fmt.Sprintf("k%d", i), e, false); err != nil {
			t.Fatal(err)
		}
		if i == 1 || i == 4 {
			continue // two posts come at once
		}
		u, err := s.door.updates(r, v, after)
		if err != nil || u.Last != int64(i+1) || u.Waiting != (e.Own != nil) {
			t.Fatalf("step %d: %+v, %v", i, u, err)
		}
		for _, it := range u.Items {
			page[it.ID] = idField.ReplaceAllString(it.HTML, "")
		}
		after = u.Last
	}
	whole, err := s.door.updates(r, v, 0)
	if err != nil || len(whole.Items) != len(page) {
		t.Fatalf("%d bubbles, want %d, %v", len(page), len(whole.Items), err)
	}
	for _, it := range whole.Items {
		if want := idField.ReplaceAllString(it.HTML, ""); page[it.ID] != want {
			t.Errorf("%s step by step:\n%s\nat once:\n%s", it.ID, page[it.ID], want)
		}
	}
	delete(s.mail.posts, v.conv)
	if u, err := s.door.updates(r, v, after); err != nil || u.Last != 0 || len(u.Items) != 0 {
		t.Errorf("after the log was forgotten: %+v, %v", u, err)
	}
}

func TestStreamsAreCounted(t *testing.T) {
	t.Parallel()
	b := newStage(t, func(c *Config) { c.Limits.StreamsConv = 1 }).browser()
	one := b.stream(t, "")
	one.until("retry:")
	b.get("/live", 429)
	one.stop()
	for limit := time.Now().Add(10 * time.Second); ; { // the server notices when it writes
		b.door.limits.streams.mu.Lock()
		n := b.door.limits.streams.all
		b.door.limits.streams.mu.Unlock()
		if n == 0 {
			return
		}
		if time.Now().After(limit) {
			t.Fatal("the stream is still counted")
		}
	}
}

// tail reads a live connection.
type tail struct {
	t    *testing.T
	r    *bufio.Reader
	stop context.CancelFunc
	got  string
}

func (b *browser) stream(t *testing.T, last string) *tail {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(stop)
	req, _ := http.NewRequestWithContext(ctx, "GET", b.srv.URL+"/live", nil)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	res, err := b.c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	if ct := res.Header.Get("Content-Type"); ct != "text/event-stream" {
		t.Fatalf("content type %q, status %d", ct, res.StatusCode)
	}
	return &tail{t: t, r: bufio.NewReader(res.Body), stop: stop}
}

func (s *tail) until(words ...string) {
	s.t.Helper()
	for _, w := range words {
		for !strings.Contains(s.got, w) {
			line, err := s.r.ReadString('\n')
			if err != nil {
				s.t.Fatalf("waiting for %q: %v, got %s", w, err, s.got)
			}
			s.got += line
		}
	}
}

func (s *tail) ended() {
	s.t.Helper()
	for {
		if _, err := s.r.ReadString('\n'); err != nil {
			if errors.Is(err, context.DeadlineExceeded) {
				s.t.Error("the stream did not end")
			}
			return
		}
	}
}
