package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dengwen/petition"
)

// counted is somebody at the desk by keys alone, whose keys are counted by what they were for. Words
// that are typed into a field are not.
type counted struct {
	*tab
	keys  map[string]int
	order []string
}

func (c *counted) press(why string, keys ...string) {
	c.t.Helper()
	if c.keys[why] == 0 {
		c.order = append(c.order, why)
	}
	c.keys[why] += len(keys)
	for _, k := range keys {
		if k == "ctrl+enter" {
			c.do(chromedp.KeyEvent("\r", chromedp.KeyModifiers(2)))
			continue
		}
		c.tab.keys(k)
	}
}

// opens goes from the first page to the first case of it.
func (c *counted) opens(why, number string) {
	c.t.Helper()
	c.until(`document.querySelector('[data-row]') && window.htmx`)
	c.press(why, "j", "\r")
	c.until(`location.pathname.startsWith('/desk/cases/` + number + `') && window.htmx`)
}

// move presses the key of a move and waits for its form.
func (c *counted) move(why string, m petition.MoveName) {
	c.t.Helper()
	link := `document.querySelector('.moves [href$="/` + string(m) + `"]')`
	c.until(link)
	key, err := chromedp.Run(c.ctx, chromedp.Evaluate[string](link+`.dataset.key || ''`))
	if err != nil || key == "" {
		c.t.Fatalf("%s has no key: %v", m, err)
	}
	c.press(why, key)
	c.until(`document.querySelector('#move') && document.querySelector('#move').contains(document.activeElement)`)
}

// types writes into the field that has the cursor, and goes to the next one.
func (c *counted) types(why, text string) {
	c.t.Helper()
	for _, r := range text {
		c.do(chromedp.KeyEvent(string(r)))
	}
	c.press(why, "\t")
}

func (c *counted) sends(why string) {
	c.t.Helper()
	c.press(why, "ctrl+enter")
	c.until(`document.querySelector('.done') && !document.querySelector('#move')`)
}

// A claim goes from the list to the end of the period for review, each move by its own people and by keys
// alone. In chat a clerk sent 27 messages for it.
func TestAFirstDay(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ticket, err := s.service.File(t.Context(), petition.Actor{Owner: "web:1", Asker: "web:1"}, petition.Filing{
		Key: "k", Owner: "web:1", Channel: "web", Class: petition.Claim, Facts: "村口的路灯坏了一个月。", Request: "请处理。",
		Place: petition.Place{Code: s.office.Places[0].Code}, Subject: "civil.community", // goes to the unit of the place
	})
	if err != nil {
		t.Fatal(err)
	}
	number := ticket.Number
	used, order := map[string]int{}, []string{}
	as := func(id string, do func(c *counted)) {
		c := &counted{tab: s.tab(id, 1366, 768), keys: map[string]int{}}
		do(c)
		for _, why := range c.order {
			used[why] += c.keys[why]
			if !slices.Contains(order, why) {
				order = append(order, why)
			}
		}
	}
	as("clerk", func(c *counted) {
		c.opens("open", number)
		c.move("transfer", petition.MoveTransfer)
		c.sends("transfer")
	})
	as("town", func(c *counted) {
		c.opens("open", number)
		c.move("accept", petition.MoveAccept)
		c.sends("accept")
		c.move("opinion", petition.MoveReply)
		c.types("opinion", "请处理。")
		c.types("opinion", "经查，路灯线路老化。")
		c.types("opinion", "请处理的事已经办好，路灯已于十一月二十日修好。")
		c.types("opinion", "《信访工作条例》第三十二条。")
		c.press("opinion", " ") // the first of the three outcomes
		c.sends("opinion")
	})
	as("head", func(c *counted) {
		c.until(`document.querySelector('[data-row]') && window.htmx`)
		c.press("sign", "j", "\r")
		c.until(`location.pathname.includes('/drafts/') && document.activeElement.value === 'sign'`)
		c.press("sign", "\r")
		c.until(`document.querySelector('.done')`)
	})
	as("town", func(c *counted) {
		c.at("/desk/cases/" + number)
		c.move("deliver", petition.MoveDeliver)
		c.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('#f-date').value = '2026-11-23'`)) // eight figures in a browser that shows them
		c.press("deliver", "\t")
		c.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('#f-method').focus()`))
		c.press("deliver", " ")
		c.sends("deliver")
	})
	s.now.Add(int64(40 * 24 * time.Hour))
	as("town", func(c *counted) {
		c.at("/desk/cases/" + number)
		c.until(`document.querySelector('.moves [href$="/close"]')`)
		c.move("close", petition.MoveClose)
		c.sends("close")
	})
	v, err := s.service.Look(t.Context(), petition.System(), number, "")
	if err != nil || v.Status != petition.Closed {
		t.Fatalf("it is %s, %v", v.Status, err)
	}
	var lines []string
	most := map[string]int{"open": 4, "transfer": 2, "accept": 2, "opinion": 7, "sign": 3, "deliver": 5, "close": 2}
	for _, why := range order {
		lines = append(lines, fmt.Sprintf("%s %d", why, used[why]))
		if used[why] > most[why] {
			t.Errorf("%s takes %d keys, %d were enough", why, used[why], most[why])
		}
	}
	t.Log("keys: " + strings.Join(lines, ", "))
}
