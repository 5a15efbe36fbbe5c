package extract

import (
	"slices"
	"sync"

	"dengwen/assist/prefilter"
)

const (
	went    = `找过|找了|去找|多次找|去过|去了|到过|跑了[^,。]{0,4}[趟次回]|问过|问了|打过|打了|打电话|打给|反映过|反映了|反映到|向[^,。]{1,14}反映|投诉过|投诉到|投诉了|多次投诉|多次反映|举报过|报过|报了警|报警|报案|上访|信访过|写过信|拨打|联系过|联系了|咨询过|找村|找镇|找了|协商过|协商|沟通|交涉|申请过|申请了|调解过|调解|起诉|告到|告了|打官司|complained|called|reported it|went to|asked|contacted`
	offices = `村委会?|村里|村干部|居委会?|社区|镇上|镇政府|镇里|乡政府|街道办?|办事处|县里|县政府|信访局?|派出所|公安局?|劳动局|劳动监察|人社局|住建局|城管|环保局?|生态环境局|国土局?|自然资源局|民政局?|教育局|卫健局|卫生局|市场监管局?|工商局?|交通局|交警|水利局|水厂|自来水公司|供电所|供电公司|电力公司|物业|开发商|售楼部|公司|厂里|老板|包工头|学校|校长|班主任|医院|12345|12315|12333|12369|12348|110|市长热线|热线|法院|检察院|仲裁委?|司法所|纪委|消协|部门|政府|银行|移动公司|电信公司|联通|运管所?|税务局|[\p{Han}]{1,8}局|残联|妇联|工会|房管局|规划局|执法局|the police|the court|town office|hotline`
	replies = `不受理|互相推|推来推去|踢皮球|来看过|来过|来量过|来人看|调解过|答复|回复`
	windows = `派出所|保险公司|窗口|供热公司` // that say something
)

var (
	sought     = prefilter.MustCompile(`(?:找|问)(?:过|了)?(?:村上|村主任|村长|村?支书|书记|队长|组长|乡上|乡里|镇上)|向[^,。]{1,16}(?:反映|投诉|举报|咨询|申请)|(?:投诉|反映|举报)过|打\d{5}|12345[^,。]{0,4}登记|[\p{Han}]{1,4}(?:站|处|局|所|队|窗口)(?:又|还|就|都|一直|只)?(?:叫我|让我|说)|said it is|回访|劝过|沟通过|找他|推[\p{Han}]{1,3}推|投诉[^,。]{0,3}没人|社区调解|跑了[^,。]{0,4}[趟次]|报[了的过]?警|报案|打(?:过|了)?(?:12345|12315|12333|12369|110)|多次(?:反映|投诉|举报|协商|上访)|都反映|(?:反映|投诉|举报)了?(?:[一二三四五六七八九十两几好]+|\d+)(?:多)?[次年回趟]|(?:反映|投诉)[^,。]{0,4}(?:多次|无果|没用|没有结果|没人)`)
	atOffice   = prefilter.MustCompile(`(?:` + went + `)[^,。!?\n]{0,12}(?:` + offices + `)|(?:` + offices + `)[^,。!?\n]{0,8}(?:` + went + `|` + replies + `)|(?:` + offices + `|` + windows + `)[^,。!?\n]{0,3}说(?:[^好完]|$)`)
	office     = prefilter.MustCompile(offices + `|` + windows)
	dealings   = prefilter.MustCompile(went + `|` + replies + `|说`)
	proceeding = prefilter.MustCompile(`起诉(?:了|到|至|过|后)?|打(?:了|过|赢了?)?官司|官司(?:赢|输|打)|法院[^,。]{0,12}判|判决|法院说|仲裁[^,。]{0,2}[赢输]|法院(?:已经|已|都|早就|一审|二审)?(?:裁定|立案|受理|开庭|执行|调解书)|判决书?|胜诉|败诉|一审|二审|再审|强制执行|开庭|(?:申请|提起|去|做|经过|走)(?:了|过)?(?:劳动|人事|土地)?仲裁(?:了|过)?|仲裁(?:裁决|委|院|结果|书|赢|输|已|过)|劳动仲裁|申请(?:了|过)?行政?复议|行政?复议(?:决定|机关|了|过|结果|维持)|went to court|sued|arbitration|lawsuit|court ruled`)
	notYet     = prefilter.MustCompile(`(?:没有?|未|还没有?|不想|没钱|没有能力|没去|从未|从来没有?|想|准备|打算|要不要|能不能|可以|是否|威胁|让我们?|叫我们?|建议我们?|只能|让我?|要|去|不予|不知道怎么)(?:去|向|到|走|打|过|法院|申请|劳动|提起|通过|选择|再)*$`)
	never      = prefilter.MustCompile(`(?:没有?|未|还没有?|从未|从来没有?)(?:去|向|到|走|打|过|通过|经过|申请|提起)*(?:过)?(?:法院|起诉|官司|打官司|仲裁|劳动仲裁|复议|行政复议|法律程序|诉讼)|no court|not gone to court|没走(?:过)?(?:法律|司法)`)
	decision   = prefilter.MustCompile(`(?:处罚|征收|强制|拆除|复议|认定|补偿|处理|不予[^,。]{0,8})决定书?|决定书|处罚(?:通知|告知)书|不予(?:受理|认定|批准|登记|许可|立案|支持)|工伤认定书|责任认定书?|裁决书|判决书|答复意见书?|处理意见书|告知书|限期拆除|责令[^,。]{0,6}拆除|维持了?原|强制拆除|吊销|罚单|罚了我|被罚款|驳回|不服[^,。]{0,14}(?:认定|决定|判|处罚|答复)|认定书上|decision|fined|penalty notice`)
)

