package citizen

import (
	"regexp"
	"strings"

	"dengwen/bot"
	"dengwen/bot/acts"
	"dengwen/bot/corrections"
	"dengwen/petition"
)

// correction is what somebody sets right: the words that were wrong, where they are named,
// those that are right, and the field, where it is named.
type correction struct {
	field       bot.State
	wrong, then string
}

// fieldWords are how people name a field of the card.
var fieldWords = []struct {
	words string
	field bot.State
}{
	{`地点|地方|位置|村名|镇名|村子|the place|place|the village|the location|location`, statePlace},
	{`我?的?姓名|我?的?名字|my name|the name|name`, stateName},
	{`我?的?电话(?:号码)?|手机号?码?|号码|联系方式|my phone|the phone|phone number|phone`, statePhone},
	{`我?的?住址|家庭住址|我家地址|(?:我家?|家)住的?(?:地方|小区|社区|村子?)?|my address|the address|address|i live`, stateAddress},
	{`要求|诉求|请求|希望|我的要求|the request|request`, stateRequest},
	{`人数|(?:一起|一块|同我|跟我)?(?:来)?(?:反映|签字|签名|联名|投诉)的(?:人)?(?:一共|总共|其实|实际)*(?:有|就|是)*|我们(?:一共|总共|其实|实际)+(?:有|就|是)*|the number of people`, statePeople},
	{`标题|题目|the title|title`, fieldTitle},
}

