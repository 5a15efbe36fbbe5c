package answer

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dengwen/locales"
	"dengwen/petition"
)

func TestEveryArticleIsReached(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	reached := map[int]bool{}
	for _, id := range b.Entries() {
		e, err := b.Entry(id, locales.Default)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range e.Articles {
			reached[n] = true
		}
	}
	for n := 1; n <= lastArticle; n++ {
		if !reached[n] {
			t.Errorf("article %d is reached by no entry", n)
		}
	}
}

func TestEntriesKeepTheTone(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	for _, id := range b.Entries() {
		for _, lang := range builtIn {
			e, err := b.Entry(id, lang)
			if err != nil {
				t.Fatal(err)
			}
			for _, no := range []string{"！", "!", "{", "必须在30日内反馈", "30日内反馈", "保证解决"} {
				if strings.Contains(e.Text, no) {
					t.Errorf("%s in %s says %q", id, lang, no)
				}
			}
			if n := utf8.RuneCountInString(e.Text); lang == "zh-CN" && n > 420 || n > 1500 {
				t.Errorf("%s in %s has %d characters", id, lang, n)
			}
		}
	}
}

func TestAnUnknownEntryIsAnError(t *testing.T) {
	t.Parallel()
	if e, err := openBook(t).Entry("nothing", locales.Default); err == nil {
		t.Errorf("got %+v", e)
	}
}

func TestArticlesAreNamedAtTheEnd(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	a := b.Answer("故意编造假材料告人会怎么样", locales.Default, noon)
	if !strings.HasSuffix(a.Text, "依据：《信访工作条例》第十九条、第四十七条") {
		t.Errorf("the answer ends without its articles: %s", a.Text)
	}
	en := b.Answer("How many of us may go together?", "", noon)
	if !strings.HasSuffix(en.Text, "Regulation on Petition Work (信访工作条例), Article 20") || !strings.Contains(en.Text, "at most 5") {
		t.Errorf("the English answer: %s", en.Text)
	}
	if inChinese := b.Answer("How many of us may go together?", "zh-CN", noon); !strings.Contains(inChinese.Text, "不得超过5人") {
		t.Errorf("the language asked for is not kept: %s", inChinese.Text)
	}
}

func TestTwoQuestionsInOneMessageAreBothAnswered(t *testing.T) {
	t.Parallel()
	a := openBook(t).Answer("信访局几点上班？能不能用口头说不写材料？", locales.Default, noon)
	if !strings.Contains(a.Text, "8:00") || !strings.Contains(a.Text, "如实记录") || !slices.Contains(a.Articles, 19) {
		t.Errorf("got %s %v", a.Text, a.Articles)
	}
}

func TestAnEmptyOfficeInventsNothing(t *testing.T) {
	t.Parallel()
	b, err := New(new(petition.Office), openBook(t).locales)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"信访局电话多少", "信访局几点上班", "信访局地址", "今天天气怎么样"} {
		a := b.Answer(q, locales.Default, noon)
		if !strings.Contains(a.Text, "还没有填写") || !strings.Contains(a.Text, "12345") && !strings.Contains(a.Text, "先问一声") {
			t.Errorf("%s: %s", q, a.Text)
		}
	}
}

func TestEntriesHoldFromTheirDay(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	before := time.Date(2022, 4, 30, 23, 59, 0, 0, beijing)
	if a := b.Answer("信访多久办完", locales.Default, before); slices.Contains(a.Articles, 34) {
		t.Errorf("the Regulation was told the day before it came into force: %s", a.Text)
	}
	if a := b.Answer("信访多久办完", locales.Default, before.Add(time.Hour)); !slices.Contains(a.Articles, 34) {
		t.Errorf("on its first day: %s", a.Text)
	}
}

func TestAskPrintsOneLineOfJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := RunAsk(openBook(t), "信访多久办完", locales.Default, true, &out); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Answer     string
		Articles   []int
		Confidence float64
		Entry      string
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || strings.Count(out.String(), "\n") != 1 {
		t.Fatalf("%v: %s", err, out.String())
	}
	if got.Entry != "sixty-days" || !slices.Equal(got.Articles, []int{34}) || got.Confidence < surely || !strings.Contains(got.Answer, "60日") {
		t.Errorf("got %+v", got)
	}
	out.Reset()
	if err := RunAsk(openBook(t), "红烧肉怎么做", locales.Default, true, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"articles":[]`) || !strings.Contains(out.String(), `"entry":""`) {
		t.Errorf("not known: %s", out.String())
	}
}

func TestQuizIsTheSameForTheSameSeed(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	for _, draw := range []func(string, int, uint64) []QuizQuestion{b.Quiz, b.StaffQuiz} {
		first, again, other := draw(locales.Default, 5, 7), draw(locales.Default, 5, 7), draw(locales.Default, 5, 8)
		if len(first) != 5 || len(draw("en", 1000, 1)) < 8 || len(draw(locales.Default, 0, 1)) != 0 {
			t.Fatalf("drew %d", len(first))
		}
		same := func(x, y QuizQuestion) bool {
			return x.Question == y.Question && slices.Equal(x.Options, y.Options) && x.Right == y.Right
		}
		if !slices.EqualFunc(first, again, same) || slices.EqualFunc(first, other, same) {
			t.Errorf("the seed does not decide the draw")
		}
	}
}

func TestQuizMarksTheRightOption(t *testing.T) {
	t.Parallel()
	for _, q := range openBook(t).Quiz(locales.Default, 1000, 3) {
		if q.Entry == "five-representatives" && q.Options[q.Right] != "5人" {
			t.Errorf("%s: %v marks %s", q.Question, q.Options, q.Options[q.Right])
		}
		if len(q.Articles) == 0 || q.Explanation == "" {
			t.Errorf("%s: no article or explanation", q.Question)
		}
	}
}

func TestStrangeTextsAreSurvived(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	for _, q := range []string{"", " ", "？", "!!!", "\x00\xff", "😀😀", strings.Repeat("信访", 5000), "¿?", "12345", "a"} {
		a := b.Answer(q, "", noon)
		if a.Text == "" || a.Confidence < 0 || a.Confidence > 1 {
			t.Errorf("%q: %+v", q, a)
		}
		if _, c := b.IsQuestion(q); c < 0 || c > 1 {
			t.Errorf("%q: confidence %f", q, c)
		}
	}
}

func BenchmarkAnswer(b *testing.B) {
	book := openBook(b)
	for b.Loop() {
		book.Answer("信访局把件转到镇上了，镇上收到后几天内要告诉我些什么", locales.Default, noon)
	}
}

func BenchmarkFirstAnswer(b *testing.B) {
	for b.Loop() {
		book, err := New(new(petition.Office), openBook(b).locales)
		if err != nil {
			b.Fatal(err)
		}
		book.Answer("多久能办完", "zh-CN", time.Now())
	}
}

// A word written by its sound is understood, and both parts of a question in one sentence are answered.
func TestSoundsAndPartsOfAQuestion(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	for question, want := range map[string][]string{
		"新访局几点上班":          {"office-hours"},
		"听正会怎么申请":          {"hearing"},
		"手理以后多长时间办完":       {"sixty-days"},
		"寄信寄到哪里，还有电话是多少":   {"office-letter", "office-phone"},
		"匿名行不行，会不会告诉被举报的人": {"anonymous", "report-secret"},
		"复查跟复合有什么区别":       {"rereview", "review"},
		"期限碰上国庆节怎么算":       {"last-day"},
	} {
		if got := b.Answer(question, "", time.Time{}); !slices.Equal(got.Used, want) {
			t.Errorf("%s: %v, want %v", question, got.Used, want)
		}
	}
}
