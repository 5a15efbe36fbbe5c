package replycheck

import (
	"regexp"

	"dengwen/petition"
)

// Words that take a right away or threaten. None of them is in the Regulation; Art 18
// and 46 forbid retaliation, Art 35 and 36 give the rights (and only a review after
// them ends the procedure).
var (
	waives = regexp.MustCompile(`息诉罢访|息访|罢访|(?:承诺|保证|自愿|同意|不得|必须|应当|以后)[^。；\n]{0,12}(?:不再|放弃|不得再|停止)[^。；\n]{0,8}(?:上访|信访|反映|投诉|申诉|复查|复核|起诉|诉讼|举报|追究)|放弃[^。；\n]{0,10}(?:权利|复查|复核|复议|诉讼|起诉|申请)|一次性了结[^。；\n]{0,10}(?:不再|永不)|签[^。；\n]{0,8}(?:承诺书|保证书)[^。；\n]{0,20}(?:方可|才能|才给|后再)|不要再(?:来|上访|反映|信访|投诉)|(?:今后|以后|从此|永远)[^。；\n]{0,6}不(?:再|得再?|许再?|准再?|能再?)(?:来|去)?(?:上访|信访|反映|投诉|申诉|举报)`)
	threat = regexp.MustCompile(`后果自负|否则[^。；\n]{0,20}(?:追究|处罚|拘留|打击|取消|停发|严肃|公安|列入)|无理取闹|胡搅蛮缠|缠访|闹访|非访|越级上访|黑名单|重点人员|稳控|(?:将|会|要)[^。；\n]{0,8}(?:拘留|训诫|打击处理)|影响(?:你|您|你们|您们)?(?:的)?(?:子女|孩子|家人|工作|低保|待遇|贷款)|刁民|恶意(?:上访|信访|投诉)`)
	denied = regexp.MustCompile(`(?:本|此)(?:答复|意见)(?:为|是|系)?(?:最终|终局|终结)|不得(?:申请|提出|提起)?(?:复查|复核|复议|诉讼)|(?:不能|不可以|不许)(?:申请)?(?:复查|复核)`)
)

func (d *draft) waiver() {
	if w := waives.FindString(d.text); w != "" {
		d.find(petition.ShouldFix, "waiver", "words", cut(w, 30))
	}
	if w := threat.FindString(d.text); w != "" {
		d.find(petition.ShouldFix, "threat", "words", cut(w, 30))
	}
	if w := denied.FindString(d.text); w != "" && d.move.Name != petition.MoveRereviewReply {
		d.find(petition.ShouldFix, "denied", "words", cut(w, 30))
	}
}
