package extract

import (
	"math"
	"strings"

	"dengwen/assist/prefilter"
)

// The classes of a petition, as in the Regulation: Art 29, 31, 30.
const (
	Suggestion = "suggestion"
	Claim      = "claim"
	Report     = "report"
)

var (
	// Those whom a report can be against: people who hold public office. Not neighbours, not companies.
	official = prefilter.MustCompile(`村?党?支部?书记|支书|村书记|书记|村主任|村长|村干部?|组长|镇长|乡长|县长|区长|市长|局长|副局|科长|处长|所长|站长|主任|镇干|干部|公务员|民警|警察|法官|检察官|执法人员|城管|官员|[局校村镇乡院所市县区]领导|村委|居委|会计|文书|民政办|政府工作人员|[局所府会]工作人员|校长|院长|党员|队长|official|village head|secretary|mayor|police officer|director`)
	// Misconduct in office that is plain from the word.
	corrupt = prefilter.MustCompile(`贪污|受贿|行贿|索贿|贿赂|贪腐|腐败|侵吞|侵占集体|私分|截留|克扣|冒领|套取|骗取(?:国家|补贴|补助|扶贫|低保|资金)|虚报|挪用|中饱私囊|吃拿卡要|以权谋私|滥用职权|权钱交易|徇私|公款|公车私用|吃空饷|优亲厚友|好处费|回扣|保护伞|官商勾结|官官相护|打击报复|拉票|贿选|买官|卖官|暗箱操作|私吞|违纪|小金库|暗股|收黑钱|收保护费|利用职务|利用职权|假公济私|贱卖|私自卖|通风报信|作风(?:有问题|不正|败坏)|包养|大操大办|embezzl|brib|corrupt|kickback|abuse of power|pocket`)
	// Neglect of office, which many say of mere slowness.
	negligent = prefilter.MustCompile(`玩忽职守|渎职|失职`)
	// Acts that are misconduct only of an official.
	taking    = prefilter.MustCompile(`(?:私下|私自|偷偷|悄悄)[^,。]{0,4}(?:租|卖|包|处理|给)|(?:租|卖|承?包|发|分)给(?:了)?(?:他|自己|其|她)(?:的)?(?:外甥|侄|弟|哥|儿|女|亲|小舅|姐|妹|老婆|兄|朋友)|打[到进](?:了)?(?:他|自己|她)[^,。]{0,4}[卡账户]|(?:书记|主任|支书|村长|干部|会计)[^,。]{0,8}(?:吃|领|享受|办)(?:了|着)?低保|多得多补|死人的[^,。]{0,8}[领取]|领[^,。]{0,4}死人|冒名[^,。]{0,4}领|把[^,。]{0,8}死[^,。]{0,10}[领取]|入了?[干暗]股|(?:承包|工程|项目|名额|补助|岗位|指标|招聘|上班)[^,。]{0,12}(?:妹夫|姐夫|小舅子|外甥|侄子|子女|连襟|亲戚)|收[了受取]?(?:他们?|我们?|人家|老板|施工队|开发商|每户|钱|礼|红包|[^,。]{0,6}?(?:好处|的钱|红包|礼金|现金|烟酒))|要(?:我)?[^,。]{0,5}(?:好处|红包|请客|送礼|意思意思)|送(?:了)?(?:礼|钱|红包|烟|酒)|给(?:了)?他(?:的)?(?:亲戚|弟弟|哥哥|儿子|外甥|小舅子|亲属|家人|老婆|侄子)|(?:自己|他|其)(?:的)?(?:亲戚|亲属|小舅子|儿子|弟弟|侄子|老婆|妻子)[^,。]{0,8}(?:低保|名额|贫困户|工程|补助|承包|上班)|低保[^,。]{0,8}(?:亲戚|关系户)|(?:书记|主任|村长|镇长|乡长|干部|民警|警察|城管|队长|所长|局长)[^,。]{0,10}(?:打人|打了|动手|殴打|辱骂|威胁|喝酒|打麻将|打牌)|上班时间[^,。]{0,6}(?:喝酒|打牌|打麻将)|账目不(?:公开|清)|不公开账|卖了?(?:集体|村里)|据为己有|装进|揣进|进了[^,。]{0,6}(?:腰包|口袋)|私占|霸占集体|占了?集体`)
	accuse    = prefilter.MustCompile(`举报|检举|控告|揭发|实名举报|查处|纪委|监委|巡视|巡察|report (?:the|him|her|our)`)
	suggested = prefilter.MustCompile(`建议|提议|提个意见|提个想法|提一点|能否增设|能不能(?:增设|加|装|设|开|建|多|安排|延长|考虑)|可不可以(?:增设|加|装|设|开|建|多|安排|延长|考虑)|可以考虑|能否考虑|能不能考虑|是不是可以|是否(?:可以|可|能)(?:增设|考虑|增加|开通|设|建)|应该?在[^,。]{1,10}(?:设|装|建|增)|应当?该?(?:增设|增加|设立|推广|加强|设置)|希望(?:能)?(?:增设|增加|开通|延长|推广|加设|多设|考虑|设置|建(?:一?个|座|立|设))|i suggest|suggestion|it would be (?:good|better|nice)|could you consider|propose`)
	grieved   = prefilter.MustCompile(`拖欠|欠(?:我|薪|了|款)|赔|不给|没给|不退|扰民|污染|违法|违规|受伤|摔|骗|停水|停电|漏|强拆|不管|没人管|推诿|踢皮球|投诉|不发|未发|没发|克扣|被打|打伤|拒绝|臭|灰尘|噪音|无人|一直没|至今|维权|补偿|占了|侵占|非法|坏了|裂|塌|失踪|冤|讨|求助|解决|owed?|unpaid|refus|complain|noise|polluti|broke`)
	praise    = prefilter.MustCompile(`感谢|表扬|点赞|锦旗`)
)