// tried returns what the writer has already done about it, each as the clause it stands in.
func tried(t *text) []Slot {
	var out []Slot
	for _, c := range t.clauses {
		if triedThere(t.of(c)) || proceeding.MatchString(t.of(c)) && !intended(t, c) {
			if never.MatchString(t.of(c)) {
				continue
			}
			if len(out) == maxTried {
				break
			}
			out = append(out, t.slot(c.start, c.end, 0.8))
		}
	}
	return out
}

const maxTried = 6

// triedThere looks for an office and dealings before it looks how they stand to each other, which takes longer.
func triedThere(s string) bool {
	return sought.MatchString(s) || dealings.MatchString(s) && office.MatchString(s) && atOffice.MatchString(s)
}

func intended(t *text, c clause) bool {
	m := proceeding.FindStringIndex(t.of(c))
	return m != nil && notYet.MatchString(t.of(c)[:m[0]])
}

// The answers to whether court, arbitration or reconsideration were used.
const (
	Yes = "yes"
	No  = "no"
)

// used says whether court, arbitration or reconsideration were used. Where the text is silent it is No at a
// confidence below one half.
func used(t *text) Slot {
	if m := never.FindStringIndex(t.normal); m != nil {
		return slotAt(t, No, 0.9, m)
	}
	for _, m := range proceeding.FindAllStringIndex(t.normal, 10) {
		if !notYet.MatchString(t.before(m[0], 30)) {
			return slotAt(t, Yes, 0.85, m)
		}
	}
	if m := proceeding.FindStringIndex(t.normal); m != nil {
		return slotAt(t, No, 0.6, m)
	}
	return Slot{Value: No, Confidence: 0.4}
}

// contested says whether an official decision is fought, so that other clocks may run.
func contested(t *text) Slot {
	if m := decision.FindStringIndex(t.normal); m != nil {
		return slotAt(t, Yes, 0.75, m)
	}
	return Slot{}
}

