package desk_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"dengwen/internal/websession"
	"dengwen/petition"
)

// conditions are the parameters of Network.emulateNetworkConditions.
type conditions struct {
	Offline  bool    `json:"offline"`
	Latency  float64 `json:"latency"`
	Download float64 `json:"downloadThroughput"`
	Upload   float64 `json:"uploadThroughput"`
}

// offline cuts the browser from the network, or lets it back.
func (b *tab) offline(off bool) {
	b.t.Helper()
	cut := cdp.Command[conditions, cdp.Empty]{Method: "Network.emulateNetworkConditions"}
	if _, err := chromedp.Call(b.ctx, cut, conditions{off, 0, -1, -1}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) at(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.server.URL + path))
	b.until(`window.htmx && document.readyState === 'complete'`)
}

// says waits for a text on the page.
func (b *tab) says(text string) {
	b.t.Helper()
	b.until(`document.body.innerText.includes(` + "`" + text + "`" + `)`)
}

const kept = `document.querySelector('[data-kept][role=status]').textContent.includes('已存')`

// Two at one case, each in a browser: the second one's words stay, they are told who was first, and
// the next press makes the move once.
func TestTwoAtOneCase(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("河里的水发黑，鱼死了一片。")
	clerk, chief := s.tab("clerk", 1366, 768), s.tab("chief", 390, 844)
	for _, b := range []*tab{clerk, chief} {
		b.at("/desk/cases/" + number + "/do/transfer")
	}
	clerk.says("赵平")
	chief.says("黄英")
	for b, text := range map[*tab]string{clerk: "请尽快办理。", chief: "请一并查清污染来源。"} {
		b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('#f-unit').value = '` + s.town + `'`))
		b.do(chromedp.SendKeys("#f-text", text))
	}
	clerk.do(chromedp.Click("#move .send button.main"))
	clerk.until(`document.querySelector('.done')`)
	chief.until(`document.querySelector('.timeline').innerText.includes('请尽快办理') && document.querySelector('#f-text').value === '请一并查清污染来源。'`)
	chief.do(chromedp.Click("#move .send button.main"))
	chief.until(`document.querySelector('#move [role=alert]')`)
	chief.says("黄英")
	chief.until(`document.querySelector('#f-text').value === '请一并查清污染来源。'`)
	v, err := s.service.Look(t.Context(), petition.System(), number, "")
	if err != nil {
		t.Fatal(err)
	}
	moves := 0
	for _, e := range v.Timeline {
		if e.Move == petition.MoveTransfer {
			moves++
		}
	}
	if moves != 1 {
		t.Errorf("transferred %d times", moves)
	}
}

// Without a connection the page says so, keeps what is typed, saves it when the connection is back,
// and the move is made once.
func TestWithoutAConnection(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("河里的水发黑，鱼死了一片。")
	b := s.tab("clerk", 1366, 768)
	b.at("/desk/cases/" + number + "/do/note")
	b.offline(true)
	b.do(chromedp.SendKeys("#f-text", "断网的时候写的。"))
	b.says("网断了")
	b.do(chromedp.Click("#move .send button.main"))
	time.Sleep(500 * time.Millisecond) // a page that lost the form would have by then
	b.until(`document.querySelector('#f-text').value === '断网的时候写的。' && document.querySelector('[data-kept]').textContent.includes('网断了')`)
	b.offline(false)
	b.until(kept)
	b.do(chromedp.Click("#move .send button.main"))
	b.until(`document.querySelector('.done') && document.querySelector('.timeline').innerText.split('断网的时候写的').length === 2`)
}

// A program that stops in the middle and comes back: what is typed stays on the page and is kept.
func TestARestartWhileWriting(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("河里的水发黑，鱼死了一片。")
	b := s.tab("clerk", 1366, 768)
	b.at("/desk/cases/" + number + "/do/note")
	s.down.Store(true)
	b.do(chromedp.SendKeys("#f-text", "重启的时候写的。"))
	b.says("网断了")
	b.do(chromedp.Click("#move .send button.main"))
	time.Sleep(500 * time.Millisecond) // a page that lost the form would have by then
	b.until(`document.querySelector('#f-text').value === '重启的时候写的。'`)
	s.busy.Store(true) // a proxy in front of it
	s.down.Store(false)
	b.do(chromedp.Click("#move .send button.main"))
	time.Sleep(500 * time.Millisecond)
	b.until(`document.querySelector('#f-text').value === '重启的时候写的。' && document.querySelector('[data-kept]').textContent.includes('网断了')`)
	s.busy.Store(false)
	b.until(kept)
	b.do(chromedp.Click("#move .send button.main"))
	b.until(`document.querySelector('.done') && document.querySelector('.timeline').innerText.split('重启的时候写的').length === 2`)
}

// Somebody whose session ends, or who has left, is shown nothing more: a page with nothing unsaved is left,
// one with unsaved words hides, and saves them when its officer is in again.
func TestASessionThatEnds(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("河里的水发黑，鱼死了一片。")
	b := s.tab("clerk", 1366, 768)
	b.at("/desk/cases/" + number)
	if _, err := s.sessions.EndAll(t.Context(), websession.OwnerOfStaff("clerk")); err != nil {
		t.Fatal(err)
	}
	b.until(`location.pathname === '/desk/enter' && sessionStorage.length === 0`)

	b.at(s.link("clerk"))
	b.do(chromedp.Click("button.main"))
	b.until(`location.pathname === '/desk/' && window.htmx`)
	b.at("/desk/cases/" + number + "/do/note")
	s.down.Store(true) // so that the words are not kept before the session ends
	b.do(chromedp.SendKeys("#f-text", "还没来得及存。"))
	b.says("网断了")
	if _, err := s.sessions.EndAll(t.Context(), websession.OwnerOfStaff("clerk")); err != nil {
		t.Fatal(err)
	}
	s.down.Store(false)
	b.until(`document.body.classList.contains('shut') && !document.body.innerText.includes('鱼死了') && !document.body.innerText.includes('还没来得及存')`)
	b.says("先锁上")
	in := s.enter("clerk") // in another window
	page, err := http.NewRequest("GET", s.server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range in.client.Jar.Cookies(page.URL) {
		set := network.SetCookieParams{Name: c.Name, Value: c.Value, URL: s.server.URL, HTTPOnly: new(true)}
		if _, err := chromedp.Call(b.ctx, network.SetCookie, set); err != nil {
			t.Fatal(err)
		}
	}
	b.until(`!document.body.classList.contains('shut') && document.querySelector('#f-text') && document.querySelector('#f-text').value === '还没来得及存。'`)
}
