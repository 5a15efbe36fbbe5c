package petition

// The moves of the office and those of the citizen that are not in cases.go.
const (
	MoveReceive MoveName = "receive" // the citizen confirms having got the reply
	MoveForget  MoveName = "forget"  // the citizen's chat and contacts were erased

	MoveRegister  MoveName = "register"  // filed by staff for a letter, a visit or a call
	MoveClassify  MoveName = "classify"  // class, route, subject, place
	MoveSeal      MoveName = "seal"      // it is a report on misconduct after all
	MoveUnseal    MoveName = "unseal"    // it is not, and the citizen agrees
	MoveTransfer  MoveName = "transfer"  // 转送
	MoveAssign    MoveName = "assign"    // 交办, with a designated date
	MoveObject    MoveName = "object"    // 提出异议
	MoveAgree     MoveName = "agree"     // the sender takes the matter back
	MoveHold      MoveName = "hold"      // the sender does not
	MoveDispute   MoveName = "dispute"   // 管辖争议
	MoveDesignate MoveName = "designate" // 指定承办单位

	MoveAccept    MoveName = "accept"     // 受理告知
	MoveRefuse    MoveName = "refuse"     // 不予受理
	MoveNoLonger  MoveName = "no_longer"  // 不再受理
	MoveInHand    MoveName = "in_hand"    // 不重复受理
	MoveGuide     MoveName = "guide"      // 导入其他程序
	MoveSimple    MoveName = "simple"     // 简易办理
	MoveEndSimple MoveName = "end_simple" // 转普通程序

	MoveAsk         MoveName = "ask"          // asks the citizen
	MoveGoOn        MoveName = "go_on"        // goes on without the citizen's answer
	MoveTell        MoveName = "tell"         // a message to the citizen
	MoveHearing     MoveName = "hearing"      // 听证
	MoveHearingDone MoveName = "hearing_done" // 听证结束
	MoveMediate     MoveName = "mediate"      // 调解
	MoveAgreement   MoveName = "agreement"    // 调解、和解协议
	MoveExtend      MoveName = "extend"       // 延长办理期限
	MoveReply       MoveName = "reply"        // 处理意见书, 答复
	MoveDeliver     MoveName = "deliver"      // 送达
	MoveComplete    MoveName = "complete"     // 办结报告
	MoveClose       MoveName = "close"        // 办结

	MoveReviewReply    MoveName = "review_reply"    // 复查意见书
	MoveReviewRedo     MoveName = "review_redo"     // 撤销, 责令重新办理
	MoveReviewRefuse   MoveName = "review_refuse"   // 不予受理复查
	MoveRereviewReply  MoveName = "rereview_reply"  // 复核意见书
	MoveRereviewRefuse MoveName = "rereview_refuse" // 不予受理复核

	MoveRefer     MoveName = "refer"      // a report to the body with authority over the cadre
	MoveReferBack MoveName = "refer_back" // and back
	MoveAbout     MoveName = "about"      // which unit a report is about

	MoveSupervise MoveName = "supervise" // 督办, 改进建议
	MoveFeedback  MoveName = "feedback"  // 书面反馈
	MoveLead      MoveName = "lead"      // 领导包案
	MoveProgress  MoveName = "progress"  // progress note
	MoveUrgent    MoveName = "urgent"    // 重大紧急信访事项报告
	MoveRecount   MoveName = "recount"   // recalculates the dates with today's calendar

	MoveTake      MoveName = "take"      // an officer takes it
	MoveHandOver  MoveName = "hand_over" // gives it to a colleague
	MoveNote      MoveName = "note"      // internal note
	MoveRecuse    MoveName = "recuse"    // 回避
	MoveLink      MoveName = "link"      // repeated or joint petitions
	MoveRepresent MoveName = "represent" // representatives of a shared matter
)
