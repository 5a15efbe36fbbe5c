package citizen

import (
	"regexp"
	"strings"

	"dengwen/bot"
	"dengwen/bot/acts"
	"dengwen/bot/corrections"
	"dengwen/petition"
)

// What is said in front of the card is one of: a stop, a yes, a correction, a question, an
// answer to what is open, another matter, or more of the story. What changes the petition
// is shown and undone with one press.

// cardText takes words said in front of the card.
func cardText(t *step) bool {
	text := t.e.Text
	switch {
	case saysStop(text):
		t.dropDraft()
	case politeReply(text) != "" || saysYes(text):
		t.note("card.press")
		t.ask()
	case t.classOnCard() && t.classSaid(text):
	case oneOf(text, wrongWords):
		t.enter(stateEditing)
	case t.correct(text):
	case looksLikeQuestion(text) && (asked.MatchString(text) || !saysOther(text)):
		if !asked.MatchString(text) && !t.surelyAsks(text) {
			t.set("doubt", text) // what has no answer is more of the story
		}
		t.question(text)
	case lettersIn(text) < 2:
		return false
	case t.answersOpen(text):
	case t.get("rewrite") == "" && !saysOther(text) && t.meant(text):
	case lettersIn(text) < shortestMatter || t.get("rewrite") != "":
		t.addToStory()
	default:
		t.set("more", text)
		t.wait(stateUnderstanding)
		t.do("more", bot.Effect{Read: &bot.Read{Text: text, Lang: t.s.Lang}})
	}
	return true
}

// asked are words that are a question whether it has an answer or not.
var asked = regexp.MustCompile(`[?？吗呢么][。.!！ ]*$|(?i)^(?:how|what|when|where|who|why|can|will|do|does|is)\b`)

// shortestMatter is how many letters words need to be a matter of their own.
const shortestMatter = 8

var wrongWords = []string{"不对", "错了", "不是", "改", "改一下", "有错", "写错了", "说错了", "wrong", "no", "not right", "change it"}

// A yes is words that agree, a word for handing in, and how a sentence ends, each of which may be missing.
const (
	agreeing = `(?:嗯+|是的?|哦|对头|对的?|[好行]的?|可以|就|核对|无误|看[了过]+|都|中|要得|得|那|[你您]们?|恁|[帮给][我俺]们?|帮忙|麻烦|请予?|直接|确[定认]|赶[紧快]|快点?|现在|马上|立刻|这样子?|这些|按?照这个[弄办]?|照办|[没冇莫么][得有]?(?:错|问题|毛病|麻达|意见|事|啥(?:要)?改的?|要改的|了)|(?:一字|一点儿?|分毫)(?:不差|没错)|[不冇](?:用|消|使)?改了?|正是这样|ok|okay)`
	handing  = `(?:往上)?(?:提交|递交|[交报送递发呈整]|搞起|整起|走起|冲)(?:上去|出去|上|起|那|它|了)*`
	ending   = `(?:[着了吧的啊呀哈嘛咧呢噻咯嘞呗哦啦嘎撒]|就[中行好成]|谢+[您你]?|多谢|唔该|辛苦了?[您你]?了?|拜托了?|麻烦[您你]?了?|[您你]们?)`
)

var yesWords = regexp.MustCompile(`^` + agreeing + `*(?:` + agreeing + `|` + handing + `)` + ending + `*$|^(?:(?:yes|yep|yeah|sure|right|ok|okay|correct|great|perfect|fine|exactly|that's right|that is right|(?:that's|it's) (?:all )?(?:right|correct|good|fine)|looks? (?:good|right|fine)|all (?:right|correct|good)|please|thanks|thank you|now|just|go ahead|(?:and )?(?:submit|send|file|lodge)(?: (?:it|this|that))?(?: off| in)?)[ ,.!]*)+$`)

func saysYes(text string) bool {
	return yesWords.MatchString(bare(text)) || oneOf(text, []string{"嗯", "嗯嗯"})
}

var stopWords = regexp.MustCompile(`^(?:还是|那就?|我|先|算了|不用了|现在|暂时|请|帮我|这件?事?|这个)*(?:(?:不想?|不要|不用|别|先别|先不|不再|不准备|不打算)(?:再|给我|要)?(?:交|提交|反映|告|投诉|举报|登记|申诉|上访|信访|弄|办|报|上报|发|管)|撤回|撤销|撤掉|取消|作废|删掉|删了|放弃|算了|不交|不弄)(?:了|吧|啦|提交|登记|反映|这件?事?|它|掉)*$|^(?:cancel(?: it)?|never mind|forget it|stop|don't (?:submit|send)(?: it)?|do not (?:submit|send)(?: it)?|i don't want to (?:submit|send|file)(?: it)?(?: any more| anymore)?)$`)

