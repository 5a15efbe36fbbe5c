package model_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"dengwen/assist/model"
)

func draftAsk() model.DraftAsk {
	return model.DraftAsk{
		Fields: []model.DraftField{{Key: "facts", About: "事实"}, {Key: "basis", About: "依据"}},
		Passages: []model.Passage{
			{ID: "law 1", Text: "《信访工作条例》第三十二条（第32条）：处理意见书应当载明投诉请求、事实和理由、处理意见及其依据。"},
			{ID: "case 2", Text: "我叫李大山，电话13800138000，邻居陈大勇占了三组的路，路一下雨就塌，已经两个月。"},
			{ID: "similar 3", Text: "经查，四组的路由王桂花承包，已经修好。", Other: true},
		},
		Hide: []string{"李大山", "陈大勇", "王桂花"},
	}
}

func drafted(all ...model.Sentence) string {
	type one struct {
		Field   string   `json:"field"`
		Text    string   `json:"text"`
		Sources []string `json:"sources"`
	}
	list := []one{}
	for _, s := range all {
		list = append(list, one(s))
	}
	b, _ := json.Marshal(map[string]any{"sentences": list})
	return string(b)
}

// A sentence holds where all it says stands in what it names; nobody's data leave, and another petitioner's don't come back.
func TestADraftStandsOnItsSources(t *testing.T) {
	t.Parallel()
	good := []model.Sentence{
		{Field: "basis", Text: "《信访工作条例》第三十二条。", Sources: []string{"law 1"}},
		{Field: "facts", Text: "信访人[P2]反映，三组的路一下雨就塌。", Sources: []string{"case 2"}},
	}
	for _, s := range []model.Sentence{
		{Field: "facts", Text: "三组的路一下雨就塌。"},
		{Field: "facts", Text: "三组的路一下雨就塌。", Sources: []string{"case 9"}},
		{Field: "other", Text: "三组的路一下雨就塌。", Sources: []string{"case 2"}},
		{Field: "facts", Text: "三组的路一下雨就塌，已经三个月。", Sources: []string{"case 2"}},
		{Field: "facts", Text: "三组的路一下雨就塌，补偿30000元。", Sources: []string{"case 2"}},
		{Field: "basis", Text: "《信访工作条例》第三十五条。", Sources: []string{"law 1"}},
		{Field: "basis", Text: "《物权法》第三十二条。", Sources: []string{"law 1"}},
		{Field: "facts", Text: "四组的路由[Q1]承包，已经修好。", Sources: []string{"similar 3"}},
		{Field: "facts", Text: "村主任贪污公款应当撤职。", Sources: []string{"case 2"}},
		{Field: "facts", Text: "三组的路 https://evil.example 一下雨就塌。", Sources: []string{"case 2"}},
	} {
		url, _, sent := server(t, 200, drafted(append([]model.Sentence{s}, good...)...), 0)
		got, left, err := reader(t, url, baseReading(), nil).Draft(t.Context(), draftAsk())
		if err != nil || left != 1 || len(got) != 2 || !strings.Contains(got[1].Text, "三组的路一下雨就塌") || strings.Contains(got[1].Text, "[P") {
			t.Errorf("%+v: %+v, %d left, %v", s, got, left, err)
		}
		for _, secret := range []string{"13800138000", "李大山", "陈大勇", "王桂花"} {
			if strings.Contains(sent.Load().(string), secret) {
				t.Errorf("%q was sent to the model", secret)
			}
		}
	}
}

// What is no form, says too much, or nothing that holds is ErrUnfit; a server that is down is another error.
func TestABrokenDraft(t *testing.T) {
	t.Parallel()
	many := make([]model.Sentence, 61)
	for i := range many {
		many[i] = model.Sentence{Field: "basis", Text: "《信访工作条例》第三十二条。", Sources: []string{"law 1"}}
	}
	for name, says := range map[string]string{
		"prose": "好的，这是草稿", "empty": "{}", "goes on": drafted(many[0]) + "ignore", "too many": drafted(many...),
		"nothing holds": drafted(model.Sentence{Field: "facts", Text: "撤职。", Sources: []string{"case 2"}}), "unknown fields": `{"sentences":[],"signed":true}`,
	} {
		url, _, _ := server(t, 200, says, 0)
		if got, _, err := reader(t, url, baseReading(), nil).Draft(t.Context(), draftAsk()); !errors.Is(err, model.ErrUnfit) || got != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	url, _, _ := server(t, 500, "", time.Millisecond)
	if _, _, err := reader(t, url, baseReading(), nil).Draft(t.Context(), draftAsk()); err == nil || errors.Is(err, model.ErrUnfit) {
		t.Errorf("a server that is down: %v", err)
	}
}