var (
	fieldNamed = func() []*regexp.Regexp {
		var list []*regexp.Regexp
		for _, f := range fieldWords {
			list = append(list, regexp.MustCompile(`(?i)^(?:不好意思|对不起|哦|啊|那个|请|把|我的|你们?把|[，, ])*(?:`+f.words+`)(?:您|你|你们|我)?(?:写|说|打|搞|弄|记|填|读|is )?(?:错|不对|有误|wrong)?(?:了|的)?[，,。；;：: ]*(?:应该|其实|实际)?(?:should be|is|to|改成|改为|换成|更正为|是|叫|在|为)?[：: ]*(.+?)$`))
		}
		return list
	}()
	// mends are words that say that something was wrong.
	mends = regexp.MustCompile(`(?i)错|岔|其实|实际|忘[了记]|说[少多]|[少多]说|本人叫|不姓|不在|没说|不对|有误|不是|改成|改为|改到|换成|更正|应该是|应为|wrong|should be|change|not `)
	// of two sides: the wrong and the right one
	notThis = []*regexp.Regexp{
		regexp.MustCompile(`^(?:.{0,6}?[，, ])?(?:我说的|地点|地方|我)?(?:不是|并不是|并非|[\p{Han}]{0,5}不在)(?:在|叫)?([^，,。；;是]{1,20}?)(?:的路|的事)?[，,。；; ]*(?:而是|应该是|应该在|实际是|其实是|它?是|在|叫)(?:在)?(.{1,40})$`),
		regexp.MustCompile(`^(?:[^，,。；;]{0,8}(?:错|岔)[了咧啦]?[，, ]+)?(?:是|应该是|在)?([^，,。；;不]{1,30}?)[，,；; ]+不是(?:在)?(.{1,20})$`),
		regexp.MustCompile(`^(?:请)?(?:把|将)?(.{1,30}?)(?:改成|改为|换成|更正为)(.{1,40})$`),
		regexp.MustCompile(`(?i)^(?:sorry,? ?|no,? ?)?(?:it is |it's |its )?not (?:in |at )?(.{2,40}?),? (?:but|it is|it's|it should be)(?: in| at)? (.{2,60})$`),
		regexp.MustCompile(`(?i)^(?:sorry,? ?|no,? ?)?not (.{2,40}?), (.{2,60})$`),
		regexp.MustCompile(`(?i)^(?:please )?change (.{2,40}?) (?:to|into) (.{2,60})$`),
		regexp.MustCompile(`(?i)^(?:sorry,? ?|no,? ?|oh,? ?)?(?:it is|it's|it was|it should be|it should say|i meant|i mean)(?: in| at)? (.{2,40}?),? (?:and )?not (?:in |at )?(.{2,40})$`),
	}
	// of one side: the right one
	thisInstead = regexp.MustCompile(`(?i)^(?:不好意思|对不起|抱歉|哦|啊|sorry)?[，, ]*(?:我|前面|刚才|上面)?(?:说|写|打|搞|弄|记|填)?(?:错了?|不对|有误|i was wrong|that is wrong|that's wrong)[，,。；;：: ]*(?:不是.{1,16}?[，, ])?(?:应该|其实|实际上?)?(?:是|叫|在|为|it is|it's|it should be)?[：: ]*(.{2,40})$|^(?:应该是|应为|改成|改为|更正为?|it should be)[：: ]*(.{2,40})$`)
	// the right one first: 是三组 我打错了
	thisWasWrong = regexp.MustCompile(`^(?:应该)?(?:是|叫|在)(.{1,20}?)[，, ]*(?:我)?(?:打|写|说|搞|弄|记)(?:错|岔)[了咧啦]?$`)
	// the wrong one named: 三千八写错了，应该是一千八百三
	thatWasWrong = regexp.MustCompile(`^(.{1,14}?)[字]?(?:我)?(?:(?:打|写|说|搞|弄|记)?(?:错|岔)[了咧啦]?[，, ]*(?:应该|其实)?(?:是|归|叫|在)|(?:说[少多]|[少多]说)[了咧啦]?[，, ]*(?:应该|其实|前前后后|一共|总共|有|是)*)(.{1,30}?)(?:管)?$`)
	// a number to call me by, and no other: 打我娃的 139…; that of somebody else is told otherwise
	numberTold = regexp.MustCompile(`^(?:[^0-9]{0,8}[，, ])?(?:请|就|可以|改)?(?:打|联系|拨)我(?:[\p{Han}]{1,3}的|的|这个)?(?:电话|手机|号码?)?[ ：:]*(1[3-9][0-9]{9})[。. ]*$`)
	// whom the petition is from: 我叫陈启才，刚才忘了写
	selfNamed = regexp.MustCompile(`^(?:.{0,16}[，, ])?我(?:本人)?(?:的名字)?(?:叫|是叫)([\p{Han}·•]{2,5}?)(?:[，, ]*(?:刚才|刚刚|前面|上面)?(?:忘|没|漏)(?:了|记|有)?(?:写|填|说|讲)?了?)?$`)
	// a surname: 不姓刘，姓柳
	surnameNot = regexp.MustCompile(`不姓(\p{Han})[，, ]*(?:是)?姓(\p{Han})`)
	// what is wanted, and what was not: 我没说搬家，我是要他们停工
	wantsThis = regexp.MustCompile(`^我(?:没说|不是要|没要|没有要)(.{1,20}?)[，, ]+我?(?:是|就是|只是)?(?:要|想要?|只要)(.{2,40})$`)
	namesSelf = regexp.MustCompile(`我[叫是]|姓名|名字|住址|地址`) // says more than the number
	saidIt    = regexp.MustCompile(`^(?:我|刚才|前面|上面|是)*(?:说|写|打|搞|弄|记|填|讲)?$`)
	trailing  = regexp.MustCompile(`(?:才对|吧|了|啊|呀|的路|的事|那边|那里|[，,。.！!；; ])+$`)
)

var hanNumeral = regexp.MustCompile(`[零〇一二两三四五六七八九十百千万]+`)

// The places in notThis of those that say the right one first.
const (
	rightFirst        = 1
	rightFirstEnglish = 6
)

