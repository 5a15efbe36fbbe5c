package terminal

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/petition"
)

// cards answers everything with a card of a case, the second one of another.
func cards(e bot.Event, n int) []bot.Say {
	number := map[bool]string{true: "ZS26-0001-KN", false: "ZS26-0002-8X"}[n == 1]
	return []bot.Say{
		{Text: "收到。"},
		{Text: number, About: number, ForOffice: true, Rows: [][]bot.Button{{{Text: "我来办", Data: "take " + number}, {Text: "看全文", Data: "full " + number}}}},
	}
}

func TestRepliesFindTheirMessage(t *testing.T) {
	t.Parallel()
	o := newOffice(strings.NewReader("/queue\n/queue\n^1 明天去看\n^ 后天也去\n^1 2\n^2 [我来办]\n1\n^99 x\n^ \n"), nil)
	o.reply = cards
	if err := o.door.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if !strings.Contains(o.out.String(), "  ^2\n") || !strings.Contains(o.out.String(), "! 没有这个编号的消息") {
		t.Errorf("no numbers to reply to:\n%s", o.out.String())
	}
	first, second := o.events[2].ReplyTo, o.events[3].ReplyTo
	if len(o.events) != 8 || first == "" || second == "" || first == second || o.events[2].Text != "明天去看" || o.events[3].Text != "后天也去" {
		t.Fatalf("replies to %q and %q, %d events", first, second, len(o.events))
	}
	for i, want := range map[int]string{4: "full ZS26-0001-KN", 5: "take ZS26-0002-8X"} {
		if p := o.events[i].Press; p == nil || p.Data != want {
			t.Errorf("event %d pressed %+v, want %s", i, p, want)
		}
	}
}

func TestRefsAreOfThisRun(t *testing.T) {
	t.Parallel()
	refs := map[string]bool{}
	for range 2 {
		o := newOffice(strings.NewReader(""), nil)
		say := bot.Say{Text: "x", About: "ZS26-0001-KN", ForOffice: true}
		a, err := o.door.SendRef(t.Context(), "term:li", "k", say, nil)
		again, err2 := o.door.SendRef(t.Context(), "term:li", "k", say, nil)
		if err != nil || err2 != nil || a == "" || a != again {
			t.Errorf("ref %q, then %q: %v %v", a, again, err, err2)
		}
		refs[a] = true
	}
	if len(refs) != 2 {
		t.Errorf("two runs gave the same ref: %v", refs)
	}
}

func TestFilesAreSaved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := newOffice(strings.NewReader(""), func(c *Config) { c.Folder = dir })
	file := func(name, body string) turn.File {
		return turn.File{Attachment: petition.Attachment{Kind: "photo", Name: name, Type: "image/jpeg"}, Body: io.NopCloser(strings.NewReader(body))}
	}
	_, err := o.door.SendRef(t.Context(), "term:li", "k", bot.Say{Text: "附件"}, []turn.File{file("../../路.jpg", "one"), file("路.jpg", "two"), file("", "three")})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"路.jpg": "one", "路 (2).jpg": "two", "photo-3.jpg": "three"} {
		if b, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(b) != want {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
}

func TestFilesAreTheOfficers(t *testing.T) {
	t.Parallel()
	o := newOffice(strings.NewReader(""), func(c *Config) {
		c.Who = func(_ context.Context, conv string) petition.Actor {
			return petition.Actor{Owner: conv, Staff: "p1", Unit: "transport", Roles: []petition.Role{petition.Officer}}
		}
	})
	if a := o.door.actor(t.Context()); a.Staff != "p1" {
		t.Errorf("files of an officer go in as %+v", a)
	}
}

// Where a number is the answer, buttons are letters.
func TestANumberIsAnAnswer(t *testing.T) {
	t.Parallel()
	o := newOffice(strings.NewReader("/start\n2\nb\n"), nil)
	o.reply = func(bot.Event, int) []bot.Say {
		return []bot.Say{{Text: "一共几个人？", Number: true, Rows: [][]bot.Button{{{Text: "就我一个", Data: "one"}, {Text: "跳过", Data: "skip"}}}}}
	}
	if err := o.door.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if e := o.events[1]; e.Press != nil || e.Text != "2" {
		t.Errorf("2 is taken for %+v", e)
	}
	if e := o.events[2]; e.Press == nil || e.Press.Data != "skip" {
		t.Errorf("b is taken for %+v", e)
	}
}
