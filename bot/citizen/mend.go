package citizen

import (
	"regexp"
	"strings"

	"dengwen/bot/acts"
)

// meant goes on with words in front of the card that no rule knew: by what they most likely
// do. What is not sure belongs to the story, and is taken back with one press.
func (t *step) meant(text string) bool {
	m := actMessage(text, t.s.Draft.Filing.Facts)
	act, p := acts.Read(m)
	switch {
	case p < acts.Sure || addsOn.MatchString(text) && act == acts.Correction:
		return false
	case act == acts.Stop && p >= sureStop && lettersIn(text) <= longestStop:
		t.dropDraft()
	case act == acts.Yes && p >= sureYes && lettersIn(text) <= longestYes:
		t.note("card.press")
		t.ask()
	case act == acts.Question && p >= sureAsked:
		t.set("doubt", text)
		t.question(text)
	case act == acts.Correction && lettersIn(text) <= longestCorrection && !strings.Contains(text, "\n") && (p >= sureMended || setsRight(text, m.Story)):
		field, _ := acts.FieldOf(m)
		return t.mend(field, text)
	default:
		return false
	}
	return true
}

// setsRight reports words that say that something stands wrong, or want something else instead. Without any
// such words a short matter of its own looks much like a correction.
func setsRight(text, story string) bool {
	_, counts := numberMended(text, story)
	return counts || mends.MatchString(text) || unwanted.MatchString(text) || doubtsCount.MatchString(text) || only.MatchString(text)
}

var only = regexp.MustCompile(`(?i)只[要求想]|就[行好中]|要的是|我[姓叫]|属|归|\bonly\b|\bjust\b|\binstead\b`)

// addsOn begins words that are more of the story, whatever they look like.
var addsOn = regexp.MustCompile(`(?i)^(?:还有|另外|补充|再加|再说|顺便|对了|also\b|and also)`)

// How sure the reader must be, and how long such words are at most: what is taken for a yes is
// not kept.
const (
	sureStop    = 0.6
	sureMended  = 0.9
	sureYes     = 0.85
	sureAsked   = 0.75
	sureOther   = 0.8
	leastOther  = 12
	longestStop = 40
	longestYes  = 30
)

// readsOther reports words that most likely tell another matter.
func (t *step) readsOther(text string) bool {
	act, p := acts.Read(actMessage(text, t.s.Draft.Filing.Facts))
	return act == acts.Other && p >= sureOther && lettersIn(text) >= leastOther
}

// doubted goes back to the story with what was taken for a question and has no answer; false
// where there was none.
func (t *step) doubted() bool {
	text := t.get("doubt")
	t.set("doubt", "")
	if text == "" || t.s.State != Card || t.s.Draft == nil {
		return false
	}
	t.e.Text = text
	t.addToStory()
	return true
}

// mend takes words for a correction of a field; false where they do not say what is right.
func (t *step) mend(field acts.Field, text string) bool {
	switch field {
	case acts.Place:
		return t.mendPlace(text)
	case acts.Name:
		return t.mendName(text)
	case acts.Phone:
		return t.mendPhone(text)
	case acts.Request:
		return t.mendRequest(text)
	}
	return t.mendStory(text)
}

var (
	moment   = regexp.MustCompile(`(?:(?:今|去|前|大前|当)年|(?:上|这|本)个?(?:月|周|星期)|昨天|前天|今天|[0-9]{4}年|(?:正|腊|[一二三四五六七八九十]{1,2}|1?[0-9])月(?:份|底|初|中旬)?)+`)
	quantity = regexp.MustCompile(`([0-9一二两三四五六七八九十百千万零半]+(?:\.[0-9]+)?)(块钱?|元|个?多?月|天|年|亩|分|次|回|米|里|公里|车|只|头|层)`)
)

// mendStory puts a time or a quantity that is right where the story has its like once; what
// cannot be put anywhere is kept after the story as what it is.
func (t *step) mendStory(text string) bool {
	facts := t.s.Draft.Filing.Facts
	if c, ok := numberMended(text, facts); ok && strings.Count(facts, c.wrong) == 1 {
		return t.correctStory(c)
	}
	then := strings.Join(right(text), "，")
	if a, b := moment.FindAllString(facts, 2), moment.FindString(then); len(a) == 1 && b != "" && a[0] != b {
		return t.correctStory(correction{wrong: a[0], then: b})
	}
	if m := quantity.FindStringSubmatch(then); m != nil {
		var like []string
		for _, q := range quantity.FindAllStringSubmatch(facts, -1) {
			if q[2] == m[2] {
				like = append(like, q[0])
			}
		}
		if len(like) == 1 && like[0] != m[0] {
			return t.correctStory(correction{wrong: like[0], then: m[0]})
		}
	}
	t.keepUndo()
	t.note("correct.added")
	t.tell("told")
	return true
}