// softly are suggestions where nothing is complained of.
var softly = prefilter.MustCompile(`(?:可不可以|能不能|能否|是否可以|是不是可以)把|提个醒|[装设建修加]一?个[^,。]{2,12}(?:就好|方便|花不了|多好|安全)|要是能|如果能`)

// classOf weighs what the words say for each class. A report is one against people in office for corruption or
// abuse; a complaint about an authority's slowness, a company or a neighbour is a claim.
func classOf(t *text) Slot {
	report, from := misconduct(t)
	suggestion := 0.0
	for _, m := range suggested.FindAllStringIndex(t.normal, 2) {
		suggestion += 1.6
		if m[0] < 60 {
			suggestion += 0.8
		}
		if from == nil {
			from = m
		}
	}
	if suggestion == 0 && !grieved.MatchString(t.normal) {
		if m := softly.FindStringIndex(t.normal); m != nil {
			suggestion, from = 2, m
		}
	}
	claim := 1.2 + 0.35*float64(min(len(grieved.FindAllStringIndex(t.normal, 8)), 8))
	if suggestion > 0 && len(grieved.FindAllStringIndex(t.normal, 3)) < 2 {
		claim -= 0.9
	}
	if praise.MatchString(t.normal) {
		claim -= 0.5
	}
	return chosen(t, claim, suggestion, report, from)
}

func chosen(t *text, claim, suggestion, report float64, from []int) Slot {
	c, s, r := math.Exp(1.5*claim), math.Exp(1.5*suggestion), math.Exp(1.5*report)
	sum := c + s + r
	switch {
	case r > c && r > s:
		return slotAt(t, Report, min(r/sum, 0.95), from)
	case s > c:
		return slotAt(t, Suggestion, min(s/sum, 0.95), from)
	}
	return slotAt(t, Claim, min(c/sum, 0.95), grieved.FindStringIndex(t.normal))
}

func slotAt(t *text, value string, confidence float64, at []int) Slot {
	s := Slot{Value: value, Confidence: confidence}
	if at != nil {
		s.From = t.words(at[0], at[1])
	}
	return s
}

const nearby = 150 // bytes of normal form, about fifty characters

