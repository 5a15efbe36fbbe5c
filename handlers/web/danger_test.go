package web

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"dengwen/bot"
)

// In danger the numbers to call are what one sees and reaches first, on a small phone and
// however long the message is.
func TestCallingIsOnePress(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 360, 640)
	words := b.door.Locales.Say("zh-CN", "danger.ask", "Mind", "12356")
	b.reply = func(conv string, e bot.Event, n int) {
		text := words
		if n == 2 {
			text = strings.Repeat(words+"\n", 8)
		}
		b.send(conv, e.ID, bot.Say{Text: text, Lang: "zh-CN", Dial: []string{"110", "119", "120", "12356", "javascript:alert(1)", "1"},
			Rows: [][]bot.Button{{{Text: "我现在安全", Data: "3:safe"}, {Text: "请告诉值班的人", Data: "3:help"}}}})
	}
	for n, said := range []string{"有人落水了", "救命"} {
		b.write(said)
		b.until(bubbles + ` === ` + []string{"2", "4"}[n] + ` && !document.querySelector('.new')?.getAnimations().length`)
		got := eval[string](b, `Array.from(document.querySelectorAll('.msg:last-child .dial a')).map(function (a) {
			const r = a.getBoundingClientRect(), top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
			return a.getAttribute('href') + '=' + a.textContent + (r.height >= 48 && r.width >= 96 ? '' : ' small') + (top === a ? '' : ' hidden at ' + Math.round(r.top));
		}).join('|')`)
		if want := "tel:110=报警 110|tel:119=火警 119|tel:120=急救 120|tel:12356=有人听您说 12356"; got != want {
			t.Errorf("after %q: %s", said, got)
		}
		if eval[bool](b, `document.documentElement.scrollWidth > innerWidth`) {
			t.Error("the page scrolls sideways")
		}
	}
	if eval[bool](b, `document.querySelector('.msg:last-child .dial').compareDocumentPosition(document.querySelector('.msg:last-child form')) !== 4`) {
		t.Error("the buttons come before the numbers")
	}
	b.do(chromedp.Reload())
	b.until(`document.querySelectorAll('.dial a[href="tel:110"]').length === 2`)
}

// What most people do next looks so, as long as it can be pressed.
func TestSubmitStandsOut(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 360, 640)
	b.reply = func(conv string, e bot.Event, n int) {
		b.send(conv, e.ID, bot.Say{Text: "请看一遍。", Rows: [][]bot.Button{{{Text: "提交", Data: "4:send", Main: true}, {Text: "改一处", Data: "4:edit"}}}})
	}
	b.write("路塌了")
	b.until(bubbles + ` === 2`)
	const grounds = `Array.from(document.querySelectorAll('#m2 button')).map(function (e) { return getComputedStyle(e).backgroundColor; }).join(' | ')`
	at := strings.Split(eval[string](b, grounds), " | ")
	if send := eval[string](b, `getComputedStyle(document.querySelector('#send')).backgroundColor`); at[0] != send || at[1] == at[0] {
		t.Errorf("submit, change = %q, the page's main button %q", at, send)
	}
	spot := eval[[]float64](b, `(function (r) { return [r.left + 9, r.top + 9]; }(document.querySelector('#m2 button').getBoundingClientRect()))`)
	b.do(chromedp.MouseEvent("mouseMoved", spot[0], spot[1]))
	b.until(`document.querySelector('#m2 button').matches(':hover')`)
	b.check(t, "pointed at")
	b.do(chromedp.Click(`button[value="4:send"]`))
	b.until(bubbles + ` === 4`)
	if at := strings.Split(eval[string](b, grounds), " | "); len(at) != 2 || at[0] == eval[string](b, `getComputedStyle(document.querySelector('#send')).backgroundColor`) {
		t.Errorf("after it was pressed: %q", at)
	}
}
