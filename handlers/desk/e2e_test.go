package desk_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dengwen/internal/test/servers"
	"dengwen/petition"
)

// tab is one browser with JavaScript.
type tab struct {
	*stage
	ctx context.Context
}

// tab opens a browser for somebody who used a link.
func (s *stage) tab(id string, width, height int64) *tab {
	s.t.Helper()
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(servers.Chromium(s.t)), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("accept-lang", "zh-CN"), chromedp.UserDataDir(s.t.TempDir()))...)
	s.t.Cleanup(stop)
	ctx, end := chromedp.NewContext(alloc)
	s.t.Cleanup(end)
	ctx, late := context.WithTimeout(ctx, 20*time.Minute)
	s.t.Cleanup(late)
	b := &tab{stage: s, ctx: ctx}
	b.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(s.server.URL+s.link(id)), chromedp.Click("button.main"))
	b.until(`location.pathname === '/desk/' && window.htmx`)
	return b
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// until waits for an expression of the page to be true.
func (b *tab) until(js string) {
	b.t.Helper()
	for limit := time.Now().Add(30 * time.Second); ; time.Sleep(30 * time.Millisecond) { // the page has no signal to await
		ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+js+")"))
		if err == nil && ok {
			return
		}
		if time.Now().After(limit) {
			page, _ := chromedp.Run(b.ctx, chromedp.OuterHTML("body"))
			on, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("location.pathname + ' ' + document.activeElement.cloneNode().outerHTML"))
			b.t.Fatalf("never true: %s (%v), at %s\n%s", js, err, on, page)
		}
	}
}

func (b *tab) keys(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		b.do(chromedp.KeyEvent(k))
	}
}

// Keys alone: the first row with one, its case with two, a move with a third; what a colleague does
// meanwhile appears beside what is typed, which stays through a reload; Ctrl+Enter makes the move.
func TestByKeyboard(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("河里的水发黑，鱼死了一片。")
	b := s.tab("clerk", 1366, 768)
	b.until(`document.querySelectorAll('[data-row]').length === 1`)
	b.keys("j", "\r")
	b.until(`location.pathname === '/desk/cases/` + number + `' && document.querySelector('[data-key="2"]') && window.htmx`)
	b.do(chromedp.Click(`a[href$="/do/note"], a[href$="/do/transfer"]`))
	b.until(`document.querySelector('#move') && document.querySelector('#move').contains(document.activeElement)`)
	b.do(chromedp.Evaluate[chromedp.Void](`location.href = '/desk/cases/` + number + `/do/note'`))
	b.until(`location.pathname.endsWith('/do/note') && document.activeElement.id === 'f-text' && window.htmx`)
	b.do(chromedp.SendKeys("#f-text", "打过电话，明天去看。"))
	chief := s.enter("chief")
	chief.move(number, petition.MoveNote, map[string]string{"text": "环保所已经在路上。"})
	b.until(`document.querySelector('.timeline').textContent.includes('环保所已经在路上') && document.querySelector('#f-text').value === '打过电话，明天去看。'`)
	b.until(`document.querySelector('[data-kept][role=status]').textContent.includes('已存')`)
	b.until(`localStorage.length === 0 && !JSON.stringify(sessionStorage).includes('打过电话')`)
	b.do(chromedp.Reload())
	b.until(`window.htmx && document.querySelector('#f-text') && document.querySelector('#f-text').value === '打过电话，明天去看。'`)
	b.do(chromedp.Focus("#f-text"), chromedp.KeyEvent("\r", chromedp.KeyModifiers(2)))
	b.until(`location.pathname === '/desk/cases/` + number + `' && document.querySelector('.timeline').textContent.includes('打过电话') && document.querySelector('.done')`)
	b.do(chromedp.Navigate(s.server.URL + "/desk/cases/" + number + "/do/note"))
	b.until(`document.querySelector('#f-text') && document.querySelector('#f-text').value === ''`)
}

// A list changes by itself while nothing is marked in it, and leaves what is marked alone.
func TestAListIsLive(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.file("第一件。")
	b := s.tab("clerk", 390, 844)
	b.do(chromedp.Navigate(s.server.URL + "/desk/cases?open=1"))
	b.until(`document.querySelectorAll('[data-row]').length === 1 && window.htmx`)
	time.Sleep(200 * time.Millisecond) // the live connection has no sign of its own on the page
	s.file("第二件。")
	b.until(`document.querySelectorAll('[data-row]').length === 2`)
	b.do(chromedp.Click(`tbody input[type=checkbox]`))
	s.file("第三件。")
	time.Sleep(time.Second)
	b.until(`document.querySelectorAll('[data-row]').length === 2 && document.querySelector('tbody input:checked')`)
	b.do(chromedp.Click(`tbody input[type=checkbox]`))
	s.file("第四件。")
	b.until(`document.querySelectorAll('[data-row]').length === 4`)
	b.until(`document.documentElement.scrollWidth <= 390`)
}

// A paper that is typed is kept at the office by itself.
func TestAPaperIsKeptByItself(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk, town := s.enter("clerk"), s.enter("town")
	number := accepted(s, clerk, town)
	b := s.tab("town", 1366, 768)
	b.do(chromedp.Navigate(s.server.URL + "/desk/cases/" + number + "/write/reply"))
	b.until(`window.htmx && document.querySelector('#f-text')`)
	b.do(chromedp.SendKeys("#f-text", "经查，路灯线路老化。"))
	b.until(`document.querySelector('[data-kept][role=status]').textContent.includes('已存')`)
	town.get("/desk/")
	town.shows("写到一半", "/desk/cases/"+number+"/write/reply")
	town.get("/desk/cases/" + number + "/write/reply")
	town.shows("经查，路灯线路老化。", "还没有提交")
	b.until(`[...document.querySelectorAll('[data-beside] .yes')].length === 1 && document.querySelector('[data-beside] .found')`)
}