var (
	// aside are clauses that only say that something was wrong, or what it was.
	aside = regexp.MustCompile(`(?i)^(?:(?:不好意思|对不起|哎呀?|哦|啊|那个|更正(?:一下)?|纠正(?:一下)?)|.{0,10}(?:错|岔|混|糊涂|识别|听成|看成|写成|打成|说成).{0,8}|.{0,12}(?:不对|有误)(?:了)?|.{0,8}(?:不是|不在|并非|并不是).{1,16}|sorry.*|.*\bwrong\b.*|.*\bmixed\b.*|not .*)$`)
	// leadIn are words before what is right.
	leadIn  = regexp.MustCompile(`(?i)^(?:请|把|我(?:是|家|们|说的|要的|住)?|地点|地方|地址|名字|姓名|村子?|镇|电话|那是|这是|要求|希望|诉求)*(?:应该|其实|实际上?|就)?(?:改成|改为|换成|写成|写|改|归|属于|算|是|叫|在|为|it is|it's|i meant|it should be|should be)?(?:在|于)?[：: ]*`)
	leadOut = regexp.MustCompile(`(?:才对|管的?|那边|那里|这边|这里|上的|的路|的事|的渠|的地|的|吧|了|咧|啊|呀|哈|才是)+$`)
	clause  = regexp.MustCompile(`[，,。；;！!、 ]+`)
	notLeft = regexp.MustCompile(`^(.+?)(?:[，, ]*(?:并)?不是|[，, ]*而?不是).+$`)
)

// right is what a correction says is right: the clause that says neither that something was
// wrong nor what, without the words around it.
func right(text string) []string {
	var list []string
	for _, c := range clause.Split(strings.TrimSpace(text), -1) {
		c = strings.TrimSpace(c)
		if m := notLeft.FindStringSubmatch(c); m != nil {
			c = m[1]
		}
		if c == "" || aside.MatchString(c) {
			continue
		}
		c = leadIn.ReplaceAllString(c, "")
		if c = leadOut.ReplaceAllString(c, ""); lettersIn(c) >= 2 {
			list = append(list, c)
		}
	}
	return list
}

// placeIn are words that name a place somewhere in a clause.
var placeIn = regexp.MustCompile(`[\p{Han}0-9]{0,12}(?:街道|社区|小区|[镇乡村组街路河庄坪沟湾寨台])[\p{Han}0-9]{0,6}`)

// mendPlace finds the place that is right: the last clause with a town of the office's list,
// else with a place at all.
func (t *step) mendPlace(text string) bool {
	then, towned := "", false
	for _, c := range right(text) {
		code, _ := t.findPlace(c)
		if code == "" && (towned || !placeIn.MatchString(c)) || lettersIn(c) > longPlace {
			continue
		}
		if !placeAlone.MatchString(bare(c)) && !mends.MatchString(text) {
			continue // names a place and tells more of it
		}
		then, towned = c, code != ""
	}
	return then != "" && t.correctPlace(correction{then: then})
}

var (
	surname = regexp.MustCompile(`(?:^|[^不我的])姓([^\P{Han}写错打搞弄记不是的名氏字也就应该])|我姓([^\P{Han}写错打搞弄记不是的名氏字也就应该])`)
	// spelled are surnames told by their parts.
	spelled  = regexp.MustCompile(`(不是|不系|唔系)?(?:双木(林)|木子(李)|弓长(张)|立早(章)|耳东(陈)|口天(吴)|古月(胡)|言午(许)|草头(黄)|三横(王)|双人(徐)|走肖(赵)|人可(何)|十口(叶)|干钩(于)|美女(姜)|四维(罗))`)
	unnamed  = regexp.MustCompile(`字|旁|加|写|错`) // in words that tell how a name is written
	likeName = regexp.MustCompile(`^[\p{Han}·•]{2,5}$`)
	nameIn   = regexp.MustCompile(`(?:名字|姓名|名儿|我)?(?:应该)?(?:是|叫)([\p{Han}·•]{2,4})`)
)

// mendName finds the name that is right: a surname alone goes in where the old one stood.
func (t *step) mendName(text string) bool {
	old := []rune(t.s.Draft.Filing.Contact.Name)
	if first := surnameIn(text); first != "" && len(old) > 1 && string(old[:1]) != first {
		return t.correctWords(correction{field: stateName, then: first + string(old[1:])})
	}
	for _, c := range right(text) {
		m := nameIn.FindStringSubmatch(c)
		if m != nil {
			c = m[1]
		}
		if r := []rune(c); len(old) == 0 && m == nil && (len(r) < 2 || !strings.Contains(t.s.Draft.Filing.Facts, string(r[:2]))) {
			continue // a name is set right that the story begins alike
		}
		if likeName.MatchString(c) && !unnamed.MatchString(c) && c != string(old) && sharesRune(c, string(old)) {
			return t.correctWords(correction{field: stateName, then: c})
		}
	}
	return false
}

