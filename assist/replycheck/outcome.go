package replycheck

import (
	"regexp"
	"strings"

	"dengwen/assist/normalize"
	"dengwen/petition"
)

var (
	clauseEnd = "，,。；;！!？?\n"
	denies    = regexp.MustCompile(`不(?:予|能|再|宜|可)?支持|不予|不属实|不成立|与事实不符|不符合|(?:没有|缺乏|缺少|无)[^，,。；;\n]{0,8}依据|不能|不存在|不属于|无法|暂不|不应|难以`)
	refuses   = regexp.MustCompile(`不(?:予|能|再|宜|可)?支持|不予(?:采纳|办理|补|赔|退|发|恢复|撤销|减免|解决|批准)|不属实|不成立|与事实不符|不符合|(?:没有|缺乏|缺少|无)[^，,。；;\n]{0,8}依据|不能(?:办|给|发|搬|拆|退|补|享受|恢复|撤)|不存在[^，,。；;\n]{0,8}(?:理由|问题)|暂不`)
	grants    = regexp.MustCompile(`支持|采纳|同意|属实|责令|列入|安排|赔偿|补偿|补发|退还|退回|发放|发清|支付|返还|拨付|立案|处罚|罚款|恢复|修|建成|建好|新建|修建|架设|办理|办结|办好|安装|装了|清理|清退|拆除|整改|改造|纳入|已[^向]|换|开通|接通|通水|通电|解决|落实|完成|调整|登记|撤销|更换|救助`)
	supports  = regexp.MustCompile(`支持您|支持你|(?:予以|给予|应予|应当|决定)支持`)
	pays      = regexp.MustCompile(`(?:补发|退还|退回|赔偿|补偿|发放|支付|返还|拨付|发给)[^，,。；;\n]{0,14}\d[\d.,]*\s*(?:万|千|百)?元`)
	before    = regexp.MustCompile(`已(?:经|于|按|全|足|将)|原|此前|曾|临时救助|慰问|当时|当年|自愿|协商|建议|可以|要求|请求|诉求|提出`)
	adopts    = regexp.MustCompile(`(?:予以|决定|同意|全部|可以)采纳|采纳(?:您|你)`)
	declines  = regexp.MustCompile(`(?:不|未|难以|无法|不能|暂不|不予)(?:予以)?采纳|暂不(?:考虑|实施|安排)`)
	upholds   = regexp.MustCompile(`维持`)
	overturns = regexp.MustCompile(`撤销|变更|重新(?:办理|作出|处理)`)
	asked     = regexp.MustCompile(`(?:请求|要求|申请|诉求|不予|不应|无需|不)[^，,。；;\n]{0,8}(?:维持|撤销|变更|重新)`)
)

// outcome holds the chosen result against what the text says.
func (d *draft) outcome() {
	text := normalize.Text(d.move.Text)
	words, result := "", d.move.Args["outcome"]
	switch result {
	case "support":
		words = onlyDenied(text)
	case "not_support":
		words = firstClause(text, func(c string) bool {
			return !denies.MatchString(c) && (supports.MatchString(c) || pays.MatchString(c) && !before.MatchString(c))
		})
	case "no_basis":
		words = firstClause(text, func(c string) bool { return !denies.MatchString(c) && supports.MatchString(c) })
	case "adopted":
		words = declines.FindString(text)
	case "not_adopted":
		words = firstClause(text, func(c string) bool { return adopts.MatchString(c) && !declines.MatchString(c) })
	case "maintain":
		words = against(text, overturns, upholds)
	case "change", "revoke":
		words = against(text, upholds, overturns)
	}
	if words != "" {
		d.find(petition.ShouldFix, "outcome", "outcome", result, "words", cut(words, 30))
	}
}

// onlyDenied is what denies the request where nothing else in the text grants anything.
func onlyDenied(text string) string {
	no := ""
	for _, c := range clauses(text) {
		switch {
		case denies.MatchString(c):
			if no == "" && refuses.MatchString(c) {
				no = c
			}
		case grants.MatchString(c):
			return ""
		}
	}
	return no
}

// against is what says the one thing where nothing says the other.
func against(text string, one, other *regexp.Regexp) string {
	text = asked.ReplaceAllString(text, "")
	if other.MatchString(text) {
		return ""
	}
	return firstClause(text, one.MatchString)
}

func firstClause(text string, is func(string) bool) string {
	for _, c := range clauses(text) {
		if is(c) {
			return c
		}
	}
	return ""
}

func clauses(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(clauseEnd, r) })
}
