package extract

import (
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"
)

const letter = "尊敬的领导您好，我是下梁镇老庵村二组的村民陈大有，去年八月起在县城边上的工地干活，老板姓钱，说好一天二百四，干了七十一天，" +
	"只给过三千块生活费，剩下的一直拖着。我们一共十二个人，年纪最大的六十三岁，家里都等着用钱。找过劳动监察大队两次，说老板联系不上；" +
	"也打过12345，回复说转给住建局了，住建局说工程已经完工没有保证金。今年春节前他发过一条消息说年后一定给，到现在电话都打不通。" +
	"家里老人看病，孩子上学，实在没有办法了，恳请政府帮我们把血汗钱要回来，我的电话13912345678。"

func BenchmarkRead(b *testing.B) {
	r := newReader(b, county)
	b.SetBytes(int64(len(letter)))
	for range b.N {
		r.Read(letter, readAt)
	}
}

func FuzzRead(f *testing.F) {
	r := newReader(f, county)
	for _, s := range []string{"", letter, "\xff\xfe坏字节😀１２３４５", "欠我三千五百块", "下粱鎮路壞了", "My boss owes me 500 yuan."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := r.Read(s, readAt)
		for _, slot := range allSlots(got) {
			w := slot.From
			if w.Start < 0 || w.End < w.Start || w.End > len(s) || s[w.Start:w.End] != w.Text {
				t.Fatalf("%q: %+v are not the citizen's words", s, slot)
			}
			if slot.Confidence < 0 || slot.Confidence > 1 {
				t.Fatalf("%q: confidence of %+v", s, slot)
			}
		}
		if utf8.RuneCountInString(got.Title) > maxTitle || len(got.Summary) != 3 {
			t.Fatalf("%q: title %q, summary %q", s, got.Title, got.Summary)
		}
	})
}

func allSlots(r Reading) []Slot {
	out := []Slot{r.Kind, r.Class, r.Place, r.PlaceText, r.People.Slot, r.Request, r.Used, r.Decision, r.Danger, r.Urgent, r.Minor, r.Phone, r.Name, r.Address, r.Ticket}
	out = append(append(append(append(out, r.Persons...), r.Units...), r.Tried...), r.Phones...)
	for _, w := range r.Times {
		out = append(out, w.Slot)
	}
	for _, a := range r.Amounts {
		out = append(out, a.Slot)
	}
	return out
}

// Eight times the message takes about eight times as long, with room for a busy machine.
func TestCostGrowsWithLengthAlone(t *testing.T) {
	r := newReader(t, county)
	cost := func(n int) time.Duration {
		s := strings.Repeat(letter, n)
		best := time.Hour
		for range 3 {
			start := processorTime(t)
			r.Read(s, readAt)
			best = min(best, processorTime(t)-start)
		}
		return best
	}
	short, long := cost(2), cost(16)
	if long > 8*4*short {
		t.Errorf("2 letters %v, 16 letters %v", short, long)
	}
	t.Logf("2 letters %v, 16 letters %v", short, long)
}

// processorTime is what the process has used: the clock counts what else the machine does.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestReadStopsAtTheLongest(t *testing.T) {
	t.Parallel()
	got := newReader(t, county).Read(strings.Repeat("路", maxRunes)+"我的电话13912345678", readAt)
	if got.Phone.Found() {
		t.Errorf("read on behind %d characters: %+v", maxRunes, got.Phone)
	}
}

func TestTraditionalCharactersAreReadAndKept(t *testing.T) {
	t.Parallel()
	got := newReader(t, county).Read("鳳凰鎮清水村的變壓器壞了，懇請派人來修，電話１３９１２３４５６７８", readAt)
	if got.Place.Value != "凤凰镇" || got.Request.Value != "懇請派人來修" || got.Phone.Value != "13912345678" || got.Phone.From.Text != "１３９１２３４５６７８" {
		t.Errorf("place %+v, request %+v, phone %+v", got.Place, got.Request, got.Phone)
	}
}

func TestEmptyAndBare(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", " \n", "😀😀", "？！", "\xff"} {
		got := newReader(t, Gazetteer{}).Read(s, readAt)
		if got.Kind.Value != Unclear || got.Place.Found() || got.Phone.Found() || got.Danger.Found() {
			t.Errorf("%q: %+v", s, got)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]float64{"三千五": 3500, "三千零五": 3005, "8万6": 86000, "1.5万": 15000, "两万多": 20000, "十二": 12, "一百二": 120,
		"二零一九": 2019, "一亿二千万": 120_000_000, "12,800": 12800, "壹万伍仟": 15000, "十几": 10, "几百": 300, "3w": 30000} {
		if got, _, ok := number(s); !ok || got != want {
			t.Errorf("number(%s) = %v %v, want %v", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "几", "半斤", "路"} {
		if got, _, ok := number(s); ok {
			t.Errorf("number(%s) = %v, want none", s, got)
		}
	}
}
