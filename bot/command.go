package bot

import "strings"

// commandWords are the words that stand for a command when they are all that was typed.
var commandWords = map[string]string{
	"帮助": "help", "怎么用": "help", "help": "help",
	"开始": "start", "start": "start",
	"取消": "cancel", "算了": "cancel", "cancel": "cancel",
	"进度": "my", "查进度": "my", "查询": "my", "我的信访": "my", "my petitions": "my", "status": "my",
	"我的权利": "rights", "权利": "rights", "my rights": "rights",
	"隐私": "privacy", "privacy": "privacy", "我的数据": "mydata",
	"忘记我": "forget", "删除我的信息": "forget",
	"通知": "notices", "服务通知": "notices", "notices": "notices",
	"在哪儿通知我": "told", "在哪里通知我": "told", "通知我": "told", "短信通知": "told", "怎么通知我": "told", "where i am told": "told", "told": "told",
	"测验": "quiz", "小测验": "quiz", "quiz": "quiz",
	"语言": "language", "language": "language",
	"新的信访": "new", "重新开始": "new",
	"接访": "reception", "领导接访": "reception", "接访日": "reception", "预约接访": "reception", "约领导": "reception", "reception": "reception", "reception days": "reception",
	"继续": "resume", "continue": "resume",
	"我要反映": "new", "new petition": "new",
}

var citizenCommands = map[string]bool{
	"start": true, "help": true, "new": true, "my": true, "status": true, "rights": true, "privacy": true,
	"mydata": true, "forget": true, "language": true, "cancel": true, "quiz": true,
	"notices": true, "reception": true, "told": true,
}

// CommandOf is the command of an event and its argument: recognised by the door, typed with
// a slash (half or full width), or one of a few plain words; "" when there is none. The name
// is in small letters, without slash and @bot; "lang:<code>" chooses a language.
func CommandOf(e Event) (name, args string) {
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
		if citizenCommands[name] || looksLikeCommand(name) {
			return name, strings.TrimSpace(args)
		}
		return "", ""
	}
	if len(text) > 40 {
		return "", ""
	}
	return commandWords[strings.ToLower(text)], ""
}

// looksLikeCommand reports 1 to 20 of a-z and _: what somebody may have meant as a command
// and is answered with the list of them.
func looksLikeCommand(s string) bool {
	for _, r := range s {
		if r != '_' && (r < 'a' || r > 'z') {
			return false
		}
	}
	return s != "" && len(s) <= 20
}