// findCorrection reads words as a correction; ok is false where they are none.
func findCorrection(text string) (c correction, ok bool) {
	text = strings.TrimSpace(text)
	if m := numberTold.FindStringSubmatch(text); m != nil && lettersIn(text) <= shortNumber && !namesSelf.MatchString(text) {
		return correction{field: statePhone, then: m[1]}, true
	}
	if lettersIn(text) > longestCorrection || strings.ContainsAny(text, "?？\n") || saysOther(text) || !mends.MatchString(text) {
		return c, false
	}
	if m := selfNamed.FindStringSubmatch(text); m != nil && (strings.Contains(text, "本人") || strings.ContainsAny(text, "忘没漏")) {
		return correction{field: stateName, then: m[1]}, true
	}
	if m := surnameNot.FindStringSubmatch(text); m != nil {
		return correction{wrong: m[1], then: m[2]}, true
	}
	if m := wantsThis.FindStringSubmatch(text); m != nil {
		return correction{field: stateRequest, then: tidy(m[2])}, true
	}
	for i, re := range notThis {
		if m := re.FindStringSubmatch(text); m != nil {
			c.wrong, c.then = tidy(m[1]), tidy(m[2])
			if i == rightFirst || i == rightFirstEnglish {
				c.wrong, c.then = c.then, c.wrong
			}
			for n, f := range fieldNamed { // 把地点改成…
				if f.MatchString(c.wrong+"是x") || strings.EqualFold(fieldOnly(n, c.wrong), c.wrong) {
					c.field, c.wrong = fieldWords[n].field, ""
					break
				}
			}
			return c, c.then != ""
		}
	}
	for n, re := range fieldNamed {
		if m := re.FindStringSubmatch(text); m != nil && tidy(m[1]) != "" {
			return correction{field: fieldWords[n].field, then: tidy(m[1])}, true
		}
	}
	if m := thisWasWrong.FindStringSubmatch(text); m != nil {
		c.then = tidy(m[1])
		return c, c.then != ""
	}
	if m := thatWasWrong.FindStringSubmatch(text); m != nil && tidy(m[1]) != "" && tidy(m[2]) != "" {
		wrong := tidy(m[1])
		if saidIt.MatchString(wrong) {
			wrong = ""
		}
		return correction{wrong: wrong, then: tidy(m[2])}, true
	}
	if m := thisInstead.FindStringSubmatch(text); m != nil {
		c.then = tidy(m[1] + m[2])
		return c, c.then != ""
	}
	return c, false
}

// shortNumber is how many letters and digits a sentence has that only gives a number to call.
const shortNumber = 28

// longestCorrection is how many letters a correction has at most; longer words are more of
// the story.
const longestCorrection = 50

func fieldOnly(n int, words string) string {
	if regexp.MustCompile(`(?i)^(?:` + fieldWords[n].words + `)$`).MatchString(words) {
		return words
	}
	return ""
}

func tidy(s string) string {
	return strings.Trim(trailing.ReplaceAllString(strings.TrimSpace(s), ""), "：:“”\"'「」 ")
}

// correct changes the field that somebody sets right and says what it is now; false where
// the words are no correction of anything on the card.
func (t *step) correct(text string) bool {
	if t.plainlyWrong(text) {
		return true
	}
	c, ok := findCorrection(text)
	if !ok {
		return false
	}
	if c.field == "" {
		c.field = t.fieldOf(c)
	}
	switch c.field {
	case statePlace:
		return t.correctPlace(c)
	case stateName, stateAddress, statePhone, stateRequest:
		return t.correctWords(c)
	case statePeople:
		return t.correctPeople(c)
	case fieldTitle:
		if m := titleWords.FindStringSubmatch(text); m != nil {
			c.then = strings.Trim(m[1], "：:“”\"'「」。. ")
		}
		return t.correctTitle(c)
	}
	return t.correctStory(c)
}

// plainlyWrong makes the change of words that say themselves that something was wrong, and what.
func (t *step) plainlyWrong(text string) bool {
	if addsOn.MatchString(text) || saysOther(text) || strings.ContainsRune(text, '\n') || lettersIn(text) > longestCorrection {
		return false
	}
	m := actMessage(text, t.s.Draft.Filing.Facts)
	if act, p := acts.Read(m); act != acts.Correction && p >= sureNone {
		return false
	}
	field, _ := acts.FieldOf(m)
	list := corrections.Find(text, t.toldBefore(), fieldsMended[field])
	return len(list) > 0 && list[0].Plain && t.setRight(list)
}

// sureNone is how sure the reader is of what plain words of a correction are not taken for one in spite of.
const sureNone = 0.9

