package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"dengwen/assist/names"
	"dengwen/assist/prefilter"
	"dengwen/assist/spans"
)

// What is taken from the spans, by how likely it is the writer's.
const (
	ownName   = 0.6
	ownPhone  = 0.6
	ownHome   = 0.6
	thatPlace = 0.35 // below it a place is not where the matter is
)

// whose is a text's spans, with whose they are.
type whose struct {
	t     *text
	found []spans.Found
	phone map[int]Slot // by the rune it begins at
}

func newWhose(m *spans.Model, a *atlas, t *text, ended []names.Name, numbers []Slot) *whose {
	w := &whose{t: t, phone: map[int]Slot{}}
	in := spans.Text{Runes: t.runes, Ended: ended}
	for _, k := range a.matches(t) {
		in.Known = append(in.Known, spans.Span{Start: t.rune(k.start), End: t.rune(k.end)})
	}
	for _, s := range numbers {
		from := t.runeOf(s.From.Start)
		w.phone[from] = s
		in.Phones = append(in.Phones, spans.Span{Start: from, End: t.runeOf(s.From.End)})
	}
	in.Extra = sayingNames(t)
	w.found = m.Find(in)
	return w
}

// best is the span of a kind that is likeliest by what of says, where it is at least that likely.
func (w *whose) best(kind spans.Kind, least float64, of func(spans.Found) float64) (spans.Found, bool) {
	var best spans.Found
	most := least
	for _, f := range w.found {
		if f.Kind == kind && of(f) >= most {
			if of(f) == most && best.End > 0 {
				continue
			}
			best, most = f, of(f)
		}
	}
	return best, best.End > 0
}

// People are the names of persons in a message, whosever they are, each once.
func (r *Reader) People(message string) (all []string) {
	t := newText(message)
	w := newWhose(r.spans, r.atlas, t, names.Find(t.runes), phones(t))
	for _, f := range w.found {
		if f.Kind != spans.Name {
			continue
		}
		if n := w.slot(f, 1).Value; n != "" && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

func own(f spans.Found) float64 { return f.Own }

// name is the writer's.
func (w *whose) name() Slot {
	f, ok := w.best(spans.Name, ownName, own)
	if !ok {
		if m := english.FindStringSubmatchIndex(w.t.normal); m != nil {
			return w.t.slot(m[2], m[3], 0.8)
		}
		return Slot{}
	}
	return w.slot(f, f.Own)
}

func (w *whose) slot(f spans.Found, confidence float64) Slot {
	s := Slot{Confidence: confidence, From: w.t.runeWords(f.Start, f.End)}
	s.Value = strings.TrimSpace(s.From.Text)
	return s
}

// number is the telephone the writer can be reached at.
func (w *whose) number() Slot {
	f, ok := w.best(spans.Phone, ownPhone, own)
	if !ok {
		return Slot{}
	}
	s := w.phone[f.Start]
	s.Confidence = f.Own
	return s
}

// address is where the writer lives or can be written to.
func (w *whose) address() Slot {
	f, ok := w.best(spans.Place, ownHome, func(f spans.Found) float64 {
		if !living.MatchString(w.t.before(int(w.t.at[f.Start]), nearHome)) {
			return 0
		}
		return f.Home
	})
	if !ok || f.End-f.Start < shortestAddress {
		return Slot{}
	}
	return w.slot(f, f.Home)
}

const (
	shortestAddress = 4  // characters
	nearHome        = 30 // bytes
)

// living is said of a home: where somebody only comes from is none to write to.
var living = prefilter.MustCompile(`住|址|家|屋|搬|租|房子|live|address`)

// spot is where the matter is, as fully as it was said.
func (w *whose) spot() Slot {
	f, ok := w.best(spans.Place, thatPlace, own)
	if !ok {
		return Slot{}
	}
	s := w.t.slot(int(w.t.at[f.Start]), w.numbered(f), f.Own)
	if nowhere[s.Value] {
		return Slot{}
	}
	return s
}

// nowhere are words for places that name none.
var nowhere = map[string]bool{"社区": true, "小区": true, "村里": true, "村上": true, "镇上": true, "街上": true, "学校": true, "医院": true, "公司": true, "单位": true, "厂里": true, "我家": true, "家里": true, "门口": true, "路上": true, "本村": true, "县上": true}

// numbered is where a place ends, a byte of the normal form, with the numbers that follow it and without a day.
func (w *whose) numbered(f spans.Found) int {
	start, end := int(w.t.at[f.Start]), int(w.t.at[f.End])
	if m := everyMonth.FindStringIndex(w.t.normal[start:end]); m != nil && m[0] > 0 {
		return start + m[0]
	}
	if strings.HasSuffix(w.t.normal[:end], "楼") && strings.ContainsAny(w.t.after(end, 3), "顶上下道梯") { // 51号, 楼顶
		end -= len("楼")
	}
	m := lastNumber.FindStringIndex(w.t.normal[start:end])
	if m == nil || m[0] == 0 {
		return pastHouseNumber(w.t, end)
	}
	if number := start + m[0]; isDay(w.t, number) {
		return number
	} else if past := pastHouseNumber(w.t, number); past > end {
		return past
	}
	return end
}

var (
	lastNumber = prefilter.MustCompile(` ?[\d一二三四五六七八九十]{1,3} ?号?$`)
	everyMonth = prefilter.MustCompile(`每[月周天年].*$`)
)

// inPlace reports whether bytes [i, j) of the normal form stand in a place of the text.
func (w *whose) inPlace(i, j int) bool {
	from, to := w.t.rune(i), w.t.rune(j)
	return slices.ContainsFunc(w.found, func(f spans.Found) bool { return f.Kind == spans.Place && f.Start <= from && to <= f.End })
}

// saying is where people say a name so plainly that its characters need not look like one: with the dots between the
// parts of a name too.
var saying = prefilter.MustCompile(`(?:我叫|我的?名字[是叫]|我是|姓名[:是]?|本人|名叫|叫做?)\s*(\p{Han}{1,6}(?:[·•・‧.]\p{Han}{1,8}){1,2})`)

func sayingNames(t *text) []spans.Found {
	var out []spans.Found
	for _, p := range []*prefilter.Regexp{saying, named} {
		for _, m := range p.FindAllStringSubmatchIndex(t.normal, 8) {
			if said := t.normal[m[2]:m[3]]; !notWriter.MatchString(said) && utf8.RuneCountInString(said) > 1 {
				out = append(out, spans.Found{Span: spans.Span{Start: t.rune(m[2]), End: t.rune(m[3])}, Kind: spans.Name})
			}
		}
	}
	return out
}
