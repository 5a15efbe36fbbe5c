package telling

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"dengwen/petition"
)

// Place is an address besides the chat at which somebody is told; "" = none.
type Place struct {
	Address string    `json:"address,omitempty"`
	At      time.Time `json:"at,omitzero"`  // when they agreed
	Bad     time.Time `json:"bad,omitzero"` // since when nothing gets there
}

// Open reports whether somebody can be told there.
func (p Place) Open() bool { return p.Address != "" && p.Bad.IsZero() }

// Robot is a robot of a group that an officer chose for themselves.
type Robot struct {
	Place
	Kind   string `json:"kind,omitempty"`   // wecom, dingtalk, feishu
	Secret string `json:"secret,omitempty"` // of its signature
}

// Wishes are where, of what and when somebody wants to be told besides their chat.
type Wishes struct {
	Phone Place    `json:"phone,omitzero"` // by short message
	Mail  Place    `json:"mail,omitzero"`
	Robot Robot    `json:"robot,omitzero"`
	Kinds []string `json:"kinds,omitempty"` // of Kinds, nil = all

	// Quiet hours, as 22:00 and 07:00 in the office's time; "" = none. Danger to people is told at any hour.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// The kinds of what is told, by what an officer has to do about it; for who petitioned it is answers
// or all.
const (
	KindNew     = "new"     // a case has come
	KindWords   = "words"   // its petitioner said something
	KindPeriods = "periods" // a period is near its end, or over
	KindSteps   = "steps"   // colleagues did something, papers included
	KindDigest  = "digest"  // the list of the morning
	KindNone    = "none"    // in Kinds alone: nothing but what is urgent
	KindAnswers = "answers" // to who petitioned: what asks or answers them
)

// Kinds are those of officers.
func Kinds() []string { return []string{KindNew, KindWords, KindPeriods, KindSteps, KindDigest} }

// KindOf is the kind of a notice, see Kinds.
func KindOf(n petition.Notice) string {
	m := n.Entry.Move
	if petition.IsChat(n.To) {
		if slices.Contains(answering, m) {
			return KindAnswers
		}
		return KindSteps
	}
	switch {
	case n.Entry.By == "citizen" && m != petition.MoveFile:
		return KindWords
	case slices.Contains(arriving, m):
		return KindNew
	case n.Entry.By == "system":
		return KindPeriods
	}
	return KindSteps
}

var (
	arriving  = []petition.MoveName{petition.MoveFile, petition.MoveRegister, petition.MoveTransfer, petition.MoveAssign, petition.MoveDesignate, petition.MoveSucceed, petition.MoveHandOver, petition.MoveReopen}
	answering = []petition.MoveName{
		petition.MoveAccept, petition.MoveRefuse, petition.MoveNoLonger, petition.MoveInHand, petition.MoveGuide, petition.MoveAsk, petition.MoveTell, petition.MoveHearing,
		petition.MoveAgreement, petition.MoveReply, petition.MoveDeliver, petition.MoveReviewReply, petition.MoveReviewRefuse, petition.MoveRereviewReply, petition.MoveRereviewRefuse,
		petition.MoveWindow,
	}
)

// Wants reports whether somebody is told of a kind besides their chat; urgent is told always.
func (w Wishes) Wants(kind string, urgent bool) bool {
	return urgent || len(w.Kinds) == 0 || slices.Contains(w.Kinds, kind)
}

// Toggle has an officer told of a kind from now on, or no more.
func (w *Wishes) Toggle(kind string) {
	var kinds []string
	for _, k := range Kinds() {
		if w.Wants(k, false) != (k == kind) {
			kinds = append(kinds, k)
		}
	}
	switch w.Kinds = kinds; len(kinds) {
	case 0:
		w.Kinds = []string{KindNone}
	case len(Kinds()):
		w.Kinds = nil
	}
}

// Names of places in the address of their conversation, and in forms.
const (
	SMS      = "sms"
	Mail     = "mail"
	RobotKey = "robot"
)

// Places are the conversations of somebody's places that are open, by the name of who has them.
func (w Wishes) Places(name string) (convs []string) {
	for _, p := range []struct {
		prefix string
		at     Place
	}{{SMS, w.Phone}, {Mail, w.Mail}, {RobotKey, w.Robot.Place}} {
		if p.at.Open() {
			convs = append(convs, p.prefix+":"+name)
		}
	}
	return convs
}

// Empty reports wishes in which there is nothing.
func (w Wishes) Empty() bool {
	return w.Phone == Place{} && w.Mail == Place{} && w.Robot == Robot{} && len(w.Kinds) == 0 && w.From == "" && w.To == ""
}

// zone is the office's: the whole country keeps Beijing time.
var zone = time.FixedZone("CST", 8*3600)

// QuietUntil is the end of the quiet hours that a moment lies in, zero where it lies in none.
func (w Wishes) QuietUntil(now time.Time) time.Time {
	from, ok := minutes(w.From)
	to, ok2 := minutes(w.To)
	if !ok || !ok2 || from == to {
		return time.Time{}
	}
	local := now.In(zone)
	at := local.Hour()*60 + local.Minute()
	quiet := at >= from && at < to
	if from > to {
		quiet = at >= from || at < to
	}
	if !quiet {
		return time.Time{}
	}
	end := time.Date(local.Year(), local.Month(), local.Day(), to/60, to%60, 0, 0, zone)
	if !end.After(now) {
		end = end.AddDate(0, 0, 1)
	}
	return end
}

func minutes(clock string) (int, bool) {
	t, err := time.Parse("15:04", clock)
	return t.Hour()*60 + t.Minute(), err == nil
}

// Check reports what is wrong with wishes.
func (w Wishes) Check() error {
	switch {
	case w.Phone.Address != "" && !mobile.MatchString(w.Phone.Address):
		return petition.Fail(petition.Invalid, "wishes.phone")
	case w.Mail.Address != "" && (len(w.Mail.Address) > 200 || !mailAddress.MatchString(w.Mail.Address)):
		return petition.Fail(petition.Invalid, "wishes.mail")
	case w.Robot.Address != "" && (len(w.Robot.Address) > 500 || robots[w.Robot.Kind] == "" || !strings.HasPrefix(w.Robot.Address, robots[w.Robot.Kind])):
		return petition.Fail(petition.Invalid, "wishes.robot")
	case (w.From == "") != (w.To == ""):
		return petition.Fail(petition.Invalid, "wishes.hours")
	}
	for _, clock := range []string{w.From, w.To} {
		if _, ok := minutes(clock); clock != "" && !ok {
			return petition.Fail(petition.Invalid, "wishes.hours")
		}
	}
	return nil
}

// robots are where the robots of each kind are: an officer has nothing else called.
var robots = map[string]string{"wecom": "https://qyapi.weixin.qq.com/", "dingtalk": "https://oapi.dingtalk.com/", "feishu": "https://open.feishu.cn/"}

var (
	mobile      = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	mailAddress = regexp.MustCompile(`^[^\s@<>,;:"]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,}$`)
)

// Mobile is a telephone number of the mainland that gets short messages, as 13912345678; false for
// every other. Blanks, dashes and +86 are read over.
func Mobile(text string) (string, bool) {
	text = strings.NewReplacer(" ", "", "-", "", "　", "").Replace(text)
	text = strings.TrimPrefix(strings.TrimPrefix(text, "+86"), "0086")
	return text, mobile.MatchString(text)
}
