package desk_test

import (
	"fmt"
	"net/url"
	"regexp"
	"testing"
	"time"

	"dengwen/petition"
	"dengwen/petition/telling"
)

// What nobody could be told stands on the first page of the petition office and of nobody else, is taken
// by one and finished with what was done, which stands in the case.
func TestUntoldAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("村口的路灯坏了一个月，晚上老人摔倒了两次。")
	n := petition.Notice{ID: "1", To: "tg:9", Number: number, Entry: petition.Entry{Move: petition.MoveAccept}}
	if err := s.told.NoteMisses(t.Context(), []telling.Miss{{Notice: n, Place: "tg:9", Places: []string{"tg:9"}, At: time.Unix(0, s.now.Load())}}); err != nil {
		t.Fatal(err)
	}
	clerk, chief, head := s.enter("clerk"), s.enter("chief"), s.enter("head")
	head.get("/desk/")
	head.hides("没有收到")
	clerk.get("/desk/")
	clerk.shows("信访人没有收到", number)
	at := regexp.MustCompile(`action="(/desk/untold/[0-9a-f]+)"`).FindStringSubmatch(clerk.page)[1]
	head.post(at, url.Values{"do": {"done"}, "how": {"called"}})
	if head.status != 404 {
		t.Errorf("the head of another unit finishes it: %d", head.status)
	}
	clerk.post(at, url.Values{"do": {"take"}})
	chief.get("/desk/")
	chief.shows("黄英在办")
	clerk.post(at, url.Values{"do": {"done"}, "how": {"called"}, "words": {"下午三点，本人接的"}})
	clerk.hides("信访人没有收到")
	clerk.get("/desk/cases/" + number)
	clerk.shows("没有收到通知，后来打了电话。下午三点，本人接的")
	clerk.post(at, url.Values{"do": {"done"}, "how": {"called"}})
	if clerk.status != 404 {
		t.Errorf("finished twice: %d", clerk.status)
	}
}

// However many there are, the first page stays one: the oldest stand there with how many they are in all.
func TestManyUntoldAreShownByAndBy(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for i := range 23 {
		number := s.file(fmt.Sprintf("村口第 %d 盏路灯坏了一个月，晚上老人摔倒了两次。", i+1))
		chat := fmt.Sprintf("tg:%d", 100+i)
		n := petition.Notice{ID: fmt.Sprint(i), To: chat, Number: number, Entry: petition.Entry{Move: petition.MoveAccept}}
		if err := s.told.NoteMisses(t.Context(), []telling.Miss{{Notice: n, Place: chat, Places: []string{chat}, At: time.Unix(0, s.now.Load())}}); err != nil {
			t.Fatal(err)
		}
	}
	clerk := s.enter("clerk")
	clerk.get("/desk/")
	clerk.shows(`<span class="count">23</span>`, "最早的 20 条")
	if n := len(regexp.MustCompile(`action="/desk/untold/`).FindAllString(clerk.page, -1)); n != 20 {
		t.Errorf("%d tasks are shown", n)
	}
}
