package faults

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/internal/test/fakeapi"
	"dengwen/petition"
)

// Crowd are citizens who lodge petitions at once.
type Crowd struct {
	tb     testing.TB
	api    *fakeapi.Server
	people []*Petitioner
	over   atomic.Bool // no petition is begun any more
	home   sync.WaitGroup
}

// Gather lets citizens loose on a bot; each lodges petitions until Home, one at
// least. Whoever gets stuck is a fault of the test.
func Gather(tb testing.TB, api *fakeapi.Server, citizens int) *Crowd {
	return GatherWith(tb, api, citizens, nil)
}

// GatherWith is Gather, each petition with a photo, nil = without.
func GatherWith(tb testing.TB, api *fakeapi.Server, citizens int, photo []byte) *Crowd {
	c := &Crowd{tb: tb, api: api}
	for n := range citizens {
		p := NewPetitioner(api, n+1)
		p.photo, p.api = photo, api
		c.people = append(c.people, p)
		c.home.Go(func() {
			for first := true; first || !c.over.Load(); first = false {
				if err := p.Lodge(tb.Context()); err != nil {
					tb.Errorf("citizen %d, petition %d: stuck at %v", p.n, len(p.Numbers)+1, err)
					return
				}
			}
		})
	}
	return c
}

// GatherSlowly has citizens come one after the other, so long apart, each with one petition and a photo: what a day
// brings, where Gather is what a machine bears.
func GatherSlowly(tb testing.TB, api *fakeapi.Server, citizens int, photo []byte, apart time.Duration) *Crowd {
	c := &Crowd{tb: tb, api: api}
	for n := range citizens {
		p := NewPetitioner(api, n+1)
		p.photo, p.api = photo, api
		c.people = append(c.people, p)
		c.home.Go(func() {
			time.Sleep(time.Duration(n) * apart)
			if err := p.Lodge(tb.Context()); err != nil {
				tb.Errorf("citizen %d: stuck at %v", p.n, err)
			}
		})
	}
	return c
}

// Home waits until everybody has the number of the petition begun, every update was
// taken and everything was sent.
func (c *Crowd) Home() {
	c.over.Store(true)
	c.home.Wait()
	for end := time.Now().Add(time.Minute); c.api.Pending() > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			c.tb.Errorf("%d updates were never taken", c.api.Pending())
			return
		}
	}
	c.silence()
}

// silence waits until the bot calls no method any more: a message that was refused on
// purpose is sent again within the second.
func (c *Crowd) silence() {
	for last := int64(-1); c.api.Counts().Calls != last; time.Sleep(2 * time.Second) {
		last = c.api.Counts().Calls
	}
}

// Tally is the outcome of a run.
type Tally struct {
	Citizens, Told, Filed, Taps, Doubled int
	FilesLost                            []string // by which somebody was told so
	Seen                                 fakeapi.Counts
	Unanswered                           int // presses
}

func (t Tally) String() string {
	return fmt.Sprintf("%d citizens: %d petitions confirmed and told, %d on record, %d double taps; %d updates delivered, %d again, %d deliveries not taken at first; %d messages, %d numbers told more than once; %d presses not answered",
		t.Citizens, t.Told, t.Filed, t.Taps, t.Seen.Delivered, t.Seen.Redelivered, t.Seen.NotTaken, t.Seen.Sends, t.Doubled, t.Unanswered)
}

// Check holds what citizens were told against the record, after the programs were
// stopped: every number told is on record, once and its teller's, with the words in
// the order they were said; nothing else is on record, and nothing is left to do.
func (c *Crowd) Check(at Places) Tally {
	c.tb.Helper()
	record, ctx := OpenRecord(c.tb, at), c.tb.Context()
	sum := Tally{Citizens: len(c.people), Seen: c.api.Counts(), Unanswered: c.api.Unanswered()}
	owners := map[string]string{}
	for _, p := range c.people {
		cases, err := record.of(ctx, p.Owner())
		if err != nil {
			c.tb.Fatal(err)
		}
		c.checkOne(p, cases)
		for _, v := range cases {
			if other := owners[v.Number]; other != "" {
				c.tb.Errorf("number %s is %s's and %s's", v.Number, other, p.Owner())
			}
			owners[v.Number] = p.Owner()
		}
		sum.Filed, sum.Told, sum.Taps = sum.Filed+len(cases), sum.Told+len(p.Numbers), sum.Taps+p.Taps
		sum.Doubled += p.ToldTwice()
		sum.FilesLost = append(sum.FilesLost, p.FilesLost()...)
	}
	c.checkWhole(ctx, record, sum)
	return sum
}

// checkOne holds one citizen's petitions against the record.
func (c *Crowd) checkOne(p *Petitioner, cases []petition.View) {
	c.tb.Helper()
	if len(cases) != len(p.Numbers) {
		c.tb.Errorf("citizen %d was told %d numbers, on record are %d", p.n, len(p.Numbers), len(cases))
	}
	for k, number := range p.Numbers {
		v := byNumber(cases, number)
		if v == nil {
			c.tb.Errorf("citizen %d was told %s, which is not on record", p.n, number)
			continue
		}
		if !inOrder(p.n, k+1, v.Facts) {
			c.tb.Errorf("citizen %d, petition %d: the words are not as said: %q", p.n, k+1, v.Facts)
		}
	}
}

func (c *Crowd) checkWhole(ctx context.Context, r *Record, sum Tally) {
	c.tb.Helper()
	n, err := r.Count(ctx)
	if err != nil {
		c.tb.Fatal(err)
	}
	if n != sum.Told {
		c.tb.Errorf("%d petitions were confirmed, on record are %d", sum.Told, n)
	}
	left, err := r.Left(ctx)
	if err != nil {
		c.tb.Fatal(err)
	}
	if left.Events > 0 || left.Oldest > 0 { // a receipt that met a closed chat again and again is put off
		c.tb.Errorf("after an orderly stop %d events and %d messages were left, the oldest for %v", left.Events, left.Rows, left.Oldest)
	}
}

func byNumber(cases []petition.View, number string) *petition.View {
	for i := range cases {
		if cases[i].Number == number {
			return &cases[i]
		}
	}
	return nil
}
