package petition

import (
	"maps"
	"slices"
)

// documentSpec is one kind of official document.
type documentSpec struct {
	title   string
	citizen bool   // the citizen holds it; the others go between units or stay in the file
	parts   []Part // what it must say besides number, unit and date
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
// signed in the room, the urgent report goes its own way (Art 25): neither is printed.
// Never written to.
var documents = map[string]documentSpec{
	"receipt":          {"信访事项登记回执", true, []Part{cameOn, matters, {"next", "下一步和日期"}}},
	"transfer":         {"信访事项转送函", false, []Part{toUnit, matters, basis, term}},                                                          // Art 22
	"forwarded":        {"信访事项转送告知书", true, []Part{toWhom, cameOn, matters, toUnit, term, phone}},                                         // Art 23(1)
	"objection":        {"信访事项异议书", false, []Part{toUnit, matters, reason}},                                                               // Art 23(3)
	"acceptance":       {"信访事项受理告知书", true, []Part{toWhom, cameOn, {"source", "来源"}, matters, {"route", "处理途径和程序"}, term, phone}},         // Art 23
	"refusal":          {"信访事项不予受理告知书", true, []Part{toWhom, cameOn, matters, basis, reason, whereTo}},                                    // Art 23
	"no_longer":        {"信访事项不再受理告知书", true, []Part{toWhom, matters, {"opinion_number", "复核意见书编号"}, {"opinion_date", "复核意见书日期"}}},        // Art 36(3)
	"in_hand":          {"信访事项不重复受理告知书", true, []Part{toWhom, cameOn, matters, whereTo}},                                                  // Art 19(3)
	"guidance":         {"信访事项依法分类处理告知书", true, []Part{toWhom, cameOn, matters, {"route", "法定途径"}, basis, whereTo, {"until", "那条途径的期限"}}}, // Art 31
	"extension":        {"信访事项延长办理期限告知书", true, []Part{toWhom, matters, reason, {"approved", "批准人"}, term}},                               // Art 34
	"hearing_notice":   {"信访听证通知书", true, []Part{toWhom, matters, {"when", "听证日期"}, {"place", "听证地点"}}},                                   // Art 31(6)
	"agreement":        {"信访事项协议书", true, []Part{toWhom, matters, {"sort", "调解还是和解"}, {"terms", "协议内容"}}},                                 // Art 33
	"opinion":          {"信访处理意见书", true, []Part{toWhom, cameOn, asked, found, decided, basis, reviewer, lastDay}},                        // Art 32, 35
	"suggestion_reply": {"建议意见答复书", true, []Part{toWhom, cameOn, matters, {"outcome", "是否采纳"}, decided}},                                  // Art 29
	"review":           {"信访事项复查意见书", true, []Part{toWhom, against, asked, found, decided, basis, reviewer, lastDay}},                     // Art 35, 36
	"review_redo":      {"信访事项复查意见书", true, []Part{toWhom, against, found, decided, basis}},                                               // Art 35
	"rereview":         {"信访事项复核意见书", true, []Part{toWhom, against, asked, found, decided, basis}},                                        // Art 36
	"review_refusal":   {"复查复核申请不予受理告知书", true, []Part{toWhom, against, basis, reason}},                                                   // Art 35, 36
	"review_request":   {"信访事项复查申请书", true, []Part{toWhom, against, asked}},                                                               // Art 35
	"rereview_request": {"信访事项复核申请书", true, []Part{toWhom, against, asked}},                                                               // Art 36
	"supervision":      {"督办函", false, []Part{toUnit, {"facts", "发现的情况"}, basis, {"ask", "要求"}, {"due", "反馈日期"}}},                         // Art 40
	"completion":       {"信访事项办结报告", false, []Part{toUnit, matters, {"done", "办理情况"}, {"result", "结果"}, {"view", "信访人意见"}}},               // Art 22(1)(3)
	"delivery":         {"送达回证", false, []Part{{"document", "送达的文书"}, {"name", "受送达人"}, {"method", "送达方式"}, {"delivered", "收到日期"}}},
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
