package replicas

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/petition"
	"dengwen/petition/roster"
	"dengwen/storage/cases"
)

// A head of the petition office in Telegram, against the program itself: documents of a
// case as files, and a service notice with its progress in one message.
func TestOfficerInTelegram(t *testing.T) {
	t.Parallel()
	api, err := fakeapi.Start(fakeapi.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	at := places(t)
	p := faults.NewProgram(t, "DENGWEN_KEY="+at.Key, "REDIS_URL="+at.Redis, "DATABASE_URL="+at.Database)
	p.Set(faults.Telegram(api, "")...)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	citizen := faults.NewPetitioner(api, 1)
	if err := citizen.Lodge(t.Context()); err != nil {
		t.Fatal(err)
	}
	agreeAll(t, api, firstOne, 3)
	head := &dialogue{t: t, c: api.Citizen(9100)}
	head.say("/start join_"+token(t, at), "加入好了")
	head.say(citizen.Numbers[0], citizen.Numbers[0])
	head.press("^看全文$", "群众的原话")
	head.press("^文书$", "点一下就发来")
	pdf := head.press("登记回执 PDF", "信访事项登记回执")
	word := head.press("登记回执 Word", "信访事项登记回执")
	if !strings.HasPrefix(string(pdf.Photo), "%PDF") || !strings.HasPrefix(string(word.Photo), "PK") {
		t.Errorf("the documents begin with %.4q and %.4q", pdf.Photo, word.Photo)
	}
	head.say("/broadcast", "现在有 3 人同意")
	head.say(words, "3 人会收到")
	sent := head.press("^发出$", "正在发|发完了")
	done := head.wait("发完了.*\n.*送到 3，还没到 0")
	if !done.Edited || done.ID != sent.ID {
		t.Errorf("progress is message %d, edited %v; it began as %d", done.ID, done.Edited, sent.ID)
	}
	for i := range 3 {
		if got := told(api.Chat(int64(firstOne + i))); got != 1 {
			t.Errorf("reader %d got it %d times", i, got)
		}
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
}

// dialogue is somebody who does one thing after another.
type dialogue struct {
	t *testing.T
	c *fakeapi.Citizen
}

func (d *dialogue) say(text, expect string) fakeapi.Message {
	d.t.Helper()
	d.c.Say(text)
	return d.wait(expect)
}

func (d *dialogue) press(button, expect string) fakeapi.Message {
	d.t.Helper()
	if _, err := d.c.Press(button); err != nil {
		d.t.Fatal(err)
	}
	return d.wait(expect)
}

func (d *dialogue) wait(expect string) fakeapi.Message {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()
	m, err := d.c.Expect(ctx, "(?s)"+expect)
	if err != nil {
		d.t.Fatal(err)
	}
	return m
}

// token is an invitation to the petition office.
func token(t *testing.T, at faults.Places) string {
	t.Helper()
	box, err := seal.Open(at.Key)
	if err != nil {
		t.Fatal(err)
	}
	store, err := cases.Open(t.Context(), at.Database, "", box)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	desk := roster.New(store, nil, office.Example(), time.Now, func() string { return fmt.Sprint(time.Now().UnixNano()) })
	out, _, err := desk.Invite(t.Context(), petition.System(), roster.Invite{Unit: "petition", Roles: []petition.Role{petition.Supervisor, petition.Intake}, Name: "刘敏"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
