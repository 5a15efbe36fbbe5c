package desk_test

import (
	"bufio"
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"dengwen/internal/websession"
	"dengwen/petition"
)

// A note tells the colleague whom it names, until they have opened the case; one who does not see the
// case is not named in it, and the petitioner sees nothing.
func TestANoteNamesAColleague(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk, town := s.enter("clerk"), s.enter("town")
	number := s.file("村口的路灯坏了一个月。")
	clerk.move(number, petition.MoveNote, map[string]string{"text": "@李军 请看看这一件"})
	clerk.shows("看不到这一件", "@李军 请看看这一件")
	town.get("/desk/")
	town.hides("提到您的")
	clerk.move(number, petition.MoveTransfer, map[string]string{"unit": s.town, "text": "请办理。"})
	clerk.move(number, petition.MoveNote, map[string]string{"text": "请@李军和@没有这个人 看看，@黄英 也知道"})
	clerk.shows("告诉了：李军</p>")
	town.get("/desk/")
	town.shows("提到您的", "/desk/cases/"+number+"?show=notes")
	town.get("/desk/cases/" + number + "?show=notes")
	town.shows("请@李军和@没有这个人 看看")
	town.hides("请办理。</div>") // of the transfer: no note
	town.get("/desk/cases/" + number + "?show=talk")
	town.hides("@李军")
	town.get("/desk/")
	town.hides("提到您的")
	notices, err := s.service.Notices(t.Context(), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, n := range notices {
		if n.Entry.Move == petition.MoveNote && strings.HasPrefix(n.To, "staff:") {
			if told++; n.To != "staff:town" {
				t.Errorf("%s is told", n.To)
			}
		}
		if n.To == "web:1" && n.Entry.Move == petition.MoveNote {
			t.Error("the petitioner is told of a note")
		}
	}
	if told != 1 {
		t.Errorf("%d are told", told)
	}
	own, err := s.service.Look(t.Context(), petition.Actor{Owner: "web:1"}, number, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range own.Timeline {
		if strings.Contains(e.Text, "李军") || e.Args["told"] != "" {
			t.Errorf("the petitioner sees %+v", e)
		}
	}
}

// Who has read a case is shown to those who may see it, and their reading is noted too.
func TestTheAccessLog(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("村口的路灯坏了一个月。")
	clerk, chief := s.enter("clerk"), s.enter("chief")
	clerk.post("/desk/reason", url.Values{"about": {number}, "reason": {"回访"}})
	clerk.hides("/desk/log")
	clerk.get("/desk/log?number=" + number)
	if clerk.status != http.StatusForbidden {
		t.Errorf("a clerk reads the access log: %d", clerk.status)
	}
	chief.get("/desk/cases/" + number)
	chief.shows("/desk/log?number=" + number)
	chief.get("/desk/log?number=" + number)
	chief.shows("黄英", "打开并看了联系方式", "回访", "赵平")
	chief.get("/desk/log?staff=clerk")
	chief.shows("回访")
	chief.hides("<td>赵平")
	chief.get("/desk/log")
	chief.shows("看查阅记录")
}

// Who else has a case open is seen whatever process they are at, and an open page hears of it.
func TestWhoElseIsThere(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("村口的路灯坏了一个月。")
	clerk := s.enter("clerk")
	clerk.get("/desk/cases/" + number)
	clerk.hides("也开着")
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.server.URL+"/desk/live?case="+number, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := clerk.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	told := make(chan string, 100)
	go func() {
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			told <- lines.Text()
		}
	}()
	await := func(event string) {
		t.Helper()
		for limit := time.After(20 * time.Second); ; {
			select {
			case line := <-told:
				if line == "event: "+event {
					return
				}
			case <-limit:
				t.Fatalf("never told: %s", event)
			}
		}
	}
	await("ping")
	_, there, err := s.sessions.Start(t.Context(), websession.Session{Kind: websession.Reading, Staff: "chief", Case: number}) // of another process
	if err != nil {
		t.Fatal(err)
	}
	await("case")
	clerk.get("/desk/cases/" + number)
	clerk.shows("赵平")
	time.Sleep(200 * time.Millisecond) // several looks: the word before may have been of the filing
	if err := s.sessions.End(t.Context(), there); err != nil {
		t.Fatal(err)
	}
	await("case")
	clerk.get("/desk/cases/" + number)
	clerk.hides("赵平")
}

// A recording is sent in the parts a player asks for; an attachment as it came only to the unit that has
// the case, for a reason.
func TestAttachmentsInPlace(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("村口的路灯坏了一个月。")
	clerk, chief, town := s.enter("clerk"), s.enter("chief"), s.enter("town")
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for key, value := range map[string]string{"key": "k", "f.text": "录音"} {
		if err := form.WriteField(key, value); err != nil {
			t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("file", "现场.mp3")
	if err != nil {
		t.Fatal(err)
	}
	sound := append([]byte("ID3\x03\x00\x00\x00\x00\x00\x00"), bytes.Repeat([]byte("\xFF\xFB\x90\x00"), 500)...)
	if _, err := file.Write(sound); err != nil {
		t.Fatal(err)
	}
	form.Close()
	clerk.send("/desk/cases/"+number+"/do/note", form.FormDataContentType(), body.String())
	at := regexp.MustCompile(`/desk/cases/` + number + `/files/[^"?/]+`).FindString(clerk.page)
	if at == "" {
		t.Fatalf("no file at %s", clerk.at)
	}
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.server.URL+at, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Range", "bytes=3-6")
	res, err := clerk.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusPartialContent || res.ContentLength != 4 {
		t.Errorf("a part: %d, %d bytes, %s", res.StatusCode, res.ContentLength, res.Header.Get("Content-Type"))
	}
	clerk.post(at+"/original", nil)
	if clerk.status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", clerk.status)
	}
	clerk.post(at+"/original", url.Values{"reason": {"核对拍摄时间"}})
	if clerk.status != http.StatusOK || clerk.page != string(sound) || !strings.HasPrefix(clerk.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("as it came: %d, %d bytes, %s", clerk.status, len(clerk.page), clerk.header.Get("Content-Disposition"))
	}
	town.post(at+"/original", url.Values{"reason": {"x"}})
	if town.status != http.StatusNotFound {
		t.Errorf("who does not see the case: %d", town.status)
	}
	chief.get("/desk/log?number=" + number)
	chief.shows("核对拍摄时间")
	clerk.move(number, petition.MoveTransfer, map[string]string{"unit": s.town, "text": "请办理。"})
	clerk.post(at+"/original", url.Values{"reason": {"x"}})
	if clerk.status != http.StatusForbidden {
		t.Errorf("of a case that another unit has: %d", clerk.status)
	}
}

// Two petitions are read side by side, linked, and parted with a reason.
func TestSideBySide(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	one, two := s.file("村口的路灯坏了一个月。"), s.file("路灯坏了，夜里看不见。")
	clerk := s.enter("clerk")
	beside := "/desk/cases/" + one + "/beside/" + two
	clerk.get(beside)
	clerk.shows("村口的路灯坏了一个月。", "路灯坏了，夜里看不见。", "关联这两件")
	key := func() url.Values {
		form := url.Values{}
		for _, f := range hiddenField.FindAllStringSubmatch(clerk.page[strings.Index(clerk.page, `class="move"`):], -1) {
			form.Set(f[1], f[2])
		}
		form.Set("f.number", two)
		return form
	}
	form := key()
	form.Set("f.kind", "joint")
	clerk.post("/desk/cases/"+one+"/do/link", form)
	clerk.shows("已关联", beside)
	clerk.get(beside)
	clerk.shows("取消关联")
	form = key()
	clerk.post("/desk/cases/"+one+"/do/unlink", form)
	clerk.shows(`role="alert"`) // no reason
	form.Set("f.text", "不是一回事")
	form.Set("key", "again")
	clerk.post("/desk/cases/"+one+"/do/unlink", form)
	clerk.shows("不是一回事")
	clerk.hides("已关联")
	town := s.enter("town")
	town.get(beside)
	if town.status != http.StatusNotFound {
		t.Errorf("who sees neither: %d", town.status)
	}
}
