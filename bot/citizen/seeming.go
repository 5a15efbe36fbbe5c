package citizen

import (
	"regexp"
	"strings"
)

// Words of danger that tell of none now: a figure of speech, something past, hearsay, or a
// denial. Each is answered for itself, and what was said goes on as any other words. Despair of
// one's own life is never taken for past: who did not want to live last year may not want to now.

var (
	figures  = regexp.MustCompile(`(?:贵|热|冷|累|气|急|忙|困|饿|笑|烦|吵|愁|堵|臭|挤|慢|渴|痒|麻烦|难看|难吃|恨|脏)(?:都|也|得|的)?(?:快|人)?(?:要命|要死|要疯|死人|死(?:了|我了|人了|咯|咧)|疯(?:了|啦)|不行)|死(?:贵|沉|冷|慢)|喝西北风|跳楼价|自杀式|拼(?:了)?命|要了?(?:我|老|亲)命|命都(?:快)?(?:等|跑|熬)没|火气|火冒三丈|上火|烧钱|砸锅卖铁|救命稻草|(?:is|are|was) (?:killing|murdering) (?:me|us)|(?:is|are|was) (?:pure )?murder\b|dying to |bored to death|worried to death|to die for|killer (?:price|fee)|cost(?:s)? an arm|(?:drowning|buried|swimming|choking) in (?:\w+ )?(?:paper\w*|forms?|debts?|bills|rubbish|garbage|trash|litter|dust|dirt|work|noise)|pain in the (?:neck|back|backside)|(?:phone|battery|line|tv|television|computer|internet|screen|market|street|lamp|bulb|trees?|branches|wood|leaves) (?:is|are|was|went) (?:completely |quite )?dead|dead (?:trees?|branches|wood|leaves|batter\w+)|rather die than (?:pay|wait|queue|go|fill|eat|use)|(?:drives?|driving) (?:me|us) (?:mad|crazy|up the wall)|heart attack when|shooting (?:range|club|film)|fire (?:station|brigade|extinguishers?|alarm test|exit|escape|safety|drill|engine)|smoke detectors?|rat poison|poison for (?:rats|mice)|will be the death of`)
	pastWhen = regexp.MustCompile(`(?:19|20)[0-9]{2} ?年?|(?:去|前|大前|那|当)年|(?:几|多|两|三|十)年前|小时候|那回|那次|当时|以前|曾经|上个?(?:月|周|星期|礼拜)|last (?:year|month|week|winter|summer|spring|autumn)|years? ago|months? ago|back then|(?:in|of|since) (?:19|20)[0-9]{2}|last (?:january|february|march|april|may|june|july|august|september|october|november|december)|in (?:spring|summer|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december)\b|years back|long ago|used to |(?:my|our|his|her|their) late `)
	nowWhen  = regexp.MustCompile(`现在|正在|昨[天晚夜]|前天|从.{1,6}起|越来越|不停|今天|今早|今晚|今夜|刚才|刚刚|眼下|这会儿|马上|快要|就要|又(?:开始|在|来)|还(?:在|困|埋|压|没出来)|一直(?:在|往)|明天|tonight|right now|just now|at the moment|(?:he|she|it|they) (?:is|are) |is (?:rising|burning|moving)|are (?:trapped|inside|on the)|still (?:inside|trapped|burning|bleeding)|today`)
	overNow  = regexp.MustCompile(`找回来|找到了|救(?:出|上|下|回)来|救活|脱(?:险|离危险)|扑灭|(?:火|已经)灭了|已(?:经)?(?:挖通|抢通|修好|撤出|安全|出院)|没伤(?:着|到)?人|人没事|锦旗`)
	hearsay  = regexp.MustCompile(`(?:群里|网上|抖音|朋友圈|有人|都)(?:有人)?(?:在)?(?:传|说是|讲).{0,20}(?:谣言|真的|假的|是不是|真假|属实)|谣言|(?:不知(?:道)?|不晓得)(?:是)?真(?:的)?(?:是)?假|(?:did not|didn't) (?:hear|see) it myself|i heard|rumou?r|is it true|i read|(?:in|read) the (?:news|newspaper|paper)|saw (?:a|the) (?:video|film)|(?:people|they) say\b|told me (?:that )?(?:a|some|there)`)
	denials  = regexp.MustCompile(`(?:没有?|未|不会|并没有?|还没有?)(?:真的)?(?:着火|起火|失火|冒烟|人?被困|(?:人)?(?:受伤|伤亡)|出人命|死人|中毒|漏气|塌方|想不开|想死|自杀|轻生)|no (?:fire|one is hurt|one was hurt)|nobody (?:is|was) (?:hurt|inside|trapped)|not on fire`)
)

var (
	everyday = regexp.MustCompile(`打(?:了|过|不出|的)?(?:[一二三四五六七八九十几多好两0-9]+)?(?:次|回|个|口|眼)?(?:机?井|电话|桩|工|疫苗|针|卡|水|饭)|打(?:到|进|在|给)?(?:我的?|他|她|我们)?(?:卡|账|折|户)|(?:说|讲|反映|找)了(?:你们|他们|也)?(?:也|都|还)?(?:不管|没用|白说|没人管)`)
	gravely  = regexp.MustCompile(`死|活|命|药|刀|血|火|跳|晕|昏|伤|救|毒|炸|埋|淹`)
)

// everydayWords reports a few words of what happens every day and nothing grave beside it: a reading of
// danger that rests on them alone is none.
func everydayWords(text string) bool {
	left := everyday.ReplaceAllString(text, "")
	kind, _ := dangerIn(text)
	return kind == "" && len(left) < len(text) && lettersIn(left) <= mostBeside && !gravely.MatchString(text)
}

// mostBeside is how many letters stand beside such words.
const mostBeside = 14

// longestSeeming is how many letters words have at most that are taken for none: a long letter
// may hold both.
const longestSeeming = 50

// seeming is the key of what to say to words of danger that tell of none now; "" where they may.
func seeming(text string) string {
	s := strings.ToLower(text)
	long := longestSeeming
	if !hasHan(s) {
		long *= 3
	}
	if lettersIn(s) > long {
		return ""
	}
	s = strings.NewReplacer("到现在", "", "至今", "").Replace(s)
	plain := denials.ReplaceAllString(figures.ReplaceAllString(s, ""), "")
	kind, despair := dangerIn(plain)
	switch {
	case despair:
		return ""
	case hearsay.MatchString(s) && !nowWhen.MatchString(s):
		return "danger.hearsay"
	case (overNow.MatchString(s) || pastWhen.MatchString(s)) && !nowWhen.MatchString(plain):
		return "danger.past"
	case kind != "" || len(plain) == len(s):
		return ""
	case figures.MatchString(s):
		return "danger.figure"
	}
	return "danger.denied"
}
