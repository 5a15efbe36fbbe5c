package web

import (
	"net/http"

	"golang.org/x/text/language"
)

// words is what the page itself says; everything else is the bot's. Sentences with
// %s take one value.
type words struct {
	Lang, Title, Skip, Tagline, Example, Menu, Log, You, Office, Sent                  string
	Hello, HelloMore, Danger, Start, Lookup, Number, Code, CodeHint, Find              string
	Write, Hint, HintKeys, Send, Attach, Photos, Voice, PhotosNote, Locate, LocateAsk  string
	Located, Chosen, Download, Receipt, Refresh, Working, Newest, OtherLang            string
	Reconnecting, Back, Sending, NotSent, Again, Uploading, NoLocation, Leave, LeaveBy string
	Expired, Busy, Trouble, TooLong, TooLarge, TooMany, BadKind, Empty, Missing        string
	Remove, Voiced, Photo, Document, Video, NoScript, Smaller, Away, Crowd, Retry      string
	Ended                                                                              string
	Commands                                                                           []command
}

// command is one entry of the menu: a command of the conversation.
type command struct{ Name, Text string }

var chinese = words{
	Lang: "zh-CN", Title: "网上说事", Skip: "跳到输入框", Tagline: "网上说事，有号可查",
	Example: "示例：机构名称没有核对，请不要当真提交", Menu: "菜单", Log: "对话", You: "我", Office: "信访局", Sent: "%s发出",
	Hello:     "有什么事，直接写下来就行。",
	HelloMore: "想到哪儿说到哪儿，缺什么我再问您。提交前给您看一遍，点了提交才算数。",
	Danger:    "有人身危险，先打 110、119、120。",
	Start:     "先看看怎么用", Lookup: "查进度", Number: "编号", Code: "查询码",
	CodeHint: "在这个页面提交的，不用填查询码。", Find: "查一查",
	Write: "写给信访局", Hint: "把事情写在这里", HintKeys: "回车发送，Shift 加回车换行", Send: "发送",
	Attach: "加照片、文件或位置", Photos: "照片或视频", Voice: "录音或文件",
	PhotosNote: "一次最多 %d 个，每个不超过 %d MB", Smaller: "，大照片会先缩小再发", Away: "这个页面现在打不开，过一会儿会自己再试。急事可以到信访局窗口去。", Crowd: "现在来的人太多，过一会儿会自己再试。", Retry: "再试一次", Ended: "这台设备上原来的对话已经关上了。交过的信访件不受影响，凭编号和查询码还能查。工作人员请用新的邀请再进来。", Locate: "发送我的位置", LocateAsk: "发送我现在的位置",
	Located: "发送了位置", Chosen: "已选", Download: "保存回执图片", Receipt: "回执图片，编号 %s",
	Refresh: "看看有没有新消息", Working: "收到了，正在处理。", Newest: "有新消息", OtherLang: "English",
	Reconnecting: "网络断了，正在重新连接。写好的话会留着，连上就发。",
	Back:         "已经连上", Sending: "正在发送", NotSent: "还没发出去", Again: "再发一次",
	Uploading: "正在上传", NoLocation: "没有拿到位置。请把地点写出来。",
	Leave: "离开并清空这台设备", LeaveBy: "公用电脑用完请点这里。交过的信访件不受影响，凭编号和查询码还能查。答应收的服务通知也就停了。",
	Expired:  "页面放得太久了，或者浏览器没有允许 Cookie。请打开允许，再发一次。",
	Busy:     "发得太快了。请等几秒再发，写好的话还在。",
	Trouble:  "现在存不进去。写好的话还在，请过一会儿再发。",
	TooLong:  "这条太长了，一条最多 %d 个字。请分几条发。",
	TooLarge: "%s 太大，收不下。每个文件不超过 %d MB。",
	TooMany:  "一次最多 %d 个文件，多的请再发一次。",
	BadKind:  "%s 这种格式收不了。请发照片、录音、视频、PDF 或 Word 文件，或者拍成照片发来。",
	Empty:    "还没有写。请写一句话，或者加一张照片。",
	Missing:  "这里没有这个页面。",
	Remove:   "去掉 %s", Voiced: "录音", Photo: "照片", Document: "文件", Video: "视频",
	NoScript: "这个浏览器没有开脚本，页面照样能用：发完以后点“看看有没有新消息”。",
	Commands: []command{
		{"my", "我的信访件"}, {"rights", "我的权利"}, {"privacy", "隐私：谁能看到"},
		{"mydata", "我的资料"}, {"notices", "服务通知"}, {"help", "怎么用"}, {"language", "换语言 / Language"},
	},
}

