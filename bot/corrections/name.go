package corrections

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// spelled are surnames told by their parts.
	spelled = regexp.MustCompile(`(不是|不系|唔系)?(?:双木(林)|木子(李)|弓长(张)|立早(章)|耳东(陈)|口天(吴)|古月(胡)|言午(许)|草头(黄)|三横(王)|双人(徐)|走肖(赵)|人可(何)|十口(叶)|干钩(于)|美女(姜)|四维(罗)|卯金刀?(刘)|文刀(刘)|竹付(符)|西贝(贾)|禾呈(程)|木易(杨)|雨田(雷)|水工(江)|山今(岑)|女又(奴)|子小(孙)|马各(骆)|奚隹(雞)|禾火(秋)|言身寸(谢))`)
	surname = regexp.MustCompile(`(?:^|[^不我的你贵复个把百])姓([\p{Han}])|我姓([\p{Han}])`)
	noName  = `写错打搞弄记不是的名氏字也就应该对没多少填给了咋被和什啥谁哪`
	double  = regexp.MustCompile(`复姓([\p{Han}]{2})`)
	// likeIn tells a character by a word it stands in: 珍珠的珍, 登山那个登.
	likeIn   = regexp.MustCompile(`([\p{Han}]{1,4})(?:的|那个|这个)([\p{Han}])`)
	charOf   = regexp.MustCompile(`([\p{Han}])字?(?:旁边|那个)?(?:字)?(?:写|打|搞)?(?:错|不对|不是)`)
	placed   = regexp.MustCompile(`(最后|末尾|后[面头])|(中间|第二个)|(前[面头]|第一个)`)
	missed   = regexp.MustCompile(`[漏少掉][了写打]*一?个?([\p{Han}])字?`)
	inFull   = regexp.MustCompile(`(?:叫|名字?是|改成|写成?|换成|是)([\p{Han}·•]{2,4})(?:$|[,，。;； ])|姓([\p{Han}])名([\p{Han}]{1,2})`)
	aboutIt  = regexp.MustCompile(`姓|名|叫|字|旁|头的|(?i:\bname|surname|spell|letter|with an?\b|has an?\b|\bme\b)`)
	unnamed  = regexp.MustCompile(`字|旁|加|写|错|这|那|个|我|了$`)
	letters  = regexp.MustCompile(`\b[A-Za-z](?:-[A-Za-z])+\b`)
	westWord = regexp.MustCompile(`\b[A-Z][a-zA-Z'’]+\b`)
	// westSigned is a name as stories in English give it.
	westSigned = regexp.MustCompile(`(?:[Nn]ame(?: is)?:?|I am|I'm|[Cc]all me) ((?:[A-Z][a-z'’]+ ?){1,3})|^((?:[A-Z][a-z'’]+ ){1,3})here|([A-Z][a-z]+ [A-Z][a-z]+)(?:, ?[0-9]{7,11})?\.?$`)
	alone      = regexp.MustCompile(`(?:^|[,，。;；:： ])(?:是|叫)?([\p{Han}]{2,4})`)
	selfTold   = regexp.MustCompile(`(?:我叫|我是|本人叫?)([\p{Han}]{2,3})[,，。]|^([\p{Han}]{2,3})[,，]|(?:村民|业主|住户|居民)([\p{Han}]{2,3})家的`)
	denied     = regexp.MustCompile(`^[^,，。]{0,2}不[对是]`)
	given      = regexp.MustCompile(`名字|最后|中间|末`) // of the name after the surname
	ofAPlace   = regexp.MustCompile(`[镇村乡区县组社街路店校园]名|地名|公司名`)
)