// stopSaid is a stop within a short sentence that says more; others who refuse to do something
// are none.
var (
	stopSaid = regexp.MustCompile(`(?:不要?|莫|别|先不|不想|不用)(?:往上|再|给我|要)?(?:交|提交|登记|反映|上交|上报)(?:我?这个|了|啦|吧|哈|上去)|撤销|撤回|取消|作废|当我没说|我后悔了|不弄了|算了算了`)
	others   = regexp.MustCompile(`他们|人家|村[上里委]|镇[上里]|学校|派出所|单位|公司|老板说|局[里上]|物业|窗口`)
)

// shortStop is how many letters such a sentence has at most. A wrong guess costs a press: a
// stop is always asked about.
const shortStop = 22

func saysStop(text string) bool {
	plain := bare(text)
	return stopWords.MatchString(plain) || lettersIn(plain) <= shortStop && stopSaid.MatchString(plain) && !others.MatchString(plain) && !strings.Contains(plain, "还能")
}

// bare is a text in small letters without marks and blanks between Chinese characters.
func bare(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if !hasHan(text) {
		return strings.Trim(text, ".!~ ")
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\t，,。.！!~～、；;…", r) {
			return -1
		}
		return r
	}, text)
}

// answersOpen takes words that answer what the story left open: a place and nothing else,
// the name of a subject.
func (t *step) answersOpen(text string) bool {
	d := t.s.Draft
	if d.Known[string(statePlace)] == "" && lettersIn(text) <= longPlace && placeAlone.MatchString(bare(text)) {
		t.keepUndo()
		code, exact := t.findPlace(text)
		d.Filing.Place = petition.Place{Code: code}
		if !exact {
			d.Filing.Place.Text = clip(strings.TrimSpace(text), maxField)
		}
		d.Known[string(statePlace)] = "told"
		t.enter(Card)
		return true
	}
	if d.Known[string(stateSubject)] == "" && d.Filing.Class != petition.Report {
		if c, ok := t.subjectNamed(text); ok {
			t.keepUndo()
			d.Filing.Subject = c.Code
			d.Known[string(stateSubject)] = "told"
			t.enter(Card)
			return true
		}
	}
	return false
}

// placeAlone is words that name a place and say nothing else.
var placeAlone = regexp.MustCompile(`^(?:就?(?:在|是)|地点(?:在|是)?|我们?(?:在|是)|发生在)?[\p{Han}0-9]{1,12}?(?:街道|社区|小区|[镇乡村组街路庄坪沟湾寨])(?:[\p{Han}0-9]{0,8}(?:村|组|社区|小区|[号巷弄院]|[0-9]))?(?:的|那边|那里|这边|这里)?$`)

// addToStory adds the words to the story.
func (t *step) addToStory() {
	t.keepUndo()
	t.note("story.added")
	t.tell("told")
}

// moreRead goes on with words said in front of the card once they have been read by
// themselves: another matter is asked about, the rest belongs to the story.
func (t *step) moreRead(tag string, o *bot.Outcome) {
	text := t.get("more")
	if t.s.State != stateUnderstanding || t.s.Draft == nil || tag != itoa(t.s.Step) || text == "" {
		return
	}
	if t.otherMatter(text, o.Reading) || t.readsOther(text) {
		t.enter(stateMore)
		return
	}
	t.set("more", "")
	t.e.Text = text
	t.addToStory()
}

var sayOther = regexp.MustCompile(`另外一?[件个桩回]|另一[件个桩回]|再说一?[件个桩]|第二[件个桩]|(?:还|又)有一?[件个桩](?:别的|其他)?(?:事|情况|问题)|还有个|(?:还|再|顺便)(?:想|要)?(?:再)?(?:反映|投诉|说)一?[件个桩]|顺便(?:再)?(?:反映|说|提)|再一个[，, 是]|(?:的|件)事也(?:一起|一并|一块)?(?:说|反映|写)|another (?:matter|thing|problem|issue)|something else|a second (?:matter|thing|problem)`)

// saysOther reports words that say that what they tell is another matter.
func saysOther(text string) bool { return sayOther.MatchString(strings.ToLower(text)) }

// goesOn begins words that may tell another matter, or more of this one.
var goesOn = regexp.MustCompile(`^(?:对了|哦|噢)*[，, ]*(?:另外|此外)[，, 、：:]*`)

