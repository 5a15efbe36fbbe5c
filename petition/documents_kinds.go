package petition

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// documentSpec is one kind of official document.
type documentSpec struct {
	title   string
	citizen bool           // the citizen holds it; the others go between units or stay in the file
	parts   []Part         // what it must say besides number, unit and date
	fill    func(*filling) // gives the parts their values, nil where those that every kind has will do
}

var commonParts = []Part{{"number", "编号"}, {"unit", "出具单位"}, {"date", "日期"}}

var (
	toWhom   = Part{"name", "称呼"}
	cameOn   = Part{"received", "收到日期"}
	matters  = Part{"matter", "事项"}
	basis    = Part{"basis", "依据"}
	reason   = Part{"reason", "理由"}
	against  = Part{"challenged", "不服的意见"}
	toUnit   = Part{"to", "收件单位"}
	term     = Part{"due", "期限"}
	whereTo  = Part{"instead", "该去哪里"}
	phone    = Part{"contact", "联系方式"}
	reviewer = Part{"review_body", "受理复查、复核的机关"}
	lastDay  = Part{"review_until", "申请的最后一天"}
	asked    = Part{"request", "请求"}
	found    = Part{"facts", "查明的事实和理由"}
	decided  = Part{"opinion", "处理意见"}
)

// documents is what each kind must carry: by the article beside it, and for letters
// and refusals by the practice of the field. The record of a hearing is written and
// signed in the room: it is not printed.
// Never written to.
var documents = map[string]documentSpec{
	"receipt":          {"信访事项登记回执", true, []Part{cameOn, matters, {"next", "下一步和日期"}}, (*filling).receipt},
	"transfer":         {"信访事项转送函", false, []Part{toUnit, matters, basis, term}, (*filling).transfer},                                                          // Art 22
	"forwarded":        {"信访事项转送告知书", true, []Part{toWhom, cameOn, matters, toUnit, term, phone}, (*filling).forwarded},                                        // Art 23(1)
	"objection":        {"信访事项异议书", false, []Part{toUnit, matters, reason}, (*filling).objection},                                                              // Art 23(3)
	"acceptance":       {"信访事项受理告知书", true, []Part{toWhom, cameOn, {"source", "来源"}, matters, {"route", "处理途径和程序"}, term, phone}, (*filling).acceptance},       // Art 23
	"refusal":          {"信访事项不予受理告知书", true, []Part{toWhom, cameOn, matters, basis, reason, whereTo}, (*filling).refusal},                                     // Art 23
	"no_longer":        {"信访事项不再受理告知书", true, []Part{toWhom, matters, {"opinion_number", "复核意见书编号"}, {"opinion_date", "复核意见书日期"}}, (*filling).noLonger},        // Art 36(3)
	"in_hand":          {"信访事项不重复受理告知书", true, []Part{toWhom, cameOn, matters, whereTo}, (*filling).inHand},                                                    // Art 19(3)
	"guidance":         {"信访事项依法分类处理告知书", true, []Part{toWhom, cameOn, matters, {"route", "法定途径"}, basis, whereTo, {"until", "那条途径的期限"}}, (*filling).guidance}, // Art 31
	"extension":        {"信访事项延长办理期限告知书", true, []Part{toWhom, matters, reason, {"approved", "批准人"}, term}, (*filling).extension},                              // Art 34
	"hearing_notice":   {"信访听证通知书", true, []Part{toWhom, matters, {"when", "听证日期"}, {"place", "听证地点"}}, (*filling).hearing},                                    // Art 31(6)
	"agreement":        {"信访事项协议书", true, []Part{toWhom, matters, {"sort", "调解还是和解"}, {"terms", "协议内容"}}, (*filling).agreement},                                // Art 33
	"opinion":          {"信访处理意见书", true, []Part{toWhom, cameOn, asked, found, decided, basis, reviewer, lastDay}, (*filling).opinion},                         // Art 32, 35
	"suggestion_reply": {"建议意见答复书", true, []Part{toWhom, cameOn, matters, {"outcome", "是否采纳"}, decided}, (*filling).suggestion},                                // Art 29
	"review":           {"信访事项复查意见书", true, []Part{toWhom, against, asked, found, decided, basis, reviewer, lastDay}, (*filling).review},                       // Art 35, 36
	"review_redo":      {"信访事项复查意见书", true, []Part{toWhom, against, found, decided, basis}, (*filling).redo},                                                   // Art 35
	"rereview":         {"信访事项复核意见书", true, []Part{toWhom, against, asked, found, decided, basis}, (*filling).review},                                          // Art 36
	"review_refusal":   {"复查复核申请不予受理告知书", true, []Part{toWhom, against, basis, reason}, (*filling).reviewRefusal},                                              // Art 35, 36
	"review_request":   {"信访事项复查申请书", true, []Part{toWhom, against, asked}, (*filling).request},                                                                // Art 35
	"rereview_request": {"信访事项复核申请书", true, []Part{toWhom, against, asked}, (*filling).request},                                                                // Art 36
	"supervision":      {"督办函", false, []Part{toUnit, {"facts", "发现的情况"}, basis, {"ask", "要求"}, {"due", "反馈日期"}}, (*filling).supervision},                      // Art 40
	"completion":       {"信访事项办结报告", false, []Part{toUnit, matters, {"done", "办理情况"}, {"result", "结果"}, {"view", "信访人意见"}}, (*filling).completion},             // Art 22(1)(3)
	"urgent_report":    {"重大紧急信访事项报告", false, []Part{toUnit, matters, {"danger", "危险"}, {"facts", "情况"}, {"done", "已经采取的措施"}}, (*filling).urgentReport},        // Art 25
	"delivery":         {"送达回证", false, []Part{{"document", "送达的文书"}, {"name", "受送达人"}, {"method", "送达方式"}, {"delivered", "收到日期"}}, (*filling).delivery},
}

