package desk_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"dengwen/petition"
)

// step is one move of a life: who makes it, and what they answer.
type step struct {
	who    string
	move   petition.MoveName
	fields map[string]string // of texts and days the words, of choices and units the value; a unit that is proposed is left
	signed string            // who signs the paper, "" = it has none
}

var opinion = map[string]string{"request": "请处理。", "facts": "经查，路灯线路老化。", "text": "请处理的事已经办好，路灯已于十一月二十日修好。", "basis": "《信访工作条例》第三十二条。", "outcome": "support"}

const (
	dayOfService = "2026-11-23"
	later        = "2026-12-15"
)

func said(text string) map[string]string { return map[string]string{"text": text} }

var (
	transfer = step{who: "clerk", move: petition.MoveTransfer}
	accept   = step{who: "town", move: petition.MoveAccept}
	answer   = step{who: "town", move: petition.MoveReply, fields: opinion, signed: "head"}
	serve    = step{who: "town", move: petition.MoveDeliver, fields: map[string]string{"date": dayOfService, "method": "signed"}}
	toClose  = step{who: "town", move: petition.MoveClose}
)

// livesOf are the lawful lives of claims, from the first transfer to 销号. What comes after "" is made when the
// time for review is over.
var livesOf = [][]step{
	{transfer, accept, answer, serve, {}, toClose},
	{{who: "chief", move: petition.MoveAssign, fields: map[string]string{"date": later}}, accept, answer, serve,
		{who: "town", move: petition.MoveComplete, fields: said("已经办结，特此报告。")}, {}, toClose},
	{transfer, {who: "town", move: petition.MoveObject, fields: said("不归我们管。")}, {who: "clerk", move: petition.MoveHold, fields: said("按属地由你们办理。")}, accept, answer, serve, {}, toClose},
	{transfer, {who: "town", move: petition.MoveObject, fields: said("不归我们管。")}, {who: "clerk", move: petition.MoveAgree}, transfer, accept, answer, serve, {}, toClose},
	{transfer, {who: "town", move: petition.MoveTake}, {who: "town", move: petition.MoveSimple, fields: map[string]string{"ground": "clear"}}, accept, answer, serve, {}, toClose},
	{transfer, accept, {who: "town", move: petition.MoveAsk, fields: said("请问是哪一盏灯？")}, {who: "town", move: petition.MoveGoOn},
		{who: "town", move: petition.MoveExtend, fields: said("需要停电检修。"), signed: "head"}, answer, serve, {}, toClose},
	{transfer, accept, {who: "town", move: petition.MoveMediate, fields: map[string]string{"consent": "both"}},
		{who: "town", move: petition.MoveAgreement, fields: map[string]string{"kind": "settlement", "consent": "both", "text": "十二月底前修好。"}}, serve, {}, toClose},
	{transfer, accept, {who: "town", move: petition.MoveHearing, fields: map[string]string{"date": dayOfService, "place": "镇政府二楼"}},
		{who: "town", move: petition.MoveHearingDone, fields: said("双方到场，没有新的事实。")}, {who: "town", move: petition.MoveNote, fields: said("明天去看。")},
		{who: "town", move: petition.MoveTell, fields: said("明天有人来看。")}, answer, serve, {}, toClose},
	{transfer, accept, answer, serve, {who: "clerk", move: petition.MoveReview, fields: said("路灯又坏了，不服。")},
		{who: "review", move: petition.MoveReviewReply, fields: map[string]string{"request": "请处理。", "facts": "复查查明，路灯已修好。", "text": "维持原处理意见。", "basis": "《信访工作条例》第三十五条。", "outcome": "maintain"}, signed: "reviewhead"},
		{who: "review", move: petition.MoveDeliver, fields: map[string]string{"date": dayOfService, "method": "signed"}}, {}, {who: "review", move: petition.MoveClose}},
	{transfer, {who: "head", move: petition.MoveDispute, fields: said("和住建局说不清归谁。")}, {who: "chief", move: petition.MoveDesignate, fields: map[string]string{"unit": "", "text": "由镇上办理。"}},
		accept, answer, serve, {}, toClose},
}

// effort is what moves of a name have taken: presses of the mouse, keys, and how often.
type effort struct{ presses, keys, times, most int }

// day is a day of several people, each in a browser of their own.
type day struct {
	*stage
	tabs  map[string]*tab
	took  map[string]*effort
	order []string
}

func (d *day) at(who string) *tab {
	if d.tabs[who] == nil {
		d.tabs[who] = d.tab(who, 1366, 768)
	}
	return d.tabs[who]
}

// note counts keys and presses of one thing done.
func (d *day) note(what string, keys, presses int) {
	e := d.took[what]
	if e == nil {
		e = new(effort)
		d.took[what], d.order = e, append(d.order, what)
	}
	e.keys, e.presses, e.times, e.most = e.keys+keys, e.presses+presses, e.times+1, max(e.most, keys+presses)
}