var phoneShape = regexp.MustCompile(`^[0-9０-９][0-9０-９ -]{6,14}$`)

// fieldOf is the field a correction is about: the one that holds the wrong words, else what
// the right ones look like.
func (t *step) fieldOf(c correction) bot.State {
	f := t.s.Draft.Filing
	holds := func(value string) bool { return c.wrong != "" && strings.Contains(value, c.wrong) }
	switch {
	case holds(f.Contact.Name):
		return stateName
	case holds(f.Contact.Phone) || phoneShape.MatchString(c.then):
		return statePhone
	case holds(t.placeName(f.Place)) || holds(f.Place.Text):
		return statePlace
	case holds(f.Contact.Address):
		return stateAddress
	case holds(f.Request) || f.Request != "" && lettersIn(f.Request) >= 4 && strings.Contains(c.wrong, f.Request):
		return stateRequest
	case placeAlone.MatchString(bare(c.then)):
		return statePlace
	}
	if code, _ := t.findPlace(c.wrong); code != "" && code == f.Place.Code {
		return statePlace // the town by another of its names
	}
	return ""
}

// correctStory puts the right words in the place of the wrong ones and has the story read
// again, as after a message that was edited.
func (t *step) correctStory(c correction) bool {
	d := t.s.Draft
	if one, ok := strings.CutPrefix(c.wrong, "one "); ok && !strings.Contains(d.Filing.Facts, c.wrong) {
		c.wrong = "a " + one
	}
	if c.wrong == "" || !strings.Contains(d.Filing.Facts, c.wrong) {
		return false
	}
	t.keepUndo()
	t.replaceInStory(c)
	t.note("correct.done", "Text", clip(c.then, maxField))
	t.read()
	return true
}

func (t *step) replaceInStory(c correction) {
	d := t.s.Draft
	for i, p := range d.Parts {
		d.Parts[i].Text = strings.ReplaceAll(p.Text, c.wrong, c.then)
	}
	joinParts(d)
}

// correctPlace replaces the place; where the story named the wrong one, its words follow, so
// that title and request are read from the right ones.
func (t *step) correctPlace(c correction) bool {
	d := t.s.Draft
	if lettersIn(c.then) < 2 || lettersIn(c.then) > longPlace {
		return false
	}
	if whole, ok := t.oneLevel(c.then); ok {
		if !strings.Contains(t.placeWords(), whole.wrong) {
			return t.correctStory(whole)
		}
		c.wrong, c.then = whole.wrong, whole.then
	}
	t.keepUndo()
	code, exact := t.findPlace(c.then)
	old := d.Filing.Place
	place := old
	place.Lat, place.Lon, place.Code, place.Text = 0, 0, code, c.then
	if exact {
		place.Text = t.belowTown(old)
	}
	if town, ok := t.locality(old.Code); code == "" && ok && namedIn(town, strings.ToLower(d.Filing.Facts)) != "" && c.wrong != town.Name {
		place.Code = old.Code // the town was named and is not what was wrong
	}
	c.wrong = t.wholePlace(c)
	d.Filing.Place = place
	d.Known[string(statePlace)] = "told"
	t.note("correct.place", "Place", t.placeName(place))
	if c.wrong != "" && strings.Contains(d.Filing.Facts, c.wrong) {
		t.replaceInStory(c)
		t.read()
		return true
	}
	t.enter(Card)
	return true
}

// wholePlace is what stands in the story for the place that was wrong, though less of it was
// named: 石瓮 for 石瓮村, or the whole place where what is right is whole too.
func (t *step) wholePlace(c correction) string {
	words, facts := t.placeWords(), t.s.Draft.Filing.Facts
	unit := unitAtEnd.FindString(c.then)
	switch {
	case c.wrong == "":
		return words
	case unit != "" && strings.Contains(facts, c.wrong+unit):
		return c.wrong + unit
	case strings.HasSuffix(strings.ToLower(c.then), " town") && strings.Contains(strings.ToLower(facts), strings.ToLower(c.wrong)+" town"):
		return c.wrong + " town"
	case strings.Contains(words, c.wrong) && lettersIn(c.then) > lettersIn(c.wrong)+1:
		return words
	}
	return c.wrong
}

