package related

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
)

var places = []string{"老庵村", "石嘴村", "桃园小区", "云台花园", "金井社区", "马房子村", "东坪村", "滨江国际城", "梨园小区", "丰河路", "沙坪街", "文昌路"}

var troubles = []string{
	"石料厂昼夜开机，灰尘落满院子，窗户不敢开，机器声吵得人整夜睡不着",
	"路灯坏了三个月没有人修，晚上接孩子要打手电，已经有老人摔伤",
	"物业停了电梯要涨物业费，十几楼的住户天天爬楼，投诉没有人理",
	"自来水又黄又浑，水费照收，打水厂电话让我们自己装净水器",
	"修高速把灌溉的水渠挖断了，秧插不下去，施工队说不归他们管",
	"养猪场的粪水流进河里，井水有臭味，夏天苍蝇成群",
	"低保名单公示的都是村干部亲戚，真正困难的几户一个没有",
	"班车突然停运，学生上学要走十里山路，客运公司没有任何通知",
}

func written(rng *rand.Rand, id int) Doc {
	place := fmt.Sprintf("%s%d号%s", places[rng.IntN(len(places))], rng.IntN(90), []string{"院", "楼", "组", "店"}[rng.IntN(4)])
	trouble := troubles[rng.IntN(len(troubles))]
	filler := make([]rune, 60)
	for i := range filler {
		filler[i] = rune(0x4e00 + rng.IntN(3000))
	}
	return Doc{ID: fmt.Sprint(id), Title: place + string([]rune(trouble)[:8]), Text: "我们住在" + place + "，" + trouble + "。" + string(filler) + "。希望有关部门尽快处理。"}
}

func filled(n int) *Index {
	x, rng := NewIndex(), rand.New(rand.NewPCG(1, 2))
	for i := range n {
		x.Add(written(rng, i))
	}
	return x
}

func TestNeighboursOfOneMatterAreRelated(t *testing.T) {
	t.Parallel()
	x := filled(300)
	x.Add(Doc{ID: "a", User: "u1", Title: "翠屏嘉园旁的混凝土搅拌站太吵", Text: "我是翠屏嘉园的业主，小区西边新建的混凝土搅拌站半夜还在施工，噪音和灰尘让人没法生活。"})
	x.Add(Doc{ID: "b", User: "u2", Title: "请管一管翠屏嘉园的搅拌站", Text: "搅拌站离我们翠屏嘉园只有五十米，水泥灰尘大，罐车整夜进出，孩子咳嗽。"})
	x.Add(Doc{ID: "c", User: "u3", Title: "翠屏嘉园车位捆绑销售", Text: "翠屏嘉园的开发商要求买房必须买车位，不买就不给签合同。"})
	hits := x.Query(Doc{ID: "q", User: "u2", Title: "搅拌站噪音扰民", Text: "翠屏嘉园旁边的搅拌站晚上十二点还开工，灰尘大，投诉多次没有结果。"}, 10)
	found := map[string]Hit{}
	for _, h := range hits {
		found[h.ID] = h
	}
	for _, id := range []string{"a", "b"} {
		if h, ok := found[id]; !ok || h.Why.Place != "翠屏嘉园" || !strings.Contains(h.Why.Matter, "搅拌站") {
			t.Errorf("%s: %+v, want it related with the estate and the matter as the reason", id, h)
		}
	}
	if !found["b"].Why.SameWriter || found["a"].Why.SameWriter {
		t.Errorf("the same writer is b's alone: %v, %v", found["a"].Why, found["b"].Why)
	}
	if c, ok := found["c"]; ok && c.Score >= found["a"].Score {
		t.Errorf("another matter at the same place comes before the same matter: %+v", c)
	}
}

func TestSameWordsAboutAnotherPlaceAreAnotherMatter(t *testing.T) {
	t.Parallel()
	x := filled(300)
	text := "的楼道灯全部不亮，物业说没有维修基金，几个月了没有人来看，老人晚上不敢下楼，要求物业马上修好并公开账目。"
	x.Add(Doc{ID: "copy", Title: "碧湖雅居楼道灯不亮物业不管", Text: "碧湖雅居" + text})
	x.Add(Doc{ID: "elsewhere", Title: "青松公寓楼道灯不亮物业不管", Text: "青松公寓" + text})
	hits := x.Query(Doc{ID: "q", Title: "碧湖雅居楼道灯不亮，物业不管", Text: "碧湖雅居" + text}, 10)
	if len(hits) != 1 || hits[0].ID != "copy" || !hits[0].Why.SameText {
		t.Errorf("got %+v, want the copy alone, as nearly the same words", hits)
	}
}

