// Package officials finds people in public office in a text, by their titles and the bodies they
// belong to. It reads words only: whether a text is a report on them is for others to decide.
package officials

import "strings"

// titles are people in public office, as people call them.
var titles = strings.Fields(`
书记 支书 主任 主席 委员 村长 干部 驻村 专干 文书 保管员 会计 组长 镇长 乡长 县长 区长 局长 科长 处长 所长 站长 股长 部长 行长 场长 园长 校长 院长
大队长 中队长 领导 队员 民警 警察 辅警 交警 协警 城管 路政 运政 执法 法官 检察官 纪检 人大代表 党员 公务员 工作人员 办事员 土地员 护林员 网格员 窗口的
厂长 网格长 两委 渔政 兽医站 医保办 检查站 税务 工商 水务 国企 县属 公办 政府 村委 居委 局的 局里 所的 所里 站的 站里 办的人 办公室 派出所 国土所 土地所 司法所 城建所 农机站 林业站 水管站 安监站 扶贫办 民政办 征收办 教育局 社保局
official secretary accountant mayor officer village head director headmaster police magistrate clerk`)

// Find is the first person in public office that text names: from byte i to j,
// i = -1 where there is none. Greetings (书记您好) do not count.
func Find(text string) (i, j int) {
	i = -1
	for _, title := range titles {
		for from := 0; ; {
			at := strings.Index(text[from:], title)
			if at < 0 {
				break
			}
			at += from
			from = at + len(title)
			if !greeted(text, at, from) {
				if i < 0 || at < i {
					i, j = at, from
				}
				break
			}
		}
	}
	return i, j
}

// greeted reports whether the official is the one written to.
func greeted(text string, i, j int) bool {
	for _, s := range []string{"您好", "你好", "们", "：", ":", "，您", ",您"} {
		if strings.HasPrefix(text[j:], s) {
			return true
		}
	}
	for _, s := range []string{"请", "求", "尊敬的", "敬爱的", "希望", "望", "麻烦"} {
		if strings.HasSuffix(text[:i], s) {
			return true
		}
	}
	return false
}