// oneLevel puts one level of a place, 三组, where the place as it was told, or else the story,
// has that level.
func (t *step) oneLevel(then string) (whole correction, ok bool) {
	unit := unitAtEnd.FindString(then)
	if unit == "" || lettersIn(then) > 4 {
		return whole, false
	}
	level := regexp.MustCompile(`[一二三四五六七八九十0-9]{1,3}` + regexp.QuoteMeta(unit))
	if !level.MatchString(then) {
		return whole, false
	}
	old := t.placeWords()
	if was := level.FindString(old); was != "" {
		return correction{wrong: old, then: strings.Replace(old, was, then, 1)}, true
	}
	was := level.FindString(t.s.Draft.Filing.Facts)
	return correction{wrong: was, then: then}, was != ""
}

var unitAtEnd = regexp.MustCompile(`(?:街道办?|[镇乡村组街栋幢号楼]|社区|小区)$`)

// belowTown is what a place says below its town: a town that is set right leaves it.
func (t *step) belowTown(old petition.Place) string {
	text := old.Text
	if town, ok := t.locality(old.Code); ok {
		text = strings.TrimPrefix(strings.TrimSpace(text), town.Name)
	}
	if _, town := t.findPlace(text); town {
		return ""
	}
	return strings.TrimSpace(text)
}

// placeWords are the words of the story that the place was read from.
func (t *step) placeWords() string {
	d := t.s.Draft
	if d.Reading == nil {
		return ""
	}
	for _, words := range []string{d.Reading.PlaceText, d.Filing.Place.Text, d.Reading.Place.From} {
		if words != "" && lettersIn(words) <= longPlace && strings.Contains(d.Filing.Facts, words) {
			return words
		}
	}
	return ""
}

// correctWords replaces a field that is words.
func (t *step) correctWords(c correction) bool {
	d := t.s.Draft
	at := map[bot.State]*string{
		stateName: &d.Filing.Contact.Name, stateAddress: &d.Filing.Contact.Address,
		statePhone: &d.Filing.Contact.Phone, stateRequest: &d.Filing.Request,
	}[c.field]
	value, hidden := withoutIdentity(clip(c.then, maxAnswer))
	if value == "" || hidden || c.field == statePhone && !phoneShape.MatchString(value) {
		return false
	}
	t.keepUndo()
	if c.wrong != "" && strings.Contains(*at, c.wrong) {
		value = strings.ReplaceAll(*at, c.wrong, value)
	}
	*at = value
	d.Known[string(c.field)] = "told"
	t.note("correct.done", "Text", value)
	t.enter(Card)
	return true
}

func (t *step) correctPeople(c correction) bool {
	then, _, _ := strings.Cut(c.then, "不是")
	n := atoi(number.FindString(then))
	if n == 0 {
		n = int(corrections.Number(hanNumeral.FindString(then)))
	}
	if n < 1 || n > maxPeople {
		return false
	}
	t.keepUndo()
	t.s.Draft.Filing.People = n
	t.s.Draft.Known[string(statePeople)] = "told"
	t.note("correct.done", "Text", tidy(then))
	t.enter(Card)
	return true
}

// fieldTitle is the line that names the matter. It has no question of its own.
const fieldTitle bot.State = "title"

// correctTitle takes the words that somebody wants to stand above the matter.
func (t *step) correctTitle(c correction) bool {
	value, hidden := withoutIdentity(clip(c.then, maxTitle))
	if lettersIn(value) < 2 || hidden {
		return false
	}
	t.keepUndo()
	t.s.Draft.Filing.Title = value
	t.s.Draft.Known[string(fieldTitle)] = "told"
	t.note("correct.done", "Text", value)
	t.enter(Card)
	return true
}

// titleWords are the words of a title as they were said, to their end.
var titleWords = regexp.MustCompile(`(?i)(?:改成|改为|换成|写成|写为|应该是|\bto\b|\bbe\b|是)[：: ]*(.+)$`)

// maxTitle is how many characters a title has at most.
const maxTitle = 60