func TestQueryLeavesOutItselfAndHonoursK(t *testing.T) {
	t.Parallel()
	x, rng := NewIndex(), rand.New(rand.NewPCG(3, 4))
	filler := filled(50)
	for i := range 5 {
		d := Doc{ID: fmt.Sprint("same", i), Title: "下梁镇东坪村水渠断了", Text: "东坪村的水渠被挖断，秧插不下去，施工队不管。"}
		x.Add(d)
	}
	for i := range 200 {
		x.Add(written(rng, i))
	}
	if got := x.Query(Doc{ID: "same0", Title: "下梁镇东坪村水渠断了", Text: "东坪村的水渠被挖断，秧插不下去，施工队不管。"}, 3); len(got) != 3 {
		t.Fatalf("%d hits, want 3", len(got))
	}
	for _, h := range x.Query(Doc{ID: "same0", Title: "下梁镇东坪村水渠断了", Text: "东坪村的水渠被挖断。"}, 10) {
		if h.ID == "same0" || h.Score < threshold || h.Score > 1 {
			t.Errorf("%+v", h)
		}
	}
	if got := filler.Query(Doc{}, 10); len(got) != 0 {
		t.Errorf("an empty petition is related to %+v", got)
	}
	if got := NewIndex().Query(Doc{Title: "路灯"}, 10); len(got) != 0 {
		t.Errorf("an empty index answers %+v", got)
	}
}

func TestManyAddAndAskAtOnce(t *testing.T) {
	t.Parallel()
	x := NewIndex()
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(w), 9))
			for i := range 50 {
				d := written(rng, w*1000+i)
				x.Add(d)
				x.Query(d, 5)
			}
		})
	}
	wg.Wait()
	if x.Len() != 200 {
		t.Errorf("%d petitions, want 200", x.Len())
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	in := "\ufeff" + `{"id":1,"user":"a","time":"2026-01-02 03:04:05","title":"东坪村水渠断了","text":"修高速把东坪村的水渠挖断了，秧插不下去"}
not json
{"id":"2","title":"东坪村水渠","text":"东坪村水渠被高速施工队挖断，没有水插秧"}

{"id":"2","title":"又一次","text":"东坪村"}
{"title":"没有编号"}
{"id":3,"title":"","text":"低保"}
`
	var out, warn bytes.Buffer
	err := Run(strings.NewReader(in), &out, RunOptions{Warn: &warn})
	if err == nil || !strings.Contains(err.Error(), "3 lines") {
		t.Errorf("err %v, want three lines passed over", err)
	}
	for _, line := range []string{"line 2", "line 5", "line 6"} {
		if !strings.Contains(warn.String(), line) {
			t.Errorf("%s is not named in %q", line, warn.String())
		}
	}
	var ids []string
	for line := range strings.Lines(out.String()) {
		var r struct {
			ID      json.RawMessage
			Related []Hit
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil || r.Related == nil {
			t.Fatalf("%q: %v", line, err)
		}
		ids = append(ids, string(r.ID))
	}
	if fmt.Sprint(ids) != `[1 "2" 3]` {
		t.Errorf("ids %v", ids)
	}
}

func FuzzQuery(f *testing.F) {
	x := filled(100)
	f.Add("标题", "正文\xff😀路")
	f.Add("\x87题", "\x82\x82\xe6\xadA文0   !0  ") // shares with others nothing that can be said
	f.Fuzz(func(t *testing.T, title, text string) {
		for _, h := range x.Query(Doc{ID: "q", Title: title, Text: text}, 10) {
			if !(h.Score >= 0 && h.Score <= 1) || h.Why == (Shared{}) {
				t.Errorf("%+v", h)
			}
		}
	})
}

func BenchmarkQueryAmong100000(b *testing.B) {
	x, rng := filled(100_000), rand.New(rand.NewPCG(7, 7))
	b.ResetTimer()
	for i := range b.N {
		x.Query(written(rng, -1-i), 10)
	}
}

func BenchmarkAdd(b *testing.B) {
	x, rng := NewIndex(), rand.New(rand.NewPCG(7, 7))
	for i := range b.N {
		x.Add(written(rng, i))
	}
}
