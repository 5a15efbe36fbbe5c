package corrections

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// Words that say what was wrong (k) and what is right (n).
const (
	phrase = `[^,，。；;！!？?… ]`
	is     = `(?:而是|应该是|应该在|其实是|实际是|明明是|就是|是|系|在|叫|属于?|归|姓)`
	isNot  = `(?:不是|唔系|不系|并非|不在|不属于?|不归|不叫)`
	wrote  = `(?:写|打|说|听|看|算|记|按|搞|弄|认|当)(?:成了?|到|在)`
	begins = `(?:^|[,，。；;！!？? ])`
	ends   = `(?:$|[,，。；;！!？? ])`
)

// contrasts are ways to say both.
var contrasts = func() (all []*regexp.Regexp) {
	for _, s := range []string{
		isNot + `(?:那个|什么|啥)?(?P<k>` + phrase + `{1,12}?)[,，、；; ]+` + is + `(?P<n>` + phrase + `{1,14})`,
		is + `(?P<n>` + phrase + `{1,8}?)(?:而)?` + isNot + `(?P<k>` + phrase + `{1,8})`,
		begins + `(?:` + is + `)?(?P<n>` + phrase + `{1,14}?)[,，!！。；; ]+(?:而)?` + isNot + `(?:那个|什么|啥)?(?P<k>` + phrase + `{1,12})`,
		begins + `(?P<n>` + phrase + `{1,12}?)(?:的事|那边)?[,，。；; ]+(?:[恁你您]们?)?(?:咋|怎么)?(?:就)?(?:给我?|把我?)?们?` + wrote + `(?P<k>` + phrase + `{2,10})`,
		wrote + `(?P<k>` + phrase + `{2,12}?)(?:去|里)?[了咧哒]?[,，。；; ]+(?:我们?|其实|本来|那)*(?:这|那)?` + is + `?(?P<n>` + phrase + `{2,14})`,
		`(?:咋会?|怎么会|哪里?)(?:能)?是(?P<k>` + phrase + `{2,10})[,，；; ]+(?:明明|本来|应该|那)?` + is + `(?P<n>` + phrase + `{2,12})`,
		`(?:叫|是)(?P<n>` + phrase + `{2,8}?)[噻嘛啊呀的]?[,，； ]+(?:啥子?|什么|哪来的?|哪里?是)(?P<k>` + phrase + `{2,8})`,
		begins + `(?P<k>` + phrase + `{2,12}?)[字]?(?:我|你们?)?(?:写|打|说|搞|弄|记)?(?:错|岔|不对|有误)` + phrase + `{0,3}[,，。；; ]+(?:我们?|应该|其实|那)*` + is + `?(?P<n>` + phrase + `{2,14})`,
		is + `(?P<n>` + phrase + `{2,12}?)[,，；; ]+(?P<k>` + phrase + `{2,10}?)(?:那边|那里)?是(?:隔壁|另|别|以前|老|我娘)`,
		begins + `(?P<k>` + phrase + `{2,10}?)(?:早就?|现在|已经)*(?:并到|并进|并入|改叫|改名叫?)了?(?P<n>` + phrase + `{2,10})`,
		`(?:把|将)(?P<k>` + phrase + `{1,14}?)(?:改成|改为|换成)(?P<n>` + phrase + `{2,14})`,
		is + `(?P<n>` + phrase + `{2,12})[,，；; ]+(?:根本|压根)?不关(?P<k>` + phrase + `{2,10}?)(?:的|什么|啥)?事`,
	} {
		all = append(all, regexp.MustCompile(s))
	}
	return all
}()

var (
	leadIn  = regexp.MustCompile(`^(?:请|把|我们|我|俺|他们|的|那家|那个|这个|那边|那|这|其实|实际上?|应该|就|本来|明明|是|系|在|叫|归|属于|属|于|到|人家|写成|写|给)+`)
	leadOut = regexp.MustCompile(`(?:才对|管|那边|那里|这边|这里|的路|的事|的|吧|了|咧|哒|啊|呀|哈|噻|嘛|嘞|哩|咯|喽|来着|得嘛|去|才是|可不中|那个.{1,4})+$`)
	// unlike are words that no name of a place or thing has.
	unlike = regexp.MustCompile(`[我你您恁俺咱]|没|不[^锈]|[了着过]|怎么|什么|要|才|都|再|因为|所以|觉得`)
	unit   = regexp.MustCompile(`(?:街道办?|社区|小区|[省市县区镇乡村组社寨屯员站厂店院校局所])`)
	inner  = regexp.MustCompile(`^.{2,}(?:划给|归|属于|属|在|叫|是)(.{2,})$`)
)

