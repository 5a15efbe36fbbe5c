package citizen

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dengwen/assist/prefilter"
	"dengwen/petition"
)

// Limits on what a stranger can send.
const (
	maxFacts  = 20000 // characters of a story
	maxParts  = 200   // messages of a story that can be edited one by one
	maxAnswer = 2000  // characters of any other answer
	maxField  = 100   // characters of a name or address
	maxPhone  = 40
)

// clip shortens s to n characters, marked by an ellipsis.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return string(r[:n-1]) + "…"
}

// truncate keeps the first n characters and says whether anything was cut off.
func truncate(s string, n int) (string, bool) {
	if utf8.RuneCountInString(s) <= n {
		return s, false
	}
	return string([]rune(s)[:n]), true
}

// lettersIn counts the letters and digits of a text: what is left when dots, blanks and
// pictures are gone.
func lettersIn(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			n++
		}
	}
	return n
}

// hasHan reports Chinese characters.
func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

var identity = regexp.MustCompile(`[0-9０-９]{17}[0-9０-９XxＸｘ]|(?:^|[^0-9])[0-9]{15}(?:$|[^0-9])`)

// withoutIdentity takes identity card numbers out of an answer.
func withoutIdentity(s string) (string, bool) {
	if !identity.MatchString(s) {
		return s, false
	}
	return strings.TrimSpace(identity.ReplaceAllString(s, "")), true
}

var questionWords = []string{
	"吗", "呢", "怎么", "怎样", "如何", "什么时候", "多久", "多长时间", "为什么", "为啥", "会不会", "能不能",
	"可不可以", "是不是", "要不要", "收费", "要钱", "在哪", "找谁", "问谁", "几点", "多少钱", "是多少", "咋办", "咋弄", "什么时间",
	"how ", "when ", "who ", "why ", "what ", "where ", "can i", "do i", "will ", "is it", "should i",
}

var questionForms = prefilter.MustCompile(`还能.{1,8}不(?:，|,|。| |$)|最[晚迟]哪|哪天|多少天|几天(?:内|之内|能)|[是叫说]啥|好长时间|该(?:找|去|问)(?:谁|哪|啥|县|市|镇)|(?:晓得|知道|知不道|懂|可以|要得|得行)(?:不|没得|冇)[。！!]*$|^(?:以后|今后|后头|交了以后|到时候)?(?:咋个?|怎个|啷个|何里|哪里|点样|去哪)|多久|好久|好多天|几时|[有给]没[有得]?(?:人|准话|个准)|没有$|冇[?？]|㗎|可以.{1,12}不$|能.{1,8}不$|行不$|真人还是`)

// turnsOnItself reports the question form 收不收, 晓不晓得.
func turnsOnItself(s string) bool {
	r := []rune(s)
	for i := 1; i+1 < len(r); i++ {
		if r[i] == '不' && r[i-1] == r[i+1] && !strings.ContainsRune("动时", r[i-1]) {
			return true
		}
	}
	return false
}

// looksLikeQuestion reports whether a text reads like a question: the mark, or a question's
// words in a short sentence.
func looksLikeQuestion(text string) bool {
	s := strings.ToLower(strings.TrimSpace(text))
	if strings.HasSuffix(s, "?") || strings.HasSuffix(s, "？") {
		return true
	}
	if utf8.RuneCountInString(s) > 80 {
		return false
	}
	if questionForms.MatchString(s) || turnsOnItself(s) {
		return true
	}
	s += " "
	for _, w := range questionWords {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// greeting is what people say before they say anything.
var greeting = regexp.MustCompile(`^(?:(?:喂|嗨|哈喽|哈罗|[您你]们?好|大家好|领导好|同志|师傅|老师|请问|早上好|上午好|中午好|下午好|晚上好|早|打扰(?:一?下)?|打扰了|麻烦(?:一?下)?|麻烦您|不好意思)(?:啊|呀|了|您|你)*)+$` +
	`|^(?:[您你]好)?(?:请问)?(?:有人|人)?(?:在|有人|有没有人|在线|上班)(?:吗|不|没|没有|没得|么|嘛|不在|啊|呢)*$|^(?:有人|在)(?:没得|没有|不)$|^[您你]是(?:谁|机器人|人工|真人)(?:吗|啊|呀|吧)?$` +
	`|^(?:测试|试试|试一下|测一下|哈+|呵+|嘿+|哦+|额+|呃+)+$|^(?:hello|hi|hey|good (?:morning|afternoon|evening)|anybody there|is anyone there|test)(?: there)?$`)

func isGreeting(text string) bool {
	return short(text) && greeting.MatchString(strings.Trim(bare(text), "?？ "))
}

// tellWords say that something is to be told, and nothing of it.
var tellWords = regexp.MustCompile(`^(?:[您你]好|请问|我们?|想|要|需要|来|在这里?|可以|能|跟[您你]们?|给[您你]们?|向[您你]们?|这里)*(?:投诉|反映|反应|举报|检举|信访|上访|登记|告状|申诉|求助|提(?:个|一个|点)?(?:意见|建议)|说(?:个|一个|点)?事|有(?:个|一个|点|件)?(?:事|情况|问题))(?:一下|一?个|一?件|点|些)?(?:事情?|情况|问题|东西)?(?:吗|嘛|不|啊|呀)?$|^(?:i (?:want|would like|need) to )?(?:complain|file a complaint|make a complaint|report something|lodge a petition|petition|file a petition)$`)

// wantsToTell reports words that only say that something is to be told: what it is, is asked.
func wantsToTell(text string) bool {
	return short(text) && tellWords.MatchString(strings.Trim(bare(text), "?？ "))
}

// short reports a text of at most 200 bytes: longer ones are a story, whatever they begin with.
func short(text string) bool { return len(text) <= 200 }

// politeReply answers with the key of a short reply to thanks and the like.
func politeReply(text string) string {
	switch {
	case oneOf(text, []string{"谢谢", "谢谢您", "谢谢你", "多谢", "谢了", "感谢", "thanks", "thank you"}):
		return "polite.thanks"
	case oneOf(text, []string{"好的", "好", "嗯", "不用了", "没事", "没事了", "知道了", "收到", "明白", "行", "ok", "okay", "再见", "bye"}):
		return "polite.ok"
	}
	return ""
}

func oneOf(text string, list []string) bool {
	s := strings.ToLower(strings.TrimFunc(text, func(r rune) bool { return strings.ContainsRune(" \n.。,，!！~～?？", r) }))
	for _, w := range list {
		if s == w {
			return true
		}
	}
	return false
}

// day is a civil date as people say it; see Day.
func (t *step) day(date string) string {
	return t.conv.locales.Day(t.s.Lang, date, petition.Day(t.now))
}

// moment is the civil date of a point in time.
func (t *step) moment(at time.Time) string { return t.day(petition.Day(at)) }

// phonesOf are the telephone numbers as sentences name them.
func phonesOf(l petition.Lines) map[string]string {
	return map[string]string{
		"Discipline": l.Discipline, "LegalAid": l.LegalAid, "Youth": l.Youth, "Mind": l.Mind, "Hotline": l.Hotline,
	}
}