var (
	lifeWords   = prefilter.MustCompile(`不想活|活不下去|活不了了|不活了|自杀|轻生|寻短见|寻死|一死了之|以死|跳楼|跳河|跳桥|喝(?:农|毒)药|上吊|割腕|结束(?:自己的?)?生命|同归于尽|杀(?:了)?(?:我|他|你|全家|人)|砍(?:死|人|我)|弄死|打死(?:我|他|你)|要(?:我|他)的命|往死里打|家暴|拿刀|持刀|刀[^,。]{0,6}(?:架|砍|捅|逼|威胁|追)|拿[^,。]{0,4}刀|跳下去|往下跳|爬上[^,。]{0,5}(?:塔吊|楼顶|天台|高压|烟囱)|掐[^,。]{0,4}脖子|自焚|没有活路|没活路|活着[^,。]{0,4}(?:没意思|意思|没意义)|一了百了|死给|死了算了|不如死|想死|熬不下去|撑不下去|打(?:残|断|成重伤)|奄奄一息|没吃的|饿了[^,。]{0,3}天|放火|炸(?:了|掉|楼|药)|非法拘禁|被关(?:在|着)|断粮|没饭吃|昏迷|生命危险|人命|快死了|kill (?:myself|me|him|her)|suicide|want to die|end my life|end it all|knife|going to kill`)
	hazardWords = prefilter.MustCompile(`(?:随时|怕|快要?|马上要?|眼看|就要|有可能|可能会?|会)[^,。]{0,4}(?:倒塌|垮塌|坍塌|塌|溃坝|决堤|滑坡|爆炸)|冒(?:火花|火星|浓烟)|鼓肚|(?:哪天|说不定)[^,。]{0,3}倒|(?:会|要|就)(?:倒|塌)(?:了|下|掉|塌|[,。!]|$)|(?:房|楼|墙|杆|塔|屋|桥)[^,。]{0,6}倾斜|滚石|悬空|冲空|有毒气体|一氧化碳|高压线[^,。]{0,6}(?:断|垂|掉)|冲塌|裂缝[^,。]{0,5}(?:变大|越来越)|倒下来|已经?(?:倒塌|垮塌|塌方|滑坡)|滑坡|泥石流|塌方|(?:煤|燃|天然|毒|氨|液化)气[^,。]{0,4}泄?漏|泄漏|漏气|漏电|触电|有人被埋|被困|起火|着火|失火|火灾|爆炸|中毒|决口|溃坝|电线[^,。]{0,6}(?:掉|垂|断|裸露)|gas leak|landslide|collaps|on fire`)
	figurative  = prefilter.MustCompile(`跳楼(?:价|大甩卖|机)|要死不活|热死|累死|吵死|气死|饿死人?了|笑死|烦死|臭死|冷死|害死人|打死(?:都|也)不|死(?:都|也)不|杀(?:价|毒|虫|菌|鸡|猪|熟|马)|砍(?:价|树|柴|伐)|炸(?:鸡|油|山|串|酱)|不会(?:自杀|轻生)|防(?:火|爆|止)|消防|以前|曾经着|被困扰|困在(?:心|这件)|炸(?:街|了锅|薯|糕)|fire (?:station|department)`)
	// Danger of this hour: somebody is shut in, gas runs out, a child is being beaten, poison is taken.
	acute       = prefilter.MustCompile(`被困|被埋|困在|掉进[^,。]{0,5}(?:井|河|坑|水)|落水了|溺水|(?:煤|燃|天然|液化|沼)气[^,。]{0,6}(?:泄漏|漏|中毒|爆)|冒煤气|(?:闻到|满屋|一股)[^,。]{0,6}(?:煤|燃|天然|液化)气|一氧化碳中毒|(?:着|起|失)火了|正在(?:着火|燃烧|烧)|(?:孩子|小孩|娃娃?|女儿|儿子|幼儿|学生|老人|老婆|我妈|我爸|妇女)[^,。]{0,10}(?:天天|经常|一直|正在|正)?被[^,。]{0,10}(?:往死里|毒打|暴打|打得|打了|打伤|打[,。!]|打$|虐待|烫|捆|锁|关起来)|(?:毒打|暴打|虐待|殴打)[^,。]{0,6}(?:孩子|小孩|娃|老人|学生|幼儿)|(?:喝|吃|服)了?[^,。]{0,6}(?:农药|毒药|老鼠药|安眠药|敌敌畏|百草枯|除草剂)|想不开|割脉|跳井|跳崖|卧轨|被绑架|绑架了|囚禁|关在[^,。]{0,6}(?:不让出|出不来)|(?:要|想|去|准备|就)炸|炸(?:死|政府|学校|你们|他们|桥|楼)|抱着[^,。]{0,4}一起死|一起死|遗书|快不行了|没气了|救救(?:我|孩子|命|人)|洪水[^,。]{0,6}(?:进|淹)|被水围|trapped|hurt myself|jump off|took poison|smell(?:s|ing)? (?:of )?gas|gas leak|is beating|being beaten|drown|bomb`)
	urgentWords = prefilter.MustCompile(`十万火急|紧急|急急|火速|救命|人命关天|正在(?:强拆|拆|挖|施工|打|砍|倒)|马上(?:就要)?(?:拆|断|到期|开学|过期)|明天就要?|今天就要?|今晚就|立即|立刻|urgent|emergency|right now|immediately`)
)