// ofWords finds words that are told otherwise: both are said, or the right ones differ by one character.
func ofWords(text string, told Told) []Change {
	for _, find := range []func(string, Told) []Change{contrasted, containing, levelled, sided, oneOff} {
		if c := find(text, told); len(c) > 0 {
			return c
		}
	}
	return nil
}

func contrasted(text string, told Told) []Change {
	for _, re := range contrasts {
		m := re.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		was, then := standsIn(m[re.SubexpIndex("k")], told.Story), clean(m[re.SubexpIndex("n")])
		if c, ok := changed(widened(was, then, told.Story), then); ok {
			return []Change{c}
		}
	}
	return nil
}

// widened is what was wrong with what the right words say again around it: 北桥工地 for 北桥 beside 南桥工地.
func widened(was, then, story string) string {
	at := strings.Index(story, was)
	if was == "" || at < 0 {
		return was
	}
	for i := range then {
		if i > 0 && strings.HasPrefix(story[at+len(was):], then[i:]) {
			was += then[i:]
			break
		}
	}
	for i := len(then) - 1; i > 0; i-- {
		if utf8.RuneStart(then[i]) && strings.HasSuffix(story[:at], then[:i]) {
			return then[:i] + was
		}
	}
	return was
}

// clean is what is right without the words around it.
func clean(then string) string {
	then = leadOut.ReplaceAllString(leadIn.ReplaceAllString(then, ""), "")
	if m := inner.FindStringSubmatch(then); m != nil {
		then = leadOut.ReplaceAllString(m[1], "")
	}
	return strings.Trim(then, "“”\"'「」")
}

// standsIn is what stands in the story of words that were wrong, with the unit behind it; "" where too little does.
func standsIn(wrong, story string) string {
	wrong = strings.Trim(leadOut.ReplaceAllString(leadIn.ReplaceAllString(wrong, ""), ""), "“”\"'「」")
	r := []rune(wrong)
	if loose := looseIn(r, story); loose != "" {
		return loose + unitAfter(story, loose)
	}
	for n := len(r) - 1; n >= 2 && 2*n > len(r); n-- {
		for i := 0; i+n <= len(r); i++ {
			s := string(r[i : i+n])
			at := strings.Index(story, s)
			if at < 0 || !hasHan(s) {
				continue
			}
			return s + unitAfter(story, s)
		}
	}
	return numbered(wrong, story)
}

// looseIn is where words stand in a story, with a 的 between them or none.
func looseIn(r []rune, story string) string {
	if len(r) < 2 {
		return ""
	}
	var parts []string
	for _, c := range r {
		parts = append(parts, regexp.QuoteMeta(string(c)))
	}
	return regexp.MustCompile(strings.Join(parts, "的?")).FindString(story)
}

// unitAfter is the unit behind the first place of words in a story.
func unitAfter(story, words string) string {
	rest := story[strings.Index(story, words)+len(words):]
	if loc := unit.FindStringIndex(rest); loc != nil && loc[0] == 0 {
		return rest[:loc[1]]
	}
	return ""
}

// numbered is the full name of what is called by its number alone: 二院 for 第二人民医院.
func numbered(short, story string) string {
	r := []rune(short)
	if len(r) != 2 || digit(r[0]) == 0 || !strings.ContainsRune("院中小", r[1]) {
		return ""
	}
	kind := map[rune]string{'院': "医院", '中': "中学", '小': "小学"}[r[1]]
	return regexp.MustCompile(`第?` + string(r[0]) + `(?:人民|初级|高级|完全|实验|中心)*` + kind).FindString(story)
}

