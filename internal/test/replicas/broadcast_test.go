package replicas

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/storage/cases"
)

const (
	readers  = 90
	words    = "十二月一日起，周六上午也接待群众。"
	firstOne = 5000
)

// A service notice goes out while the processes that send it are killed: everybody who
// agreed gets it, nobody else does, and a message comes twice only to those who were
// being told when a process died.
func TestBroadcastSurvivesKills(t *testing.T) {
	t.Parallel()
	api, err := fakeapi.Start(fakeapi.Options{Redeliver: func(int) bool { return rand.IntN(7) == 0 }, FailEvery: 40})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	at := places(t)
	front := newBalancer(t)
	replicas := launch(t, front, api, at)
	bulletins := openBulletins(t, at)
	agreeAll(t, api, firstOne, readers)
	api.Chat(firstOne + readers) // has written, has not agreed
	api.Chat(firstOne + 3).Block(true)

	n, err := bulletins.Post(t.Context(), petition.System(), bulletin.Bulletin{Text: words, By: "shell"})
	if err != nil || n.Total != readers {
		t.Fatalf("sent off to %d, %v", n.Total, err)
	}
	const kills = 3
	killSome(t, replicas, kills)
	n = over(t, bulletins, n.ID)
	for _, p := range replicas {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	}
	twice, missing := 0, 0
	for i := range readers {
		switch got := told(api.Chat(int64(firstOne + i))); {
		case got == 0 && i != 3:
			missing++
		case got > 1:
			twice += got - 1
		}
	}
	if missing > 0 || told(api.Chat(firstOne+readers)) > 0 || told(api.Chat(firstOne+3)) > 0 {
		t.Errorf("%d of %d never got it; strangers got %d", missing, readers, told(api.Chat(firstOne+readers)))
	}
	if twice > kills*15 { // no more than one second's worth can have been under way
		t.Errorf("%d messages came twice after %d kills", twice, kills)
	}
	if n.State != bulletin.Done || n.Sent != readers-1 || n.Failed != 1 || n.OnWay+n.Waiting != 0 {
		t.Errorf("in the end: %+v", n)
	}
	if c, err := bulletins.Consent(t.Context(), "tg:5003"); err != nil || c != nil {
		t.Errorf("who blocked the bot still counts as a reader: %+v, %v", c, err)
	}
	t.Logf("%d told, %d of them twice, after %d kills in %v", n.Sent, twice, kills, n.Ended.Sub(n.At).Round(time.Second))
}

func openBulletins(t *testing.T, at faults.Places) *bulletin.Service {
	box, err := seal.Open(at.Key)
	if err != nil {
		t.Fatal(err)
	}
	store, err := cases.Open(t.Context(), at.Database, "", box)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return bulletin.New(store, office.Example(), time.Now, func() string { return "b1" })
}

// agreeAll lets citizens agree to service notices, each in their own chat.
func agreeAll(t *testing.T, api *fakeapi.Server, from, count int) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for i := range count {
		all.Go(func() {
			me := api.Citizen(int64(from + i))
			me.Say("/notices")
			if _, err := me.Expect(ctx, "现在没有开"); err != nil {
				t.Errorf("reader %d: %v", i, err)
				return
			}
			if _, err := me.Press("^我要接收$"); err != nil {
				t.Errorf("reader %d: %v", i, err)
				return
			}
			if _, err := me.Expect(ctx, "好的，以后有服务通知"); err != nil {
				t.Errorf("reader %d: %v", i, err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// over waits until a notice has ended.
func over(t *testing.T, bulletins *bulletin.Service, id string) bulletin.Bulletin {
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		n, err := bulletins.Bulletin(t.Context(), id)
		if err == nil && n != nil && n.State != bulletin.Running {
			return *n
		}
	}
	n, err := bulletins.Bulletin(t.Context(), id)
	t.Fatalf("the notice does not end: %+v, %v", n, err)
	return bulletin.Bulletin{}
}

func told(c *fakeapi.Chat) (n int) {
	for _, m := range c.Messages() {
		if strings.Contains(m.Text, words) {
			n++
		}
	}
	return n
}