// finds opens a case by the end of its number, wherever one is.
func (d *day) finds(who, number string) {
	b, digits := d.at(who), number[len(number)-5:]
	b.until(`!document.querySelector('.htmx-request, .htmx-settling, .htmx-added')`)
	b.keys("/")
	b.until(`document.activeElement.id === 'words'`)
	b.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.value = ''`))
	for _, r := range digits {
		b.keys(string(r))
	}
	b.keys("\r")
	b.until(`document.querySelector('[data-case="` + number + `"]') && window.htmx && document.activeElement.id !== 'words'`)
	d.note("find", 2+len(digits), 0)
}

// makes makes a move by keys, and by the mouse where it has none.
func (d *day) makes(s step, number string) {
	d.t.Helper()
	b, keys, presses := d.at(s.who), 0, 0
	at := `document.querySelector('.moves [href$="/` + string(s.move) + `"], .moves [action$="/` + string(s.move) + `"] button')`
	b.until(at)
	key, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](at+`.dataset.key || ''`))
	if err != nil {
		d.t.Fatal(err)
	}
	if key != "" {
		b.keys(key)
		keys++
	} else { // folded
		b.do(chromedp.Evaluate[chromedp.Void](at + `.closest('details').open = true`))
		b.do(chromedp.Evaluate[chromedp.Void](at + `.click()`))
		presses += 2
	}
	if spec, err := petition.StaffSpecOf(s.move, petition.Claim); err == nil && len(spec.Fields) == 0 {
		b.until(`document.querySelector('.done')`)
		d.note(string(s.move), keys, presses)
		return
	}
	b.until(`document.querySelector('#move') && document.querySelector('#move').contains(document.activeElement)`)
	keys += d.fills(b, s) + 1
	b.do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(2)))
	b.until(`document.querySelector('.done') && !document.querySelector('#move')`)
	d.note(string(s.move), keys, presses)
	if s.signed != "" {
		d.signs(s.signed, number)
		b.do(chromedp.Reload())
		b.until(`document.readyState === 'complete' && window.htmx && document.querySelector('[data-case]')`)
	}
}

// fills goes from field to field and answers how many keys that took: words, and figures of days, left out.
func (d *day) fills(b *tab, s step) (keys int) {
	left := len(s.fields)
	for range 40 {
		if left == 0 {
			return keys
		}
		name, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.activeElement.name || ''`))
		if err != nil {
			d.t.Fatal(err)
		}
		value, ok := s.fields[strings.TrimPrefix(name, "f.")]
		if ok {
			keys += d.answers(b, name, value)
			left--
		}
		if left > 0 {
			b.keys("\t")
			keys++
			b.do(chromedp.Evaluate[chromedp.Void](nextOf)) // a day has a place for each of its parts
		}
	}
	d.t.Fatalf("%s has no such fields: %v", s.move, s.fields)
	return keys
}

// nextOf goes on from a day to the next field as one key does once its figures are typed.
const nextOf = `(() => { const on = document.activeElement; if (on.type !== 'date' || !on.dataset.typed) return;
const all = [...on.form.querySelectorAll('input:not([type=hidden]),select,textarea,button')]; all[all.indexOf(on) + 1].focus(); })()`

