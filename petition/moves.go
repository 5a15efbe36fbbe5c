package petition

import (
	"slices"
)

// MoveName names one move of the table of lawful moves, or an entry that time makes. It
// is stored in timelines and in sessions and buttons, so it never changes.
type MoveName string

// The moves: the citizen's, then the office's in the order of a case's life.
const (
	MoveFile       MoveName = "file"
	MoveSupplement MoveName = "supplement"
	MoveWithdraw   MoveName = "withdraw"
	MoveNudge      MoveName = "nudge" // 催办
	MoveRate       MoveName = "rate"
	MoveSettle     MoveName = "settle" // 办结确认: resolved, partly, not resolved
	MoveReview     MoveName = "review"
	MoveRereview   MoveName = "rereview"
	MoveReopen     MoveName = "reopen"
	MoveForget     MoveName = "forget"  // chat and contacts were erased at the citizen's wish
	MoveReceive    MoveName = "receive" // confirms having got the reply

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
	MoveSucceed   MoveName = "succeed"   // 单位撤并, 由继续行使职权的单位承接

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

	MoveAnswerSender MoveName = "answer_sender" // 向来文单位报告办理结果

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
	MoveUnlead    MoveName = "unlead"    // 解除包案
	MoveProgress  MoveName = "progress"  // progress note

	// Of hard cases, see PlanStep.
	MovePlan         MoveName = "plan"          // a step of the plan
	MovePlanDone     MoveName = "plan_done"     // it was done
	MovePlanLater    MoveName = "plan_later"    // it takes longer, and why
	MovePlanDrop     MoveName = "plan_drop"     // it is given up, and why
	MoveMeeting      MoveName = "meeting"       // 协调会
	MoveStrike       MoveName = "strike"        // 销号: the petitioner said that it is resolved
	MoveStrikeReason MoveName = "strike_reason" // 销号: for a reason that the petition office's head approves

	MovePromise   MoveName = "promise" // what somebody was promised when they were received, by whom and by when
	MoveKept      MoveName = "promise_kept"
	MoveExplained MoveName = "promise_explained" // why it cannot be kept
	MoveUrgent    MoveName = "urgent"            // 重大紧急信访事项报告
	MoveAlarm     MoveName = "alarm"             // people are in danger now (Art 25)
	MoveEndAlarm  MoveName = "end_alarm"         // they are not, or no longer
	MoveAttend    MoveName = "attend"            // somebody takes the danger in hand: 我来管
	MoveAttended  MoveName = "attended"          // what was done about it
	MoveRecount   MoveName = "recount"           // recalculates the dates with today's calendar

	MoveTake      MoveName = "take"      // an officer takes it
	MoveHandOver  MoveName = "hand_over" // gives it to a colleague
	MoveNote      MoveName = "note"      // internal note
	MoveRecuse    MoveName = "recuse"    // 回避
	MoveLink      MoveName = "link"      // repeated or joint petitions
	MoveUnlink    MoveName = "unlink"    // they do not belong together after all
	MoveRepresent MoveName = "represent" // representatives of a shared matter

	// Of drafts of papers that somebody signs, see Draft.
	MoveDraft     MoveName = "draft"      // saves what is written; no entry of the timeline
	MoveSubmit    MoveName = "submit"     // 送签
	MoveTakeBack  MoveName = "take_back"  // 撤回
	MoveDropDraft MoveName = "drop_draft" // 作废
	MoveSendBack  MoveName = "send_back"  // 退回修改
	MoveSign      MoveName = "sign"       // 签发: the entry is the paper's own move

	// Of petitions that another system held, see Service.TakeOver.
	MoveImport     MoveName = "import"      // 从旧台账转入
	MoveUndoImport MoveName = "undo_import" // 撤销转入

	// What time makes by itself, entries of the timeline that no row of the table gives.
	MoveRemind     MoveName = "remind"     // a period turns yellow: to the officer
	MoveOverdue    MoveName = "overdue"    // it is over: to the unit's head, and the citizen is told
	MoveEscalate   MoveName = "escalate"   // three days later: to the head of the petition office
	MoveWindow     MoveName = "last_days"  // a citizen's window ends within five days
	MoveUnclaimed  MoveName = "untaken"    // nobody of the unit has taken it or done anything about it for Settings.UnclaimedMinutes
	MoveUnattended MoveName = "unattended" // nobody has taken the danger in hand for Settings.UrgentMinutes
	MoveUnsigned   MoveName = "unsigned"   // a draft waits to be signed
	MoveErase      MoveName = "erase"      // what it said was erased at the end of the years that files are kept
)

