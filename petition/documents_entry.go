package petition

import "strings"

// What stands in the documents up to acceptance, or on the way elsewhere.

func (f *filling) receipt() {
	f.v["matter"] = or(f.c.Filing.Facts, f.matter(0))
	f.v["request"] = f.wish(0)
	if f.c.Filing.Class == Report {
		f.v["matter"], f.v["request"] = f.matter(0), ""
	}
	due, unit := f.v["due"], f.v["unit"]
	switch {
	case due == "":
		f.v["next"] = unit + "登记后依法处理，结果会告知您"
	case f.e.Args["rule"] == "forward" && f.c.Filing.Class != Report:
		f.v["next"] = unit + "在" + due + "前转送、交办有权处理的单位，并告知您去向（第二十二条）"
	case f.e.Args["rule"] == "notify":
		f.v["next"] = unit + "在" + due + "前书面告知您接收情况以及处理途径和程序（第二十三条）"
	default:
		f.v["next"] = unit + "在" + due + "前告知您处理情况"
	}
}

func (f *filling) transfer() {
	f.v["to"] = f.name(f.e.Unit)
	f.v["basis"] = "《信访工作条例》第二十二条"
	f.v["due"] = "自收到之日起15日内书面告知信访人接收情况以及处理途径和程序"
	f.v["route"] = f.e.Text
	switch {
	case f.e.Move == MoveDesignate:
		f.v["basis"] = "《信访工作条例》第二十四条"
	case f.e.Move == MoveAssign:
		f.v["assigned"] = "yes"
		f.v["due"] = chineseDay(f.e.Args["date"]) + "前办结并提交办结报告"
	}
}

func (f *filling) forwarded() {
	f.v["to"] = f.name(f.e.Unit)
	f.v["contact"] = f.contact(f.e.Unit)
	f.v["due"] = f.v["to"] + "自收到之日起15日内书面告知您接收情况以及处理途径和程序（第二十三条）"
	if d, err := Due("notify", Day(f.e.At), f.law.Calendar, f.law.Office.Settings); err == nil {
		f.v["due"] = f.v["to"] + "在" + chineseDay(d.Due) + "前书面告知您接收情况以及处理途径和程序（第二十三条）"
	}
}

func (f *filling) objection() {
	f.v["to"] = f.name(or(f.sender(), f.law.Office.Unit))
	f.v["reason"] = f.answer()
	if u := f.e.Args["unit"]; u != "" {
		f.v["proper"] = f.name(u)
	}
}

func (f *filling) acceptance() {
	f.v["received"] = chineseDay(f.held())
	if from := f.sender(); from != "" {
		f.v["source"] += "，" + f.name(from) + "转送"
	}
	f.v["contact"] = or(f.e.Args["contact"], f.contact(f.issuer()))
	f.v["route"], f.v["due"] = "按照信访程序办理：听取您陈述事实和理由，调查核实，出具信访处理意见书（第三十一条第六项）", f.days("handle", "60日")
	if f.c.Filing.Class == Suggestion {
		f.v["route"], f.v["due"] = "研究论证，采纳与否都给您答复（第二十九条）", "《信访工作条例》没有规定期限；本单位力争"+f.days("suggestion_reply", "")
	}
}

// days is the last day of a period that begins with the entry.
func (f *filling) days(rule, length string) string {
	d, err := Due(rule, Day(f.e.At), f.law.Calendar, f.law.Office.Settings)
	if err != nil {
		return length
	}
	if length != "" {
		return "自受理之日起" + length + "内，即" + chineseDay(d.Due) + "前（第三十四条）"
	}
	return chineseDay(d.Due) + "前答复"
}

func (f *filling) refusal() {
	f.v["received"] = chineseDay(f.held())
	f.v["basis"], f.v["reason"] = f.e.Args["rule"], f.answer()
	f.v["instead"] = withTerm(f.e.Args["elsewhere"], f.e.Args["until"])
}

func (f *filling) noLonger() {
	f.v["opinion_number"] = f.e.Args["opinion"]
	f.v["opinion_date"] = chineseDay(f.e.Args["date"])
}

func (f *filling) inHand() {
	f.v["received"] = chineseDay(f.held())
	f.v["instead"] = withTerm(f.e.Args["elsewhere"], f.e.Args["until"])
}

func (f *filling) guidance() {
	f.v["received"] = chineseDay(f.held())
	f.v["route"] = routeWords[f.e.Args["route"]]
	f.v["instead"], f.v["until"] = f.e.Args["elsewhere"], dayOr(f.e.Args["until"])
}

// routeWords are the routes of Art 31 other than the petition procedure.
var routeWords = map[string]string{
	"1": "诉讼等司法程序（第三十一条第一项）", "2": "仲裁（第三十一条第二项）", "3": "党员申诉、申请复审（第三十一条第三项）",
	"4": "行政复议、行政裁决、行政确认、行政许可、行政处罚等行政程序（第三十一条第四项）",
	"5": "申请查处违法行为、履行保护人身权或者财产权等合法权益职责（第三十一条第五项）",
}

func withTerm(where, until string) string {
	if until == "" {
		return where
	}
	return strings.TrimRight(where, "。；") + "；期限：" + dayOr(until)
}

// dayOr writes a day in Chinese and leaves other words as they are.
func dayOr(s string) string { return or(chineseDay(s), s) }
