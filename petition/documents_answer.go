package petition

import "strings"

// What stands in answers and in what comes after them.

func (f *filling) extension() {
	f.v["reason"], f.v["basis"] = f.answer(), "《信访工作条例》第三十四条"
	if f.e.Args["approved_by"] != "" {
		f.v["approved"] = "本单位负责人" // the name stays inside
	}
}

func (f *filling) hearing() {
	f.v["when"], f.v["place"] = chineseDay(f.e.Args["date"]), f.e.Args["place"]
}

func (f *filling) agreement() {
	f.v["sort"] = map[string]string{"mediation": "调解", "settlement": "和解"}[f.e.Args["kind"]]
	f.v["terms"] = f.answer()
	f.v["performed"] = chineseDay(f.e.Args["date"])
}

func (f *filling) opinion() {
	f.said("request", "facts")
	f.v["opinion"] = f.answer()
	f.v["outcome"] = outcomes[f.e.Args["outcome"]]
	f.wayOn("review_window")
}

// outcomes in the words of Art 32 and of the practice of review.
var outcomes = map[string]string{
	"support": "支持您的请求", "no_basis": "您的请求有合理之处，但缺乏法律依据", "not_support": "不支持您的请求",
	"adopted": "采纳", "partly": "部分采纳", "not_adopted": "未采纳",
	"maintain": "维持", "change": "变更", "revoke": "撤销",
}

func (f *filling) said(keys ...string) {
	for _, k := range keys {
		f.v[k] = strings.TrimSpace(f.e.Args[k])
	}
}

// wayOn names the body to go to and the last day for whoever receives the document the
// day it is made; later receipt makes it later (Art 35, 36).
func (f *filling) wayOn(rule string) {
	f.v["review_body"] = f.e.Args["review_body"]
	if d, err := Due(rule, Day(f.e.At), f.law.Calendar, f.law.Office.Settings); err == nil {
		f.v["review_until"] = chineseDay(or(d.Rolled, d.Due))
	}
}

func (f *filling) suggestion() {
	f.v["opinion"], f.v["outcome"] = f.answer(), outcomes[f.e.Args["outcome"]]
}

// review fills a review opinion, and the re-review opinion, which has no way on.
func (f *filling) review() {
	f.said("request", "facts")
	f.v["opinion"], f.v["outcome"] = f.answer(), outcomes[f.e.Args["outcome"]]
	f.v["challenged"] = f.challenged()
	if f.e.Move == MoveReviewReply {
		f.wayOn("rereview_window")
	}
}

func (f *filling) redo() {
	f.said("facts")
	f.v["opinion"], f.v["challenged"] = f.answer(), f.challenged()
	f.v["handler"] = f.name(f.e.Unit)
}

// challenged is the answer that review or re-review is about.
func (f *filling) challenged() string {
	what := []MoveName{MoveReply}
	if f.e.Move == MoveRereview || f.e.Move == MoveRereviewReply || f.e.Move == MoveRereviewRefuse {
		what = []MoveName{MoveReviewReply, MoveReviewRefuse}
	}
	e, ok := f.last(what...)
	if !ok {
		return ""
	}
	of := &filling{law: f.law, c: f.c, i: e.Seq - 1, e: e}
	return of.name(of.issuer()) + chineseDay(Day(e.At)) + "作出的《" + titleOf(e) + "》（" + of.c.Number + " 第" + itoa(e.Seq) + "号）"
}

func titleOf(e Entry) string {
	if kinds := DocumentsOf(e, false); len(kinds) > 0 {
		return documents[kinds[0]].title
	}
	return "书面答复"
}

func (f *filling) reviewRefusal() {
	f.v["stage"] = "复查"
	if f.e.Move == MoveRereviewRefuse {
		f.v["stage"] = "复核"
	}
	f.v["challenged"], f.v["basis"], f.v["reason"] = f.challenged(), f.e.Args["rule"], f.answer()
}

func (f *filling) request() {
	f.v["challenged"], f.v["request"] = f.challenged(), f.answer()
	if f.e.Args["late"] != "" {
		f.v["late"] = "yes"
	}
}

func (f *filling) supervision() {
	f.v["to"], f.v["facts"] = f.name(f.holder()), f.answer()
	f.v["basis"] = "《信访工作条例》第四十条（" + supervised[f.e.Args["reason"]] + "）"
	f.v["ask"], f.v["due"] = demanded[f.e.Args["kind"]], chineseDay(f.e.Args["date"])
}

var supervised = map[string]string{
	"acceptance": "违反受理规定", "handling": "违反办理规定", "delay": "推诿、敷衍、拖延", "falsification": "弄虚作假", "not_carried_out": "拒不执行处理意见",
}

var demanded = map[string]string{
	"letter": "查明情况，依法及时办理", "improve": "研究改进工作的建议", "policy": "研究完善政策的建议", "accountability": "研究追究责任的建议",
}

func (f *filling) completion() {
	f.v["to"], f.v["done"] = f.name(or(f.sender(), f.law.Office.Unit)), f.answer()
	f.v["result"], f.v["view"] = "尚未作出书面答复", "信访人没有表示意见"
	if e, ok := f.last(MoveReply, MoveAgreement, MoveReviewReply, MoveRereviewReply, MoveRefuse, MoveGuide); ok {
		f.v["result"] = chineseDay(Day(e.At)) + "出具《" + titleOf(e) + "》"
		if o := outcomes[e.Args["outcome"]]; o != "" {
			f.v["result"] += "，结论：" + strings.ReplaceAll(o, "您", "信访人")
		}
	}
	if e, ok := f.last(MoveSettle); ok {
		f.v["view"] = "信访人认为" + settled[e.Args["outcome"]]
	}
}

var settled = map[string]string{"resolved": "已经解决", "partly": "部分解决", "not": "没有解决"}

func (f *filling) delivery() {
	if e, ok := f.last(MoveReply, MoveAgreement, MoveReviewReply, MoveRereviewReply); ok {
		f.v["document"] = "《" + titleOf(e) + "》（" + chineseDay(Day(e.At)) + "作出，第" + itoa(e.Seq) + "号）"
	}
	day := f.e.Args["date"]
	f.v["method"], f.v["delivered"], f.v["refused"] = methods[f.e.Args["method"]], chineseDay(day), f.answer()
	for _, rule := range []string{"review_window", "rereview_window"} {
		if f.e.Args["rule"] == rule {
			f.v["review_until"] = chineseDay(f.e.Args["due"])
		}
	}
}

var methods = map[string]string{
	"signed": "本人签收", "household": "同住成年家属签收", "left": "留置送达", "post": "邮寄送达", "chat": "经本人同意电子送达", "notice": "公告送达",
}
