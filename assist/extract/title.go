package extract

import (
	"strings"
	"unicode/utf8"

	"dengwen/assist/prefilter"
)

const (
	maxTitle = 30 // characters
	maxLine  = 80 // characters of a line of the summary
)

var (
	// telling words make a clause say what the matter is.
	telling = prefilter.MustCompile(`拖欠|欠薪|工资|工钱|低保|补偿|补助|补贴|征地|拆迁|强拆|宅基地|承包地|污染|污水|废气|粉尘|灰尘|扰民|噪音|噪声|油烟|臭|漏水|渗水|停水|停电|自来水|电压|路灯|修路|路面|坑洼|塌|滑坡|裂|垃圾|物业|车位|停车|违建|加盖|占道|占用|占了|贪污|受贿|截留|冒领|挪用|侵吞|回扣|好处费|不作为|报警|打伤|被打|诈骗|骗|集资|退款|退费|押金|假种子|过期|假货|涨价|收费|乱收费|学区|入学|补课|老师|幼儿园|校车|班车|公交|出租车|红绿灯|医院|手术|误诊|诊所|疫苗|准生证|户口|身份证|社保|养老|医保|退休|工伤|辞退|合同|信号|宽带|银行|贷款|水渠|水库|砍|野猪|养殖|退伍|选举|账目|公开|建议|增设|赔偿|受伤|摔|房产证|交房|质量|电梯|暖气|燃气|wage|noise|unpaid|pollut|broken|garbage|road|water|complain|suggest`)
	// trouble is what is wrong with the thing: 水渠是前年修的 is only its story.
	trouble = prefilter.MustCompile(`坏|塌|裂|漏|断了|堵|臭|吵|不亮|不通|没有?[水电路]|过不去|不给|不发|拖欠|欠|积水|淹`)
	opening = prefilter.MustCompile(`^(?:尊敬的?[^,。!\n]{0,12}|各位领导|领导|你们?好|您们?好|我(?:是|叫)[^,。]{0,20}(?:人|村民|业主|居民|职工|工人|学生|家长|的)?$|本人(?:是|系|叫)?[^,。]{0,16}(?:人|村民|业主|居民)?$|我(?:想|要)(?:反映|投诉|举报|问)(?:一下|一个|个)?(?:问题|情况|事情|事)?$|(?:我们?家?|俺们?家?|咱们?)住在?[^,。]{2,16}$|(?:我们?|俺们?|咱们?|在|是)*[\p{Han}]{1,6}(?:镇|乡|街道)[\p{Han}0-9]{0,10}(?:村|组|社|屯|街|巷|路口|小区|单元|号楼|那边|这边)$|(?:谢谢|感谢)[^,。]{0,8}|hello|dear [a-z ]+)$`)
	lead    = prefilter.MustCompile(`^(?:就是|然后|而且|但是|可是|但|并且|那么|只是|同时|首先|其次|一是|二是|请问(?:一下)?|想请问(?:一下)?|我?想(?:知道|了解|咨询)(?:一下)?|因为|所以|由于|现在|另外|还有|其实|本来|后来|结果|我(?:想|要)(?:反映|投诉|举报|说|问)(?:一下|一个|个|的是)?|(?:反映|投诉|举报|关于|咨询)(?:一下)?|领导你?好|您好|你好)[,: ]*`)
)

// numbers are the characters of a clause that is a day, an hour or a telephone number and says nothing of the matter.
const numbers = "0123456789年月日号上下午早晚点分时 "

// title is one line of at most maxTitle characters: where, and the clause that says what is wrong.
func title(t *text, where Slot, matter clause) string {
	what := t.words(matter.start, clampTo(t.normal, matter.end)).Text
	what = strings.TrimSpace(strings.Join(strings.Fields(what), " "))
	for range 3 {
		what = lead.ReplaceAllLiteralString(what, "")
	}
	what = strings.Trim(what, "，,。.；;：: 、!！?？")
	if rest := since.ReplaceAllLiteralString(what, ""); !strings.HasPrefix(rest, "的") { // 去年的补贴 is what it is about
		what = rest
	}
	if thing := thingBefore(t, matter); thing != "" && !topical.MatchString(what) {
		what = thing + "：" + what
	}
	spot := where.From.Text
	if spot != "" && !strings.Contains(what, spot) && utf8.RuneCountInString(spot) <= 14 {
		what = joined(spot, what)
	}
	return shorten(what, maxTitle)
}