// DocumentKinds lists every kind that is printed, in alphabetical order.
func DocumentKinds() []string { return slices.Sorted(maps.Keys(documents)) }

// PartsOf is what a kind must carry; nil for a kind that is not printed.
func PartsOf(kind string) []Part {
	spec, ok := documents[kind]
	if !ok {
		return nil
	}
	return slices.Concat(commonParts, spec.parts)
}

// DocumentTitle is what a kind of document is called, "" for one that is not printed.
func DocumentTitle(kind string) string { return documents[kind].title }

// DocumentsOf lists the kinds of document an entry of the timeline has, those a citizen
// holds or all of them. The first is the entry's own.
func DocumentsOf(e Entry, citizen bool) []string {
	kinds := []string{e.Args["document"]}
	switch {
	case kinds[0] == "transfer":
		kinds = append(kinds, "forwarded")
	case e.Move == MoveReviewRedo:
		kinds[0] = "review_redo"
	}
	return slices.DeleteFunc(kinds, func(k string) bool {
		spec, ok := documents[k]
		return !ok || citizen && (!spec.citizen || !e.Public)
	})
}

// titleOf is what the document of an entry is called.
func titleOf(e Entry) string {
	if kinds := DocumentsOf(e, false); len(kinds) > 0 {
		return documents[kinds[0]].title
	}
	return "书面答复"
}

// filling is a document being filled.
type filling struct {
	law   *Law
	c     *Case
	i     int // index of its entry in the timeline
	e     Entry
	v     map[string]string
	title func(Entry) string // what another entry's document is called
}

// chineseDay writes 2026-12-08 as 2026年12月8日, as official documents do; "" for what
// is no day.
func chineseDay(day string) string {
	t, err := parseDay(day)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
}

// common fills what stands on most documents.
func (f *filling) common(name string) {
	f.v["number"] = fmt.Sprintf("%s 第%d号", f.c.Number, f.e.Seq)
	f.v["case"] = f.c.Number
	f.v["unit"] = f.name(f.issuer())
	f.v["date"] = chineseDay(Day(f.e.At))
	f.v["name"] = or(strings.TrimSpace(name), "信访人")
	f.v["received"] = chineseDay(Day(f.c.Received))
	f.v["source"] = or(sources[f.c.Filing.Channel], "网上信访")
	f.v["matter"] = f.matter(300)
	f.v["place"] = f.place()
	f.v["text"] = f.e.Text
	f.v["due"] = chineseDay(f.e.Args["due"])
	f.v["basis"] = f.e.Args["basis"]
}

var sources = map[string]string{"letter": "来信", "visit": "来访", "call": "来电"}

// issuer is the unit in whose name the document goes out: who had the case when it was
// made, except where the move belongs to somebody else.
func (f *filling) issuer() string {
	office := f.law.Office.Unit
	switch f.e.Move {
	case MoveFile:
		return or(f.unitAt(f.i), office)
	case MoveRegister, MoveDesignate:
		return or(f.e.By, office)
	case MoveSupervise:
		return office
	case MoveReview, MoveRereview:
		return f.e.Unit
	case MoveComplete, MoveDeliver:
		if f.e.By != office {
			return f.e.By
		}
	}
	return f.holder()
}

