package acts

import "regexp"

// families are words that do the same in front of the card, whichever of them is said.
var families = []struct {
	name  string
	words *regexp.Regexp
}{
	{"hold", regexp.MustCompile(`先|缓|[等慢]一?[等下会些点阵哈]|等[^,，]{0,4}再|慢着|别[急忙慌]|[莫甭][急忙慌着]|暂|搁|放一?放|压一?压|停|歇|住先|阵先|\bhold|\bwait\b|not (?:yet|now)|\byet\b|until`)},
	{"unsent", regexp.MustCompile(`(?:不|别|莫|甭|唔|未|勿|冇)(?:用|要|想|必|使|好|再|敢|打算|准备|忙|急着|慌)*(?:往上|给我|帮我|上)?(?:交|报|送|发|递|告|弄|搞|写|整|投|提|反映|登记|追究|麻烦|折腾|走|往下|说了)|(?:do not|don't|no) (?:\w+ )?(?:send|submit|file|lodge|go)`)},
	{"settled", regexp.MustCompile(`(?:修|清|换|装|通|退|给|补|付|结|赔|还|搬|拉|来|解决|处理|办|送|道歉|赔礼)[^,，。]{0,3}(?:好|完|清|上|回来|过来)?[了咧啦哒喽]|答应|和解|谈好|说好了|私了|道歉|赔礼|\b(?:paid|fixed|repaired|cleaned|settled|solved|apologi[sz]ed|came back|is back)\b`)},
	{"fear", regexp.MustCompile(`怕|得罪|报复|小鞋|不敢|脸色|结仇|惹|抬头不见|面子|\b(?:afraid|scared)\b`)},
	{"objects", regexp.MustCompile(`不让|不同意|不许|拦|劝|不答应|[爸妈爹娘夫妻婆伯哥姐儿女][^,，]{0,4}[说讲话喊叫]`)},
	{"thinks", regexp.MustCompile(`想[一好清想下哈]|谂|琢磨|合计|核计|商量|寻思|考虑|斟酌|再定|算算|问问|问清|睇下|打个?电话|通个?电话|think|talk to|discuss|ask my`)},
	{"gives up", regexp.MustCompile(`算[了球咯啦咧]|罢了|作罢|拉倒|认了|放弃|到此为止|不追究|撤|取消|作废|删|收回|退出|改主意|后悔|当我没|不想|\b(?:cancel|withdraw|drop|scrap|delete|forget it|never mind|changed my mind|leave it)\b`)},
	{"asks", regexp.MustCompile(`谁|啥|哪|几[天时个点日]|多少|多久|多长|好久|咋|怎|点样|边[个度]|乜|何里|何时|什么|为何|是否|还是.{1,8}$|[?？]`)},
	{"turns", regexp.MustCompile(`(?:([^\x00-\x{2E7F}])(?:不|没|唔)[^\x00-\x{2E7F}])|有[没冇]有?|有没得|[会能可要行得有懂知](?:[^,，]{0,10})[不没冇][。!！]?$`)},
	{"asking end", regexp.MustCompile(`(?:吗|么|呢|嘛|不|没|冇|没得|㗎|不咯|哦|呀|啊)[?？。!！]*$`)},
	{"wh", regexp.MustCompile(`^(?:and |so |but )?(?:who|what|when|where|why|how|which|can|could|will|would|do|does|did|is|are|should|may)\b|\?$`)},
	{"office", regexp.MustCompile(`提交|编号|查询码|进度|答复|回执|匿名|实名|材料|身份证|单位|部门|交[了咗咧上]|告诉我|通知|上门|收费|要钱|机器|真人|\b(?:reply|answer|number|name|office|fee|anonymous|days?)\b`)},
	{"agrees", regexp.MustCompile(`对[的头着咯对]|^对|没错|冇错|没得错|属实|无误|不差|准确|正确|中[,，]|可以|^行|要得|同意|确认|一个?字|(?:不|无|没)[^,，]{0,3}(?:改|补充|修改)|没(?:问题|毛病|意见)|清清?楚|好[的嘞滴哒]|妥|就这|照这|是这|\b(?:yes|yep|correct|right|good|fine|perfect|exactly|true|sure|ok)\b`)},
	{"hands in", regexp.MustCompile(`(?:提|上|递|转|呈)?(?:交|递|报|送|呈|发|转)(?:上去|出去|上|了|吧|咯|噻|啦|嘛)*$|提交|递上|往上|上报|呈报|转交|\b(?:submit|send|file|lodge|go ahead|go on)\b`)},
	{"another", regexp.MustCompile(`另外|此外|还有[一个件桩别]|别的|其他|第二|[再另又]?一?[件桩档码回]事|再[^,，]{0,5}一?[件个桩]|不相干|不搭界|没关系|跟[^,，]{1,6}无关|单独|单列|顺[便带]|换个|\b(?:another|separate|separately|second|different|also|besides)\b`)},
	{"adds", regexp.MustCompile(`补充|补一句|再[说加写添]|还有[,，就]|也|记上|加上|\b(?:add|also|too|mention)\b`)},
	{"wrong", regexp.MustCompile(`错|岔|不对|有误|写成|打成|听成|更正|应该?是|其实|实际|不是|哪有|哪止|不止|才对|改[成为下]|颠倒|反了|\b(?:wrong|not|actually|should be|mistake|instead)\b`)},
	{"wants", regexp.MustCompile(`只[要想求]|就想|就要|要的是|就[行好得中够]了?|不用[^,，]+,|也行|\b(?:only|just|rather)\b`)},
}

// familiesIn are the names of the families that a text in small letters has a word of.
func familiesIn(text string) (held []string) {
	for _, f := range families {
		if f.words.MatchString(text) {
			held = append(held, f.name)
		}
	}
	return held
}