// answers fills the field that has the cursor.
func (d *day) answers(b *tab, name, value string) (keys int) {
	kind, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.activeElement.type`))
	if err != nil {
		d.t.Fatal(err)
	}
	switch kind {
	case "radio":
		nth, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](`[...document.getElementsByName('`+name+`')].findIndex((e) => e.value === '`+value+`')`))
		if err != nil || nth < 0 {
			d.t.Fatalf("%s has no %s: %v", name, value, err)
		}
		b.keys(" ")
		for range nth {
			b.keys("\u0301")
		}
		return 1 + nth
	case "date":
		b.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.value = '` + value + `'; document.activeElement.dataset.typed = '1'`))
	case "select-one":
		if value == "" {
			value = d.town
		}
		b.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.value = '` + value + `'`))
		return 2 // the beginning of its name
	default:
		if _, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: value}); err != nil {
			d.t.Fatal(err)
		}
	}
	return 0
}

// signs goes to today and signs what lies there first.
func (d *day) signs(who, number string) {
	b := d.at(who)
	b.keys("t")
	b.until(`location.pathname === '/desk/' && document.querySelector('[data-row]') && document.querySelector('[data-row] a').textContent === '` + number + `' && window.htmx`)
	b.keys("j", "\r")
	b.until(`location.pathname.includes('/drafts/') && document.activeElement.value === 'sign'`)
	b.keys("\r")
	b.until(`document.querySelector('.done')`)
	d.note("sign", 3, 0)
}

// A day of forty cases (DENGWEN_DAYS=all; else one of each life): every move of the lawful lives of a claim, from the first transfer
// to 销号, by keys in a browser, each by its own people.
func TestFortyCases(t *testing.T) {
	t.Parallel()
	cases := len(livesOf)
	if os.Getenv("DENGWEN_DAYS") == "all" {
		cases = 40
	}
	s := newStage(t)
	d := &day{stage: s, tabs: map[string]*tab{}, took: map[string]*effort{}}
	numbers := make([]string, cases)
	for n := range numbers {
		numbers[n] = d.lodged(n)
	}
	for n, number := range numbers {
		d.live(livesOf[n%len(livesOf)], number, false)
	}
	d.twentyRows()
	s.now.Add(int64(40 * 24 * time.Hour))
	d.tabs = map[string]*tab{} // sessions are over
	for n, number := range numbers {
		d.live(livesOf[n%len(livesOf)], number, true)
		v, err := s.service.Look(t.Context(), petition.System(), number, "")
		if err != nil || v.Status != petition.Closed {
			t.Errorf("life %d ends %s, %v", n%len(livesOf)+1, v.Status, err)
		}
	}
	for what, most := range map[string]int{"find": 7, string(petition.MoveTransfer): 4, string(petition.MoveAssign): 4, string(petition.MoveTake): 4, "sign": 3} {
		if e := d.took[what]; e == nil || e.most > most {
			t.Errorf("%s takes %+v, %d were to be enough", what, e, most)
		}
	}
	var lines []string
	for _, what := range d.order {
		e := d.took[what]
		lines = append(lines, fmt.Sprintf("%s %d× %.1f keys, %.1f presses", what, e.times, float64(e.keys)/float64(e.times), float64(e.presses)/float64(e.times)))
	}
	t.Logf("%d cases\n%s", cases, strings.Join(lines, "\n"))
}

// live makes the moves of a life before the time for review is over, or after it.
func (d *day) live(life []step, number string, after bool) {
	d.t.Helper()
	cut := slices.IndexFunc(life, func(s step) bool { return s.who == "" })
	steps := life[:cut]
	if after {
		steps = life[cut+1:]
	}
	at, sent := "", 0
	for _, s := range steps {
		if s.who != at {
			d.finds(s.who, number)
			at = s.who
		}
		d.makes(s, number)
		if sent++; s.signed != "" {
			sent++
		}
	}
	// The plain life took a clerk 27 messages in chat, the close among them.
	if len(life) == 6 && sent > 27/3-1 {
		d.t.Errorf("%d forms were sent for a plain claim before its close", sent)
	}
}

func (d *day) lodged(n int) string {
	d.t.Helper()
	ticket, err := d.service.File(d.t.Context(), petition.Actor{Owner: "web:1", Asker: "web:1"}, petition.Filing{
		Key: fmt.Sprint("k", n), Owner: "web:1", Channel: "web", Class: petition.Claim, Facts: fmt.Sprintf("村口第%d盏路灯坏了一个月。", n+1), Request: "请处理。",
		Place: petition.Place{Code: d.office.Places[0].Code}, Subject: "civil.community", // goes to the unit of the place
		Contact: petition.Contact{Name: "王秀兰", Phone: "13800138000"},
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return ticket.Number
}

// twentyRows: at 1366 × 768 the list shows twenty, each with its number, matter, place and unit, what is due by which article and how late it is.
func (d *day) twentyRows() {
	d.t.Helper()
	for n := range 25 {
		d.lodged(100 + n)
	}
	d.now.Add(int64(20 * 24 * time.Hour)) // the periods of some are over
	delete(d.tabs, "chief")
	b := d.at("chief")
	b.do(chromedp.Navigate(d.server.URL + "/desk/cases?status=registered"))
	b.until(`document.querySelectorAll('[data-row]').length >= 25 && document.readyState === 'complete'`)
	seen, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll('[data-row]')].filter((r) => r.getBoundingClientRect().bottom <= innerHeight).map((r) => r.innerText)`))
	if err != nil {
		d.t.Fatal(err)
	}
	if len(seen) < 20 {
		d.t.Errorf("%d rows are seen at 1366 × 768", len(seen))
	}
	late := 0
	place := d.office.Places[0].Name
	for _, row := range seen {
		for _, want := range []string{"ZS26-", "盏路灯", place, "第 "} {
			if !strings.Contains(row, want) {
				d.t.Errorf("a row does not show %q: %q", want, row)
			}
		}
		if strings.Contains(row, "超期") {
			late++
		}
	}
	if late == 0 {
		d.t.Errorf("no row says how late it is: %q", seen)
	}
	d.now.Add(-int64(20 * 24 * time.Hour))
}
