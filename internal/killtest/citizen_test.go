package killtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"time"

	"dengwen/internal/fakeapi"
)

// patience is how long a citizen waits for an answer: a killed program's leases run
// out after ten seconds, and it may be killed again meanwhile.
const patience = 3 * time.Minute

// petitioner lodges one petition after another in one chat.
type petitioner struct {
	c       *fakeapi.Citizen
	n       int      // of the chat
	said    []string // the stories confirmed, in order
	numbers []string // the numbers told, in order
	presses []string // callback query ids
	taps    int      // presses made twice
}

var numberIn = regexp.MustCompile(`编号 ([A-Z]{2}\d\d-\d+-\S+)`)

// lodge tells a story in a breath and three more in a burst, presses submit (now and
// then twice) and waits for the number.
func (p *petitioner) lodge(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	k := len(p.said) + 1
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
	number, err := p.submit(ctx)
	if err != nil {
		return fmt.Errorf("number: %w", err)
	}
	p.said = append(p.said, points(p.n, k)[0])
	p.numbers = append(p.numbers, number)
	return nil
}

// submit presses the newest button, and again when nothing comes of it: a card told
// twice because of a kill may have been answered too early.
func (p *petitioner) submit(ctx context.Context) (string, error) {
	for {
		if err := p.confirm(); err != nil {
			return "", err
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
}

func (p *petitioner) confirm() error {
	times := 1
	if rand.IntN(4) == 0 {
		times, p.taps = 2, p.taps+1
	}
	for range times {
		id, err := p.c.Press("^提交$")
		if err != nil {
			return err
		}
		p.presses = append(p.presses, id)
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
