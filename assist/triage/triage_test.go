package triage

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "train anew and rewrite model.bin")

// examplesIn reads a file of examples.
func examplesIn(t testing.TB, file string) []example {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := readExamples(f)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return all
}

func ordinary(t testing.TB) *bucketCounts {
	t.Helper()
	table, err := os.ReadFile("testdata/ordinary.bin")
	if err != nil || len(table) != buckets {
		t.Fatalf("%d bytes, %v", len(table), err)
	}
	return (*bucketCounts)(table)
}

func trained(t testing.TB) *Model {
	t.Helper()
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The report class of the model in the binary is what training on both files gives. The danger
// class has learnt besides from real letters without danger, which are not part of the project:
// -update with LETTERS naming a file of them (JSON lines with text) trains both anew.
func TestModelIsWhatTrainingGives(t *testing.T) {
	t.Parallel()
	lessons := examplesIn(t, "testdata/lessons.txt")
	dangers := slices.Concat(lessons, examplesIn(t, "testdata/danger.txt"))
	if *update {
		for _, text := range lettersIn(t, os.Getenv("LETTERS")) {
			dangers = append(dangers, example{"none", "letters", text})
		}
	}
	got := train(slices.Concat(lessons, examplesIn(t, "testdata/heldout.txt")), dangers, ordinary(t))
	if *update {
		if err := os.WriteFile("model.bin", got.bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if len(embedded) > 150_000 {
		t.Errorf("%d bytes", len(embedded))
	}
	if runtime.GOARCH != "amd64" {
		return
	}
	m := trained(t)
	for i := report; i < len(m.weights); i += classes {
		if m.weights[i] != got.weights[i] {
			t.Fatal("trained anew, the report class differs from model.bin; after a change of the examples train again")
		}
	}
}

func lettersIn(t *testing.T, file string) []string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l struct{ Text string }
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		all = append(all, l.Text)
	}
	return all
}

// Dangers of examples that the danger class has not learnt from are heard, and ordinary
// matters written to mislead are not.
func TestHeldOutDanger(t *testing.T) {
	t.Parallel()
	m, by := trained(t), map[string]*tally{"report": {}, "danger": {}, "none": {}}
	for _, l := range examplesIn(t, "testdata/heldout.txt") {
		by[l.Label].add(m.Score(l.Text))
	}
	d, n := by["danger"], by["none"]
	t.Logf("danger %.2f of %d, ordinary ones taken for it %d of %d", share(d.danger, d.of), d.of, n.danger, n.of)
	if share(d.danger, d.of) < 0.75 || share(n.danger, n.of) > 0.05 {
		t.Error("below the floor")
	}
}

// tally counts what the model found among the texts of one label.
type tally struct{ report, danger, of int }

func (t *tally) add(h Score) {
	t.of++
	if h.Report >= Asked {
		t.report++
	}
	if h.Urgent() {
		t.danger++
	}
}

func share(n, of int) float64 { return float64(n) / float64(max(of, 1)) }

// A model trained on none of the held-out texts, nor any example of the same theme or
// manner and label, still finds most of them. The floors stand a little under what they do.
func TestHeldOut(t *testing.T) {
	t.Parallel()
	examples, table := examplesIn(t, "testdata/lessons.txt"), ordinary(t)
	model := leaveOut(examples, table)
	by := map[string]*tally{"report": {}, "danger": {}, "none": {}}
	long := map[string]*tally{"report": {}, "danger": {}, "none": {}}
	held := examplesIn(t, "testdata/heldout.txt")
	for i, l := range held {
		m := model(l.Label, l.Group)
		by[l.Label].add(m.Score(l.Text))
		around := held[len(held)-1-i%60] // of the ordinary ones at the end
		long[l.Label].add(m.Score(around.Text + "。" + l.Text + "。" + held[len(held)-1-(i+7)%60].Text))
	}
	r, d, n := by["report"], by["danger"], by["none"]
	wrong := share(n.report+d.report, n.of+d.of)
	t.Logf("reports %.2f of %d, others taken for them %.3f of %d; within other matter %.2f", share(r.report, r.of), r.of, wrong, n.of+d.of, share(long["report"].report, r.of))
	if share(r.report, r.of) < 0.6 || wrong > 0.07 {
		t.Error("below the floor")
	}
}

// leaveOut gives the model for a text: trained without the examples of its label and group.
func leaveOut(examples []example, table *bucketCounts) func(label, group string) *Model {
	whole := sync.OnceValue(func() *Model { return train(examples, nil, table) })
	known := map[example]*Model{}
	return func(label, group string) *Model {
		key := example{Label: label, Group: group}
		if known[key] != nil {
			return known[key]
		}
		var others []example
		for _, l := range examples {
			if l.Label != label || l.Group != group {
				others = append(others, l)
			}
		}
		known[key] = whole()
		if label != "none" && len(others) < len(examples) {
			known[key] = train(others, nil, table)
		}
		return known[key]
	}
}

func TestPlainCases(t *testing.T) {
	t.Parallel()
	m := trained(t)
	for text, want := range map[string]string{
		"":  "",
		"嗯": "",
		"补助款是文书领走的，签名不是我的，他媳妇新买了车":            "report",
		"管山的收了老板两条烟，树就让人家砍走了，账上什么都没有":         "report",
		"我妈倒在地上叫不醒，嘴唇发紫":                      "danger",
		"屋子塌了，里面还压着两个人":                       "danger",
		"路灯坏了三个月了，晚上走路看不见":                    "",
		"村口的井盖裂了，怕老人踩空":                       "",
		"老板欠我们三个月工资，打电话不接":                    "",
		"The road has been broken since May.": "",
	} {
		h := m.Score(text)
		got := ""
		switch {
		case h.Urgent():
			got = "danger"
		case h.Report >= Asked:
			got = "report"
		}
		if got != want {
			t.Errorf("%q: %+v, want %q", text, h, want)
		}
	}
}

// Width, script and blanks make no difference, and a word said over and over is not
// heard louder.
func TestSameWordsSameHearing(t *testing.T) {
	t.Parallel()
	m := trained(t)
	plainly := m.Score("主任收了3000块钱, 没有条子")
	for _, same := range []string{"主任收了３０００块钱，没有条子", "主任收了50块钱！！没有条子", "主任收了3000塊錢\n沒有條子"} {
		if got := m.Score(same); got != plainly {
			t.Errorf("%s: %+v, want %+v", same, got, plainly)
		}
	}
	if h := m.Score(strings.Repeat("贪", 400)); h.Report > 3 {
		t.Errorf("one character, said often: %+v", h)
	}
}

func TestReadLessonsRefuses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"没有标题", "= rumour 村\n听说的"} {
		if _, err := readExamples(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestOpenRefusesDamage(t *testing.T) {
	t.Parallel()
	for _, at := range []int{0, 20, headBytes + 5, len(embedded) - 1} {
		broken := bytes.Clone(embedded)
		broken[at] ^= 0x55
		if _, err := open(broken); err == nil {
			t.Errorf("read a file damaged at byte %d", at)
		}
	}
	if _, err := open(embedded[:100]); err == nil {
		t.Error("read half a file")
	}
}

func FuzzHear(f *testing.F) {
	m := trained(f)
	f.Add("坏字节\xff😀１２ 主任")
	f.Fuzz(func(t *testing.T, text string) {
		h := m.Score(text)
		if math.IsNaN(h.Report+h.Danger) || math.Abs(h.Report) > 100 || math.Abs(h.Danger) > 100 {
			t.Fatalf("%q: %+v", text, h)
		}
	})
}

const letter = "尊敬的领导您好，我是老庵村二组的村民，去年八月起在县城边上的工地干活，老板姓钱，说好一天二百四，干了七十一天，" +
	"只给过三千块生活费，剩下的一直拖着。找过劳动监察大队两次，说老板联系不上；也打过热线，回复说转给住建局了。" +
	"今年春节前他发过一条消息说年后一定给，到现在电话都打不通，恳请政府帮我们把工钱要回来。"

func BenchmarkHear(b *testing.B) {
	m := trained(b)
	b.ReportAllocs()
	for b.Loop() {
		m.Score(letter)
	}
}
