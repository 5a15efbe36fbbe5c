package extract

import (
	"strings"
	"unicode/utf8"

	"dengwen/assist/prefilter"
)

var (
	asked = prefilter.MustCompile(`(?:我的?|我们的?|本人)?(?:诉求|要求|请求)(?:是|为|如下|有|:|:)|强烈要求|恳请|恳求|请求|特请|敬请|盼望|盼|望(?:有关|相关|领导|政府|部门|上级|贵|各|能|早日|尽快|给|予)|希望|要求|祈求|请(?:你们|您们?|有关|相关|领导|政府|部门|上级|帮|为|给|查|尽快|依法|严|核|督促|责令|问|求|把|管|县|镇|区|市|贵|各|示|予|信访|环保|公安|教育|劳动|住建|城管|民政|派人|修|来|对|协调|落实|解决|调查|处理|你)|(?:^|[,。;:!?、\s])请[^问假客人吃教,。]|想让|想请|我要控告|求(?:求|领导|政府|帮|给|你|您|助)|能不能|能否|可否|可不可以|是否(?:可以|能|该)|我(?:们)?(?:就)?(?:想|要)(?:要|讨|拿|让|求|请|知道|回|问|的是)|麻烦|帮(?:我|忙|帮)|建议|应该给|给我们?一个|给个(?:说法|答复|交代)|讨个?(?:说法|公道)|还我们?|(?:please|we (?:want|ask|request|demand|hope)|i (?:want|ask|request|demand|hope|would like|suggest))`)
	// What only looks like the writer's request.
	notAsked = prefilter.MustCompile(`(?:他们?|老板|物业|公司|学校|医院|厂里|开发商|对方|老师|村里|镇里|局里|银行|[她它])(?:还|就|都|又|却|也|一直|强制|强行|硬)?$`)
)

// request returns what the writer asks for: the clause with the plainest asking, its words unchanged. Where nobody
// asks in so many words, one is derived from the matter and derived is true.
func request(t *text, matter clause) (s Slot, derived bool) {
	best, bestWeight := clause{}, 0.0
	for _, c := range t.sentences {
		if from, weight := askedIn(t, c); weight > 0 && weight+0.02 >= bestWeight {
			best, bestWeight = clause{from, min(c.end, from+maxRequest)}, weight
		}
	}
	if bestWeight > 0 {
		end := best.end
		if m := contactAfter.FindStringIndex(t.normal[best.start:end]); m != nil && m[0] > 0 {
			end = best.start + m[0]
		}
		for end < len(t.normal) && !utf8.RuneStart(t.normal[end]) {
			end--
		}
		return t.slot(best.start, end, bestWeight), false
	}
	return Slot{derive(t), 0.4, t.words(matter.start, matter.end)}, true
}

// contactAfter begins what no longer belongs to a request.
var contactAfter = prefilter.MustCompile(`[, ]\s*(?:我的?|本人|联系)?(?:联系)?(?:人|电话|手机|方式|地址|姓名|微信)[号码是:]?|[, ]?\s*1[3-9]\d{9}|[,]\s*(?:谢谢|此致|感谢)`)

const maxRequest = 360 // bytes, about 120 characters

func askedIn(t *text, c clause) (from int, weight float64) {
	s := t.of(c)
	for _, m := range asked.FindAllStringIndex(s, -1) {
		word := s[m[0]:m[1]]
		if notAsked.MatchString(s[:m[0]]) || strings.HasSuffix(s[:m[0]], "没") || strings.HasSuffix(s[:m[0]], "申") || strings.HasSuffix(s[:m[0]], "寻") {
			continue
		}
		w := 0.75
		switch {
		case strings.Contains(word, "诉求") || strings.Contains(word, "恳") || strings.Contains(word, "请求") || strings.HasPrefix(word, "强烈") || strings.HasPrefix(word, "please"):
			w = 0.95
		case strings.HasSuffix(word, "请问"):
			w = 0.55
		case strings.Contains(word, "要求") || strings.Contains(word, "希望") || strings.HasPrefix(word, "望") || strings.HasPrefix(word, "请"):
			w = 0.9
		case strings.HasPrefix(word, "请问"):
			w = 0.55
		case strings.HasPrefix(word, "能") || strings.HasPrefix(word, "可") || strings.HasPrefix(word, "是否"):
			w = 0.7
		}
		if w > weight {
			from, weight = c.start+m[1]-len(strings.TrimLeft(word, ",。;:!?、 \t\n")), w
		}
	}
	return from, weight
}

// derivations say what people in a plight usually ask for, as they would say it: it
// stands on the card before them. The first that fits is taken.
var derivations = []struct {
	when *prefilter.Regexp
	ask  string
}{
	{prefilter.MustCompile(`贪|受贿|截留|冒领|侵吞|私吞|挪用|好处费|回扣`), "查清楚，依规依法处理"},
	{prefilter.MustCompile(`工资|工钱|薪|血汗钱`), "把欠的工钱付清"},
	{prefilter.MustCompile(`征地|征收|拆迁|补偿|补尝|青苗|占了我家|占了我们`), "把该给的补偿给到"},
	{prefilter.MustCompile(`低保|五保|特困|救助`), "看看够不够条件，按规定给低保或者救助"},
	{prefilter.MustCompile(`噪音|噪声|扰民|吵`), "把噪音管住"},
	{prefilter.MustCompile(`污染|污水|废气|粉尘|灰尘|臭|油烟|异味`), "查一查，把污染治好"},
	{prefilter.MustCompile(`漏水|渗水|开裂|裂缝|质量`), "查清是什么问题，修好"},
	{prefilter.MustCompile(`停水|自来水|供水|水费`), "让水正常供上"},
	{prefilter.MustCompile(`停电|电压|供电|变压器|电费`), "让电正常供上"},
	{prefilter.MustCompile(`路灯`), "把路灯修好"},
	{prefilter.MustCompile(`路面|修路|道路|公路|的路|路塌|路坏|路烂|坑|桥`), "把路修好"},
	{prefilter.MustCompile(`班车|公交|客车|出租`), "让坐车方便些"},
	{prefilter.MustCompile(`工伤|摔|受伤|砸`), "把受伤的事依法处理好，该赔的赔"},
	{prefilter.MustCompile(`骗|诈|集资|跑路`), "查清楚，把钱追回来"},
	{prefilter.MustCompile(`退款|退费|不退|押金|预付|退卡`), "把交的钱退回来"},
	{prefilter.MustCompile(`医院|医生|手术|诊所`), "查清看病的经过，给个答复"},
	{prefilter.MustCompile(`上学|入学|学区|学籍`), "让孩子能上学"},
	{prefilter.MustCompile(`违建|加盖|占道|私搭`), "查处违建"},
	{prefilter.MustCompile(`社保|养老|医保|退休`), "把社保的事办好"},
	{prefilter.MustCompile(`wage|salary|unpaid`), "Pay the wages that are owed."},
}

func derive(t *text) string {
	for _, d := range derivations {
		if d.when.MatchString(t.normal) {
			return d.ask
		}
	}
	return "查清楚，给个答复"
}