var english = words{
	Lang: "en", Title: "Tell the office", Skip: "Skip to the message box", Tagline: "Follow it by number",
	Example: "Example: names of bodies not checked, submit nothing real", Menu: "Menu", Log: "Conversation", You: "Me", Office: "Petition office", Sent: "sent %s",
	Hello:     "Whatever it is, just write it down.",
	HelloMore: "Tell it in any order; I ask for what is missing. You see all of it before anything is filed, and nothing is filed until you press Submit.",
	Danger:    "Is somebody in danger? Call 110, 119 or 120 first.",
	Start:     "See how it works", Lookup: "Find a petition", Number: "Number", Code: "Query code",
	CodeHint: "If you filed it on this page, no code is needed.", Find: "Find",
	Write: "Write to the petition office", Hint: "Write it here", HintKeys: "Enter sends, Shift and Enter starts a new line", Send: "Send",
	Attach: "Add photos, files or your location", Photos: "Photos or video", Voice: "Recording or file",
	PhotosNote: "at most %d at a time, %d MB each", Smaller: "; large photos are made smaller first", Away: "This page cannot be shown now; it tries again by itself. If it is urgent, come to the counter of the petition office.", Crowd: "Too many people are here just now; this page tries again by itself.", Retry: "Try again", Ended: "The conversation on this device was closed. Filed petitions stay and can be found by number and query code. Officers come in again with a new invitation.", Locate: "Share my location", LocateAsk: "Share where I am now",
	Located: "Shared a location", Chosen: "chosen", Download: "Save the receipt picture", Receipt: "Receipt picture, number %s",
	Refresh: "Check for new messages", Working: "Received, working on it.", Newest: "New message", OtherLang: "中文",
	Reconnecting: "The network is gone, reconnecting. What you write is kept and sent when it is back.",
	Back:         "Connected again", Sending: "Sending", NotSent: "Not sent yet", Again: "Send again",
	Uploading: "Uploading", NoLocation: "Could not get the location. Please write the place.",
	Leave: "Leave and clear this device", LeaveBy: "On a shared computer, press this when you are done. Filed petitions stay and can be found by number and query code. Service notices agreed to here end.",
	Expired:  "This page was open too long, or the browser does not allow cookies. Please allow them and send again.",
	Busy:     "That was too fast. Please wait a few seconds and send again; your words are still here.",
	Trouble:  "It cannot be stored right now. Your words are still here; please send again in a moment.",
	TooLong:  "That is too long: at most %d characters a message. Please send it in parts.",
	TooLarge: "%s is too large. Each file can have at most %d MB.",
	TooMany:  "At most %d files at a time. Please send the others in another message.",
	BadKind:  "%s is of a kind that cannot be taken. Please send photos, recordings, video, PDF or Word files, or take a photo of it.",
	Empty:    "Nothing written yet. Please write a sentence or add a photo.",
	Missing:  "There is no such page here.",
	Remove:   "Remove %s", Voiced: "Recording", Photo: "Photo", Document: "File", Video: "Video",
	NoScript: "Scripts are off in this browser; the page works all the same. After sending, press “Check for new messages”.",
	Commands: []command{
		{"my", "My petitions"}, {"rights", "My rights"}, {"privacy", "Privacy: who can see it"},
		{"mydata", "My data"}, {"notices", "Service notices"}, {"help", "How it works"}, {"language", "Language / 换语言"},
	},
}

func wordsIn(lang string) *words {
	if lang == "en" {
		return &english
	}
	return &chinese
}

// languageMatcher holds Chinese first: it is what an unknown language gets.
var languageMatcher = language.NewMatcher([]language.Tag{language.MustParse("zh-CN"), language.English})

// wordsFor chooses the page's words by ?lang=, else by what the browser asks for.
func wordsFor(r *http.Request) *words {
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		tags = nil
	}
	_, i, sure := languageMatcher.Match(tags...)
	if i == 1 && sure >= language.High {
		return &english
	}
	return &chinese
}

func (w *words) kind(k string) string {
	switch k {
	case "photo":
		return w.Photo
	case "video":
		return w.Video
	case "audio", "voice":
		return w.Voiced
	}
	return w.Document
}
