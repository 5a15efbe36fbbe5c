package classify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// threeKinds are enough messages of three kinds to train a small model on.
func threeKinds() []Example {
	parts := map[string][]string{
		"道路": {"路面坑洼", "路灯不亮", "通村公路塌方", "桥面破损", "货车压坏路面"},
		"工资": {"拖欠工资", "加班费不给", "老板跑了工钱没结", "不签劳动合同", "克扣奖金"},
		"噪音": {"半夜施工", "广场舞音响太大", "楼下歌厅吵闹", "机器轰鸣", "狗叫整夜"},
	}
	var out []Example
	for _, category := range []string{"道路", "工资", "噪音"} {
		for i := range 40 {
			a, b := parts[category][i%5], parts[category][(i/5)%5]
			out = append(out, Example{ID: fmt.Sprint(category, i), Title: a, Text: fmt.Sprintf("第%d户反映%s，而且%s，请处理", i, b, a), Category: category, Group: fmt.Sprint(category, i)})
		}
	}
	return out
}

var quick = Options{Buckets: 4096, Folds: 3}

func trained(t testing.TB) (*Model, Report) {
	t.Helper()
	m, r, err := Train(threeKinds(), quick)
	if err != nil {
		t.Fatal(err)
	}
	return m, r
}

func TestTrainLearnsAndReports(t *testing.T) {
	t.Parallel()
	m, r := trained(t)
	if r.Messages != 120 || r.Groups != 120 || r.Scores.Accuracy < 0.95 || r.Scores.Messages != 120 {
		t.Errorf("%+v", r)
	}
	got := m.Classify("", "工钱拖了半年不给", m.Labels())
	if got.Category != "工资" || got.Confidence < 0.5 || len(got.Alternatives) != 2 {
		t.Errorf("%+v", got)
	}
}