// The kinds of danger.
const (
	ToLife = "life"   // someone may die by their own or another's hand, or is without food or help
	Hazard = "hazard" // a collapse, leak, fire
)

// danger finds words of danger to life, with those of everyday speech (跳楼价, 热死了) left out.
func danger(t *text) Slot {
	figures := sync.OnceValue(func() [][]int { return figurative.FindAllStringIndex(t.normal, -1) })
	for i, p := range []*prefilter.Regexp{lifeWords, acute, hazardWords} {
		for _, m := range p.FindAllStringIndex(t.normal, -1) {
			if !slices.ContainsFunc(figures(), func(s []int) bool { return m[0] < s[1] && s[0] < m[1] }) && !denied(t, m[0]) {
				return slotAt(t, []string{ToLife, ToLife, Hazard}[i], []float64{0.85, 0.8, 0.75}[i], m)
			}
		}
	}
	return Slot{}
}

func urgent(t *text, danger Slot) Slot {
	if danger.Found() {
		return Slot{Yes, danger.Confidence, danger.From}
	}
	if m := urgentWords.FindStringIndex(t.normal); m != nil {
		return slotAt(t, Yes, 0.6, m)
	}
	return Slot{}
}

var (
	ownAge  = prefilter.MustCompile(`(?:^|[,。!\n])\s*(?:我|本人)(?:今年)?(?:才|刚|只有)?(` + cn + `)(?:周)?岁`)
	pupil   = prefilter.MustCompile(`我(?:们)?是[^,。]{0,12}(?:小学|初一|初二|初三|初中|高一|高二|高三|高中|[一二三四五六七八九]年级|中学)(?:的)?(?:学生|的一名学生|一名学生)?`)
	harmed  = prefilter.MustCompile(`(?:孩子|小孩|儿童|女童|男童|未成年|小学生|中学生|初中生|女儿|儿子|娃娃?|女学生)[^,。]{0,14}(?:被打|被[^,。]{0,8}打|被老师|殴打|虐待|性侵|猥亵|体罚|欺凌|霸凌|被[^,。]{0,5}侮辱|拐|打伤)|(?:虐待|性侵|猥亵|体罚|殴打|拐卖)[^,。]{0,8}(?:孩子|小孩|儿童|女童|未成年|学生)`)
	enPupil = prefilter.MustCompile(`i am (\d{1,2}) years old|i'm (\d{1,2})\b`)
)

// minor finds signs that a child wrote or was harmed.
func minor(t *text) Slot {
	for _, p := range []*prefilter.Regexp{ownAge, enPupil} {
		if m := p.FindStringSubmatchIndex(t.normal); m != nil && m[2] >= 0 {
			if age, _, ok := number(t.normal[m[2]:m[3]]); ok && age < 18 && age > 5 {
				return slotAt(t, Yes, 0.9, m[:2])
			}
		}
	}
	if m := first(t.normal, pupil, harmed); m != nil {
		return slotAt(t, Yes, 0.7, m[:2])
	}
	return Slot{}
}
