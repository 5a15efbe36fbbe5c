package citizen

import (
	"strings"

	"dengwen/assist/prefilter"
	"dengwen/bot"
	"dengwen/petition"
)

// Thanks are a matter of their own: they are passed to whom they concern, ask for nothing and
// are shown on a card without what a petition needs.

var (
	gratitude = prefilter.MustCompile(`^.{0,14}(?:感谢|表扬|谢谢|多谢|致谢|点赞|道谢|好评|赞扬|夸)(?:一下|一哈|下)?.{4,}|锦旗|表扬(?:一下|一哈|信)?|感谢信|点个?赞|(?:特别|十分|非常|真的?|太)(?:感谢|谢谢)|^.{0,30}\b(?:thank|praise|grateful|thanks to)\b.{6,}`)
	// wanting are words of somebody who wants more than to thank.
	wanting = prefilter.MustCompile(`但是?|可是|不过|就是(?:还|有)|希望|盼望|请(?:[^转表]|$)|要求|求(?:你|您)|没(?:有)?人[管来理]|不(?:给|管|退|让|理|发|修|赔)|拖欠|欠|投诉|举报|反映.{0,12}(?:问题|情况)|还没|至今|怎么|咋|吗|？|\?|坏|漏|塌|断|停[水电]|脏|臭|吵|骗|扣|but |please|however|why|broken|want`)
)

const longestThanks = 300

// thanks reports words that thank or praise and ask for nothing.
func thanks(text string) bool {
	s := strings.ToLower(text)
	return gratitude.MatchString(s) && !wanting.MatchString(s) && lettersIn(s) <= longestThanks
}

const knownThanks = "thanks"

func isThanks(d *bot.Draft) bool { return d != nil && d.Known[knownThanks] == "yes" }

// takeThanks makes a matter of its own of words of thanks.
func (t *step) takeThanks() bool {
	d := t.s.Draft
	if d.Guided || d.Known[knownThanks] == "no" || !thanks(d.Filing.Facts) {
		return false
	}
	d.Known[knownThanks] = "yes"
	d.Known["kind"] = "told"
	d.Filing.Class, d.Filing.Request, d.Filing.Subject = petition.Suggestion, "", ""
	d.Filing.Title = clip(t.text("thanks.title", "Text", firstClause(d.Filing.Facts)), 60)
	for _, st := range []bot.State{stateClass, stateRequest, stateSubject} {
		d.Known[string(st)] = "told"
	}
	return true
}

// firstClause is the first clause of a text.
func firstClause(text string) string {
	head := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("，。！；：,.!;:\n", r) })
	if len(head) == 0 {
		return text
	}
	return strings.TrimSpace(head[0])
}

// askThanks shows what is passed on.
func (t *step) askThanks() {
	d := t.s.Draft
	lines := []string{t.text("thanks.card", "Text", clip(strings.Join(strings.Fields(d.Filing.Facts), " "), 200))}
	if name := t.placeName(d.Filing.Place); name != "" {
		lines = append(lines, t.text("card.place", "Place", name))
	}
	if files := t.cardFiles(); files != "" {
		lines = append(lines, files)
	}
	rows := [][]bot.Button{{t.mainBtn("thanks.send", "send"), t.btn("thanks.not", "nothanks")}, {t.btn("card.files", "files"), t.btn("button.drop", "drop")}}
	if d.Undo != nil {
		rows = append(rows, []bot.Button{t.btn("card.undo", "undo")})
	}
	t.say(strings.Join(lines, "\n"), rows...)
}

// notThanks goes on with the words as with any others.
func (t *step) notThanks() {
	d := t.s.Draft
	d.Known[knownThanks] = "no"
	d.Filing.Class, d.Filing.Title = "", ""
	for _, st := range []bot.State{stateClass, stateRequest, stateSubject} {
		delete(d.Known, string(st))
	}
	t.read()
}
