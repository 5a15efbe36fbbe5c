package doortest

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"dengwen/bot"
	"dengwen/bot/oneway"
	"dengwen/bot/turn"
	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/telling"
)

// toldBesides is where people of the suite are told besides the door: their short messages and mails,
// which are written down.
type toldBesides struct {
	wishes   *memory.Wishes
	citizens *telling.Citizens

	mu   sync.Mutex
	said []string // prefix of the conversation, blank, text
}

func newToldBesides(cases petition.Cases) *toldBesides {
	b := &toldBesides{wishes: memory.NewWishes()}
	b.citizens = telling.NewCitizens(b.wishes, cases, func(way string, agreed bool) string {
		return way + map[bool]string{true: " agreed", false: " taken back"}[agreed]
	}, time.Now, ids())
	return b
}

// of are the places besides the chat of a notice to who petitioned.
func (b *toldBesides) of(ctx context.Context, n petition.Notice) ([]string, error) {
	c, err := b.wishes.WishesOf(ctx, n.To)
	if err != nil || !c.Wants(telling.KindOf(n), n.Urgent()) {
		return nil, petition.IgnoreNotFound(err)
	}
	return c.Places(c.ID), nil
}

func (b *toldBesides) with(doors map[string]turn.Door) map[string]turn.Door {
	all := maps.Clone(doors)
	all[telling.SMS] = turn.Door{Send: besides{b, telling.SMS}, Shows: func() bot.Door { return bot.Door{OneWay: true, Brief: true} }}
	all[telling.Mail] = turn.Door{Send: besides{b, telling.Mail}, Shows: func() bot.Door { return bot.Door{OneWay: true} }}
	return all
}

func (b *toldBesides) step(citizen turn.Step, words *locales.Catalog) turn.Step {
	one := oneway.New(office.Example(), words, "", "https://xf.example.cn", nil)
	return func(s bot.Session, e bot.Event, now time.Time) (bot.Session, []bot.Effect) {
		if one.Takes(e) {
			return one.Step(s, e, now)
		}
		return citizen(s, e, now)
	}
}

func (b *toldBesides) all() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.said...)
}

// besides is the door of one channel.
type besides struct {
	told *toldBesides
	way  string
}

func (d besides) Send(ctx context.Context, conv, _ string, say bot.Say) error {
	c, err := d.told.wishes.WishesByID(ctx, conv[len(d.way)+1:])
	if p := map[string]telling.Place{telling.SMS: c.Phone, telling.Mail: c.Mail}[d.way]; err != nil || !p.Open() {
		return &turn.SendError{Gone: true, Err: errors.New("nobody wants it any more")}
	}
	d.told.mu.Lock()
	defer d.told.mu.Unlock()
	d.told.said = append(d.told.said, d.way+" "+say.Text)
	return nil
}

// office has the petition office say something to who lodged a petition.
func (k *talk) office(number, text string) {
	k.t.Helper()
	clerk := petition.Actor{Staff: "p-1", Unit: office.Example().Unit, Roles: []petition.Role{petition.Intake}}
	_, err := k.cases.Do(context.Background(), clerk, number, petition.Move{Key: text, Name: petition.MoveTell, Text: text})
	k.must("the office says "+text, err)
	k.run.Wake()
	k.settle()
}

// toldBesides waits until what was said besides the door is this.
func (k *talk) toldBesides(want ...string) {
	k.t.Helper()
	for end := time.Now().Add(patience); len(k.told.all()) < len(want) && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	k.settle()
	got := k.told.all()
	if len(got) != len(want) {
		k.t.Fatalf("besides was said %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			k.t.Errorf("besides was said %q, want %q", got[i], want[i])
		}
	}
}