// holder is the unit that had the case before the entry.
func (f *filling) holder() string {
	if f.i == 0 {
		return f.unitAt(0)
	}
	return f.unitAt(f.i - 1)
}

func (f *filling) unitAt(i int) string {
	return or(f.c.Timeline[i].Unit, or(f.c.Timeline[i].By, f.c.Unit))
}

// heldSince is the day since when the holder had the case.
func (f *filling) heldSince() string {
	since := f.i
	for since > 0 && f.unitAt(since-1) == f.holder() {
		since--
	}
	if since == 0 {
		return Day(f.c.Received)
	}
	return Day(f.c.Timeline[since].At)
}

// sender is the unit the case came to the holder from, "" when it came from nobody.
func (f *filling) sender() string {
	for i := f.i - 1; i > 0; i-- {
		if f.unitAt(i-1) != f.holder() {
			return f.unitAt(i - 1)
		}
	}
	return ""
}

// last finds the latest entry before this one that was one of these moves.
func (f *filling) last(moves ...MoveName) (Entry, bool) {
	for _, e := range slices.Backward(f.c.Timeline[:f.i]) {
		if slices.Contains(moves, e.Move) {
			return e, true
		}
	}
	return Entry{}, false
}

func (f *filling) name(unit string) string {
	if unit == "citizen" || unit == "system" || unit == f.law.Office.Unit {
		return f.law.Office.Name
	}
	return f.law.Office.UnitName(unit)
}

// matter is the case in the petitioner's words, cut at n characters. A report on
// misconduct is left out of documents, which leave the office (Art 30).
func (f *filling) matter(n int) string {
	p := f.c.Filing
	if p.Class == Report {
		return "检举控告事项（内容依法保密，不在文书上写明）"
	}
	text := or(truncate(p.Facts, n), p.Title)
	if text == "" && len(p.Attachments) > 0 {
		text = "见所附材料"
	}
	if p.Request != "" {
		text = strings.TrimSpace(text + "\n请求：" + f.requestText(n))
	}
	return text
}

// requestText is what the petitioner asks for, cut at n characters, and whose words it is.
func (f *filling) requestText(n int) string {
	p := f.c.Filing
	text := p.Request
	if n > 0 {
		text = truncate(text, n)
	}
	if p.RequestOurs && text != "" {
		text += "（信访人没有直说，登记时替其写的，不是原话）"
	}
	return text
}

func truncate(s string, n int) string {
	r := []rune(strings.TrimSpace(s))
	if len(r) > n {
		return string(r[:n]) + "……"
	}
	return string(r)
}

func (f *filling) place() string {
	p := f.c.Filing.Place
	if f.c.Filing.Class == Report {
		return ""
	}
	l, _ := f.law.Office.Locality(p.Code)
	if strings.HasPrefix(p.Text, l.Name) {
		return p.Text
	}
	return strings.TrimSpace(l.Name + " " + p.Text)
}

// contact is how to reach a unit. A number nobody gave is not invented.
func (f *filling) contact(unit string) string {
	u, _ := f.law.Office.Find(unit)
	switch {
	case u.Phone != "" && u.Address != "":
		return u.Phone + "，" + u.Address
	case u.Phone+u.Address != "":
		return u.Phone + u.Address
	case f.law.Office.Phone != "":
		return f.law.Office.Name + "电话 " + f.law.Office.Phone
	}
	return f.name(unit) + "；也可以凭编号在网上查询和留言"
}

func (f *filling) answer() string { return strings.TrimSpace(f.e.Text) }

// What stands in the documents up to acceptance, or on the way elsewhere.

func (f *filling) receipt() {
	f.v["matter"] = or(f.c.Filing.Facts, f.matter(0))
	f.v["request"] = f.requestText(0)
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
	f.v["received"] = chineseDay(f.heldSince())
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
	f.v["received"] = chineseDay(f.heldSince())
	f.v["basis"], f.v["reason"] = f.e.Args["rule"], f.answer()
	f.v["instead"] = withTerm(f.e.Args["elsewhere"], f.e.Args["until"])
}

func (f *filling) noLonger() {
	f.v["opinion_number"] = f.e.Args["opinion"]
	f.v["opinion_date"] = chineseDay(f.e.Args["date"])
}

