package desk_test

import (
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
	if err := s.told.NoteMiss(t.Context(), telling.Miss{Notice: n, Place: "tg:9", Places: []string{"tg:9"}, At: time.Unix(0, s.now.Load())}); err != nil {
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
