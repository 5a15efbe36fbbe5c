package storagetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"dengwen/petition"

	"github.com/google/go-cmp/cmp"
)

var wordChecks = map[string]func(*testing.T, petition.Store){
	"words are found":              wordsFound,
	"words keep to the scope":      wordsScope,
	"words follow changes":         wordsFollow,
	"words in pages":               wordsPages,
	"a common word among many":     wordsCommon,
	"words are no search language": wordsPlain,
}

func wordsFound(t *testing.T, s petition.Store) {
	rs := fileAll(t, s,
		draft{facts: "楼下烧烤店半夜噪音很大，睡不着", title: "夜间噪音", place: "乾佑街办迎春路"},
		draft{facts: "Noise from the KTV every night", place: "营盘镇"},
		draft{facts: "自来水是浑的", title: "供水", place: "营盘镇药王堂村"},
		draft{facts: "噪 音"})
	r := rs[2]
	r.Case.Filing.Request = "尽快修好水管"
	rs[2] = save(t, s, r)
	for words, want := range map[string][]int{
		"噪音":                  {0},
		"烧烤店半夜噪音":             {0},
		"音很":                  {0},
		"噪音 睡不着":              {0},
		"噪音 自来水":              {},
		"NOISE":               {1},
		"noise ktv":           {1},
		"ktv":                 {1},
		"营盘镇":                 {1, 2},
		"营盘 供水":               {2},
		"水管":                  {2},
		"迎春路":                 {0},
		"水":                   {2},
		"店半夜":                 {0},
		"营":                   {1, 2},
		"没有的词":                {},
		"":                    {0, 1, 2, 3},
		"  ":                  {0, 1, 2, 3},
		rs[1].Case.Number:     {1},
		rs[3].Case.Number[:7]: nil, // checked below: a part of a number
	} {
		if want != nil {
			wantListed(t, s, rs, all, petition.Query{Order: "due", Words: words}, want...)
		}
	}
	wantListed(t, s, rs, all, petition.Query{Order: "new", Words: rs[3].Case.Number[3:10]}, 3)
}

func wordsScope(t *testing.T, s petition.Store) {
	rs := fileAll(t, s,
		draft{facts: "路塌了", unit: "a", owner: "tg:1"},
		draft{facts: "路塌了", unit: "b", closed: true, status: petition.Closed},
		draft{facts: "路塌了", unit: "a", sealed: true},
		draft{facts: "灯坏了", unit: "a", owner: "tg:1"})
	for _, c := range []struct {
		scope petition.Scope
		q     petition.Query
		want  []int
	}{
		{all, petition.Query{}, []int{0, 1}},
		{all, petition.Query{Open: true}, []int{0}},
		{all, petition.Query{Unit: "b"}, []int{1}},
		{all, petition.Query{Status: petition.Closed}, []int{1}},
		{petition.Scope{Units: []string{"a"}}, petition.Query{}, []int{0}},
		{petition.Scope{Units: []string{"a"}, SealedUnits: []string{"a"}}, petition.Query{}, []int{0, 2}},
		{petition.Scope{Owner: "tg:1"}, petition.Query{}, []int{0}},
		{petition.Scope{Owner: "tg:2"}, petition.Query{}, []int{}},
	} {
		c.q.Order, c.q.Words = "due", "路塌"
		wantListed(t, s, rs, c.scope, c.q, c.want...)
	}
}

func wordsFollow(t *testing.T, s petition.Store) {
	rs := fileAll(t, s, draft{facts: "水管破裂"}, draft{facts: "水管漏水"})
	wantListed(t, s, rs, all, petition.Query{Order: "due", Words: "水管"}, 0, 1)
	r := rs[0]
	r.Case.Filing.Facts = "路灯不亮"
	save(t, s, r)
	wantListed(t, s, rs, all, petition.Query{Order: "due", Words: "水管"}, 1)
	wantListed(t, s, rs, all, petition.Query{Order: "due", Words: "路灯"}, 0)
}

func wordsPages(t *testing.T, s petition.Store) {
	var want []string
	for i := range 11 {
		d := draft{facts: fmt.Sprintf("第%d号井盖丢失", i), due: fmt.Sprintf("2026-04-%02d", 20-i)}
		if i%2 == 0 {
			d.facts = "别的事"
		}
		n := file(t, s, d).Case.Number
		if i%2 == 1 {
			want = append(want, n)
		}
	}
	slices.Reverse(want) // the later ones are due first
	got := pages(t, s, all, petition.Query{Order: "due", Words: "井盖", Limit: 2})
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("pages (-want +got):\n%s", d)
	}
}

// wordsCommon has more cases with each pair than a store may want to read at once.
func wordsCommon(t *testing.T, s petition.Store) {
	if testing.Short() {
		t.Skip("1,250 cases")
	}
	var drafts []draft
	for i := range 1250 {
		d := draft{facts: "道路破损，请求修复", due: fmt.Sprintf("2026-%02d-%02d", 4+i%5, 1+i%28)}
		if i%100 == 50 {
			d.facts += "；修复道路"
		}
		drafts = append(drafts, d)
	}
	var want []string
	for _, r := range fileAtOnce(t, s, drafts) {
		if strings.Contains(r.Case.Filing.Facts, "修复道路") {
			want = append(want, r.Case.Number)
		}
	}
	slices.Sort(want)
	got := pages(t, s, all, petition.Query{Order: "due", Words: "修复道路", Limit: 5})
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("rare word of common pairs (-want +got):\n%s", d)
	}
	if n := len(pages(t, s, all, petition.Query{Order: "new", Words: "道路 破损", Limit: 100})); n != 1250 {
		t.Errorf("common word found %d times, want 1250", n)
	}
}

// fileAtOnce files many from several callers; their numbers come in any order.
func fileAtOnce(t *testing.T, s petition.Store, ds []draft) []petition.Record {
	t.Helper()
	filed := make([]petition.Record, len(ds))
	var wg sync.WaitGroup
	for caller := range 8 {
		wg.Go(func() {
			for i := caller; i < len(ds); i += 8 {
				var err error
				if filed[i], _, err = s.Create(t.Context(), fmt.Sprint("at once ", i), 2026, buildOf(ds[i])); err != nil {
					t.Errorf("create: %v", err)
				}
			}
		})
	}
	wg.Wait()
	return filed
}

func wordsPlain(t *testing.T, s petition.Store) {
	rs := fileAll(t, s, draft{facts: `100% of "it" isn't_here`}, draft{facts: "100 and it is not here"})
	for words, want := range map[string][]int{`100%`: {0}, `"it"`: {0}, `%`: {0}, `isn't_`: {0}, `is_t`: {}, `*`: {}, `it OR not`: {}} {
		wantListed(t, s, rs, all, petition.Query{Order: "due", Words: words}, want...)
	}
}
