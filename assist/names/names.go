// Package names finds the names of places and organisations in running Chinese text by how they end (…镇, …小区,
// …有限公司). It knows no list of names: a name is the run of characters before an ending, cut where a word begins
// that does not belong to names.
package names

import (
	"slices"
	"strings"
)

// Kind says what a name is the name of.
type Kind int

// The kinds, from the widest place to the narrowest, then organisations.
const (
	County  Kind = iota // 县 区 市 州 旗
	Town                // 镇 乡 街道
	Village             // 村 社区
	Group               // 组 屯 队
	Estate              // 小区, 花园, 国际城 …
	Road                // 路 街 大道 桥 号线
	Organ               // 公司 厂 学校 医院 …
	Office              // 局 派出所 法院 镇政府 …
)

// A Name is runes [Start, End) of the text it was found in; its ending begins at Tail.
type Name struct {
	Start, Tail, End int
	Kind             Kind
}

type ending struct {
	text []rune
	kind Kind
}

var endings = func() map[rune][]ending {
	byKind := map[Kind][]string{
		County:  {"县", "区", "市", "州", "旗"},
		Town:    {"镇", "乡", "街道", "街道办"},
		Village: {"村", "社区"},
		Group:   {"组", "屯", "村民小组"},
		Estate: {"小区", "花园", "新城", "国际城", "公寓", "家园", "新村", "花苑", "佳苑", "嘉园", "公馆", "名城", "名都", "豪庭", "山庄",
			"广场", "大厦", "商城", "市场", "苑", "庄园", "华府", "新苑", "家属院", "安置点", "景区", "工业园", "水库", "楼盘", "御园", "学府", "雅居", "金城"},
		Road: {"路", "街", "大道", "巷", "桥", "号线", "高速", "国道", "省道", "公路", "隧道"},
		Organ: {"公司", "厂", "小学", "中学", "学院", "大学", "学校", "幼儿园", "医院", "卫生院", "诊所", "合作社", "养殖场", "搅拌站", "砂场", "采石场",
			"煤矿", "矿业", "酒店", "饭店", "超市", "银行", "信用社", "加油站", "敬老院", "养老院", "旅行社", "驾校",
			"物业", "餐馆", "烧烤店", "网吧", "KTV", "ktv", "砖厂", "水厂", "电站", "砂石场", "工地", "车贷", "集团", "商会", "培训机构"},
		Office: {"局", "分局", "大队", "派出所", "法院", "检察院", "法庭", "司法所", "信访办", "办事处", "管委会", "村委会", "居委会", "村委", "镇政府", "乡政府", "县政府", "区政府", "市政府", "街道办事处", "委员会"},
	}
	byLast := map[rune][]ending{}
	for kind, texts := range byKind {
		for _, text := range texts {
			r := []rune(text)
			byLast[r[len(r)-1]] = append(byLast[r[len(r)-1]], ending{r, kind})
		}
	}
	for _, list := range byLast { // the longest ending that fits decides
		slices.SortFunc(list, func(a, b ending) int { return len(b.text) - len(a.text) })
	}
	return byLast
}()

// Characters that seldom stand inside a name: a name starts after the last of them.
var breaks = set("的在于是我你他她它们住从与及了被由把对请问将其这那该各每某个以但也都就还因所说叫让给用跟附近旁边侧前后内外里，。！？；：、,.!?;:\n\r\t “”\"'（）()《》【】[]<>…—-~～")

// Characters that stand inside many names but, with enough left after them, more likely begin one.
var softBreaks = set("和有等到来去向为及至过往即再又去年月日号时称")

// Words that end where a name begins.
var leads = words("投诉 反映 关于 举报 家住 居住 位于 本人 来自 地处 坐落 座落 咨询 建议 希望 政府 领导 我家 我们 他们 村民 业主 居民 请求 恳请 要求 强烈 沿着 经过 路过 一个 整个 全县 全镇 全村 隔壁 对面 离 距 系 属 被 " +
	"在 住 找过 找了 找 去了 去过 去 到了 到 问了 问 回复 镇上 乡里 村里 县里 当地 属于 还是 就是 不是 可是 导致 没有 还有 以及 并且 而且 因为 所以 如果 但是 已经 一直 经常 现在 目前 刚刚 今年 去年 前年 附近 旁边 这个 那个 一家 一条 几个 开发商 镇里 告诉 通过 进入 打电话给 打给 联系 联系了 承包 修建 新建 建设 拆迁 作为 怎么 什么 包括 当时 办理 违规 开设 建有 个体 个人 寻求 拖欠 购买 买了 开了 在建")

