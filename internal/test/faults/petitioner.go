package faults

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"time"

	"dengwen/internal/test/fakeapi"
)

// answerIn is how long a citizen waits for an answer: a killed program's leases run
// out after ten seconds, and it may be killed again meanwhile.
const answerIn = 3 * time.Minute

// Petitioner lodges one petition after another in one chat. Not for concurrent use.
type Petitioner struct {
	Numbers []string // the numbers told, in order
	Taps    int      // presses made twice

	c *fakeapi.Citizen
	n int // of the chat, from 1

	photo []byte // sent with every petition, nil = none
	api   *fakeapi.Server
}

// NewPetitioner is the n-th person, n from 1.
func NewPetitioner(api *fakeapi.Server, n int) *Petitioner {
	return &Petitioner{c: api.Citizen(int64(7_000_000_000 + n)), n: n}
}

// Owner is the address of the chat.
func (p *Petitioner) Owner() string { return fmt.Sprintf("tg:%d", p.c.Chat.ID) }

// numberIn finds a number in what the bot says.
var numberIn = regexp.MustCompile(`编号 ([A-Z]{2}\d\d-\d+-[0-9A-Z]+)`)

// Lodge tells a story in a breath and three points more in a burst, presses submit
// (now and then twice) and waits for the number.
func (p *Petitioner) Lodge(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	k := len(p.Numbers) + 1
	if k > 1 {
		p.c.Say("/new") // else the bot asks whether this belongs to the last one
		if _, err := p.c.Expect(ctx, "^请说说"); err != nil {
			return fmt.Errorf("begin anew: %w", err)
		}
	}
	p.c.Say(fmt.Sprintf("下梁镇的路一下雨就塌，车过不去，请派人来修。第 %d 户第 %d 件", p.n, k))
	if _, err := p.c.Expect(ctx, "我读到的是"); err != nil {
		return fmt.Errorf("story: %w", err)
	}
	for _, more := range points(p.n, k) {
		p.c.Say(more)
	}
	for range points(p.n, k) {
		if _, err := p.c.Expect(ctx, "加到您的话后面"); err != nil {
			return fmt.Errorf("more of the story: %w", err)
		}
	}
	if err := p.sendPhoto(ctx, k); err != nil {
		return fmt.Errorf("photo: %w", err)
	}
	number, err := p.submit(ctx)
	if err != nil {
		return fmt.Errorf("number: %w", err)
	}
	p.Numbers = append(p.Numbers, number)
	return nil
}

func (p *Petitioner) sendPhoto(ctx context.Context, k int) error {
	if p.photo == nil {
		return nil
	}
	id := fmt.Sprintf("photo-%d-%d", p.n, k)
	p.api.AddFile(id, p.photo)
	p.c.Message(map[string]any{"photo": []any{map[string]any{"file_id": id, "file_unique_id": id, "width": 8, "height": 8, "file_size": len(p.photo)}}})
	_, err := p.c.Expect(ctx, "附件：1 个|收下了")
	return err
}

// FilesLost are the messages by which the citizen was told that a file was not taken.
func (p *Petitioner) FilesLost() (all []string) {
	for _, m := range p.c.Chat.Messages() {
		if strings.Contains(m.Text, "没收下来") {
			all = append(all, m.Text)
		}
	}
	return all
}

// BeginAnew puts away what was half said, if anything was: a restored program asks whether to go on with it.
func (p *Petitioner) BeginAnew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	for {
		p.c.Say("/new")
		short, over := context.WithTimeout(ctx, 20*time.Second)
		m, err := p.c.Expect(short, "^请说说|还是重新开始")
		if err == nil && !strings.HasPrefix(m.Text, "请说说") {
			if _, err = p.c.Press("^重新开始$"); err == nil {
				_, err = p.c.Expect(short, "^请说说")
			}
		}
		over()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}

// submit presses the newest button, and again when nothing comes of it: a card told
// twice because of a kill may have been answered too early.
func (p *Petitioner) submit(ctx context.Context) (string, error) {
	for tries := range 1000 {
		if err := p.confirm(); err != nil {
			return "", err
		}
		if tries > 2 { // a receipt that met a closed chat is kept until its person asks
			p.c.Say("查进度")
		}
		short, cancel := context.WithTimeout(ctx, 20*time.Second)
		m, err := p.c.Expect(short, "(?s)登记好了.*编号 ")
		cancel()
		if err == nil {
			return numberIn.FindStringSubmatch(m.Text)[1], nil
		}
		if ctx.Err() != nil {
			return "", err
		}
	}
	return "", errors.New("nothing came of a thousand presses")
}

func (p *Petitioner) confirm() error {
	times := 1
	if rand.IntN(4) == 0 {
		times, p.Taps = 2, p.Taps+1
	}
	for range times {
		if _, err := p.c.Press("^提交$"); err != nil {
			return err
		}
	}
	return nil
}

// points are what a citizen adds in a burst; the order of the words in the filed
// petition shows whether the order of the chat was kept.
func points(n, k int) []string {
	return []string{
		fmt.Sprintf("还有第一点，%d-%d 桥上的栏杆也断了", n, k),
		fmt.Sprintf("还有第二点，%d-%d 水沟也堵了", n, k),
		fmt.Sprintf("还有第三点，%d-%d 路灯也不亮了", n, k),
	}
}

// inOrder reports whether each point is there once and in the order it was said.
func inOrder(n, k int, facts string) bool {
	at := -1
	for _, point := range points(n, k) {
		next := strings.Index(facts, point)
		if strings.Count(facts, point) != 1 || next < at {
			return false
		}
		at = next
	}
	return true
}

// ToldTwice counts numbers the citizen was told more than once, which may happen (a
// message is sent at least once) and only costs a second look.
func (p *Petitioner) ToldTwice() (n int) {
	times := map[string]int{}
	for _, m := range p.c.Chat.Messages() {
		if f := numberIn.FindStringSubmatch(m.Text); f != nil && strings.HasPrefix(m.Text, "登记好了") && !m.Edited {
			if times[f[1]]++; times[f[1]] == 2 {
				n++
			}
		}
	}
	return n
}
