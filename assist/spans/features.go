package spans

import (
	"strings"

	"dengwen/assist/linear"
	"dengwen/assist/names"
)

// characters are a text prepared for the features of its characters.
type characters struct {
	runes []rune // a digit is 0
	mark  []rune // by character: how it stands in a name that ends as places do, or that the office knows
	ends  []int8 // by character: how long the word of a facility is that ends there
	to    []int8 // by character: how far on the last such word of its clause ends within reach, reach = none does
	since []int8 // by character: how far back a name that ends as places do ended, reach = none did
}

// reach is how many characters a facility's word may stand behind the name of the place it is in.
const reach = 9

const perCharacter = 32

func newCharacters(t Text) *characters {
	c := &characters{runes: make([]rune, len(t.Runes)), mark: make([]rune, len(t.Runes))}
	for i, r := range t.Runes {
		if shape(r) == '0' {
			r = '0'
		}
		c.runes[i] = r
	}
	for _, n := range t.Ended {
		c.note(Span{n.Start, n.End}, markOf(n.Kind))
	}
	for _, s := range t.Known {
		c.note(s, markKnown)
	}
	c.measure()
	return c
}

// measure fills how far a facility's word and the end of a place's name are from each character.
func (c *characters) measure() {
	c.ends = facilityEnds(c.runes)
	c.to, c.since = make([]int8, len(c.runes)), make([]int8, len(c.runes))
	next := int8(reach)
	for i := len(c.runes) - 1; i >= 0; i-- {
		switch {
		case strings.ContainsRune(marks, c.runes[i]):
			next = reach
		case c.ends[i] > 0:
			next = 0
		default:
			next = min(next+1, reach)
		}
		c.to[i] = next
	}
	last := int8(reach)
	for i := range c.runes {
		c.since[i] = last
		switch {
		case strings.ContainsRune(marks, c.runes[i]):
			last = reach
		case c.mark[i]&3 == 3:
			last = 0
		default:
			last = min(last+1, reach)
		}
	}
}

// facility is how long the facility's word is that ends at a character.
func (c *characters) facility(i int) rune {
	if i < 0 || i >= len(c.ends) {
		return 0
	}
	return rune(c.ends[i])
}

const markKnown = 40

func markOf(k names.Kind) rune { return 4 * rune(1+k) }

func (c *characters) note(s Span, kind rune) {
	for i := s.Start; i < min(s.End, len(c.mark)); i++ {
		switch {
		case i == s.Start:
			c.mark[i] = kind + 1
		case i == s.End-1:
			c.mark[i] = kind + 3
		default:
			c.mark[i] = kind + 2
		}
	}
}

func (c *characters) at(i int) rune {
	if i < 0 {
		return 1
	}
	if i >= len(c.runes) {
		return 2
	}
	return c.runes[i]
}

func (c *characters) marked(i int) rune {
	if i < 0 || i >= len(c.mark) {
		return 0
	}
	return c.mark[i]
}

func (c *characters) features(out []uint32, i int) []uint32 {
	b3, b2, b1, r, a1, a2, a3 := c.at(i-3), c.at(i-2), c.at(i-1), c.at(i), c.at(i+1), c.at(i+2), c.at(i+3)
	m := c.marked(i)
	return append(out,
		linear.Feature('0', 0, 0),
		linear.Feature('a', r, 0), linear.Feature('b', b1, 0), linear.Feature('c', b2, 0), linear.Feature('d', a1, 0), linear.Feature('e', a2, 0),
		linear.Feature('f', b1, r), linear.Feature('g', r, a1), linear.Feature('h', b2, b1), linear.Feature('i', a1, a2), linear.Feature('j', b3, b2), linear.Feature('k', a2, a3),
		linear.Feature('l', b2<<4^b1, r), linear.Feature('m', b1<<4^r, a1), linear.Feature('n', r<<4^a1, a2),
		linear.Feature('o', b3<<8^b2<<4^b1, 0),
		linear.Feature('p', m, 0), linear.Feature('q', m, r), linear.Feature('r', c.marked(i-1)<<8|m, c.marked(i+1)), linear.Feature('s', m, b1),
		linear.Feature('t', family(b1)<<2|family(r)<<1|family(a1), 0), linear.Feature('u', family(r), b1),
		linear.Feature('v', shape(b1)<<4^shape(r), shape(a1)),
		linear.Feature('w', c.facility(i), a1), linear.Feature('x', c.facility(i), c.facility(i+1)), linear.Feature('y', c.facility(i-1)<<4|c.facility(i), shape(a1)),
		linear.Feature('z', rune(c.to[i]), rune(c.since[i])), linear.Feature('A', rune(c.to[i])<<4|rune(c.since[i]), m), linear.Feature('C', c.facility(i)<<4|rune(c.to[min(i+1, len(c.to)-1)]), a1),
	)
}

