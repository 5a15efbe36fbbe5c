package desk_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"dengwen/petition/mediation"
)

var disputeNumber = regexp.MustCompile(`TJ-\d{8}`)

// reported is the number of a dispute that somebody reports at the desk.
func (b *browser) reported(words string) string {
	b.t.Helper()
	b.post("/desk/disputes/new", url.Values{"key": {words}, "words": {words}, "place": {b.office.Places[0].Code}, "a": {"张家"}})
	if b.status != 200 || !strings.HasPrefix(b.at, "/desk/disputes/TJ-") {
		b.t.Fatalf("reported: %d at %s\n%s", b.status, b.at, b.page)
	}
	return disputeNumber.FindString(b.at)
}

func (b *browser) step(number, move string, args ...string) {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(args); i += 2 {
		form.Set(args[i], args[i+1])
	}
	b.post("/desk/disputes/"+number+"/"+move, form)
	if b.status != 200 {
		b.t.Fatalf("%s: %d", move, b.status)
	}
}

// A grid worker reports a dispute in one form; the town's officer brings it to an agreement, whose
// paper both can sign, and its promise to its day.
func TestDisputeSettledAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.enter("grid").reported("石镇两家为宅基地地界吵了三年")
	b := s.enter("town")
	b.get("/desk/disputes")
	b.shows(number, "新发现", "土地、山林、宅基地界限", "一日内联系")
	b.get("/desk/disputes/" + number)
	b.shows("石镇两家为宅基地地界吵了三年", "张家", "孙明礼")
	b.step(number, "match", "mediator", "qy-1")
	b.step(number, "ask", "way", "visit")
	b.step(number, "answer", "party", "a", "yes", "yes", "way", "visit")
	b.step(number, "answer", "party", "b", "yes", "yes", "way", "phone")
	b.shows("正在调解", "电话", "李军")
	b.step(number, "meet", "when", "2026-11-24T09:30", "where", "村委会")
	b.get("/desk/disputes/day?day=2026-11-24")
	b.shows("孙明礼", "09:30", "村委会", number)
	b.step(number, "minutes", "text", "双方到场")
	b.step(number, "agree", "facts", "以老界石为准", "terms", "按界石重砌", "manner", "乙方出工", "promises", "乙方 2026-12-10 砌好，以后不再上访")
	b.shows(`role="alert"`, "不再上访", "写不得", "按界石重砌") // what was typed is still there
	b.step(number, "agree", "facts", "以老界石为准", "terms", "按界石重砌", "manner", "乙方出工", "promises", "乙方 2026-12-10 砌好")
	b.shows("达成协议", "司法确认", "12 月 23 日", "12 月 10 日")
	b.get("/desk/disputes/" + number + "/agreement.pdf")
	if b.status != 200 || !strings.HasPrefix(b.page, "%PDF-") || b.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the agreement as PDF: %d, %s", b.status, b.header.Get("Content-Type"))
	}
	b.get("/desk/disputes/" + number + "/agreement.docx")
	if b.status != 200 || !strings.HasPrefix(b.page, "PK") {
		t.Errorf("the agreement as DOCX: %d", b.status)
	}
	b.step(number, "keep", "promise", "1")
	b.shows("已化解", "做到了")
	head := s.enter("head")
	head.get("/desk/disputes/figures")
	head.shows("1/1 (100.0%)", "石镇")
	head.get("/desk/disputes/figures.csv")
	head.shows("<5", "化解")
	head.hides(",1/1")
}

// A no ends it with one neutral sentence and the lawful ways, and nothing else.
func TestDisputeRefusedAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	b := s.enter("town")
	number := b.reported("隔壁排水到我家院里")
	b.step(number, "match", "mediator", "qy-1")
	b.step(number, "ask", "way", "phone")
	b.step(number, "answer", "party", "b", "yes", "no", "way", "phone")
	b.shows("有一方不愿意调解，已结束", "不愿意对谁都没有影响", "去法院起诉、申请仲裁")
	b.step(number, "hand", "to", "petition", "party", "a", "yes", "yes", "text", "请镇里看看排水")
	link := regexp.MustCompile(`/desk/cases/(ZS[^"]+)`).FindStringSubmatch(b.page)
	if link == nil {
		t.Fatalf("no petition came of it: %s", b.page)
	}
	b.get(link[0])
	b.shows("请镇里看看排水", "隔壁排水到我家院里")
}

// Who sees which pages: a grid worker their own, the unit's officers the unit's, heads figures,
// everybody else nothing, not even that there is something.
func TestWhoSeesDisputesAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.enter("town").reported("分家的事")
	for _, c := range []struct {
		who                      string
		menu, one, moves, counts bool
	}{
		{"town", true, true, true, false}, {"head", true, true, true, true}, {"grid", true, false, false, false},
		{"clerk", true, false, false, false}, {"chief", true, false, false, true}, {"admin", false, false, false, false}, {"named", false, false, false, false},
	} {
		b := s.enter(c.who)
		b.get("/desk/")
		if got := strings.Contains(b.page, `href="/desk/disputes"`); got != c.menu {
			t.Errorf("%s has disputes in the menu: %t", c.who, got)
		}
		b.get("/desk/disputes/" + number)
		if (b.status == 200) != c.one {
			t.Errorf("%s opens one: %d", c.who, b.status)
		}
		for _, move := range mediation.MoveNames() {
			b.post("/desk/disputes/"+number+"/"+string(move), url.Values{})
			if (b.status == 200) != c.moves || !c.moves && b.status != 404 && b.status != 403 {
				t.Errorf("%s of %s: %d", move, c.who, b.status)
			}
		}
		for _, path := range []string{"/desk/disputes/figures", "/desk/disputes/figures.csv"} {
			b.get(path)
			if (b.status == 200) != c.counts {
				t.Errorf("%s reads %s: %d", c.who, path, b.status)
			}
		}
		b.get("/desk/disputes/" + number + "/agreement.pdf")
		if b.status == 200 {
			t.Errorf("%s is given an agreement that there is not", c.who)
		}
	}
}

func TestDisputeRoundsAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	b := s.enter("town")
	b.post("/desk/disputes/rounds", url.Values{"name": {"冬季排查"}, "from": {"2026-11-20"}, "to": {"2026-11-30"}})
	b.shows(`role="alert"`)
	b.post("/desk/disputes/rounds", url.Values{"name": {"冬季排查"}, "from": {"2026-11-20"}, "to": {"2026-11-30"}, "village": {"石镇", "梨园"}})
	s.enter("grid").reported("石镇两家争地界")
	b.get("/desk/disputes/rounds")
	b.shows("冬季排查", "0/2 (0.0%)", "0/1 (0.0%)")
}