const towns = "省市县区镇乡村组社寨屯"

// changed is the change of one name into another, with the unit it had where it is told without.
func changed(was, then string) (Change, bool) {
	n := utf8.RuneCountInString(then)
	if was == "" || then == "" || was == then || n < 2 || n > 12 || unlike.MatchString(then) || strings.Contains(was, then) && n < 3 {
		return Change{}, false
	}
	if r := []rune(then); len(r) == 2 && digit(r[0]) > 0 && strings.HasPrefix(was, "第") { // 三院 for 第三人民医院
		w := []rune(was)
		w[1] = r[0]
		return Change{Field: Place, Wrong: was, Then: string(w), Plain: true}, true
	}
	last, _ := utf8.DecodeLastRuneInString(was)
	end, _ := utf8.DecodeLastRuneInString(then)
	field := Story
	if townly(was) || strings.HasSuffix(was, "街道") || strings.HasSuffix(was, "小区") || strings.HasSuffix(was, "社区") {
		field = Place
		if townly(was) && !strings.ContainsRune(towns, end) && !unit.MatchString(then) {
			then += string(last)
		}
	}
	return Change{Field: field, Wrong: was, Then: then, Plain: true}, true
}

// townly reports a name that ends as those of towns and their parts do.
func townly(name string) bool {
	last, _ := utf8.DecodeLastRuneInString(name)
	return strings.ContainsRune(towns, last) && !market.MatchString(name)
}

var market = regexp.MustCompile(`[超门城集夜菜]市$`) // 市 of a market, not of a city

var belongs = regexp.MustCompile(`(?:^|[,，。；; ])(?:我们?)?(` + phrase + `{2,8}?)(?:早就|现在|其实)?(?:划给|属于?|归)了?(` + phrase + `{2,8}?)(?:管|来着|的|了|$|[,，。])`)

// lyingIn is the town or the county at the end of what comes before a place.
var lyingIn = regexp.MustCompile(`([\p{Han}]{2,3}?[区县市镇乡])(?:的)?$`)

// containing finds the town or the county that a place lies in: 坂田属龙岗.
func containing(text string, told Told) []Change {
	m := belongs.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	at := strings.Index(told.Story, strings.TrimRight(m[1], "村镇乡"))
	then := clean(m[2])
	if at <= 0 || then == "" {
		return nil
	}
	first := lyingIn.FindStringSubmatch(told.Story[:at])
	if first == nil {
		return nil
	}
	if c, ok := changed(first[1], then); ok {
		return []Change{c}
	}
	return nil
}

// level is a name with what it is: a town, a village, a community.
var level = regexp.MustCompile(`([\p{Han}]{2,5}?)(街道|社区|小区|[县区镇乡村])`)

var ledTo = regexp.MustCompile(`^.*(?:改成|改为|换成|[写打说听]成|是|在|归|属于?|叫|到|住)`)

// above is the level over the last one of a place: the town of a village.
var above = regexp.MustCompile(`([县区镇乡])[\p{Han}]{2,5}$`)

var levels = regexp.MustCompile(`(?:[\p{Han}]{2,5}?(?:街道|社区|小区|[县区镇乡村]))+`)

// levelNamed is a level whose name is told behind it: 村名叫罗庄.
var levelNamed = regexp.MustCompile(`([县区镇乡村])(?:名|名字)?(?:叫|是)([\p{Han}]{2,4}?)(?:[噻嘛啊哈,，。]|$)`)

