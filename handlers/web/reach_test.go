package web

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"dengwen/bot"
)

// longCard answers with a review card as long as they get.
func (s *stage) longCard(conv string, e bot.Event, _ int) {
	s.send(conv, e.ID+"/0", bot.Say{Text: longWords, Rows: [][]bot.Button{
		{{Text: "提交", Data: "send"}, {Text: "改一处", Data: "edit"}},
		{{Text: "加照片", Data: "files"}, {Text: "留姓名住址", Data: "contact"}},
		{{Text: "应该是城乡建设", Data: "rather"}}, {{Text: "这是举报，走保密通道", Data: "report"}},
	}})
}

const longWords = `您说的我原样记下了。我读到的是：
事情：拖欠三个月工资一万二，老板电话不接
地点：小岭镇金米村（具体哪里我没读出来）
您希望：把欠的工钱付清（您没有直说，是我替您写的，可以改）
找过：给老板打过电话，去过劳动监察大队，让等通知
类别：投诉请求 · 劳动和社会保障／工资福利（这一项我拿不准，您看对不对）
怎么找您：就在这个聊天里。没留姓名住址也能提交，只是单位不必给您寄书面告知
公开：不公开
提醒：劳动争议的仲裁时效是 1 年，从知道权利受侵害那天起算，请同时留意，可以打 12348 问法律援助。`

// hit says what a tap on the middle of a button of the card would meet.
func (b *tab) hit(data string) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf(`(function () {
		const e = document.querySelector('#log button[value="%s"]'), r = e.getBoundingClientRect();
		const at = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
		return at === e ? 'itself' : at ? at.outerHTML.slice(0, 60) : 'nothing: it is off the screen';
	}())`, data))
}

// On a small phone a card longer than the screen is read from its beginning, and 提交
// is there at once. Scrolled down, and with the keyboard, every button is where it
// belongs and covers no other.
func TestLongCardIsInReach(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).tab(t, 360, 640)
	b.reply = b.longCard
	b.write("老板欠我三个月工资")
	b.until(bubbles + ` === 2`)
	for _, data := range []string{"send", "edit"} {
		if got := b.hit(data); got != "itself" {
			t.Errorf("the card has come, a tap on %s meets %s", data, got)
		}
	}
	if !eval[bool](b, `document.querySelector('#m2 .words').getBoundingClientRect().top >= document.querySelector('.top').offsetHeight`) {
		t.Error("the card does not begin on the screen")
	}
	b.check(t, "long card")

	b.do(chromedp.KeyEvent("\t", chromedp.KeyModifiers(8))) // back from the text box: the last button
	for _, data := range []string{"report", "rather", "contact", "files", "edit", "send"} {
		if got := eval[string](b, `document.activeElement.value`); got != data {
			t.Fatalf("the keyboard is at %q, want %q", got, data)
		}
		if got := b.hit(data); got != "itself" {
			t.Errorf("with the focus on %s a tap on it meets %s", data, got)
		}
		b.do(chromedp.KeyEvent("\t", chromedp.KeyModifiers(8)))
	}

	eval[bool](b, `window.scrollTo(0, document.documentElement.scrollHeight), true`)
	for _, data := range []string{"send", "edit", "files", "contact", "rather", "report"} {
		if got := b.hit(data); got != "itself" {
			t.Errorf("at the end a tap on %s meets %s", data, got)
		}
	}
	b.do(chromedp.Click(`#log button[value="send"]`))
	b.until(bubbles + ` === 4 && document.querySelector('#m2 button.chosen')`)
	if got := eval[string](b, `getComputedStyle(document.querySelector('#m2 .keys')).position`); got != "static" {
		t.Errorf("the buttons of an older card are %s", got)
	}
}