// MoveSpec is one row of the table of lawful moves: for these classes and in these
// states these people may make the move, with what it requires and what follows.
// Buttons, the API, the console and the diagram in docs are derived from the rows.
// A name may have several rows where classes differ.
type MoveSpec struct {
	Name    MoveName
	Article string   // of the Regulation, "" for what it does not govern
	Class   []Class  // nil = every class
	From    []Status // a case that waits for the citizen counts as where it was before
	To      Status   // "" = stays; Back = where it was before Waiting
	Who     []Who
	Signs   []Who  // who issues the paper that others write; nil = who makes the move issues it
	Needs   []Need // what must be true of the case besides; the refusal names the first that is not
	Fields  []Field
	Checks  []Need // what must be true of the move as well

	Unit   string            // where it goes: "" stays; one of the To… targets
	Stops  []string          // clocks that end, kept or late; "*" = all
	Drops  []string          // clocks that end without a judgement; "*" = all others
	Starts []Start           // clocks that begin
	Sets   map[string]string // small facts: a literal, "$field", "@today", "@unit", "" = gone

	Document string // official document that belongs to it, "" = none
	Public   bool   // the citizen is told
	Silent   bool   // no entry of the timeline
	Apply    func(*step) error
}

// Who may make a move: a role, and where that officer's unit stands to the case.
type Who struct {
	Role Role
	At   Relation
}

// Who petitioned makes moves of their own. A number and a query code are easily lost or
// given away: they read, add and ask for review. What ends a matter or judges the office
// is for the chat that filed it alone.
const (
	Citizen Role = "citizen" // by the filing chat, or by number and query code
	Filer   Role = "filer"   // by the filing chat
)

// Relation says how an officer's unit stands to a case.
type Relation string

const (
	atHolder  Relation = "holder"  // has the case now
	atOffice  Relation = "office"  // the petition office
	atSender  Relation = "sender"  // sent it to the holder
	atAbove   Relation = "above"   // decides a dispute of competence: above all that it is between
	atHandler Relation = "handler" // gave the answer that is under review
	atDraft   Relation = "draft"   // signs or writes a draft of it
	atLead    Relation = "lead"    // leads the case
	atStep    Relation = "step"    // has an open step of its plan
	atDuty    Relation = "duty"    // the duty office, told because nobody took an urgent matter in hand
)

// Back as a target state means: where the case was before it waited for the citizen.
const Back Status = "back"

// Targets of MoveSpec.Unit.
const (
	toField    = "@field"    // the unit named in the move
	toOffice   = "@office"   // the petition office; for a report the sealed unit
	toSealed   = "@sealed"   // the unit that gets reports on misconduct
	toSender   = "@sender"   // back to who sent it
	toReview   = "@review"   // the handler's review body (Art 35)
	toRereview = "@rereview" // the handler's re-review body (Art 36)
	toHandler  = "@handler"  // the unit whose reply was under review
	toReviewer = "@reviewer" // the unit whose review reply was under re-review
)

// Kind of a field: what a dialogue must ask for.
type Kind string

const (
	KindText    Kind = "text"
	KindDate    Kind = "date" // 2006-01-02
	KindUnit    Kind = "unit"
	KindOfficer Kind = "officer"
	KindChoice  Kind = "choice"
	KindNumber  Kind = "number" // a whole number, 1 or more
	KindCase    Kind = "case"   // another petition's number
	KindFiles   Kind = "files"
	KindStep    Kind = "step" // an open step of the case's plan, by PlanStep.ID
)

// Field is one thing a move requires. The keys text, unit, officer, date and files
// are fields of Move itself; every other key is an entry of Move.Args.
type Field struct {
	Key      string
	Kind     Kind
	Article  string // why it is asked: the article that demands it
	Optional bool
	Choices  []string
	Inner    bool     // the citizen does not see it
	With     []string // wanted only with one of these answers to a choice of the same move; nil: with any
	Aside    bool     // for the paper alone: a chat offers it before the move is made and does not ask it in turn
}

// Wants reports whether a field of the move is wanted beside what m answers to its choices.
func (s MoveSpec) Wants(f Field, m Move) bool {
	return f.With == nil || slices.ContainsFunc(s.Fields, func(c Field) bool {
		return c.Kind == KindChoice && slices.Contains(f.With, m.Of(c))
	})
}

// Why is the key of the sentence that says why the field is asked.
func (f Field) Why(m MoveName) string { return "why." + string(m) + "." + f.Key }

// Of is what a move says for a field. A choice always stands in Args, whatever its
// key.
func (m Move) Of(f Field) string {
	if f.Kind == KindChoice && f.Key != "for" {
		return m.Args[f.Key]
	}
	return m.value(f.Key)
}

// Set says a value under a key, where Value finds it again. Choices go into Args
// instead, whatever their key: a rating of the unit is no unit to go to.
func (m *Move) Set(key, value string) {
	switch key {
	case "text":
		m.Text = value
	case "unit":
		m.Unit = value
	case "officer":
		m.Officer = value
	case "date":
		m.Date = value
	default:
		if m.Args == nil {
			m.Args = map[string]string{}
		}
		m.Args[key] = value
	}
}

// value is what a move says under a key.
func (m Move) value(key string) string {
	switch key {
	case "text":
		return m.Text
	case "unit":
		return m.Unit
	case "officer":
		return m.Officer
	case "date":
		return m.Date
	case "for":
		return string(m.For)
	}
	return m.Args[key]
}

// Start begins a clock. From and On name a field or "@today"; On gives the last day
// of a period that is set case by case.
type Start struct {
	Rule string
	From string
	On   string
}

