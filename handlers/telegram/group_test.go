package telegram

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/test/fakeapi"
	"dengwen/petition"
)

const group = "tg:-100"

func groupDoor(t *testing.T) (*Door, *fakeapi.Chat) {
	t.Helper()
	s := api(t, fakeapi.Options{})
	d, _ := door(t, s, newInbox(), nil)
	return d.Door, s.Chat(-100)
}

// A card is sent once and changed afterwards; one that somebody deleted is sent anew,
// and the id that is answered is of the message that is there.
func TestCardInPlace(t *testing.T) {
	t.Parallel()
	d, c := groupDoor(t)
	ref, err := d.SendRef(t.Context(), group, "k", bot.Say{Text: "卡片"}, nil)
	if err != nil || ref == "" {
		t.Fatalf("ref %q, %v", ref, err)
	}
	for _, text := range []string{"卡片，有人在办", "卡片，有人在办"} { // the second changes nothing, which is no fault
		again, err := d.SendRef(t.Context(), group, "k", bot.Say{Text: text, Edit: ref}, nil)
		if err != nil || again != ref {
			t.Fatalf("changed to %q, %v; want %q", again, err, ref)
		}
	}
	c.DropMessages()
	fresh, err := d.SendRef(t.Context(), group, "k", bot.Say{Text: "卡片，办好了", Edit: ref}, nil)
	if err != nil || fresh == ref || fresh == "" {
		t.Errorf("after it was deleted: %q, %v", fresh, err)
	}
	under, err := d.SendRef(t.Context(), group, "k", bot.Say{Text: "回复", Under: fresh}, nil)
	if err != nil || under == "" {
		t.Fatal(err)
	}
	log := c.Messages()
	if last := log[len(log)-1]; last.Under == 0 || len(log) != 4 {
		t.Errorf("the group saw %+v", log)
	}
}

// A topic is made, renamed, closed and opened again; what is so already is no fault,
// and one that was deleted is told apart from every other refusal.
func TestTopics(t *testing.T) {
	t.Parallel()
	d, c := groupDoor(t)
	id, err := d.Topic(t.Context(), group, "create", "", "ZS26-0001-KN · 待受理")
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range []string{"rename", "rename", "close", "close", "reopen"} {
		if got, err := d.Topic(t.Context(), group, op, id, "ZS26-0001-KN · 办理中"); err != nil || got != id {
			t.Fatalf("%s: %q, %v", op, got, err)
		}
	}
	for _, topic := range c.Topics() {
		if topic.Name != "ZS26-0001-KN · 办理中" || topic.Closed {
			t.Errorf("topic %+v", topic)
		}
	}
	if err := d.Send(t.Context(), group+"/"+id, "k", bot.Say{Text: "在话题里"}); err != nil {
		t.Fatal(err)
	}
	if log := c.Messages(); log[0].Topic == 0 {
		t.Errorf("sent outside the topic: %+v", log)
	}
	c.DropTopics()
	_, err = d.Topic(t.Context(), group, "close", id, "x")
	err2 := d.Send(t.Context(), group+"/"+id, "k", bot.Say{Text: "还在吗"})
	for _, err := range []error{err, err2} {
		var s *turn.SendError
		if !errors.As(err, &s) || !s.NoTopic || s.Drop {
			t.Errorf("a deleted topic: %v", err)
		}
	}
}

func along(kinds ...string) (files []turn.File) {
	for i, k := range kinds {
		files = append(files, turn.File{Attachment: petition.Attachment{ID: "f", Kind: k, Type: "image/jpeg"}, Body: io.NopCloser(strings.NewReader("bytes" + string(rune('0'+i))))})
	}
	return files
}

// One file goes by its kind with the text under it; several are an album; each byte
// arrives.
func TestFilesAlong(t *testing.T) {
	t.Parallel()
	for _, kinds := range [][]string{{"photo"}, {"voice"}, {"video"}, {"audio"}, {"document"}, {"odd"}, {"photo", "photo", "video"}} {
		d, c := groupDoor(t)
		ref, err := d.SendRef(t.Context(), group, "k", bot.Say{Text: "附件"}, along(kinds...))
		if err != nil || ref == "" {
			t.Fatalf("%v: %q, %v", kinds, ref, err)
		}
		log := c.Messages()
		if len(log) != len(kinds) || log[0].Text != "附件" {
			t.Fatalf("%v: the chat saw %+v", kinds, log)
		}
		for i, m := range log {
			if !bytes.Equal(m.Photo, []byte("bytes"+string(rune('0'+i)))) {
				t.Errorf("%v: file %d is %q", kinds, i, m.Photo)
			}
		}
	}
}

// A group that was upgraded says where it is now.
func TestUpgradedGroup(t *testing.T) {
	t.Parallel()
	d, c := groupDoor(t)
	c.Upgrade(-1002)
	var s *turn.SendError
	if err := d.Send(t.Context(), group, "k", bot.Say{Text: "x"}); !errors.As(err, &s) || s.MovedTo != "tg:-1002" {
		t.Errorf("got %v", err)
	}
}

// A group that belongs to no unit is not listened to; the message that ties it is.
func TestOnlyOurGroups(t *testing.T) {
	t.Parallel()
	in := newInbox()
	d, _ := door(t, api(t, fakeapi.Options{}), in, func(c *Config) {
		c.Group = func(_ context.Context, conv string) bool { return conv == "tg:-7" }
	})
	for i, c := range []struct {
		body string
		want int
	}{
		{`"message":{"message_id":1,"from":{"id":5},"chat":{"id":-8,"type":"group"},"text":"大家好"}`, 0},
		{`"message":{"message_id":1,"from":{"id":5},"chat":{"id":-7,"type":"group"},"text":"大家好"}`, 1},
		{`"message":{"message_id":1,"from":{"id":5},"chat":{"id":-8,"type":"group"},"text":"/bind abc","entities":[{"type":"bot_command","offset":0,"length":5}]}`, 2},
		{`"my_chat_member":{"chat":{"id":-8,"type":"group"},"new_chat_member":{"status":"kicked"}}`, 2},
		{`"my_chat_member":{"chat":{"id":-7,"type":"group"},"new_chat_member":{"status":"kicked"}}`, 3},
	} {
		resp := deliver(d, "POST", secret, `{"update_id":`+string(rune('1'+i))+`,`+c.body+`}`)
		_ = resp.Body.Close()
		if got := len(in.all()); resp.StatusCode != 200 || got != c.want {
			t.Errorf("update %d: status %d, %d events, want %d", i+1, resp.StatusCode, got, c.want)
		}
	}
	if all := in.all(); !slices.ContainsFunc(all, func(e bot.Event) bool { return e.Removed }) {
		t.Errorf("not told of being removed: %+v", all)
	}
}