func (f *filling) inHand() {
	f.v["received"] = chineseDay(f.heldSince())
	f.v["instead"] = withTerm(f.e.Args["elsewhere"], f.e.Args["until"])
}

func (f *filling) guidance() {
	f.v["received"] = chineseDay(f.heldSince())
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
	f.copyArgs("request", "facts")
	f.v["opinion"] = f.answer()
	f.v["outcome"] = outcomes[f.e.Args["outcome"]]
	f.nextReview("review_window")
}

// outcomes in the words of Art 32 and of the practice of review.
var outcomes = map[string]string{
	"support": "支持您的请求", "no_basis": "您的请求有合理之处，但缺乏法律依据", "not_support": "不支持您的请求",
	"adopted": "采纳", "partly": "部分采纳", "not_adopted": "未采纳",
	"maintain": "维持", "change": "变更", "revoke": "撤销",
}

func (f *filling) copyArgs(keys ...string) {
	for _, k := range keys {
		f.v[k] = strings.TrimSpace(f.e.Args[k])
	}
}

// nextReview names the body to go to and the last day for whoever receives the document the
// day it is made; later receipt makes it later (Art 35, 36).
func (f *filling) nextReview(rule string) {
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
	f.copyArgs("request", "facts")
	f.v["opinion"], f.v["outcome"] = f.answer(), outcomes[f.e.Args["outcome"]]
	f.v["challenged"] = f.challenged()
	if f.e.Move == MoveReviewReply {
		f.nextReview("rereview_window")
	}
}

func (f *filling) redo() {
	f.copyArgs("facts")
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
	return of.name(of.issuer()) + chineseDay(Day(e.At)) + "作出的《" + f.title(e) + "》（" + of.c.Number + " 第" + itoa(e.Seq) + "号）"
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
		f.v["result"] = chineseDay(Day(e.At)) + "出具《" + f.title(e) + "》"
		if o := outcomes[e.Args["outcome"]]; o != "" {
			f.v["result"] += "，结论：" + strings.ReplaceAll(o, "您", "信访人")
		}
	}
	if e, ok := f.last(MoveSettle); ok {
		f.v["view"] = "信访人认为" + settled[e.Args["outcome"]]
	}
}

var settled = map[string]string{"resolved": "已经解决", "partly": "部分解决", "not": "没有解决"}

// urgentReport is about the matter: who petitioned is not on it.
func (f *filling) urgentReport() {
	u, _ := f.law.Office.Find(f.issuer())
	f.v["to"] = f.name(or(u.Above, f.law.Office.Unit))
	f.v["name"], f.v["facts"] = "信访人", f.answer()
	danger, since := f.c.Filing.Urgency, f.c.Received
	var done []string
	for _, e := range f.c.Timeline[:f.i] {
		at := e.At.In(shanghai).Format("15:04")
		switch e.Move {
		case MoveAlarm:
			danger, since = Urgency(e.Args["kind"]), e.At
		case MoveEndAlarm:
			danger = ""
		case MoveAttend:
			done = append(done, chineseDay(Day(e.At))+at+f.name(e.By)+"接手处置")
		case MoveAttended:
			done = append(done, chineseDay(Day(e.At))+at+strings.TrimSuffix(measures[e.Args["measure"]]+"："+e.Text, "："))
		}
	}
	f.v["danger"] = or(dangers[danger], "见情况")
	if danger != "" {
		f.v["danger"] += "，" + chineseDay(Day(since)) + since.In(shanghai).Format("15:04") + "起"
	}
	f.v["done"] = or(strings.Join(done, "\n"), "见情况")
}

var dangers = map[Urgency]string{
	UrgentLife: "危及生命", UrgentViolence: "暴力伤害", UrgentChild: "未成年人受侵害", UrgentGround: "山体、洪水或者垮塌险情",
	UrgentFire: "火灾、燃气或者爆炸", UrgentPoison: "多人中毒或者患病", UrgentCrowd: "多人聚集或者冲突",
}

var measures = map[string]string{"called": "已报警、呼叫急救或者消防", "went": "已派人到现场", "reached": "已联系到本人", "": "其他"}

func (f *filling) delivery() {
	if e, ok := f.last(MoveReply, MoveAgreement, MoveReviewReply, MoveRereviewReply); ok {
		f.v["document"] = "《" + f.title(e) + "》（" + chineseDay(Day(e.At)) + "作出，第" + itoa(e.Seq) + "号）"
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