// misconduct says how much the text reports on people in office: their title within reach of the act.
func misconduct(t *text) (weight float64, from []int) {
	count := func(m []int, w float64) {
		if w = w * t.earnest(m); w == 0 {
			return
		}
		if from == nil {
			from = m
		}
		weight += w
	}
	for _, m := range inOffice.FindAllStringIndex(t.normal, 4) {
		if authority.MatchString(t.reach(m[0], m[1])) && !official.MatchString(t.reach(m[0], m[1])) {
			count(m, 2.4)
		}
	}
	for i, p := range []*prefilter.Regexp{corrupt, negligent, taking} {
		for _, m := range p.FindAllStringIndex(t.normal, 12) {
			if official.MatchString(t.reach(m[0], m[1])) {
				count(m, []float64{2.4, 1.2, 1.5}[i])
			}
		}
	}
	if weight > 0 && accuse.MatchString(t.normal) {
		weight += 1
	}
	if weight == 0 && accuse.MatchString(t.normal) {
		if m := accusedOfficial.FindStringIndex(t.normal); m != nil {
			return 1.9, m
		}
	}
	return min(weight, 6), from
}

var (
	// Many complain of a shop and ask whether somebody shields it: a guess or a figure of speech is no report.
	wondered   = prefilter.MustCompile(`难道|是否|不知|是不是|有没有|可能|不免|质疑|莫非|到底|什么|何种|怎么会|不是用来|不是某些|不再|防止|避免|杜绝|而不是|如果|万一|敢说|不愿|如有|若有|不搞|反对`)
	wondering  = prefilter.MustCompile(`[?]|吗|呢|还是|的(?:机会|隐患|嫌疑|可能)|何在|后台`)
	outsider   = prefilter.MustCompile(`物业|业委会|业主委员会|开发商|商家|老板|公司|店`)
	inOwnWords = len("一二三四五六七八九十一二")
)

// earnest is how much an act of misconduct at bytes m counts: nothing where it is denied or is a company's own, less
// where the writer only wonders.
func (t *text) earnest(m []int) float64 {
	before := t.before(m[0], 3*inOwnWords/2)
	if i := strings.LastIndexAny(before, ",。!?;\n"); i >= 0 {
		before = before[i+1:]
	}
	after := t.after(m[1], inOwnWords)
	if i := strings.IndexAny(after, ",。!;\n"); i >= 0 {
		after = after[:i]
	}
	switch {
	case denied(t, m[0]), outsider.MatchString(before) && !official.MatchString(before+t.normal[m[0]:m[1]]):
		return 0
	case wondered.MatchString(before), wondering.MatchString(after):
		return 0.3
	}
	return 1
}

var accusedOfficial = prefilter.MustCompile(`(?:举报|检举|控告|揭发)[^,。!?\n]{0,24}(?:书记|支书|主任|村长|镇长|乡长|局长|所长|干部|科长|法官|民警|校长|院长|党员|公务员)`)

// reach is the text around bytes [i, j), without the greeting to an official it may open with.
func (t *text) reach(i, j int) string {
	s := t.before(i, nearby) + t.normal[i:j] + t.after(j, nearby)
	return greeting.ReplaceAllLiteralString(s, " ")
}

// inOffice is misconduct that can be laid to an authority as well as to a person in it.
var (
	inOffice  = prefilter.MustCompile(`暗箱操作|官商勾结|保护伞|徇私|权钱交易|以权谋私|优亲厚友|索贿|受贿|贪污|滥用职权|吃空饷`)
	authority = prefilter.MustCompile(`局里|[\p{Han}]{2}局|政府|村委|机关|县里|镇里|乡里|事业单位`)
)

var greeting = prefilter.MustCompile(`尊?敬?的?[^,。!?\n]{0,10}(?:书记|领导|县长|市长|局长|镇长|主任)们?(?:你们?好|您们?好|[:,!]|您|你)|(?:有关|相关|各级|各位|上级|望|请|希望|恳请|求|麻烦)[^,。]{0,4}领导`)

func denied(t *text, at int) bool {
	b := t.before(at, 12)
	return strings.HasSuffix(b, "没有") || strings.HasSuffix(b, "没") || strings.HasSuffix(b, "不是") || strings.HasSuffix(b, "不会") || strings.HasSuffix(b, "不怕") || strings.HasSuffix(b, "反")
}
