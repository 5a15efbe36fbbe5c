package extract

import (
	"strings"

	"dengwen/assist/normalize"
	"dengwen/assist/prefilter"
)

var (
	mobile   = prefilter.MustCompile(`(?:^|\D)((?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d){8})(?:\D|$)`)
	landline = prefilter.MustCompile(`(?:^|\D)(0\d{2,3}[-—– ]?\d{7,8})(?:\D|$)`)
	// A number of theirs is one whose owner is not named as someone else.
	ofOthers = prefilter.MustCompile(`(?:老板|公司|物业|工头|书记|主任|村长|他|她|对方|骗子|经理|开发商|单位|投诉|举报|服务|局|所|客服|热线|店)[^,。;\n]{0,6}(?:电话|手机|号码|微信)?(?:号码?)?(?:是|为)?\s*[:]?\s*$`)
)

// phones returns all telephone numbers, digits only.
func phones(t *text) []Slot {
	var out []Slot
	if digitsIn(t.normal) < fewestDigits {
		return nil
	}
	for _, p := range []*prefilter.Regexp{mobile, landline} {
		for from := 0; from < len(t.normal); {
			m := p.FindStringSubmatchIndex(t.normal[from:])
			if m == nil {
				break
			}
			i, j := from+m[2], from+m[3]
			from = j
			s := t.slot(i, j, 0.95)
			s.Value = onlyDigits(t.normal[i:j])
			if len(s.Value) == 13 {
				s.Value = strings.TrimPrefix(s.Value, "86")
			}
			out = append(out, s)
		}
	}
	return out
}

const fewestDigits = 10 // of a telephone number

func digitsIn(s string) (n int) {
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// ownPhone is the number the writer can be reached at.
func ownPhone(t *text, all []Slot) Slot {
	for i := len(all) - 1; i >= 0; i-- {
		at := strings.Index(t.normal, normalize.Text(all[i].From.Text))
		if at < 0 || !ofOthers.MatchString(t.before(at, 40)) {
			s := all[i]
			s.Confidence = 0.8
			if strings.Contains(t.before(max(at, 0), 24), "我") || strings.Contains(t.before(max(at, 0), 24), "联系") || strings.Contains(t.before(max(at, 0), 24), "电话") {
				s.Confidence = 0.92
			}
			return s
		}
	}
	return Slot{}
}

const surnames = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎鲁韦马苗凤方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房解应宗丁宣邓单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊甄曲封储靳段焦巴牧侯全班仰秋仲伊宫宁栾甘厉祖武符刘景詹束龙叶司黎白蒲索赖卓屠池乔温庄晏柴瞿阎连习艾容向古易廖耿匡文寇欧殳沃蔚越隆师巩聂晁勾敖融冷辛阚简饶曾关肖岳付闫涂尚代邸覃游柏查"

// person is the pattern of a Chinese name; a name of two characters may stand for one (王某, 小李).
const person = `(?:欧阳|司马|上官|诸葛|[` + surnames + `])(?:某某|某|[\p{Han}]{1,2})`

var (
	named       = prefilter.MustCompile(`(?:我是[^,。]{2,16}的|我是[^,。]{0,16}(?:村民|业主|居民|工人|职工|农民|家长|住户|退伍军人|教师|组|村|社区|小区)(?:的)?|我(?:的名字|名字|姓名)?(?:叫做?|是叫)|本人(?:叫|姓名)?|姓名(?:是|为)?|联系人(?:是|为)?|反映人|投诉人|举报人|信访人|申请人|署名|此致敬礼|敬上)\s*[:]?\s*(` + person + `)(?:[,。;、!\s(\d]|$|男|女|今年|是|家住|住|电话|身份|联系|敬上|系)`)
	signed      = prefilter.MustCompile(`[。!?\n]\s{0,9}(` + person + `)\s*(?:敬上|上|呈上|1[3-9]\d{9}|\d{4}年\d{1,2}月\d{1,2}日?)?\s*$`)
	english     = prefilter.MustCompile(`(?:my name is|i am|i'm) ([a-z]+ [a-z]+)(?:[,.\n]|$| and| from| living)`)
	address     = prefilter.MustCompile(`(?:[,。;\s]?(?:家庭|联系|通讯|详细|现)?(?:住址|地址)(?:是|为|在)?\s*[:]?|(?:我|本人|我们)?家?(?:住在|家住|家在|现住|租住在)|我住(?:的是)?|我们住|[,。;\s]住在?)\s*([^,。;!?,;!?\n]{3,40})`)
	placeEnding = prefilter.MustCompile(`[村镇乡路街号栋组区县园苑城巷楼幢寨湾坪沟院]|\d|road|street|town|village`)
	afterHome   = prefilter.MustCompile(`(?:的?(?:村民|业主|居民|人$)|电话|手机|联系|姓名|\s[\p{Han}]{1,4}:|隔壁|附近|旁边|楼下|对面)`)
	livingAt    = prefilter.MustCompile(`\b(?:i live (?:at|in)|my address is|address:) ([^.;\n]{4,60})`)
)

// commonWords are two or three characters after a surname that make no name.
var commonWords = prefilter.MustCompile(`^(?:[` + surnames + `](?:们|家|人|的|是|在|有|了|要|想|和|今年|因|于|对|向|一|不|就|也|叫|与|为|来|到|去|现|已|可|能|会|被|把|经|从|自|将|年|月|日)|于[20]|时[间候]|明[天年]|全[村家]|单位|平[时常]|高[中]|向您|成[为立]|方[便面]|常年|应该|安[置全]|水[库电]|项目|谢谢|谢[谢您你了]|包工|计[划生]|管理|解决|师傅|万[一元]|连[续]|任何|关于|向上|曾[经]|和[平])`)

// notWriter are a surname and a character that make no name, even after 我叫.
var notWriter = prefilter.MustCompile(`^[` + surnames + `](?:们|家|人|的|是|在|了|要|想|和|今年)`)

func personName(s string) bool { return !commonWords.MatchString(s) }

// name is the writer's.
func name(t *text) Slot {
	for i, p := range []*prefilter.Regexp{named, signed, english} {
		if m := p.FindStringSubmatchIndex(t.normal); m != nil && (i == 2 || i == 1 && personName(t.normal[m[2]:m[3]]) || i == 0 && !notWriter.MatchString(t.normal[m[2]:m[3]])) {
			return t.slot(m[2], m[3], []float64{0.9, 0.6, 0.8}[i])
		}
	}
	return Slot{}
}

// writerAddress is where the writer lives or can be written to.
func writerAddress(t *text) Slot {
	m := first(t.normal, address, livingAt)
	if m == nil {
		return Slot{}
	}
	end := m[3]
	if cut := afterHome.FindStringIndex(t.normal[m[2]:m[3]]); cut != nil {
		end = m[2] + cut[0]
	}
	if end-m[2] < 6 || !placeEnding.MatchString(t.normal[m[2]:end]) {
		return Slot{}
	}
	return t.slot(m[2], end, 0.8)
}