// alikeSound are characters of names that sound alike: each line is one sound.
var alikeSound = strings.Fields(`贞珍真臻祯蓁桢 梅玫眉媚美 珏珺君军钧均俊峻 芳方坊 英瑛莹盈颖影 兰岚澜蓝 燕艳雁彦晏 丽莉利俐力立 玲铃灵凌林琳霖临 静婧靖敬晶菁京 娟涓鹃 洁杰捷婕 霞侠夏 云芸耘 萍平苹评 华桦花 红虹宏洪鸿弘 明鸣铭茗 伟玮炜卫维 强墙 建健剑 国果帼 志智治致 文雯闻 辉晖慧惠卉会 荣蓉容融 春椿 秀绣修 桂贵 凤奉 香湘祥翔 雪学 琴勤芹钦 敏闽民 宇羽雨禹玉钰裕育 欣新鑫心馨 佳嘉家加 晓小筱 倩茜 亮良梁 刚钢 勇永咏 超朝 涛滔 飞菲斐霏 龙隆 生胜升声昇 德得 义毅艺亿忆益逸谊 海 波博 成诚城承程呈 东冬 山珊杉 妍研言颜岩延 诺 张章彰 陈晨辰臣 徐许旭 黎李里丽 王汪旺望 周邹 郑正政 于余俞虞 吕履 刘柳 邓登 冯丰封峰锋枫 胡湖 何贺河和 高郜 孟梦 卢鲁路陆 金今锦 江姜蒋 魏卫尉 肖萧 付傅富 代戴 阎闫严 季纪吉 阳杨羊扬洋 满曼 蛮漫 蔓 丁定 青清卿晴情 晴睛 军骏 才财 福富 涂屠图 凃`)

func soundAlike(a, b rune) bool {
	return slices.ContainsFunc(alikeSound, func(line string) bool { return strings.ContainsRune(line, a) && strings.ContainsRune(line, b) })
}

// ofName finds the name that words set right, whole or by one character.
func ofName(text string, told Told) []Change {
	if ofAPlace.MatchString(text) || !aboutIt.MatchString(text) && !likeIn.MatchString(text) && !spelled.MatchString(text) {
		return nil
	}
	if !hasHan(text) {
		return westernName(text, told)
	}
	old := told.Name
	if old == "" {
		old = signedName(told.Story)
	}
	name := []rune(old)
	if len(name) < 2 || len(name) > 5 || strings.ContainsAny(old, "先生女士师老师") && len(name) > 3 {
		return nil
	}
	change := func(then string) Change { return Change{Name, old, then, true} }
	if first := spelledIn(text); first != 0 && first != name[0] {
		return []Change{change(string(first) + string(name[1:]))}
	}
	for _, m := range inFull.FindAllStringSubmatch(spelled.ReplaceAllString(text, " "), -1) {
		full := m[1] + m[2] + m[3]
		if r := []rune(full); full != old && !unnamed.MatchString(full) && len(r) <= 4 && (m[2] != "" || shareOne(full, old) && len(r) == len(name)) {
			return []Change{change(full)}
		}
	}
	for _, clause := range between.Split(text, -1) {
		if m := alone.FindStringSubmatch(clause); m != nil && m[0] == clause {
			if r := []rune(m[1]); len(r) == len(name) && len(r) > 2 && offBy(r, name) == 1 && !unnamed.MatchString(m[1]) {
				return []Change{change(m[1])}
			}
		}
	}
	if m := double.FindStringSubmatch(text); m != nil {
		at := 1
		if strings.HasSuffix(m[1], string(name[0])) {
			return []Change{change(m[1] + string(name[1:]))}
		}
		return []Change{change(m[1] + string(name[at:]))}
	}
	if first := surnameIn(text); first != 0 && first != name[0] {
		return []Change{change(string(first) + string(name[1:]))}
	}
	if m := missed.FindStringSubmatch(text); m != nil && strings.Contains(text, "前") && !strings.Contains(old, m[1]) {
		return []Change{change(m[1] + old)}
	}
	then := characterIn(text, name)
	if then == 0 || slices.Contains(name, then) {
		return nil
	}
	var out []Change
	for _, at := range positions(text, name, then) {
		r := slices.Clone(name)
		r[at] = then
		out = append(out, change(string(r)))
	}
	if len(out) > 2 {
		return nil
	}
	return out
}

