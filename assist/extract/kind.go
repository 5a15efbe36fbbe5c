package extract

import (
	"math"
	"strings"
	"unicode"

	"dengwen/assist/prefilter"
	"dengwen/petition"
)

// The kinds of message.
const (
	Story    = "story"    // something to lodge
	Question = "question" // about the rules, the office or a right
	OwnCase  = "own_case" // how one's own petition stands
	Unclear  = "unclear"  // too little to tell
)

var (
	ownCase  = prefilter.MustCompile(`我的件|我(?:的|上次|之前|上个?月|前几天|昨天|去年|那个)?[^,。?]{0,14}(?:件|案子|信访件|信访事项|反映的|投诉的|提交的|编号|工单|信访事项|信访)[^,。?]{0,10}(?:怎么样|到哪|哪一步|进度|进展|结果|办好|处理好|办到|有没有|查|回复了?没|回音|如何|程度)|(?:到哪一步|办到哪|办得怎么样|处理得怎么样|查(?:一下|询|查)?(?:我的)?(?:进度|办理情况|编号))|my (?:case|petition|complaint)\b.{0,30}(?:status|progress|where|how)|status of my`)
	asking   = prefilter.MustCompile(`[?]|吗[。,!]?$|吗|呢$|怎么(?:办|写|查|走|申请|提|投|反映|投诉|去|弄|找|样)|如何|是否|多少|多久|多长时间|几天|什么(?:时候|时间|条件|材料|手续|是|叫|规定|意思|流程|情况)|哪里|在哪|哪个部门|哪些|找谁|能不能|可不可以|是不是|要不要|有没有|会不会|谁(?:来|负责|管)|how|what|when|where|who|can i|may i|do i|is there|does`)
	rules    = prefilter.MustCompile(`信访|上访|反映问题|投诉(?:要|需|怎么|后|了以后)|匿名|实名|保密|泄露|知道是我|打击报复|受理|答复(?:期限|要|多久|不满)|不服|复查|复核|听证|期限|回避|代理|委托|代表|几个人|几个代表|办公时间|上班时间|地址|电话(?:是多少|号码)|带什么|材料|流程|程序|条例|规定|多少天|工作日|撤回|撤销|补充材料|评价|满意度|收费|要钱吗|行政复议|起诉|仲裁|法律援助|petition|complain|anonym|appeal|review|deadline|how long`)
	consults = prefilter.MustCompile(`咨询|请教|想了解|请问|想问`)
	plight   = prefilter.MustCompile(`拖欠|欠|不给|没给|没人管|不管|不退|坏了|被打|被占|占了|占用|强拆|污染|扰民|停水|停电|漏|裂|摔|骗|臭|噪音|灰尘|举报|贪|受贿|低保没|取消|断了|塌|失踪|受伤|死|被罚|扣|我们(?:村|小区|厂|组|单元)|我家|家里|多年|至今|建议|希望能|莫法|没法|无法|黄的|反映个|反映一|管管|太|不成样|不中|贵|难|owe|unpaid|broken|noise|refus|pollut`)
)

// kind tells what sort of message it is.
func kind(t *text) Slot {
	letters := 0
	for _, r := range t.runes {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	length := len(t.runes)
	if m := ownCase.FindStringIndex(t.normal); m != nil && length < 120 {
		return slotAt(t, OwnCase, 0.85, m)
	}
	if _, ok := petition.FindNumber(t.orig); ok && length < 80 {
		return Slot{OwnCase, 0.85, Words{}}
	}
	if letters < 4 || letters < 10 && !plight.MatchString(t.normal) && !asking.MatchString(t.normal) {
		return Slot{Unclear, 0.8, Words{}}
	}
	return storyOrQuestion(t)
}

func storyOrQuestion(t *text) Slot {
	length := float64(len(t.runes))
	asks, ruled, wronged := len(asking.FindAllStringIndex(t.normal, 4)), len(rules.FindAllStringIndex(t.normal, 4)), len(plight.FindAllStringIndex(t.normal, 6))
	odds := 1.1*float64(min(asks, 2)) + 0.9*float64(min(ruled, 3)) - 1.3*float64(wronged) - length/45
	if consults.MatchString(t.normal) {
		odds += 0.7
	}
	if asks == 0 {
		odds -= 2.5
	}
	if ruled == 0 {
		odds -= 1
	}
	if strings.HasSuffix(strings.TrimSpace(t.normal), "?") || strings.HasSuffix(strings.TrimSpace(t.normal), "吗") {
		odds += 0.6
	}
	p := 1 / (1 + math.Exp(-odds))
	if p > 0.5 {
		return slotAt(t, Question, p, asking.FindStringIndex(t.normal))
	}
	return Slot{Value: Story, Confidence: 1 - p}
}

// ticket is a petition's number in the text.
func ticket(t *text) Slot {
	n, ok := petition.FindNumber(t.orig)
	if !ok {
		return Slot{}
	}
	return Slot{Value: n, Confidence: 0.99}
}