// otherMatter reports words that tell of something else than the draft does: they say so,
// or read by themselves they are a matter at another place or on another subject.
func (t *step) otherMatter(text string, r *bot.Reading) bool {
	d := t.s.Draft
	if saysOther(text) || goesOn.MatchString(text) && lettersIn(text) >= leastOther && !sharesWords(text, d.Filing.Facts) {
		return true
	}
	if r == nil || r.Kind != "story" || d.Reading == nil {
		return false
	}
	elsewhere := r.Place.Value != "" && r.Place.Conf >= surePlace && d.Filing.Place.Code != "" && r.Place.Value != d.Filing.Place.Code
	subject := r.Subject.Conf >= otherSubject && d.Filing.Subject != "" && t.firstLevel(r.Subject.Value) != t.firstLevel(d.Filing.Subject)
	asks := r.Request.Value != "" && !r.Derived
	apart := subject && r.Title != "" && !sharesWords(text, d.Filing.Facts)
	return elsewhere && (subject || asks) || subject && asks || apart
}

// sharesWords reports that two texts have two neighbouring Chinese characters in common.
func sharesWords(a, b string) bool {
	r := []rune(a)
	for i := 0; i+2 <= len(r); i++ {
		if hasHan(string(r[i])) && hasHan(string(r[i+1])) && strings.Contains(b, string(r[i:i+2])) {
			return true
		}
	}
	return false
}

// otherSubject is how sure a subject must be to speak for another matter.
const otherSubject = 0.6

func (t *step) firstLevel(code string) string {
	if c, ok := t.category(code); ok && c.Parent != "" {
		return c.Parent
	}
	return code
}

// askMore asks whether words belong to this matter or are another one.
func askMore(t *step) {
	t.say(t.text("more.ask", "Text", clip(strings.Join(strings.Fields(t.get("more")), " "), 60)),
		[]bot.Button{t.btn("more.add", "add"), t.btn("more.other", "other")},
		[]bot.Button{t.btn("more.drop", "ignore")})
}

func pressMore(t *step, action, _ string) bool {
	text := t.get("more")
	switch action {
	case "add":
		t.set("more", "")
		t.e.Text = text
		t.addToStory()
	case "other":
		t.set("more", "")
		t.set("later", strings.TrimPrefix(t.get("later")+"\n"+text, "\n"))
		t.note("more.later")
		t.enter(Card)
	case "ignore":
		t.set("more", "")
		t.note("leave.done")
		t.enter(Card)
	default:
		return false
	}
	return true
}

// moreText takes a typed answer; any other words are added to those asked about.
func moreText(t *step) bool {
	switch text := t.e.Text; {
	case saysYes(text) || oneOf(text, []string{"另外一件", "是另外一件", "another", "another matter"}):
		return pressMore(t, "other", "")
	case oneOf(text, []string{"不是", "同一件", "是同一件", "一件事", "就是这件", "no", "the same", "same"}):
		return pressMore(t, "add", "")
	case lettersIn(text) < 2 || looksLikeQuestion(text):
		return false
	default:
		more, _ := truncate(t.get("more")+"\n"+text, maxFacts)
		t.set("more", more)
		t.ask()
	}
	return true
}

// takeLater begins the matter that was put off while another one was open; false when
// there is none.
func (t *step) takeLater() bool {
	text := t.get("later")
	if text == "" {
		return false
	}
	t.set("later", "")
	t.note("more.now")
	t.e.Text = text
	t.newDraft()
	t.tell("told")
	return true
}

// keepUndo remembers the draft before a change made by words.
func (t *step) keepUndo() {
	d := t.s.Draft.Clone()
	d.Undo = nil
	t.s.Draft.Undo = d
}

// undo takes the last change back.
func (t *step) undo() bool {
	d := t.s.Draft
	if d.Undo == nil {
		return false
	}
	files := d.Filing.Attachments // what was sent meanwhile stays
	t.s.Draft = d.Undo.Clone()
	t.s.Draft.Filing.Attachments = files
	t.note("undo.done")
	t.enter(Card)
	return true
}

// actMessage is a message in front of the card as bot/acts reads it.
func actMessage(text, story string) acts.Message {
	m := acts.Message{Text: text, Story: story}
	_, corrects := findCorrection(text)
	list := corrections.Find(text, corrections.Told{Story: story}, corrections.Story)
	counts := len(list) > 0 && list[0].Plain
	for _, h := range []struct {
		name  string
		holds bool
	}{
		{"question", looksLikeQuestion(text)}, {"stop", saysStop(text)}, {"yes", saysYes(text)}, {"correction", corrects},
		{"other", sayOther.MatchString(strings.ToLower(text))}, {"place", placeAlone.MatchString(bare(text))}, {"mends", mends.MatchString(text)}, {"counts", counts},
	} {
		if h.holds {
			m.Hints = append(m.Hints, h.name)
		}
	}
	return m
}