const longest = 12 // characters before the ending

// shortest is how many characters must stand before the ending: none where people say it alone (找过派出所).
func (e ending) shortest() int {
	if e.kind == Office && len(e.text) >= 2 {
		return 0
	}
	return 1
}

func set(s string) map[rune]bool {
	m := map[rune]bool{}
	for _, r := range s {
		m[r] = true
	}
	return m
}

func words(s string) map[rune][][]rune {
	byLast := map[rune][][]rune{}
	for _, w := range strings.Fields(s) {
		r := []rune(w)
		byLast[r[len(r)-1]] = append(byLast[r[len(r)-1]], r)
	}
	return byLast
}

// Find returns the names in text, which should be in normal form, in the order they end. Names of different kinds may
// stand one after the other (下梁镇老庵村) but never overlap.
func Find(text []rune) []Name {
	var found []Name
	floor := 0
	for i, r := range text {
		for _, e := range endings[r] {
			tail := i + 1 - len(e.text)
			if tail < floor || !slices.Equal(text[tail:i+1], e.text) || spurious(text, tail, i+1, e) {
				continue
			}
			start := begin(text, max(floor, tail-longest), tail)
			if tail-start == 1 && e.shortest() == 0 && softBreaks[text[start]] { // 和镇政府
				start = tail
			}
			if tail-start >= e.shortest() {
				found = append(found, Name{start, tail, i + 1, e.kind})
				floor = i + 1
			}
			break
		}
	}
	return found
}

// Words that only look as if they ended a name.
var notNames = []string{
	"小区", "社区", "地区", "城区", "市区", "山区", "景区", "学区", "辖区", "片区", "校区", "城市", "超市", "上市", "县市", "农村", "乡村", "本村", "全村", "我村", "村村", "同村", "进村",
	"道路", "马路", "公路", "修路", "铁路", "线路", "走路", "电路", "一路", "出路", "思路", "网路", "上街", "大街", "逛街", "逛街", "家乡", "城乡", "下乡", "老乡", "乡镇", "城镇", "全镇", "本镇", "大桥", "过桥",
	"工厂", "建厂", "开厂", "办厂", "全县", "本县", "各县", "我县", "该县", "当局", "结局", "布局", "邮局", "小组", "一组组", "改组", "重组", "门市", "夜市", "股市", "楼市", "广州", "自来水厂", "各区", "新区", "老区", "小街", "高速公路", "乡村", "新农村", "整村", "住宅区", "居民区", "生活区", "开发区",
}

var notName = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range notNames {
		m[w] = true
	}
	return m
}()

func spurious(text []rune, tail, end int, e ending) bool {
	if len(e.text) == 1 && tail > 0 {
		if notName[string(text[tail-1:end])] || tail > 1 && notName[string(text[tail-2:end])] {
			return true
		}
	}
	if string(e.text) == "村委" && end < len(text) && text[end] == '会' {
		return true
	}
	return len(e.text) == 1 && end < len(text) && goesOn[string(text[tail:end+1])]
}

// Endings that the next character makes part of another word.
var goesOn = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range []string{"路灯", "路面", "路边", "路口", "路上", "路过", "路段", "路况", "村民", "村里", "村干", "村医", "村支", "村长", "村委", "村书", "村主", "村组", "村道", "村庄", "市民", "市场", "市政", "市委", "市长", "市里",
		"区别", "区分", "区域", "区委", "县城", "县里", "县委", "县政", "县长", "县级", "镇上", "镇里", "镇长", "镇政", "镇党", "镇干", "乡里", "乡政", "乡长", "乡亲", "乡村", "乡镇", "组织", "组长", "组成", "组建", "厂里", "厂家", "厂房", "厂长", "局长", "局面", "局里", "局部",
		"街上", "街道", "街坊", "桥梁", "桥上", "巷子", "巷道", "区政", "市政", "村集", "村小", "村级", "路段", "路费", "社会", "州市", "旗下", "旗舰", "旗帜"} {
		m[w] = true
	}
	return m
}()

// begin finds where the name before tail starts, not before floor.
func begin(text []rune, floor, tail int) int {
	start := tail
	for start > floor && !breaks[text[start-1]] && !led(text, start) {
		start--
	}
	for i := tail - 2; i > start; i-- { // a soft break counts with two characters or more left
		if softBreaks[text[i-1]] {
			return i
		}
	}
	return start
}

// led says whether a word of leads ends right before start.
func led(text []rune, start int) bool {
	for _, w := range leads[text[start-1]] {
		if start >= len(w) && slices.Equal(text[start-len(w):start], w) {
			return true
		}
	}
	return false
}
