package terminal

// words is what the terminal itself says; everything else is the bot's.
type words struct {
	lang, how, number, code                        string
	tooLong, trouble, slow                         string
	saved, notSaved                                string
	noFile, cannotOpen, tooLarge, badKind, noPlace string
	noMessage                                      string
}

func wordsIn(lang string) words {
	if lang == "en" {
		return words{
			lang: "en", how: `Type a line; a number or a button's words press it. \ at the end goes on in the next line. /file PATH adds a file, /place LAT LON a place, ^1 WORDS replies to the message marked ^1, /quit leaves.`,
			number: "Number", code: "Query code",
			tooLong: "That is too long: at most %d characters a message.",
			trouble: "It cannot be stored right now. Please send it again in a moment.",
			slow:    "No answer yet. It is stored, and the answer will come here.",
			saved:   "Saved: %s", notSaved: "%s could not be saved",
			noFile: "Write /file and the path of a file, for example /file photo.jpg", cannotOpen: "There is no file %s that can be read",
			tooLarge: "%s is too large", badKind: "%s is of a kind that cannot be taken; photos, recordings, video, PDF or Word files can", noPlace: "Write /place and degrees north and east, for example /place 33.68 109.11",
			noMessage: "There is no message of that number; ^1 and what you say replies to the one marked ^1",
		}
	}
	return words{
		lang: "zh-CN", how: `写一行说一句。写按钮前的数字或按钮上的字就是按它。行末写 \ 接着写下一行。/file 路径 加文件，/place 纬度 经度 发位置，^1 和要说的话是回复标着 ^1 的消息，/quit 离开。`,
		number: "编号", code: "查询码",
		tooLong: "这条太长了，一条最多 %d 个字。请分几条发。",
		trouble: "现在存不进去。请过一会儿再发一次。",
		slow:    "还没有回答。您说的已经存下，回答会出现在这里。",
		saved:   "已保存：%s", notSaved: "%s 没有保存成功",
		noFile: "请写 /file 和文件的路径，例如 /file 照片.jpg", cannotOpen: "没有能打开的文件 %s",
		tooLarge: "%s 太大，收不下", badKind: "%s 这种格式收不了。请发照片、录音、视频、PDF 或 Word 文件", noPlace: "请写 /place 和纬度、经度，例如 /place 33.68 109.11",
		noMessage: "没有这个编号的消息；写 ^1 和您的话，就是回复标着 ^1 的那条",
	}
}