// levelled finds a town, a community told as the right one where the story has one of its kind: 我归光明街道管.
func levelled(text string, told Told) []Change {
	if !wrongness.MatchString(text) {
		return nil
	}
	named := levelNamed.FindStringSubmatch(text)
	var said [][]string
	for _, m := range levels.FindAllString(text, -1) { // 小岭镇罗庄村 for a village
		if m = ledTo.ReplaceAllString(m, ""); !level.MatchString(m) {
			continue
		}
		all := level.FindAllStringSubmatch(m, -1)
		last := all[len(all)-1]
		said = append(said, []string{m, strings.TrimSuffix(m, last[2]), last[2]})
	}
	if named != nil {
		said = append(said, []string{"", named[2], named[1]})
	}
	for _, m := range said {
		then := clean(m[1]) + m[2]
		if utf8.RuneCountInString(then) < 2+utf8.RuneCountInString(m[2]) || strings.Contains(told.Story, then) || unlike.MatchString(then) {
			continue
		}
		var like []string
		for _, s := range level.FindAllStringSubmatch(told.Story, -1) {
			if s[2] == m[2] {
				like = append(like, leadIn.ReplaceAllString(s[1], "")+s[2])
			}
		}
		if len(like) == 1 && like[0] != then {
			was := widened(like[0], then, told.Story)
			if up := above.FindStringSubmatch(then); up != nil && was == like[0] { // with its town, where both tell one
				was = regexp.MustCompile(`(?:[\p{Han}]{2,3}` + up[1] + `)?` + was).FindString(told.Story)
			}
			return []Change{{Field: Place, Wrong: was, Then: then, Plain: deniesAny.MatchString(text)}}
		}
	}
	return nil
}

var deniesAny = regexp.MustCompile(`错|岔|不对|不是|不归|不属|写成|听成|改`)

// sides are what one of two may be called.
var sides = []string{"东", "西", "南", "北", "左", "右", "前", "后", "上", "下", "里", "外", "大", "小", "正", "副", "新", "老"}

// sided finds one side told for another: 后院 for 前院, 左边那只手 for 右手.
func sided(text string, told Told) []Change {
	for _, a := range sides {
		for i := 0; ; {
			at := strings.Index(told.Story[i:], a)
			if at < 0 {
				break
			}
			at += i
			i = at + len(a)
			thing, size := utf8.DecodeRuneInString(told.Story[i:])
			if size == 0 || !unicode.Is(unicode.Han, thing) {
				continue
			}
			was := a + string(thing)
			k := strings.Index(text, was)
			if k < 0 {
				continue
			}
			for _, b := range sides {
				other := regexp.MustCompile(b + `(?:边|面|侧|头)?(?:的|那只|那个|那条)*` + string(thing)).FindString(text)
				if b == a || other == "" || strings.Contains(told.Story, b+string(thing)) {
					continue
				}
				return []Change{{Field: Story, Wrong: was, Then: b + string(thing), Plain: deniesAny.MatchString(text)}}
			}
		}
	}
	return nil
}

// oneOff finds a name that differs in one character from one of the story, where words say that it was wrong.
func oneOff(text string, told Told) []Change {
	if !deniesAny.MatchString(text) && !strings.Contains(text, "叫") && !strings.HasPrefix(text, "是") {
		return nil
	}
	for _, clause := range between.Split(text, -1) {
		then := []rune(clean(clause))
		if len(then) < 3 || len(then) > 6 || unlike.MatchString(string(then)) {
			continue
		}
		if was := oneOther(then, told.Story); was != "" {
			return []Change{{Field: Story, Wrong: was, Then: string(then), Plain: deniesAny.MatchString(text)}}
		}
	}
	return nil
}

// particles are characters that are of no name.
const particles = "没不一二三四五六七八九十哟吗的了在是有还也就把给和跟被说要想去来到"

// oneOther is what stands in a story once that differs in one character, all Chinese.
func oneOther(then []rune, story string) string {
	if strings.Contains(story, string(then)) {
		return ""
	}
	r := []rune(story)
	found := ""
	for i := 0; i+len(then) <= len(r); i++ {
		off := 0
		for k := range then {
			if !unicode.Is(unicode.Han, r[i+k]) || !unicode.Is(unicode.Han, then[k]) {
				off = 9
				break
			}
			if r[i+k] != then[k] {
				off++
				if digit(r[i+k]) > 0 && digit(then[k]) > 0 && k+1 < len(then) && strings.ContainsRune("小中院", then[k+1]) {
					continue // 实验一小
				}
				if strings.ContainsRune(particles, r[i+k]) || strings.ContainsRune(particles, then[k]) {
					off = 9
				}
			}
		}
		if off == 1 {
			if found != "" {
				return ""
			}
			found = string(r[i : i+len(then)])
		}
	}
	return found
}
