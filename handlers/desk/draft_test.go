package desk_test

import (
	"html"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"dengwen/petition"
)

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)"`)

// form is what the hidden fields of the form on the page say.
func (b *browser) form() url.Values {
	b.t.Helper()
	begin := strings.Index(b.page, `id="move"`)
	if begin < 0 {
		b.t.Fatalf("no form at %s: %d %s", b.at, b.status, b.page[max(0, len(b.page)-600):])
	}
	end := strings.Index(b.page[begin:], "</form>")
	form := url.Values{}
	for _, f := range hiddenField.FindAllStringSubmatch(b.page[begin:begin+end], -1) {
		form.Set(f[1], f[2])
	}
	return form
}

// accepted is a case that the town has taken on.
func accepted(s *stage, clerk, town *browser) string {
	s.t.Helper()
	number := s.file("村口的路灯坏了一个月。")
	clerk.move(number, petition.MoveTransfer, map[string]string{"unit": s.town, "text": "请按职责办理。"})
	town.move(number, petition.MoveAccept, map[string]string{"text": "已经收到，按信访程序办理，六十日内书面答复。"})
	town.get("/desk/cases/" + number)
	town.shows("办理中")
	return number
}

// An opinion is written, sent back with words, written again and signed, in the browser alone.
func TestAnOpinionIsSigned(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk, town, head := s.enter("clerk"), s.enter("town"), s.enter("head")
	number := accepted(s, clerk, town)
	town.shows("/desk/cases/" + number + "/write/reply")
	town.get("/desk/cases/" + number + "/write/reply")
	form := town.form()
	spec, err := petition.SpecOf(petition.MoveReply, petition.Claim)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range spec.Fields {
		switch f.Kind {
		case petition.KindText:
			form.Set("f."+f.Key, "经查，路灯线路老化，"+f.Key+"已于十一月二十日修好。")
		case petition.KindChoice:
			form.Set("f."+f.Key, f.Choices[0])
		case petition.KindDate:
			form.Set("f."+f.Key, "2026-11-23")
		}
	}
	form.Set("step", "submit")
	town.post("/desk/cases/"+number+"/drafts", form)
	if town.at != "/desk/cases/"+number+"?done=submit" {
		t.Fatalf("submitting leads to %s: %s", town.at, between(town.page, `role="alert">`, "<"))
	}
	town.shows("等", "负责人签发")
	head.get("/desk/")
	head.shows("等我签发", number)
	draft := regexp.MustCompile(`/desk/cases/` + number + `/drafts/\d+`).FindString(head.page)
	head.get(draft)
	head.shows("路灯线路老化", "签发")
	sign := head.form()
	back := head.form()
	back.Set("step", "send_back")
	back.Set("words", "写清楚哪天修好的。")
	head.post("/desk/cases/"+number+"/drafts", back)
	town.get("/desk/")
	town.shows("我的稿子，还没有送签", number)
	town.get(draft)
	town.shows("写清楚哪天修好的")
	again := town.form()
	for key := range form {
		if strings.HasPrefix(key, "f.") {
			again.Set(key, form.Get(key))
		}
	}
	again.Set("f.text", "经查，路灯线路老化，已于二〇二六年十一月二十日修好。")
	again.Set("step", "submit")
	town.post("/desk/cases/"+number+"/drafts", again)
	sign.Set("step", "sign") // in another window, of the version that was sent back
	sign.Set("key", "another window")
	head.post("/desk/cases/"+number+"/drafts", sign)
	head.shows("又有改动")
	sign = head.form()
	sign.Set("step", "sign")
	head.post("/desk/cases/"+number+"/drafts", sign)
	if head.at != "/desk/cases/"+number+"?done=sign" {
		t.Fatalf("signing leads to %s: %s", head.at, between(head.page, `role="alert">`, "<"))
	}
	head.shows("已答复", "二〇二六年十一月二十日修好")
	town.get("/desk/")
	town.hides("我的稿子")
}

// What a page keeps by itself is a draft that another browser goes on with; nobody else signs it.
func TestADraftIsKept(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk, town := s.enter("clerk"), s.enter("town")
	number := accepted(s, clerk, town)
	town.get("/desk/cases/" + number + "/write/reply")
	form := town.form()
	form.Set("f.text", "写到一半")
	form.Set("step", "draft")
	form.Set("keep", "1")
	town.post("/desk/cases/"+number+"/drafts", form)
	id := town.header.Get("Draft")
	if town.status != http.StatusNoContent || id == "" {
		t.Fatalf("kept: %d, %q", town.status, id)
	}
	form.Set("draft", id)
	form.Set("draft_version", town.header.Get("Draft-Version"))
	form.Set("key", "another")
	form.Set("f.text", "写到一半又写了些")
	town.post("/desk/cases/"+number+"/drafts", form)
	if town.status != http.StatusNoContent || town.header.Get("Draft") != id {
		t.Fatalf("kept again: %d, %q", town.status, town.header.Get("Draft"))
	}
	elsewhere := s.enter("town")
	elsewhere.get("/desk/cases/" + number + "/drafts/" + id)
	elsewhere.shows("写到一半又写了些")
	form.Set("key", "third")
	form.Del("keep")
	form.Set("step", "sign")
	town.post("/desk/cases/"+number+"/drafts", form)
	town.shows(`role="alert"`)
	clerk.get("/desk/cases/" + number)
	clerk.hides("写到一半")
}

func between(page, from, to string) string {
	_, rest, _ := strings.Cut(page, from)
	part, _, _ := strings.Cut(rest, to)
	return part
}

// A file that came with a refused form is not sent again, and no file touches the disk on its way.
func TestFilesOfARefusedFormStay(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk, town := s.enter("clerk"), s.enter("town")
	number := accepted(s, clerk, town)
	var body strings.Builder
	form := multipart.NewWriter(&body)
	for key, value := range map[string]string{"key": "k", "version": "1", "f.text": "附上现场照片"} { // an older version
		if err := form.WriteField(key, value); err != nil {
			t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("file", "现场.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write([]byte("十一月二十日，路灯修好。")); err != nil {
		t.Fatal(err)
	}
	form.Close()
	town.send("/desk/cases/"+number+"/do/tell", form.FormDataContentType(), body.String())
	town.shows(`role="alert"`, "附上现场照片", "现场.txt")
	kept := regexp.MustCompile(`name="attached" value="([^"]*)"`).FindStringSubmatch(town.page)
	if kept == nil {
		t.Fatal("the file is not kept")
	}
	town.post("/desk/cases/"+number+"/do/tell", url.Values{"key": {"k2"}, "f.text": {"附上现场照片"}, "attached": {html.UnescapeString(kept[1])}})
	town.shows("附上现场照片", "现场.txt", "/files/")
}
