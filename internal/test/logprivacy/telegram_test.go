package logprivacy

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/internal/test/fakeapi"
)

// atOnce is how many chats go on at once.
const atOnce = 8

// chatID is long enough to be told from other numbers.
func chatID(n int) int64 { return int64(7_345_000_123 + n*1000) }

// play lets every script be said in a chat of its own and answers how many messages
// and presses that were.
func play(t *testing.T, api *fakeapi.Server, all []script) (sent int) {
	t.Helper()
	var g sync.WaitGroup
	room := make(chan struct{}, atOnce)
	counts := make([]int, len(all))
	for n, s := range all {
		room <- struct{}{}
		g.Go(func() {
			defer func() { <-room }()
			c := api.Citizen(chatID(n))
			for _, line := range s {
				if act(c, line) {
					counts[n]++
					answered(t, c)
				}
			}
			counts[n] += finish(t, c)
		})
	}
	g.Wait()
	for _, n := range counts {
		sent += n
	}
	return sent
}

// act does what a line says; false for what these citizens cannot do.
func act(c *fakeapi.Citizen, line string) bool {
	if m := button.FindStringSubmatch(line); m != nil {
		_, err := c.Press("^" + regexp.QuoteMeta(m[1]) + "$")
		return err == nil || goOn(c, forward[1:]...)
	}
	if m := card.FindStringSubmatch(line); m != nil {
		c.Share(m[2], m[3])
		return true
	}
	if w := words(line); w != line && w != "" {
		c.Photo("photo-"+strconv.Itoa(len(line)), w, "")
		return true
	}
	if line == "(photo)" {
		c.Photo("photo", "", "")
		return true
	}
	if strings.HasPrefix(line, "(") {
		return false
	}
	c.Say(line)
	return true
}

// forward are buttons that lead on where the reader of this program asks for more
// than the reader of the transcripts.
var forward = []*regexp.Regexp{regexp.MustCompile("^(提交|Submit)$"), regexp.MustCompile("^(不确定|Not sure)$"), regexp.MustCompile("^(跳过|Skip)$")}

// goOn presses the button that leads on in the newest message that has buttons.
func goOn(c *fakeapi.Citizen, how ...*regexp.Regexp) bool {
	log := c.Chat.Messages()
	for i := len(log) - 1; i >= 0; i-- {
		if len(log[i].Buttons) == 0 {
			continue
		}
		for _, re := range how {
			if _, found := log[i].Button(re); found {
				_, err := c.Press(re.String())
				return err == nil
			}
		}
		return false
	}
	return false
}

// finish lodges what is still open.
func finish(t *testing.T, c *fakeapi.Citizen) (sent int) {
	for sent < 8 && goOn(c, forward...) {
		sent++
		answered(t, c)
	}
	return sent
}

// answered waits for the next message. None may come of an edit or of a picture of
// an album: go on then.
func answered(t *testing.T, c *fakeapi.Citizen) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_, _ = c.Expect(ctx, ".")
}

var codeIn = regexp.MustCompile(`查询码 ([A-Z2-9]{4}-[A-Z2-9]{4})`)

// told gathers the query codes told in the chats, as written and without the hyphen.
func told(api *fakeapi.Server, chats int) (codes []string) {
	for n := range chats {
		for _, m := range api.Chat(chatID(n)).Messages() {
			for _, f := range codeIn.FindAllStringSubmatch(m.Text, -1) {
				codes = append(codes, f[1], strings.ReplaceAll(f[1], "-", ""))
			}
		}
	}
	return codes
}

// filed makes sure that stories came as far as the case store.
func filed(t *testing.T, api *fakeapi.Server, chats int) {
	t.Helper()
	if n := len(told(api, chats)) / 2; n < 30 {
		t.Errorf("%d petitions were lodged by Telegram, want 30 at least", n)
	} else {
		t.Logf("%d petitions lodged by Telegram", n)
	}
}