var (
	// thing is what a matter is mostly about, with whose or where it is.
	things  = `路灯|路面|马路|公路|道路|水渠|水管|水表|水井|水塔|自来水|水库|电线|电杆|变压器|信号|电梯|房子|房屋|宅基地|耕地|土地|林地|围墙|小区|工资|工钱|低保|补偿款|押金|学校|河道|河堤|垃圾|下水道|化粪池`
	thing   = prefilter.MustCompile(`(?:(?:[一二三四五六七八九十0-9]{1,2}组|村里|组里|门口|门前|屋后|家里|小区|那边)的?)?(?:` + things + `)|(?:[一二三四五六七八九十0-9]{1,2}组|村里?|门[口前]|屋后|那边)的?[路桥]`)
	topical = prefilter.MustCompile(things + `|[路桥][^,。]|[没停断][水电]|拖欠|欠薪|噪音|噪声|扰民|污染|油烟|贪|骗|医院|低保|补助|户口|社保|养老`)
	since   = prefilter.MustCompile(`^(?:(?:今年|去年|前年|最近|这几天|这段时间|大?前天|昨天|今天|昨[晚夜]上?|今[早晚]上?|上个?(?:月|周|星期)[底初末中]?|现在|目前|近期)(?:上午|下午|早上|晚上|夜里|半夜|凌晨|中午)?(?:[0-9一二三四五六七八九十]{1,3}点(?:多|半|钟)?)?)(?:以来|开始|就|都|又)?`)
)

// thingBefore is the thing that the clause before the matter names, where the matter itself is only "it": 三组的路.
func thingBefore(t *text, matter clause) string {
	from := max(matter.start-90, 0)
	before := t.before(matter.start, matter.start-from)
	if i := strings.LastIndexAny(before, "。!?;\n"); i >= 0 {
		before = before[i+1:]
	}
	all := thing.FindAllStringIndex(before, -1)
	if len(all) == 0 {
		return ""
	}
	last := all[len(all)-1]
	return before[last[0]:last[1]]
}

// joined puts the place before the thing: 下梁镇三组的路：…, or before a colon. Words that
// end the place and begin the thing are said once.
func joined(spot, what string) string {
	for i := range spot {
		if utf8.RuneCountInString(spot[i:]) > 1 && strings.HasPrefix(what, spot[i:]) {
			return spot + strings.TrimPrefix(what, spot[i:])
		}
	}
	if head, _, ok := strings.Cut(what, "："); ok && utf8.RuneCountInString(head) <= 10 && topical.MatchString(head) {
		return spot + what
	}
	return spot + "：" + what
}

func clampTo(s string, end int) int {
	for end < len(s) && !utf8.RuneStart(s[end]) {
		end++
	}
	return end
}

// shorten cuts s to n characters, the last one an ellipsis where something was cut.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimRight(string(r[:n-1]), "，,、 ") + "…"
}

// summary is three lines for the officer: where, when and who; what; what was tried and what is asked.
func summary(t *text, r Reading, matter clause) []string {
	var circumstances []string
	add := func(label, value string) {
		if value != "" {
			circumstances = append(circumstances, label+value)
		}
	}
	add("地点：", firstOf(r.PlaceText.Value, r.Place.From.Text))
	if len(r.Times) > 0 {
		add("时间：", r.Times[0].Slot.From.Text)
	}
	if r.People.Found() {
		add("涉及：", r.People.Slot.From.Text)
	}
	if len(r.Amounts) > 0 {
		add("金额：", r.Amounts[0].Slot.From.Text)
	}
	if len(circumstances) == 0 {
		circumstances = []string{"地点、时间未说明"}
	}
	what := "问题：" + strings.TrimSpace(t.words(matter.start, clampTo(t.normal, matter.end)).Text)
	asks := "诉求：没有直说"
	if r.Request.Found() {
		asks = "诉求：" + r.Request.Value
	}
	if len(r.Tried) > 0 {
		asks = shorten("已做："+r.Tried[0].Value, maxLine/2) + "；" + asks
	}
	return []string{shorten(strings.Join(circumstances, "；"), maxLine), shorten(oneLine(what), maxLine), shorten(oneLine(asks), maxLine)}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
