package web

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"dengwen/bot"
)

// audit walks the page as an assistive technology would and lists what is wrong:
// controls without a name, small targets, faint text, double ids, images without
// words. Contrast is computed as WCAG 2 does, against the nearest painted ground.
const audit = `(function () {
  const bad = [];
  const shown = function (e) { const r = e.getBoundingClientRect(); return r.width > 1 && r.height > 1 && getComputedStyle(e).visibility !== 'hidden'; };
  const rgb = function (s) { return s.match(/[\d.]+/g).map(Number); };
  const lum = function (c) { const v = c.slice(0, 3).map(function (x) { x /= 255; return x <= 0.03928 ? x / 12.92 : Math.pow((x + 0.055) / 1.055, 2.4); }); return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
  const ground = function (e) { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) { return c; } } return [255, 255, 255]; };
  const say = function (e, what) { bad.push(what + ': ' + e.outerHTML.slice(0, 120)); };
  const ids = {};
  document.querySelectorAll('[id]').forEach(function (e) { if (ids[e.id]) { say(e, 'double id'); } ids[e.id] = 1; });
  document.querySelectorAll('button,a[href],summary,textarea,input:not([type=hidden])').forEach(function (e) {
    if (!shown(e)) { return; }
    const label = e.labels && e.labels.length ? e.labels[0].textContent : '';
    if (!(e.textContent.trim() || e.getAttribute('aria-label') || label.trim() || (e.querySelector('img') && e.querySelector('img').alt))) { say(e, 'no name'); }
    const r = e.getBoundingClientRect();
    if (r.height < 43.9 || r.width < 43.9) { say(e, 'target ' + Math.round(r.width) + 'x' + Math.round(r.height)); }
    if (e.tabIndex > 0) { say(e, 'own tab order'); }
  });
  const titles = Array.from(document.querySelectorAll('h1')).filter(function (e) { return getComputedStyle(e).display !== 'none'; });
  if (titles.length !== 1) { bad.push(titles.length + ' headings of the first level'); }
  document.querySelectorAll('input:not([type=hidden]),textarea,select,progress').forEach(function (e) {
    if (!(e.labels && e.labels.length && e.labels[0].textContent.trim()) && !e.getAttribute('aria-label')) { say(e, 'no label'); }
  });
  document.querySelectorAll('ul,ol').forEach(function (e) { if (e.querySelector(':scope > :not(li)')) { say(e, 'list of something else'); } });
  document.querySelectorAll('img').forEach(function (e) { if (!e.hasAttribute('alt')) { say(e, 'no alt'); } });
  let texts = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const e = n.parentElement;
    if (!n.textContent.trim() || !shown(e) || e.closest('.vh,.skip,script,noscript')) { continue; }
    texts++;
    const a = lum(rgb(getComputedStyle(e).color)), b = lum(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) { say(e, 'contrast ' + ratio.toFixed(2)); }
  }
  if (texts < 8) { bad.push('only ' + texts + ' texts seen'); }
  if (document.documentElement.scrollWidth > innerWidth) { bad.push('scrolls sideways'); }
  const log = document.querySelector('[role=log][aria-live=polite][aria-label]');
  if (!log) { bad.push('no live log'); }
  if (!document.querySelector('[role=status]')) { bad.push('no status'); }
  if (!document.querySelector('main') || !document.querySelector('header') || !document.title || !document.documentElement.lang) { bad.push('no landmarks, title or language'); }
  return bad.join('\n');
}())`

