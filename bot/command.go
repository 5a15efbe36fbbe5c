package bot

import (
	"strings"

	"dengwen/petition"
)

// plain are the words that stand for a command when they are all that was typed.
var plain = map[string]string{
	"帮助": "help", "怎么用": "help", "help": "help",
	"开始": "start", "start": "start",
	"取消": "cancel", "算了": "cancel", "cancel": "cancel",
	"进度": "my", "查进度": "my", "查询": "my", "我的信访": "my", "my petitions": "my", "status": "my",
	"我的权利": "rights", "权利": "rights", "my rights": "rights",
	"隐私": "privacy", "privacy": "privacy", "我的数据": "mydata",
	"忘记我": "forget", "删除我的信息": "forget",
	"通知": "notices", "服务通知": "notices", "notices": "notices",
	"测验": "quiz", "小测验": "quiz", "quiz": "quiz",
	"语言": "language", "language": "language", "english": "lang:en", "英文": "lang:en", "中文": "lang:zh-CN", "chinese": "lang:zh-CN",
	"新的信访": "new", "重新开始": "new",
	"继续": "resume", "continue": "resume",
	"我要反映": "new", "new petition": "new",
}

var commands = map[string]bool{
	"start": true, "help": true, "new": true, "my": true, "status": true, "rights": true, "privacy": true,
	"mydata": true, "forget": true, "language": true, "cancel": true, "quiz": true,
	"notices": true,
}

// command finds the command of an event, given as such, written with a slash (full
// width too), or in plain words.
func command(e Event) (name, args string) {
	if e.Press != nil || len(e.Media) > 0 || e.Edited {
		return "", ""
	}
	if e.Command != "" {
		name, _, _ = strings.Cut(strings.ToLower(e.Command), "@")
		return name, e.Args
	}
	text := strings.TrimSpace(e.Text)
	if rest, ok := strings.CutPrefix(strings.Replace(text, "／", "/", 1), "/"); ok {
		name, args, _ = strings.Cut(rest, " ")
		name, _, _ = strings.Cut(strings.ToLower(name), "@")
		if commands[name] || isWord(name) {
			return name, strings.TrimSpace(args)
		}
		return "", ""
	}
	if len(text) > 40 {
		return "", ""
	}
	return plain[strings.ToLower(text)], ""
}

// isWord reports what somebody may have meant as a command: a few Latin letters.
func isWord(s string) bool {
	for _, r := range s {
		if r != '_' && (r < 'a' || r > 'z') {
			return false
		}
	}
	return s != "" && len(s) <= 20
}

// command does what a command says, in any state. The open question is asked again
// unless the command leads elsewhere.
func (t *talk) command(name, args string) {
	if lang, ok := strings.CutPrefix(name, "lang:"); ok {
		t.speak(lang)
		return
	}
	switch name {
	case "start":
		t.start(args)
	case "new":
		t.anew()
	case "help":
		t.help()
	case "my", "status":
		t.mine(args)
	case "rights":
		t.rights(0)
	case "privacy":
		t.privacy()
	case "mydata":
		t.do("agreed", Effect{Notices: &Notices{Want: "look"}})
	case "notices":
		t.do("notices-look", Effect{Notices: &Notices{Want: "look"}})
	case "forget":
		t.breakIn(Forget)
	case "language":
		t.language()
	case "cancel":
		t.cancel()
	case "quiz":
		t.quiz()
	case "resume":
		t.carryOn()
	default:
		t.note("command.unknown")
		t.help()
	}
}

// start greets, or looks up the case of a deep link.
func (t *talk) start(args string) {
	if number, ok := petition.FindNumber(args); ok {
		t.look(number, "")
		return
	}
	if d := t.s.Draft; d != nil && !d.Sent {
		t.breakIn(Resume)
		return
	}
	t.s.Return, t.s.Note = "", nil
	t.wait(Home)
	t.greet()
}

// anew opens a new petition, after asking when one is begun.
func (t *talk) anew() {
	if d := t.s.Draft; d != nil && !d.Sent && (len(d.Parts) > 0 || len(d.Filing.Attachments) > 0) {
		t.breakIn(Resume)
		return
	}
	if d := t.s.Draft; d != nil && !d.Sent {
		t.s.Draft = nil
	}
	if t.s.State == Filing {
		t.note("send.wait")
		return
	}
	t.s.Return, t.s.Note = "", nil
	t.enter(Telling)
}

// mine looks up a number, or lists one's own petitions.
func (t *talk) mine(args string) {
	if args != "" && t.lookIn(args) {
		return
	}
	t.list("my", "")
}

// cancel leaves what is open: an errand at once, a draft after asking.
func (t *talk) cancel() {
	st := t.state()
	switch {
	case t.s.State == Cancel || t.s.State == Resume:
		t.ask()
	case st.form:
		t.dropDraft()
	case st.quiet && t.s.Draft == nil:
		t.say(t.w("cancel.nothing"), t.homeRows()...)
	case t.s.State == Filing:
		t.say(t.w("send.wait"))
	case t.s.State == Telling:
		t.home("cancel.nothing")
	default:
		t.leave("leave")
	}
}

// carryOn goes back to the draft.
func (t *talk) carryOn() {
	switch {
	case t.state().form:
		t.ask()
	case t.s.Draft != nil && !t.s.Draft.Sent:
		t.returning()
	default:
		t.greet()
	}
}

// navigate does the buttons that never go stale.
func (t *talk) navigate(action, arg string) bool {
	switch action {
	case "look":
		return t.lookIn(arg)
	case "do":
		move, number, _ := strings.Cut(arg, ":")
		number, ok := petition.ParseNumber(number)
		return ok && t.begin(petition.MoveName(move), number)
	case "rights":
		page, _, _ := strings.Cut(arg, ":")
		t.rights(atoi(page))
	case "lang":
		return t.speak(arg)
	case "more":
		t.list("my", t.get("after"))
	case "paper":
		return t.handPaper(arg)
	case "quiz":
		return t.pressQuiz(arg)
	case "number":
		t.breakIn(AskNumber)
	case "notices":
		return t.pressNotices(arg)
	case "new", "my", "mydata", "forget", "privacy", "help":
		t.command(action, "")
	default:
		return false
	}
	return true
}