func starts(rules ...string) []Start {
	var s []Start
	for _, r := range rules {
		s = append(s, Start{Rule: r})
	}
	return s
}

// Moves is the whole table, in the order of a case's life.
func Moves() []MoveSpec {
	return slices.Concat(citizenMoves(), intakeMoves(), transferMoves(), entryMoves(), workMoves(),
		answerMoves(), reviewMoves(), reportMoves(), watchMoves(), hardMoves(), urgentMoves(), fileMoves(), enteredMoves(), successionMoves(), draftMoves())
}

// SpecsOf are the rows of one name. None: Invalid "move.unknown".
func SpecsOf(name MoveName) ([]MoveSpec, error) {
	return specsIn(Moves(), name)
}

func specsIn(table []MoveSpec, name MoveName) ([]MoveSpec, error) {
	var rows []MoveSpec
	for _, s := range table {
		if s.Name == name {
			rows = append(rows, s)
		}
	}
	if rows == nil {
		return nil, Fail(Invalid, "move.unknown", "move", string(name))
	}
	return rows, nil
}

// SpecOf is the row of a name for a class, the petitioner's where they have one of their own.
func SpecOf(name MoveName, class Class) (MoveSpec, error) {
	return specOf(name, class, func(MoveSpec) bool { return true })
}

// StaffSpecOf is the row of a name for a class by which an officer makes the move.
func StaffSpecOf(name MoveName, class Class) (MoveSpec, error) {
	return specOf(name, class, func(s MoveSpec) bool { return !s.byCitizen() })
}

func specOf(name MoveName, class Class, of func(MoveSpec) bool) (MoveSpec, error) {
	rows, err := SpecsOf(name)
	if err != nil {
		return MoveSpec{}, err
	}
	for _, s := range rows {
		if s.forClass(class) && of(s) {
			return s, nil
		}
	}
	return MoveSpec{}, Fail(Conflict, "move.class", "move", string(name), "class", string(class))
}

// Elsewhere reports whether the move takes the case to another unit than the one that has it.
func (s MoveSpec) Elsewhere() bool { return slices.Contains(s.Checks, otherUnit) }

// ToBody reports whether the move asks a body for review or re-review: View.Bodies are its units.
func (s MoveSpec) ToBody() bool { return slices.Contains(s.Checks, reviewBody) }

func (s MoveSpec) forClass(c Class) bool { return s.Class == nil || slices.Contains(s.Class, c) }

// forCitizen reports whether who petitioned makes it, perhaps others too.
func (s MoveSpec) forCitizen() bool {
	return slices.ContainsFunc(s.Who, Who.isCitizen)
}

// byCitizen reports whether only who petitioned makes it.
func (s MoveSpec) byCitizen() bool { return len(s.Who) == 1 && s.Who[0].isCitizen() }

func (w Who) isCitizen() bool { return w.Role == Citizen || w.Role == Filer }

// Words the rows of the table are written with.

var (
	claims      = []Class{Claim}
	suggestions = []Class{Suggestion}
	reports     = []Class{Report}
	open        = []Class{Claim, Suggestion} // everything that is not sealed
)

var (
	citizen    = []Who{{Role: Citizen}}
	filer      = []Who{{Role: Filer}}
	holders    = []Who{{Officer, atHolder}, {Head, atHolder}}
	headOnly   = []Who{{Head, atHolder}}
	sender     = []Who{{Intake, atSender}, {Supervisor, atSender}, {Officer, atSender}, {Head, atSender}}
	overseers  = []Who{{Intake, atOffice}, {Supervisor, atOffice}}
	supervisor = []Who{{Supervisor, atOffice}}
	leading    = Who{Leader, atLead}
	reviewers  = []Who{{Officer, atHolder}, {Head, atHolder}, {Intake, atOffice}, {Supervisor, atOffice}}
	involved   = []Who{{Officer, atHolder}, {Head, atHolder}, {Officer, atHandler}, {Head, atHandler}, {Intake, atOffice}, {Supervisor, atOffice}}
)

// entryRules are the clocks that run while a unit has not yet said whether it takes the
// matter.
var entryRules = []string{"forward", "notify", "decide", "simple_accept"}

func text(key, article string) Field { return Field{Key: key, Kind: KindText, Article: article} }

func date(article string) Field { return Field{Key: "date", Kind: KindDate, Article: article} }

func unit(article string) Field { return Field{Key: "unit", Kind: KindUnit, Article: article} }

func officer() Field { return Field{Key: "officer", Kind: KindOfficer, Inner: true} }

func files() Field { return Field{Key: "files", Kind: KindFiles, Optional: true} }

func choice(key, article string, choices ...string) Field {
	return Field{Key: key, Kind: KindChoice, Article: article, Choices: choices}
}

func maybe(f Field) Field { f.Optional = true; return f }
func inner(f Field) Field { f.Inner = true; return f }
func aside(f Field) Field { f.Aside, f.Optional = true, true; return f }

func only(f Field, choices ...string) Field { f.With = choices; return f }