func TestPageIsReadableForEverybody(t *testing.T) {
	t.Parallel()
	for _, dark := range []bool{false, true} {
		b := newStage(t, nil).tab(t, 320, 568, chromedp.Flag("blink-settings", scheme(dark)))
		if got := eval[bool](b, `matchMedia('(prefers-color-scheme: dark)').matches`); got != dark {
			t.Fatalf("dark = %v, want %v", got, dark)
		}
		b.reply = func(conv string, e bot.Event, n int) {
			if n == 1 {
				b.echo(conv, e, n)
				return
			}
			b.send(conv, e.ID, bot.Say{Text: "登记好了。", Ask: "location", Receipt: &bot.Receipt{Number: "ZS26-0417-3K"}, Dial: []string{"110", "12356"},
				Rows: [][]bot.Button{{{Text: "看进度", Data: "x"}, {Text: "提交", Data: "y", Main: true}}}})
		}
		b.check(t, "first page")
		b.do(chromedp.Click(".menu summary"))
		b.check(t, "menu")
		b.do(chromedp.KeyEvent("\x1b"))
		b.until(`!document.querySelector('.menu').open && document.activeElement.tagName === 'SUMMARY'`)
		b.write("三组的路塌了")
		b.until(bubbles + ` === 2`)
		b.do(chromedp.Click(`button[value="p1"]`))
		b.until(bubbles + ` === 4`)
		b.do(chromedp.Click("#attach summary"))
		b.check(t, "conversation")
		b.do(chromedp.Navigate(b.srv.URL + "/c/ZS26-0417-3K"))
		b.until(`document.activeElement.id === 'code'`)
		b.check(t, "look-up")
		b.do(chromedp.Navigate(b.srv.URL + "/nothing"))
		b.check(t, "missing page")
	}
}

func scheme(dark bool) string {
	if dark {
		return "preferredColorScheme=0"
	}
	return "preferredColorScheme=1"
}

func (b *tab) check(t *testing.T, where string) {
	t.Helper()
	eval[bool](b, `document.getAnimations().forEach(function (a) { a.finish(); }), true`)
	if bad := eval[string](b, audit); bad != "" {
		t.Errorf("%s:\n%s", where, bad)
	}
}

// The first Tab leads past the header, and every stop can be seen.
func TestKeyboardAlone(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 1280, 800)
	b.do(chromedp.KeyEvent("\t"))
	if got := eval[string](b, `document.activeElement.className`); got != "skip" {
		t.Fatalf("first stop is %q", got)
	}
	b.do(chromedp.KeyEvent("\r"))
	b.until(`document.activeElement.id === 'text'`)
	b.do(chromedp.KeyEvent("三组的路塌了"), chromedp.KeyEvent("\t"))
	if got := eval[string](b, `document.activeElement.id + getComputedStyle(document.activeElement).outlineStyle`); got != "sendsolid" {
		t.Errorf("after the text box comes %q", got)
	}
	b.do(chromedp.KeyEvent("\r"))
	b.until(bubbles + ` === 2`)
	eval[bool](b, `document.querySelector('#m2 button').focus(), true`)
	b.do(chromedp.KeyEvent(" "))
	b.until(bubbles + ` === 4`)
	if p := b.taken()[1].Press; p == nil || !strings.HasPrefix(p.Data, "p") {
		t.Errorf("press = %+v", p)
	}
}

// Wherever the keyboard stands can be seen, on the page, in the menu and at the look-up.
func TestFocusIsSeenEverywhere(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 360, 640)
	b.reply = func(conv string, e bot.Event, n int) {
		b.send(conv, e.ID, bot.Say{Text: "请先打电话。", Dial: []string{"110"}, Receipt: &bot.Receipt{Number: "ZS26-0417-3K"},
			Rows: [][]bot.Button{{{Text: "提交", Data: "y", Main: true}, {Text: "看进度", URL: "https://example.org"}}}})
	}
	b.write("有人落水")
	b.until(bubbles + ` === 2`)
	const stops = `(function () {
		const e = document.activeElement, s = getComputedStyle(e.matches('.js .pick input') ? e.parentNode : e);
		return e === document.body ? '' : (s.outlineStyle === 'solid' && parseFloat(s.outlineWidth) >= 2 ? 'seen ' : 'UNSEEN ') + e.tagName + ' ' + (e.className || e.id || e.name);
	}())`
	for _, at := range []string{"/", "/c/"} {
		b.do(chromedp.Navigate(b.srv.URL + at))
		b.until(`document.documentElement.className === 'js'`)
		eval[bool](b, `document.querySelectorAll('details').forEach(function (d) { d.open = true; }), document.activeElement.blur(), true`)
		seen := 0
		for range 40 {
			b.do(chromedp.KeyEvent("\t"))
			stop := eval[string](b, stops)
			if strings.HasPrefix(stop, "UNSEEN") {
				t.Errorf("%s: %s", at, stop)
			}
			if stop != "" {
				seen++
			}
		}
		if seen < 15 {
			t.Errorf("%s: only %d stops", at, seen)
		}
	}
}
