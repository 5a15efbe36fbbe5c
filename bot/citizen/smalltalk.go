package citizen

import "strings"

var greetings = []string{"你好", "您好", "在吗", "在不在", "有人吗", "喂", "hello", "hi", "hey", "good morning", "你好啊", "你是谁", "你是机器人吗"}

func isGreeting(text string) bool { return oneOf(text, greetings) }

// politeReply answers with the key of a short reply to thanks and the like.
func politeReply(text string) string {
	switch {
	case oneOf(text, []string{"谢谢", "谢谢您", "谢谢你", "多谢", "谢了", "感谢", "thanks", "thank you"}):
		return "polite.thanks"
	case oneOf(text, []string{"好的", "好", "嗯", "不用了", "没事", "没事了", "知道了", "收到", "明白", "行", "ok", "okay", "再见", "bye"}):
		return "polite.ok"
	}
	return ""
}

func oneOf(text string, list []string) bool {
	s := strings.ToLower(strings.TrimFunc(text, func(r rune) bool { return strings.ContainsRune(" \n.。,，!！~～?？", r) }))
	for _, w := range list {
		if s == w {
			return true
		}
	}
	return false
}