// surnames are the commonest; a name in a message nearly always begins with one.
const surnames = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎鲁韦马苗凤方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房解应宗丁宣邓单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊甄曲封储靳段焦巴牧侯全班仰秋仲伊宫宁栾甘厉祖武符刘景詹束龙叶司黎白蒲索赖卓屠池乔温庄晏柴瞿阎连习艾容向古易廖耿匡文寇欧殳沃蔚越隆师巩聂晁勾敖融冷辛阚简饶曾关肖岳付闫涂尚代邸覃游查党苟"

var isSurname = func() map[rune]bool {
	m := map[rune]bool{}
	for _, r := range surnames {
		m[r] = true
	}
	return m
}()

func family(r rune) rune {
	if isSurname[r] {
		return 1
	}
	return 0
}

// surroundings are a text and the spans in it, prepared for the features of a span.
type surroundings struct {
	runes  []rune
	all    []Found
	before []int // by span: those of its kind that come before it
	count  [kinds]int
	said   map[string]int // how often the words of a span come
}

func newSurroundings(runes []rune, all []Found) *surroundings {
	w := &surroundings{runes: runes, all: all, before: make([]int, len(all)), said: map[string]int{}}
	for i, s := range all {
		w.before[i] = w.count[s.Kind]
		w.count[s.Kind]++
		w.said[string(runes[s.Start:s.End])]++
	}
	return w
}

const (
	lookBack  = 16 // characters before a span that tell whose it is
	lookAhead = 8
	marks     = "，。！？；：、,.!?;:\n（）()"
)

func (w *surroundings) at(i int) rune {
	if i < 0 || i >= len(w.runes) {
		return 1
	}
	if shape(w.runes[i]) == '0' {
		return '0'
	}
	return w.runes[i]
}

// features are those of the span all[i]: the words before and after it, what stands in it, and its neighbours.
func (w *surroundings) features(i int) []uint32 {
	s := w.all[i]
	b1, b2, b3, b4 := w.at(s.Start-1), w.at(s.Start-2), w.at(s.Start-3), w.at(s.Start-4)
	a1, a2 := w.at(s.End), w.at(s.End+1)
	out := []uint32{
		linear.Feature('0', 0, 0), linear.Feature('a', b1, 0), linear.Feature('b', b2, b1), linear.Feature('c', b3<<4^b2, b1), linear.Feature('d', b4<<8^b3<<4, b2<<4^b1),
		linear.Feature('e', a1, 0), linear.Feature('f', a1, a2), linear.Feature('g', a1<<4^a2, w.at(s.End+2)),
		linear.Feature('h', w.at(s.Start), w.at(s.Start+1)), linear.Feature('i', w.at(s.End-2), w.at(s.End-1)), linear.Feature('j', w.at(s.End-1), 0),
		linear.Feature('k', rune(min(s.End-s.Start, 14)), 0), linear.Feature('l', rune(4*s.Start/max(len(w.runes), 1)), rune(min(len(w.runes)/60, 4))),
	}
	out = w.bag(out, s)
	out = w.order(out, i)
	return w.neighbours(out, i)
}

// bag are the pairs of characters around a span, those before the last mark apart from those after it.
func (w *surroundings) bag(out []uint32, s Found) []uint32 {
	clause := rune(0)
	for k := s.Start - 1; k > max(s.Start-lookBack, 0); k-- {
		if strings.ContainsRune(marks, w.runes[k]) {
			clause = min(clause+1, 2)
		}
		out = append(out, linear.Feature('B'+byte(clause), w.at(k-1), w.at(k)))
	}
	for k := s.End; k < min(s.End+lookAhead, len(w.runes)-1); k++ {
		out = append(out, linear.Feature('F', w.at(k), w.at(k+1)))
	}
	start := s.Start
	for start > 0 && !strings.ContainsRune(marks, w.runes[start-1]) {
		start--
	}
	return append(out, linear.Feature('S', w.at(start), w.at(start+1)))
}

// order is where a span stands among those of its kind, and how often its words come.
func (w *surroundings) order(out []uint32, i int) []uint32 {
	s := w.all[i]
	before := w.before[i]
	after := w.count[s.Kind] - before - 1
	again := w.said[string(w.runes[s.Start:s.End])] - 1
	return append(out, linear.Feature('O', rune(min(before, 3)), rune(min(after, 3))), linear.Feature('P', rune(min(again, 2)), 0))
}

// neighbours are whose the nearest names are: of a number, its owner's.
func (w *surroundings) neighbours(out []uint32, i int) []uint32 {
	s := w.all[i]
	if s.Kind != Phone {
		return out
	}
	last, next := rune(0), rune(0)
	for _, o := range w.all {
		if o.Kind != Name || o.End < s.Start-lookBack || o.Start > s.End+lookAhead {
			continue
		}
		side := rune(1)
		if o.Own >= 0.5 {
			side = 2
		}
		if o.End <= s.Start && s.Start-o.End <= lookBack {
			last = side
		}
		if o.Start >= s.End && o.Start-s.End <= lookAhead && next == 0 {
			next = side
		}
	}
	return append(out, linear.Feature('N', last, 0), linear.Feature('M', next, 0), linear.Feature('L', last, next))
}
