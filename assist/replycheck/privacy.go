package replycheck

import (
	"regexp"
	"slices"
	"strings"

	"dengwen/petition"
)

var (
	mobile   = regexp.MustCompile(`(?:^|\D)(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?:\D|$)`)
	identity = regexp.MustCompile(`(?:^|\D)(\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?:[^\dXx]|$)`)
	account  = regexp.MustCompile(`(?:^|\D)([1-9](?:[ -]?\d){15,18})(?:\D|$)`)
	account2 = regexp.MustCompile(`(?:卡号|账号|账户|帐号|帐户)[：: ]{0,2}\d`)
)

// privacy looks for what identifies people: a phone number that is not a unit's, an
// identity or bank number (also the petitioner's own: the answer goes through many
// hands), and names of persons who are not the petitioner (Regulation Art 30, 46; PIPL
// Art 10, 25).
func (d *draft) privacy() {
	if d.strangePhone() {
		d.find(petition.ShouldFix, "phone")
	}
	switch {
	case identity.MatchString(d.text):
		d.find(petition.ShouldFix, "identity")
	case account.MatchString(d.text) || account2.MatchString(d.text):
		d.find(petition.ShouldFix, "account")
	}
	if w := d.illness(); w != "" {
		d.find(petition.ShouldFix, "health", "words", cut(w, 30))
	}
	if who := d.strangers(); len(who) > 0 {
		d.find(petition.MayFix, "person", "names", strings.Join(who, "、"))
	}
}

func (d *draft) strangePhone() bool {
	for _, m := range mobile.FindAllStringSubmatch(d.text, -1) {
		n := m[1] + m[2] + m[3]
		if !slices.ContainsFunc(d.g.office.Units, func(u petition.Unit) bool { return strings.Contains(digits(u.Phone), n) }) {
			return true
		}
	}
	return false
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// Names of persons are found where something announces them: 村民张三, 李四女士. Names
// made unknown (张某, 李某某) are none.
const (
	surnames = `[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁韦马方任袁柳唐罗薛雷贺倪汤殷毕郝安常乐于傅康余元顾孟黄穆萧尹姚邵汪毛禹戴宋庞熊纪舒屈项祝董梁杜阮蓝季贾江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍万柯管卢莫房解应宗丁邓洪包左石崔吉龚程邢裴陆翁荀甄封储靳段焦巴车侯全班仰秋仲伊宫宁仇栾甘厉祖武符刘景詹束龙叶幸司黎薄印白怀蒲从索赖卓池乔阴胥苍双闻党谭贡姬申冉郦桑桂牛寿边扈燕浦尚农温庄晏柴瞿阎连习艾向古易廖庾终居衡步都耿满匡国文寇广关荆聂曾沙游]`
	given    = `[^\s\P{Han}的是在已和与及等家说称曾被把将因对向由从于某停通过部门后房达行用自进力置区路户车地员业管道校局镇乡村县市司时间题政务办理为关可能需要们有无多少数费款收付主人没不到来去上下中内外前都也还就又但并或且共均各每两个次起止其此这那您你我他她们组权书证件单位物产费]`
)

var (
	announced = regexp.MustCompile(`(?:村民|邻居|举报人|投诉人|反映人|当事人|业主|住户|户主|证人|职工|工人|加害人|行为人|嫌疑人|被告人?|老板|包工头|患者|学生|家属|姓名[：:]?|其子|其父|其母|其妻|其夫|丈夫|妻子|儿子|女儿|哥哥|弟弟|父亲|母亲)(` + surnames + given + `{1,2})`)
	described = regexp.MustCompile(`(?:与|和|跟|被|系|人|向|因)(` + surnames + given + `{1,2})(?:[(（](?:男|女)|发生|之间|家(?:以|的|多|少|共|为|宅|院|承|门)|等?[二两三四五]?人(?:发生|的|系|是)|的(?:院墙|宅基地|承包地|房|土地|儿子|女儿|妻子|丈夫))`)
	addressed = regexp.MustCompile(`(` + surnames + given + `{1,2}?)(?:先生|女士|同志|老人|大爷|大娘)`)
)

// strangers are names of persons other than the petitioner, at most three.
func (d *draft) strangers() []string {
	own := ""
	if d.view.Contact != nil {
		own = d.view.Contact.Name
	}
	var out []string
	for _, n := range Named(d.text) {
		if (own == "" || !strings.HasPrefix(n, own) && !strings.HasPrefix(own, n)) && len(out) < 3 {
			out = append(out, n)
		}
	}
	return out
}

// Named are the persons that a text names by what stands around a name, each once.
func Named(text string) (all []string) {
	for _, by := range []*regexp.Regexp{announced, described, addressed} {
		for _, m := range by.FindAllStringSubmatch(text, -1) {
			if n := m[1]; !noName.MatchString(n) && !slices.Contains(all, n) {
				all = append(all, n)
			}
		}
	}
	return all
}

var (
	noName = regexp.MustCompile(`^(?:车辆|安全|周转|周岁|周边|周围|满意|居民|封堵|符合|申请|申报|严格|双方|元月|连读|连续|毕业|安置|安排|安装|步行|管理|管申|万元|高度|高标|方案|方式|成立|成功|平均|平时|时间|常见|常住|强制|关系|关于|包括|全部|全体|和谐|温馨|边界|边上|易地|广场|向东|向西|向南|向北|古街|古城|农村|农户|单独|班车|白天|查看|家长|家属|应当|应急|应该|何时|华侨|金额|于是|谢绝|解决|宗教|宁可|石坎|双休|何处|申领|解释|居住|陆续|农民|关注|车牌|水渠|水管)`)
	ill    = regexp.MustCompile(`[^，,。；;\n]{0,20}(?:患有?|确诊|身患|感染)[^，,。；;\n]{0,8}(?:病|癌|症|障碍|乙肝|艾滋|肿瘤|残疾)[^，,。；;\n]{0,4}`)
	third  = regexp.MustCompile(`邻居|对方|其|他|她|某|该|当事人|住户|村民|户主`)
)

// illness is what is said of somebody's health who is not the petitioner (PIPL Art 28).
func (d *draft) illness() string {
	for _, at := range ill.FindAllStringIndex(d.text, -1) {
		w := d.text[at[0]:at[1]]
		if third.MatchString(w) && !strings.ContainsAny(w, "您你") {
			return w
		}
	}
	return ""
}
