package replycheck

import (
	"regexp"
	"strings"

	"dengwen/assist/normalize"
	"dengwen/petition"
)

var (
	timeWords  = regexp.MustCompile(`\d{4}\s*年|\d{1,2}\s*月|[一二三四五六七八九十]{1,2}月|\d{1,2}\s*[日号]|[一二三四五六七八九十]{1,3}[日号]|今年|去年|前年|本月|上月|当天|当日|\d{4}[-./]\d{1,2}`)
	placeWords = regexp.MustCompile(`[\p{Han}]{1,6}(?:省|市|县|区|镇|乡|街道|村|组|社区|小区|路|桥|街|巷|沟|河|坪|湾|岭|号楼|单元|学校|小学|中学|医院|工地|厂|矿|水库|公司|窗口|大厅)`)
	vague      = regexp.MustCompile(`[您你我本贵该]们?(?:村|组|镇|县|市|区|社区|小区)|现场|当地|该处|此处|附近|所在地`)
	lawName    = regexp.MustCompile(`《[^》]{2,40}》`)
	lawWord    = regexp.MustCompile(`(?:法|条例|规定|办法|细则|意见|通知|决定|标准|规范|方案|解释)(?:》|$|[（(〔\[第，。；\s])`)
	vagueLaw   = regexp.MustCompile(`(?:有关|相关|国家|上级|现行|当前)\p{Han}{0,6}(?:规定|政策|法律|法规|文件|意见|办法|要求)`)
	records    = regexp.MustCompile(`(?:核对|查阅|调阅|查询|核查|比对)[^。；\n]{0,16}(?:系统|档案|台账|账目|合同|卷宗|底册|登记|记录|名单)`) // what was looked into has no place
	numbered   = regexp.MustCompile(`\p{Han}{1,8}(?:字|发|办|函|令|规)?\s*[〔\[（(]\s*\d{4}\s*[〕\])）]\s*\d{1,4}\s*号`)
	article    = regexp.MustCompile(`第\s*[一二三四五六七八九十百千零〇两\d]{1,8}\s*(?:条|款|项|点|章)|[〔\[（(]\s*\d{4}\s*[〕\])）]\s*\d{1,4}\s*号`)
)

// facts must say when and where (Art 31(6), 32: facts were looked into).
func (d *draft) facts() {
	facts := normalize.Text(d.move.Args["facts"])
	if strings.TrimSpace(facts) == "" {
		return
	}
	if !timeWords.MatchString(facts) {
		d.find(petition.ShouldFix, "time")
	}
	if !d.placed(facts) && !records.MatchString(facts) {
		d.find(petition.ShouldFix, "place")
	}
}

func (d *draft) placed(facts string) bool {
	for _, l := range d.g.office.Places {
		for _, name := range append(append([]string{l.Name}, l.Short...), l.Villages...) {
			if strings.Contains(facts, normalize.Text(name)) {
				return true
			}
		}
	}
	return placeWords.MatchString(vague.ReplaceAllString(facts, ""))
}

// basis must name a law with its article, or a document with its number.
func (d *draft) basis() {
	b := normalize.Text(strings.TrimSpace(d.move.Args["basis"]))
	switch {
	case b == "":
	case numbered.MatchString(b): // a document by its number alone
	case vagueLaw.MatchString(b) && !lawName.MatchString(b):
		d.find(petition.ShouldFix, "law")
	case !lawName.MatchString(b) && !lawWord.MatchString(b+"。"):
		d.find(petition.ShouldFix, "law")
	case !article.MatchString(b):
		d.find(petition.ShouldFix, "article")
	}
}
