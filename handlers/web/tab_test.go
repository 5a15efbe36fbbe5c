package web

import (
	"context"
	"testing"
	"time"

	cdp "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"dengwen/internal/test/servers"
)

// tab is one browser with JavaScript.
type tab struct {
	*stage
	ctx context.Context
}

func (s *stage) tab(t *testing.T, width, height int64, flags ...chromedp.ExecAllocatorOption) *tab {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(servers.Chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("accept-lang", "zh-CN"), chromedp.UserDataDir(t.TempDir()),
		chromedp.Env("LC_ALL=C.UTF-8")) // without it the browser finds no file with a Chinese name
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(opts, flags...)...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(end)
	ctx, late := context.WithTimeout(ctx, 90*time.Second)
	t.Cleanup(late)
	b := &tab{stage: s, ctx: ctx}
	b.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(s.srv.URL))
	b.until(`document.documentElement.className === 'js'`)
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
	limit := time.Now().Add(30 * time.Second)
	for {
		ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+js+")"))
		if err == nil && ok {
			return
		}
		if time.Now().After(limit) {
			page, _ := chromedp.Run(b.ctx, chromedp.OuterHTML("body"))
			b.t.Fatalf("never true: %s (%v)\n%s", js, err, page)
		}
		time.Sleep(30 * time.Millisecond) // the page has no signal to await
	}
}

func eval[T any](b *tab, js string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](js))
	if err != nil {
		b.t.Fatalf("%s: %v", js, err)
	}
	return v
}

// write types into the text box and sends.
func (b *tab) write(words string) {
	b.t.Helper()
	b.do(chromedp.SendKeys("#text", words), chromedp.Click("#send"))
}

// bubbles counts the messages on the page that are not still on their way.
const bubbles = `document.querySelectorAll('#log .msg:not(.pending)').length`

// scriptOff switches the page's scripts off, from the next page on.
func (b *tab) scriptOff() {
	b.t.Helper()
	off := emulation.SetScriptExecutionDisabledParams{Value: true}
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, off); err != nil {
		b.t.Fatal(err)
	}
}

// permit answers the browser's question for the location, and says where it is.
func (b *tab) permit(setting cdp.PermissionSetting, at *[2]float64) {
	b.t.Helper()
	ask := cdp.SetPermissionParams{Permission: &cdp.PermissionDescriptor{Name: "geolocation"}, Setting: setting}
	if _, err := chromedp.CallBrowser(b.ctx, cdp.SetPermission, ask); err != nil {
		b.t.Fatal(err)
	}
	if at == nil {
		return
	}
	near := 10.0
	where := emulation.SetGeolocationOverrideParams{Latitude: &at[0], Longitude: &at[1], Accuracy: &near}
	if _, err := chromedp.Call(b.ctx, emulation.SetGeolocationOverride, where); err != nil {
		b.t.Fatal(err)
	}
}
