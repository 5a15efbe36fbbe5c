package petition

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Whoever looks for a person and not for a matter says why (Actor.Reason). What looks for a person
// is told by its shape, before anything is searched: an answer that depends on whom the office
// knows would tell whom it knows.

// telephone is a number of 7 to 13 digits, with the country code and as people group it.
var telephone = regexp.MustCompile(`^\+?\d[\d -]{5,15}\d$`)

// LooksForPerson reports whether words of a search are, or hold, a telephone number or what is
// written like a person's name.
func (o *Office) LooksForPerson(words string) bool {
	person, _ := o.personIn(words)
	return person != ""
}

// personIn is the person looked for, as Case.Named has it, and the other words.
func (o *Office) personIn(words string) (person, rest string) {
	words = strings.TrimSpace(words)
	if _, ok := ParseNumber(words); ok {
		return "", words
	}
	if n := digits(words); telephone.MatchString(words) && len(n) >= 7 && len(n) <= 13 {
		return n, ""
	}
	fields := strings.Fields(words)
	for i, f := range fields {
		n := digits(f)
		switch {
		case telephone.MatchString(f) && len(n) >= 7 && len(n) <= 13:
			person = n
		case o.nameLike(f):
			person = Fold(f)
		default:
			continue
		}
		return person, strings.Join(slices.Delete(fields, i, i+1), " ")
	}
	return "", words
}

// digits are those of a telephone number without the country code.
func digits(phone string) string {
	n := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, phone)
	if rest, ok := strings.CutPrefix(n, "86"); ok && len(n) == 13 {
		return rest
	}
	return n
}

// nameLike reports whether a word is written like a Chinese name, a surname and one or two
// characters, and is neither in the office's data nor an everyday word.
func (o *Office) nameLike(word string) bool {
	n := utf8.RuneCountInString(word)
	if n < 2 || n > 4 || strings.IndexFunc(word, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) >= 0 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(word)
	compound := slices.ContainsFunc(compoundSurnames, func(s string) bool { return strings.HasPrefix(word, s) && n > 2 })
	if !compound && (n == 4 || !strings.ContainsRune(surnames, first)) {
		return false
	}
	return !slices.Contains(everyday, word) && !o.hasWord(word)
}

// hasWord reports whether a word is of the office's own data: a unit, a place, a subject, or how
// people say it.
func (o *Office) hasWord(word string) bool {
	within := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, word) })
	}
	for _, u := range o.AllUnits() {
		if within(u.Name) || within(u.Short...) {
			return true
		}
	}
	for _, l := range slices.Concat(o.Places, o.Retired.Places) {
		if within(l.Name) || within(l.Short...) || within(l.Villages...) {
			return true
		}
	}
	for _, c := range slices.Concat(o.Categories, o.Retired.Categories) {
		if within(c.Name) || within(c.Words...) {
			return true
		}
	}
	return false
}

// Named are the petitioner's name and telephone number, as a search for a person finds them.
func (c *Case) Named() []string {
	to := c.Filing.Contact
	var all []string
	for _, s := range []string{Fold(strings.TrimSpace(to.Name)), digits(to.Phone)} {
		if s != "" {
			all = append(all, s)
		}
	}
	return all
}

const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎闫余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢岳齐梅莫庄辛管祝左涂谷祁耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边吉苟党巩宫简臧郎师冷褚窦尚符井时权"

var compoundSurnames = []string{"欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟", "令狐", "司徒", "东方", "慕容"}

// everyday are words that begin with a surname, name nobody, and are looked for in petitions.
var everyday = strings.Fields(`高速 高速路 高压 高压线 高中 高空 高铁 高额 高价 高考 马路 马路边 马桶 黄土 黄沙 黄牛 白天 白灰 白条 石头 石料 石子 石油 石灰 石材
林地 林权 林区 林业 林场 林木 金额 金矿 江水 江边 田地 田埂 田间 路灯 路面 路口 路段 路基 路牙 路费 路边 路上 路障 文化 文件 文物 文书 文明 文凭 方便 方案 方式 常年 任务 任职 易地 易爆
武装 武器 万元 段落 雷击 钱款 康复 夏天 夏季 叶子 汤药 龙头 程序 成本 成绩 成立 成果 安全 安置 安装 安全带 安全帽 安置房 安置费 单位 单价 包工 包工头 包地 包庇 司法 司机 车位 车辆 车祸 车库
车费 车站 车道 车主 房子 房屋 房产 房租 房东 房价 房顶 房产证 边界 边坡 党员 党费 党籍 时间 时限 权利 权属 权益 井盖 井水 解决 解除 强拆 强制 强占 华侨 关系 关闭 关门 向上 管道 管理
管网 管理费 管子 费用 费率 祝贺 左右 凌晨 纪律 纪委 曲线 项目 项目部 游客 游泳 阳台 阳光 席位 卫生 卫生间 卫生院 查处 查封 屈打 位置 甘薯 景区 景点 宁可 柴油 柴火 冷库 冷水 师傅 师生 师德
尚未 符合 简易 边上 白事 孔洞 陆续 余款 余额 童工 庄稼 庄子 毕业 毕业证 申请 申诉 申报 申请书 牛羊 牛棚 牛粪 温度 季度 章程 严重 洪水 安葬 施工 施工队 施肥 齐全 梅雨 莫名 谷子 盛水 欧元
兰花 陶瓷 金银 史料 江河 顾客 侯车 孟夏 熊猫 康养 秦岭 钟表 汪洋 任意 任期 姜蒜 范围 方向 石板 石板路 潘家 杜绝 戴帽 徐徐 朱砂 何时 何人 罗列 梁子 宋代 郑重 谢谢 韩国 唐代 于是 董事 董事长
曹操 许可 许可证 许诺 沈阳 曾经 彭水 苏打 卢沟 蒋介 蔡锷 丁字 丁字路 魏晋 余震 胡闹 胡同 朱红 高利贷 高龄 高龄补贴 高温 高温费 高山 高坡 周边 周末 周期 周转 周转房 吴国 孙子 孙女 张贴 张口 张榜
陈述 陈旧 陈年 杨树 杨梅 赵国 李子 李子树 王府 刘海 黄金 黄豆 黄标车 马匹 马上 马铃薯 马蜂 马蜂窝 高粱 林下 石墙 石坎 田坎 田租 文盲 文艺 方言 江苏 武汉 易燃 常委 常住 温泉 关停 房贷 车险 车贷 车牌 时效 权证 安监 成品油 包裹 包装 包装费
单元 单元门 单据 单亲 申领 毕竟 章子 盛夏 路灯杆 林草 林改 高铁站 金融 金属`)
