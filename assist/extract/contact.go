package extract

import (
	"strings"

	"dengwen/assist/prefilter"
)

var (
	mobile   = prefilter.MustCompile(`(?:^|\D)((?:(?:\+|00)?86[- ]?)?1[- ]?[3-9](?:[- ]?\d){9})(?:\D|$)`)
	landline = prefilter.MustCompile(`(?:^|\D)(0\d{2,3}[-—– ]?\d{7,8}(?: ?转 ?\d{1,6})?)(?:\D|$)`)
	local    = prefilter.MustCompile(`(?:电话|固话|座机|号码|打)[^,。;\d]{0,6}([2-8]\d{6,7}(?: ?转 ?\d{1,6})?)(?:\D|$)`)
	spelt    = prefilter.MustCompile(`(?:^|[^一二三四五六七八九零〇幺])([一幺][三四五六七八九][一二三四五六七八九零〇幺]{9})(?:[^一二三四五六七八九零〇幺]|$)`)
)

// phones returns all telephone numbers, digits only but for an extension (09144321234转802).
func phones(t *text) []Slot {
	var out []Slot
	taken := map[int]bool{}
	for _, p := range []*prefilter.Regexp{mobile, landline, local, spelt} {
		for from := 0; from < len(t.normal); {
			m := p.FindStringSubmatchIndex(t.normal[from:])
			if m == nil {
				break
			}
			i, j := from+m[2], from+m[3]
			from = j
			if taken[i] {
				continue
			}
			taken[i] = true
			s := t.slot(i, j, 0.95)
			s.Value = dialled(t.normal[i:j])
			out = append(out, s)
		}
	}
	return out
}

// dialled is a number as it is dialled in the country, with its extension.
func dialled(s string) string {
	number, extension, _ := strings.Cut(s, "转")
	number = figures(number)
	if len(number) >= 13 {
		number = strings.TrimPrefix(strings.TrimPrefix(number, "00"), "86")
	}
	if extension = figures(extension); extension != "" {
		return number + "转" + extension
	}
	return number
}

// figures are the digits of s, whether written in figures or as they are spoken.
func figures(s string) string {
	return strings.Map(func(r rune) rune {
		switch d, spoken := digits[r]; {
		case r >= '0' && r <= '9':
			return r
		case r == '幺': // one, as numbers are said
			return '1'
		case spoken && d >= 1 || r == '零' || r == '〇':
			return '0' + rune(d)
		}
		return -1
	}, s)
}

const surnames = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎鲁韦马苗凤方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾路江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房解应宗丁宣邓单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊甄曲封储靳段焦巴牧侯全班仰秋仲伊宫宁栾甘厉祖武符刘景詹束龙叶司黎白蒲索赖卓屠池乔温庄晏柴瞿阎连习艾容向古易廖耿匡文寇欧殳沃蔚越隆师巩聂晁勾敖融冷辛阚简饶曾关肖岳付闫涂尚代邸覃游柏查"

// person is the pattern of a Chinese name; a name of two characters may stand for one (王某, 小李).
const person = `(?:欧阳|司马|上官|诸葛|[` + surnames + `])(?:某某|某|[\p{Han}]{1,2})`

var (
	named   = prefilter.MustCompile(`(?:我是[^,。]{2,16}的|我是[^,。]{0,16}(?:村民|业主|居民|工人|职工|农民|家长|住户|退伍军人|教师|组|村|社区|小区)(?:的)?|我(?:的名字|名字|姓名)?(?:叫做?|是叫)|本人(?:叫|姓名)?|姓名(?:是|为)?|联系人(?:是|为)?|反映人|投诉人|举报人|信访人|申请人|署名|此致敬礼|敬上)\s*[:]?\s*(` + person + `)(?:[,。;、!\s(\d]|$|男|女|今年|是|家住|住|电话|身份|联系|敬上|系)`)
	english = prefilter.MustCompile(`(?:my name is|i am|i'm) ([a-z]+ [a-z]+)(?:[,.\n]|$| and| from| living)`)
)

// commonWords are two or three characters after a surname that make no name.
var commonWords = prefilter.MustCompile(`^(?:[` + surnames + `](?:们|家|人|的|是|在|有|了|要|想|和|今年|因|于|对|向|一|不|就|也|叫|与|为|来|到|去|现|已|可|能|会|被|把|经|从|自|将|年|月|日)|于[20]|时[间候]|明[天年]|全[村家]|单位|平[时常]|高[中]|向您|成[为立]|方[便面]|常年|应该|安[置全]|水[库电]|项目|谢谢|谢[谢您你了]|包工|计[划生]|管理|解决|师傅|万[一元]|连[续]|任何|关于|向上|曾[经]|和[平])`)

// notWriter are a surname and a character that make no name, even after 我叫.
var notWriter = prefilter.MustCompile(`^[` + surnames + `](?:们|家|人|的|是|在|了|要|想|和|今年)`)

func personName(s string) bool { return !commonWords.MatchString(s) }
