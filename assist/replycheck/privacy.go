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
	account  = regexp.MustCompile(`(?:^|\D)((?:\d[ -]?){15,18}\d)(?:\D|$)`)
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
	given    = `[^\s，。；：、的是在已和与及等家说称曾被把将因对向由从于某]`
)

var (
	announced = regexp.MustCompile(`(?:村民|邻居|举报人|投诉人|反映人|当事人|业主|住户|户主|证人|职工|工人|老板|包工头|患者|学生|家属|姓名[：:]?|其子|其父|其母|其妻|其夫)(` + surnames + given + `{1,2})`)
	addressed = regexp.MustCompile(`(` + surnames + given + `{1,2}?)(?:先生|女士|同志|老人|大爷|大娘)`)
)

// strangers are names of persons other than the petitioner, at most three.
func (d *draft) strangers() []string {
	own := ""
	if d.view.Contact != nil {
		own = d.view.Contact.Name
	}
	var out []string
	for _, by := range []*regexp.Regexp{announced, addressed} {
		for _, m := range by.FindAllStringSubmatch(d.text, -1) {
			if n := m[1]; (own == "" || !strings.HasPrefix(n, own) && !strings.HasPrefix(own, n)) && len(out) < 3 && !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}
