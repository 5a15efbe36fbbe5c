package desk_test

import (
	"html"
	"maps"
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
	head.hides("<ins>")
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
	head.get(draft)
	head.shows("<del>text已于十一月二十日修好。</del><ins>已于二〇二六年十一月二十日修好。</ins>")
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

// typing keeps what is typed into the form on the page, as its script does.
func (b *browser) typing(id, person string, form url.Values) {
	b.t.Helper()
	form = maps.Clone(form)
	form.Set("form", id)
	form.Set("person", person)
	b.post("/desk/typed", form)
}

// What is typed is its officer's alone, goes on in another browser, is ticked off beside the form, and
// is gone when the form is sent or its words are dropped.
func TestWhatIsTypedIsKept(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk, town, head := s.enter("clerk"), s.enter("town"), s.enter("head")
	number := accepted(s, clerk, town)
	town.get("/desk/cases/" + number + "/write/reply")
	form := town.form()
	form.Set("f.text", "写到一半")
	town.typing(number+":reply:0", "town", form)
	if town.status != http.StatusOK || strings.Count(town.page, `class="yes"`) != 1 {
		t.Errorf("kept: %d, %s", town.status, town.page)
	}
	town.typing(number+":reply:0", "head", form)
	if town.status != http.StatusForbidden {
		t.Errorf("a page of another officer keeps: %d", town.status)
	}
	elsewhere := s.enter("town")
	elsewhere.get("/desk/cases/" + number + "/write/reply")
	elsewhere.shows("写到一半", "还没有提交")
	elsewhere.get("/desk/")
	elsewhere.shows("/desk/cases/" + number + "/write/reply")
	head.get("/desk/cases/" + number + "/write/reply")
	head.hides("写到一半")

	form.Set("step", "draft")
	town.post("/desk/cases/"+number+"/drafts", form)
	town.get("/desk/")
	town.hides("/write/reply")
	draft := regexp.MustCompile(`/desk/cases/` + number + `/drafts/\d+`).FindString(town.page)
	town.get(draft)
	form = town.form()
	form.Set("f.text", "在旧稿上写的")
	town.typing(number+":reply:1", "town", form)
	again := maps.Clone(form)
	again.Set("f.text", "另一个窗口存的")
	again.Set("step", "draft")
	town.typing(number+":reply:9", "town", form) // of a draft that never was: nobody is shown it
	head.get(draft)
	others := head.form()
	others.Set("f.text", "同事接着写的")
	others.Set("step", "draft")
	head.post("/desk/cases/"+number+"/drafts", others)
	town.get(draft)
	town.shows("同事接着写的", "您没有存进去的", "在旧稿上写的")
	town.post("/desk/typed/drop", url.Values{"form": {number + ":reply:1"}})
	town.hides("在旧稿上写的")
	for _, id := range []string{"", "new:1", number, number + ":no_such", number + ":reply:-1", number + ":reply:1:1", ":reply:1"} {
		town.typing(id, "town", form)
		if town.status < 400 {
			t.Errorf("the form %q is kept: %d", id, town.status)
		}
	}
}

// A letter that was half written down is there afterwards, with its choices.
func TestALetterIsKept(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk := s.enter("clerk")
	clerk.typing("new", "clerk", url.Values{"channel": {"call"}, "facts": {"来电说桥断了"}, "place": {s.office.Places[1].Code}, "people": {"3"}})
	clerk.get("/desk/new")
	clerk.shows("来电说桥断了", "还没有提交", `value="call" checked`, `value="`+s.office.Places[1].Code+`" selected`, `value="3"`)
	clerk.post("/desk/new", url.Values{"key": {"k"}, "channel": {"call"}, "class": {"claim"}, "received": {"2026-11-23"}, "facts": {"来电说桥断了"}})
	if !strings.HasPrefix(clerk.at, "/desk/cases/") {
		t.Fatalf("registered at %s", clerk.at)
	}
	clerk.get("/desk/new")
	clerk.hides("来电说桥断了")
}

// The office's texts and one's own begin a paper: what is written stays, blanks are filled in.
func TestReadyTexts(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk, town, head := s.enter("clerk"), s.enter("town"), s.enter("head")
	number := accepted(s, clerk, town)
	town.get("/desk/cases/" + number + "/write/reply")
	form := town.form()
	form.Set("f.basis", "我写的依据")
	form.Set("wording", "支持请求")
	form.Set("wording_use", "1")
	town.post("/desk/cases/"+number+"/drafts", form)
	town.shows(">请处理。</textarea>", "2026年11月23日，", ">我写的依据</textarea>", "予以支持")
	town.hides("{请求}", "{单位}")
	form.Del("wording_use")
	form.Set("f.text", "我的结论")
	form.Set("wording_keep", "1")
	town.post("/desk/cases/"+number+"/drafts", form)
	town.shows("请给它起个名字")
	form.Set("wording_name", "路灯")
	town.post("/desk/cases/"+number+"/drafts", form)
	town.shows("存好了：路灯", "我的：路灯")
	head.get("/desk/cases/" + number + "/write/reply")
	head.hides("我的：路灯")
	form.Del("wording_keep")
	form.Set("f.text", "")
	form.Set("wording", "路灯")
	form.Set("wording_use", "1")
	town.post("/desk/cases/"+number+"/drafts", form)
	town.shows(">我的结论</textarea>")
	form.Del("wording_use")
	form.Set("wording_drop", "1")
	town.post("/desk/cases/"+number+"/drafts", form)
	town.hides("我的：路灯")
}

// A paper is seen as the page it will be before it is sent: by who writes it and who signs it, unsigned,
// and nothing changes by that.
func TestPreview(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk, town, head := s.enter("clerk"), s.enter("town"), s.enter("head")
	number := accepted(s, clerk, town)
	town.get("/desk/cases/" + number + "/write/reply")
	form := town.form()
	form.Set("preview", "1")
	town.post("/desk/cases/"+number+"/drafts", form)
	if town.status != http.StatusUnprocessableEntity {
		t.Errorf("an empty paper is printed: %d", town.status)
	}
	for _, key := range []string{"request", "facts", "text", "basis"} {
		form.Set("f."+key, "路灯"+key)
	}
	form.Set("f.outcome", "support")
	before, err := s.service.Look(t.Context(), petition.System(), number, "")
	if err != nil {
		t.Fatal(err)
	}
	town.post("/desk/cases/"+number+"/drafts", form)
	if town.status != http.StatusOK || town.header.Get("Content-Type") != "application/pdf" || !strings.Contains(town.page, "路灯text") {
		t.Errorf("%d, %s", town.status, town.header.Get("Content-Type"))
	}
	if strings.Contains(town.page, "李军") {
		t.Error("who writes it stands on it as who signed it")
	}
	if after, err := s.service.Look(t.Context(), petition.System(), number, ""); err != nil || after.Version != before.Version {
		t.Errorf("version %d, before %d, %v", after.Version, before.Version, err)
	}
	clerk.post("/desk/cases/"+number+"/drafts", form)
	if clerk.status == http.StatusOK {
		t.Error("who may not write it is shown it")
	}
	form.Del("preview")
	form.Set("step", "submit")
	town.post("/desk/cases/"+number+"/drafts", form)
	head.get("/desk/cases/" + number + "/drafts/1")
	sign := head.form()
	sign.Set("preview", "1")
	head.post("/desk/cases/"+number+"/drafts", sign)
	if head.status != http.StatusOK || !strings.Contains(head.page, "路灯text") {
		t.Errorf("who signs it: %d", head.status)
	}
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
