package desk_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"dengwen/handlers/desk"
	"dengwen/petition"
)

// What the model proposes fills what is empty, marked and with what it stands on; nothing marked is laid before who
// signs, and a model that fails changes nothing.
func TestAModelProposes(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk, town := s.enter("clerk"), s.enter("town")
	number := accepted(s, clerk, town)
	var asked desk.ProposalAsk
	var fails error
	s.propose = func(_ context.Context, ask desk.ProposalAsk) ([]desk.Proposed, int, error) {
		asked = ask
		return []desk.Proposed{{Field: "basis", Text: "《信访工作条例》第三十二条。", Sources: []string{ask.Passages[0].ID}}}, 2, fails
	}
	address := "/desk/cases/" + number + "/drafts"
	town.get("/desk/cases/" + number + "/write/reply")
	town.shows("请模型起草")
	form := town.form()
	form.Set("propose", "1")
	form.Set("f.facts", "我自己写的。")
	town.post(address, form)
	town.shows("模型起草的草稿", "【模型起草，请核对】《信访工作条例》第三十二条。", "依据：第 32 条", "没有用上的有 2 句", "我自己写的。")
	texts := ""
	for _, p := range asked.Passages {
		texts += p.Text
	}
	for _, f := range asked.Fields {
		if f.Key == "facts" {
			t.Error("a field that is written is asked for")
		}
	}
	if asked.Number != number || !strings.Contains(texts, "村口的路灯坏了一个月") || !strings.Contains(texts, "六十日内书面答复") {
		t.Errorf("it is asked from %+v", asked)
	}

	form = town.form()
	for key, text := range map[string]string{"f.request": "请处理。", "f.facts": "经查，属实。", "f.text": "已经办好。", "f.outcome": "support", "f.basis": "【模型起草，请核对】《信访工作条例》第三十二条。", "step": "submit"} {
		form.Set(key, text)
	}
	town.post(address, form)
	town.shows("没有核对", "已经办好。")
	laid := func() bool {
		reader := s.enter("head")
		reader.get("/desk/")
		return strings.Contains(reader.page, "/desk/cases/"+number+"/drafts/")
	}
	if laid() {
		t.Error("a paper with a mark was laid before who signs")
	}
	for _, why := range []error{petition.Fail(petition.Invalid, "desk.page.propose.unfit"), petition.Fail(petition.Unavailable, "desk.page.propose.away")} {
		fails = why
		again := town.form()
		again.Set("propose", "1")
		again.Set("f.text", "我自己写的。")
		town.post(address, again)
		town.shows("您写的没有改动", "我自己写的。")
		town.hides("【模型起草，请核对】《")
	}
	form = town.form()
	for key, text := range map[string]string{"f.request": "请处理。", "f.facts": "经查，属实。", "f.text": "已经办好。", "f.outcome": "support", "f.basis": "《信访工作条例》第三十二条。", "step": "submit"} {
		form.Set(key, text)
	}
	town.post(address, form)
	if !laid() {
		t.Errorf("a paper without a mark is not laid before who signs, at %s", town.at)
	}
}

// Without a model there is nothing to press.
func TestWithoutAModel(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk, town := s.enter("clerk"), s.enter("town")
	number := accepted(s, clerk, town)
	town.get("/desk/cases/" + number + "/write/reply")
	town.hides("请模型起草")
	form := town.form()
	form.Set("propose", "1")
	town.post("/desk/cases/"+number+"/drafts", form)
	if town.status != http.StatusConflict {
		t.Errorf("a draft without a model is answered %d", town.status)
	}
}