func TestSameExamplesInAnyOrderSameBytes(t *testing.T) {
	t.Parallel()
	a, _ := trained(t)
	turned := threeKinds()
	slices.Reverse(turned)
	b, _, err := Train(turned, quick)
	if err != nil {
		t.Fatal(err)
	}
	var x, y bytes.Buffer
	for m, w := range map[*Model]*bytes.Buffer{a: &x, b: &y} {
		if _, err := m.WriteTo(w); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(x.Bytes(), y.Bytes()) {
		t.Error("two trainings on the same examples differ")
	}
}

func TestTrainRefuses(t *testing.T) {
	t.Parallel()
	for name, examples := range map[string][]Example{
		"nothing":        nil,
		"one category":   {{Text: "路", Category: "a"}, {Text: "灯", Category: "a"}},
		"a lone message": {{Text: "路", Category: "a"}, {Text: "灯", Category: "a"}, {Text: "水", Category: "b"}},
		"no category":    {{Text: "路"}, {Text: "灯", Category: "a"}},
	} {
		if _, _, err := Train(examples, quick); err == nil {
			t.Errorf("%s: trained", name)
		}
	}
}

func TestSplitKeepsGroupsTogetherAndCategoriesEven(t *testing.T) {
	t.Parallel()
	examples := threeKinds()
	for i := range examples {
		examples[i].Group = examples[i].Category + fmt.Sprint(i/2)
	}
	examples = canonical(examples)
	folds := split(examples, 5, 1)
	foldOf, sizes := map[string]int{}, map[string]int{}
	for i, e := range examples {
		if f, ok := foldOf[e.Group]; ok && f != folds[i] {
			t.Fatalf("group %s straddles folds %d and %d", e.Group, f, folds[i])
		}
		foldOf[e.Group] = folds[i]
		sizes[e.Category+fmt.Sprint(folds[i])]++
	}
	for key, n := range sizes {
		if n != 8 {
			t.Errorf("%s has %d messages, want 8", key, n)
		}
	}
}

func TestWrittenModelReadsBack(t *testing.T) {
	t.Parallel()
	m, _ := trained(t)
	var file bytes.Buffer
	if _, err := m.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	back, err := Read(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	text := "路灯不亮老人摔倒"
	if a, b := fmt.Sprint(m.Classify("", text, nil)), fmt.Sprint(back.Classify("", text, nil)); a != b {
		t.Errorf("%s became %s", a, b)
	}
	for _, at := range []int{0, 9, 40, file.Len() / 2, file.Len() - 1} {
		broken := slices.Clone(file.Bytes())
		broken[at] ^= 0x55
		if _, err := Read(bytes.NewReader(broken)); err == nil {
			t.Errorf("read a file damaged at byte %d", at)
		}
	}
	if _, err := Read(bytes.NewReader(file.Bytes()[:50])); err == nil {
		t.Error("read half a file")
	}
}

func TestEmbeddedModelIsSmall(t *testing.T) {
	t.Parallel()
	if len(embedded) > 4_000_000 {
		t.Errorf("%d bytes", len(embedded))
	}
}

func TestAmongRestrictsAndKeepsNames(t *testing.T) {
	t.Parallel()
	m := defaultModelForTest(t)
	text := "村口的养猪场把粪水排到河里，臭得开不了窗"
	for _, c := range []struct {
		among []string
		want  string
	}{
		{trainedLabels, "环境保护"},
		{[]string{"生态环境", "教育", "卫生健康"}, "生态环境"},
		{[]string{"卫生计生", "交通运输"}, ""},
		{[]string{"养猪和粪水", "交通运输"}, "养猪和粪水"},
	} {
		r := m.Classify("", text, c.among)
		if !slices.Contains(c.among, r.Category) || c.want != "" && r.Category != c.want {
			t.Errorf("among %v: %+v", c.among, r)
		}
		sum := r.Confidence
		for _, a := range r.Alternatives {
			if !slices.Contains(c.among, a.Category) || a.Confidence > r.Confidence {
				t.Errorf("among %v: alternative %+v of %+v", c.among, a, r)
			}
			sum += a.Confidence
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("among %v: confidences sum to %v", c.among, sum)
		}
	}
}

func TestSecondLevelSubject(t *testing.T) {
	t.Parallel()
	r := defaultModelForTest(t).Classify("", "包工头拖欠工资，十二个农民工的血汗钱要不回来", nil)
	if r.Category != "劳动和社会保障" || r.Subject != "工资福利" {
		t.Errorf("%+v", r)
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	in := "\ufeff" + `{"id":7,"text":"路灯坏了三个月"}
{"id":"b","title":5,"text":"x"}
oops

{"id":"c"}
{"title":"班车停运","text":"学生没法上学"}
`
	var out, warn bytes.Buffer
	err := Run(strings.NewReader(in), &out, RunOptions{Among: trainedLabels, Warn: &warn})
	if err == nil || !strings.Contains(err.Error(), "3 lines") {
		t.Errorf("err %v", err)
	}
	for _, want := range []string{"line 2: title is a number", "line 3: not a JSON object", "line 5: neither title nor text"} {
		if !strings.Contains(warn.String(), want) {
			t.Errorf("%q is not in %q", want, warn.String())
		}
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines: %s", len(lines), out.String())
	}
	var first struct {
		ID int
		Result
	}
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil || first.ID != 7 || first.Category != "城乡建设" || len(first.Alternatives) != 6 {
		t.Errorf("%+v %v", first, err)
	}
	if !strings.Contains(lines[1], `"id":null`) {
		t.Errorf("a message without an id: %s", lines[1])
	}
}

func TestLongLineIsPassedOver(t *testing.T) {
	t.Parallel()
	in := `{"id":1,"text":"` + strings.Repeat("路", maxLineBytes) + "\"}\n" + `{"id":2,"text":"路灯坏了"}` + "\n"
	var out, warn bytes.Buffer
	if err := Run(strings.NewReader(in), &out, RunOptions{Warn: &warn}); err == nil || !strings.Contains(warn.String(), "line 1: longer than") {
		t.Errorf("err %v, warned %q", err, warn.String())
	}
	if !strings.HasPrefix(out.String(), `{"id":2,`) {
		t.Errorf("%s", out.String())
	}
}

func TestReadExamplesFromSpreadsheets(t *testing.T) {
	t.Parallel()
	gbk := []byte("\xb1\xea\xcc\xe2,\xc4\xda\xc8\xdd,\xb7\xd6\xc0\xe0\n\xc2\xb7,\xbb\xb5\xc1\xcb,\xb5\xc0\xc2\xb7\n") // 标题,内容,分类 / 路,坏了,道路
	var faults []error
	fault := func(err error) { faults = append(faults, err) }
	got, err := ReadExamples(bytes.NewReader(gbk), fault)
	if err != nil || len(got) != 1 || got[0] != (Example{Title: "路", Text: "坏了", Category: "道路"}) {
		t.Errorf("%+v %v", got, err)
	}
	got, err = ReadExamples(strings.NewReader("\ufeffid,text,category\n1,\"路,坏了\",道路\n2,没有分类,\n3,灯,道路\n"), fault)
	if err != nil || len(got) != 2 || got[0].Text != "路,坏了" {
		t.Errorf("%+v %v", got, err)
	}
	if len(faults) != 1 || !strings.Contains(faults[0].Error(), "line 3") {
		t.Errorf("faults %v", faults)
	}
	if _, err := ReadExamples(strings.NewReader("a,b\n1,2\n"), fault); err == nil || !strings.Contains(err.Error(), "no category column") {
		t.Errorf("err %v", err)
	}
}

func TestRunTrainMeasuresAndWrites(t *testing.T) {
	t.Parallel()
	var in, file, report bytes.Buffer
	lines := json.NewEncoder(&in)
	for _, e := range threeKinds() {
		if err := lines.Encode(map[string]string{"id": e.ID, "title": e.Title, "text": e.Text, "category": e.Category, "group": e.Group}); err != nil {
			t.Fatal(err)
		}
	}
	steps := 0
	o := TrainOptions{Options: quick, Report: &report}
	o.Progress = func(done, total int) { steps = done * 100 / total }
	if err := RunTrain(bytes.NewReader(in.Bytes()), &file, o); err != nil {
		t.Fatal(err)
	}
	if m, err := Read(&file); err != nil || len(m.Labels()) != 3 || steps != 100 {
		t.Errorf("model %v, steps %d", err, steps)
	}
	o.EvalOnly = true
	if err := RunTrain(&in, nil, o); err != nil || !strings.Contains(report.String(), "held out: messages 24") {
		t.Errorf("%v: %s", err, report.String())
	}
}

func TestCalibrationError(t *testing.T) {
	t.Parallel()
	var all []outcome
	for i := range 100 {
		o := outcome{label: 0, best: 0, second: 1, confidence: 0.79}
		if i%2 == 0 {
			o.best, o.second = 1, 0
		}
		all = append(all, o)
	}
	s := score(all, []string{"a", "b"})
	if math.Abs(s.CalibrationError-0.29) > 1e-9 || s.Accuracy != 0.5 || s.TopTwo != 1 {
		t.Errorf("%+v", s)
	}
}

func FuzzClassify(f *testing.F) {
	m := defaultModelForTest(f)
	f.Add("标题", "正文\xff😀１２", "城乡建设,政法")
	f.Fuzz(func(t *testing.T, title, text, among string) {
		r := m.Classify(title, text, strings.Split(among, ","))
		if !(r.Confidence > 0 && r.Confidence <= 1+1e-9) {
			t.Fatalf("%q %q %q: %+v", title, text, among, r)
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	m := defaultModelForTest(b)
	text := strings.Repeat("我们小区门口的搅拌站半夜施工，灰尘和噪音让人没法生活，投诉多次没有结果。", 8)
	for range b.N {
		m.Classify("搅拌站噪音扰民", text, trainedLabels)
	}
}