// offBy counts the characters that two names of one length have otherwise.
func offBy(a, b []rune) (n int) {
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// spelledIn is the surname that words tell by its parts; 0 where they tell none.
func spelledIn(text string) rune {
	first := "" // the last one told: 弓长张不对，是立早章
	for _, at := range spelled.FindAllStringSubmatchIndex(text, -1) {
		if at[2] >= 0 || deniesLast.MatchString(after(text, at[1])) || deniesNext.MatchString(before(text, at[0])) {
			continue
		}
		for i := 2; i < len(at)/2; i++ {
			first += sub(text, at, i)
		}
	}
	if r := []rune(first); len(r) > 0 {
		return r[len(r)-1]
	}
	return 0
}

// surnameIn is the surname that words name; 0 where they name none.
func surnameIn(text string) rune {
	for _, m := range surname.FindAllStringSubmatch(text, -1) {
		if s := m[1] + m[2]; !strings.Contains(noName, s) {
			return []rune(s)[0]
		}
	}
	return 0
}

// madeOf are characters told by their parts.
var madeOf = []struct{ parts, char string }{
	{"女青", "婧"}, {"女言", "訮"}, {"女亭", "婷"}, {"女且", "姐"}, {"女圭", "娃"}, {"女因", "姻"}, {"女朱", "姝"}, {"女尼", "妮"}, {"女那", "娜"}, {"女丽", "娌"}, {"女月", "娟"},
	{"草方", "芳"}, {"草化", "花"}, {"草平", "苹"}, {"草云", "芸"}, {"草连", "莲"}, {"草利", "莉"}, {"草容", "蓉"}, {"王令", "玲"}, {"王林", "琳"}, {"王英", "瑛"}, {"王玉", "珏"}, {"王文", "玟"},
	{"王民", "珉"}, {"王路", "璐"}, {"王争", "琤"}, {"日青", "晴"}, {"目青", "睛"}, {"水青", "清"}, {"日华", "晔"}, {"日军", "晖"}, {"火军", "辉"}, {"木华", "桦"}, {"木风", "枫"}, {"山风", "岚"}, {"雨林", "霖"}, {"雨文", "雯"}, {"雨非", "霏"}, {"金吉", "鍩"}, {"单人韦", "伟"}, {"单人建", "健"}, {"单人杰", "傑"}, {"立青", "靖"},
}

var byParts = regexp.MustCompile(`(女|草|王|日|目|三点水|水|火|木|山|雨|金|单人|立)(?:字)?(?:旁|头|底)(?:的|再|边|右边|下面|上|底下|加|放|一个|个|是|,)*([\p{Han}])`)

// characterIn is the character of a name that words say: by a word it stands in, by its parts.
func characterIn(text string, name []rune) rune {
	var found rune
	for _, m := range likeIn.FindAllStringSubmatchIndex(text, -1) {
		r := []rune(sub(text, m, 2))[0]
		if strings.ContainsRune(sub(text, m, 1), r) && !deniesNext.MatchString(before(text, m[0])) && !denied.MatchString(after(text, m[1])) && !slices.Contains(name, r) {
			found = r
		}
	}
	if m := byParts.FindStringSubmatch(text); m != nil && found == 0 {
		for _, c := range madeOf {
			if c.parts == strings.TrimPrefix(m[1], "三点")+m[2] {
				found = []rune(c.char)[0]
			}
		}
	}
	return found
}

// positions are where in a name a character belongs: where words say, else where one of its sound stands, else where
// there is one place alone.
func positions(text string, name []rune, then rune) []int {
	last := len(name) - 1
	if strings.Contains(text, "姓") && !given.MatchString(text) {
		return []int{0}
	}
	if m := placed.FindStringSubmatch(text); m != nil {
		switch {
		case m[1] != "":
			return []int{last}
		case m[2] != "":
			return []int{1}
		}
		return []int{0}
	}
	for _, m := range charOf.FindAllStringSubmatch(text, -1) {
		if i := slices.Index(name, []rune(m[1])[0]); i >= 0 {
			return []int{i}
		}
	}
	for _, r := range text {
		if i := slices.Index(name, r); i > 0 && strings.Contains(text, string(r)+"字") {
			return []int{i}
		}
	}
	var like []int
	for i, r := range name {
		if soundAlike(r, then) {
			like = append(like, i)
		}
	}
	if len(like) == 1 || last == 1 {
		if len(like) == 1 {
			return like
		}
		return []int{1}
	}
	if len(like) == 0 {
		for i := 1; i <= last; i++ {
			like = append(like, i)
		}
	}
	return like
}

// signedName is the name that a story gives of its writer, where the card has none: told, or alone in a clause but for
// what they are.
func signedName(story string) string {
	if m := selfTold.FindStringSubmatch(story); m != nil && (m[1] != "" || strings.ContainsRune(surnames, []rune(m[2] + m[3])[0])) {
		return strings.Join(m[1:], "")
	}
	clauses := between.Split(strings.TrimRight(story, "。.，, "), -1)
	for i := len(clauses) - 1; i >= 0; i-- {
		r := []rune(strings.TrimSuffix(clauses[i], "反映"))
		for n := min(3, len(r)); n >= 2; n-- {
			name := r[len(r)-n:]
			if strings.ContainsRune(surnames, name[0]) && (len(r) == n || len(r) <= n+14 && strings.ContainsRune("工员师生民户属主长友夫妇医人士表子女孙父母妈爸职", r[len(r)-n-1])) && !noGiven.MatchString(string(name[1:])) {
				return string(name)
			}
		}
	}
	return ""
}

var noGiven = regexp.MustCompile(`[了的不没钱家里上下们过着我你他她个]`)

// surnames are common ones.
const surnames = "牟曾黎赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊惠甄曲家封储靳段富巫乌焦巴弓牧山谷车侯全班秋仲伊宫宁仇栾甘厉戎祖武符刘景詹束龙叶幸司韶黎印白蒲邰索赖卓屠蒙池乔阴胥能苍双闻莘党翟谭贡劳姬申扶堵冉宰雍桑桂牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎慕连茹习艾鱼容向古易慎戈廖庾终居衡步耿满弘匡文寇广禄东欧涂肖代付闫"

func shareOne(a, b string) bool { return strings.ContainsAny(a, b) }

// westernName finds a word of the name written otherwise: spelled out, or as a word much like it.
func westernName(text string, told Told) []Change {
	if told.Name == "" {
		if m := westSigned.FindStringSubmatch(told.Story); m != nil {
			told.Name = strings.TrimSpace(m[1] + m[2] + m[3])
		}
	}
	words := westWord.FindAllString(told.Name, -1)
	if len(words) == 0 {
		return nil
	}
	spelt := strings.ReplaceAll(letters.FindString(text), "-", "")
	if len(spelt) >= 4 {
		spelt = strings.ToUpper(spelt[:1]) + strings.ToLower(spelt[1:])
		old := closest(spelt, words)
		lower := strings.ToLower(text)
		switch {
		case strings.Contains(lower, "first name"):
			old = words[0]
		case strings.Contains(lower, "surname") || strings.Contains(lower, "last name") || strings.Contains(lower, "family name"):
			old = words[len(words)-1]
		}
		if old != "" && old != spelt {
			return []Change{{Name, told.Name, strings.Replace(told.Name, old, spelt, 1), true}}
		}
	}
	for _, w := range westWord.FindAllString(text, -1) {
		if old := closest(w, words); old != "" && old != w && len(w) >= 3 && !strings.Contains(told.Name, w) {
			return []Change{{Name, told.Name, strings.Replace(told.Name, old, w, 1), true}}
		}
	}
	return nil
}

// closest is the word that two letters at most make of another one.
func closest(w string, words []string) string {
	for _, o := range words {
		if d := distance(strings.ToLower(w), strings.ToLower(o)); d <= 2 && 2*d < len(o) {
			return o
		}
	}
	return ""
}

// distance is how many letters must be changed, put in or taken out (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			keep := last
			if a[i] != b[j] {
				keep++
			}
			last = row[j+1]
			row[j+1] = min(keep, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