// surnameIn is the surname that words give as the right one; "" where they give none.
func surnameIn(text string) string {
	first := "" // the last one told: 弓长张不对，是立早章
	for _, m := range spelled.FindAllStringSubmatch(text, -1) {
		if m[1] == "" {
			first = strings.Join(m[2:], "")
		}
	}
	if first != "" {
		return first
	}
	if m := surname.FindStringSubmatch(text); m != nil {
		return m[1] + m[2]
	}
	return ""
}

// sharesRune reports that two names have a character in common; a name that corrects none
// has nothing to share.
func sharesRune(a, b string) bool { return b == "" || strings.ContainsAny(a, b) }

var phoneIn = regexp.MustCompile(`(?:^|[^0-9])(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})(?:$|[^0-9])`)

// A number of which the last digits are set right, or one counted from its end.
var (
	lastDigits = regexp.MustCompile(`(?:最后|末尾|末|尾数|尾号|后面?|后头)(?:[一二两俩三四]?[位个])?(?:数字?|号码?)?`)
	digitFrom  = regexp.MustCompile(`倒数第([一二三四])位(?:应该?)?[是为] ?([0-9])(?:[^0-9]|$)`)
	ofNumbers  = regexp.MustCompile(`电话|手机|号|尾数|[位数]`)
	fewDigits  = regexp.MustCompile(`(不是|不系|成了?|有个|还有个)? ?([0-9]+)`)
)

// endMended is a number to call with its last digits, or one of them, as words say.
func endMended(old, text string) (string, bool) {
	if m := digitFrom.FindStringSubmatch(text); m != nil {
		at := len(old) - (strings.Index("一二三四", m[1])/len("一") + 1)
		return old[:at] + m[2] + old[at+1:], true
	}
	if !lastDigits.MatchString(text) || !ofNumbers.MatchString(text) {
		return "", false
	}
	then := ""
	for _, m := range fewDigits.FindAllStringSubmatch(text, -1) {
		switch {
		case len(m[2]) > 4:
			return "", false
		case m[1] == "":
			then = m[2]
		}
	}
	return old[:len(old)-len(then)] + then, then != ""
}

// mendPhone takes the last number that is not the one on the card.
func (t *step) mendPhone(text string) bool {
	then := ""
	if old := t.s.Draft.Filing.Contact.Phone; old != "" {
		if then, ok := endMended(old, text); ok && len(old) >= longNumber {
			return t.correctWords(correction{field: statePhone, then: then})
		}
	}
	if namesSelf.MatchString(text) || t.s.Draft.Filing.Contact.Phone == "" && !mends.MatchString(text) {
		return false // tells more than a number that is right
	}
	for _, m := range phoneIn.FindAllStringSubmatch(text, -1) {
		if m[1] != t.s.Draft.Filing.Contact.Phone {
			then = m[1]
		}
	}
	return then != "" && t.correctWords(correction{field: statePhone, then: then})
}

// unwanted are clauses that take back what was asked for before.
var unwanted = regexp.MustCompile(`不要|不用|不是|不退|不写|别写|算了|不换|可以不|也行$|不要求`)

// requestLead are words before what is asked for.
var requestLead = regexp.MustCompile(`^(?:我的?)?(?:要求|希望|诉求|请求)?(?:那里|这里)?(?:改成|改为|换成|写成|改一下|是)?[：:]?(?:就是|只要|只求|我要的是|我要|想)?`)

// asideEnglish is what is not wanted, beside what is.
var asideEnglish = regexp.MustCompile(`(?i), (?:and )?not .*$|^(?:sorry|no),? |^not [^,]*, (?:but )?`)

// mendRequest takes what is asked for now: what is left without what is not wanted any more.
func (t *step) mendRequest(text string) bool {
	if !hasHan(text) {
		then := strings.Trim(asideEnglish.ReplaceAllString(text, ""), " ,.")
		return lettersIn(then) >= 2 && t.correctWords(correction{field: stateRequest, then: then})
	}
	var kept []string
	for _, c := range clause.Split(strings.TrimSpace(text), -1) {
		if c == "" || unwanted.MatchString(c) || aside.MatchString(c) {
			continue
		}
		kept = append(kept, requestLead.ReplaceAllString(c, ""))
	}
	then := strings.TrimSuffix(strings.Join(kept, "，"), "就行")
	then = strings.TrimSuffix(then, "就好")
	if lettersIn(then) < 2 {
		return false
	}
	return t.correctWords(correction{field: stateRequest, then: then})
}
