// Package misconduct weighs, window by window, whether a text tells of misconduct in office: who acts, what is taken
// or given, who gains, beside the words themselves. Its weights were trained on sentences written for it and on the
// windows of ordinary letters, which hold none (train_test.go); they are numbers alone.
package misconduct

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"dengwen/assist/linear"
	"dengwen/assist/normalize"
)

//go:embed model.bin
var embedded []byte

var opened = sync.OnceValues(func() (*linear.Model, error) { return linear.Open(embedded) })

// Model is read-only and safe for concurrent use.
type Model struct{ linear *linear.Model }

// Default is the model in the binary, whose bytes are checked at the first call.
func Default() (Model, error) {
	m, err := opened()
	if err != nil {
		return Model{}, fmt.Errorf("read the weights for misconduct in the binary: %w", err)
	}
	return Model{m}, nil
}

const (
	wide    = 48   // characters of a window
	narrow  = 12   // from which it ends with its sentence
	longest = 3000 // characters of a text
	marks   = "。！？；!?;\n"
	commas  = marks + "，,、：:"
)

// Chance is the probability of the most telling window of a text.
func (m Model) Chance(text string) float64 {
	most := 0.0
	var chances [2]float64
	var buffer []uint32
	for _, w := range windows(text) {
		buffer = features(buffer[:0], w)
		m.linear.Chances(buffer, chances[:])
		most = max(most, chances[1])
	}
	return most
}

// windows are the clauses of a text, each with those that follow it within a window's width.
func windows(text string) [][]rune {
	runes := make([]rune, 0, min(len(text), longest))
	for _, r := range text {
		if len(runes) == longest {
			break
		}
		if r = normalize.Rune(r); unicode.IsDigit(r) {
			r = '0'
		}
		runes = append(runes, r)
	}
	var starts []int
	for i := range runes {
		if i == 0 || strings.ContainsRune(commas, runes[i-1]) && !strings.ContainsRune(commas, runes[i]) || i-last(starts) >= wide/2 {
			starts = append(starts, i)
		}
	}
	var out [][]rune
	end := 0 // of the last window: each reaches further than the one before
	for i, from := range starts {
		to := from
		for k := i + 1; k <= len(starts); k++ {
			next := len(runes)
			if k < len(starts) {
				next = starts[k]
			}
			if to > from && (next-from > wide || to-from >= narrow && strings.ContainsRune(marks, runes[to-1])) {
				break
			}
			to = next
		}
		if to-from >= shortest && to > end {
			out, end = append(out, runes[from:to]), to
		}
	}
	return out
}

const shortest = 5 // characters that say anything

func last(starts []int) int {
	if len(starts) == 0 {
		return 0
	}
	return starts[len(starts)-1]
}

// groups are the parts of a tale of misconduct; that two of them meet in a window says more than either.
var groups = [][]string{
	strings.Fields(`书记 支书 主任 村长 组长 队长 干部 文书 会计 出纳 保管 镇长 乡长 局长 所长 站长 科长 股长 校长 园长 院长 法官 民警 警察 交警 辅警 城管 领导 村上 村里 镇上 乡上 民政 林业站 国土所 派出所 司法所 信用社 窗口 办事员 工作人员 执法 护林员 网格员 驻村 支委 两委 当官 管事 经办 办证`),
	strings.Fields(`钱 块 元 万 烟 酒 礼 红包 好处 卡 肉 羊 猪 鸡 蜂蜜 土鸡 香烟 购物卡 现金 份子 茶叶 腊肉 跑腿费 提成 回扣 辛苦费 手续费 意思意思 表示`),
	strings.Fields(`收了 收钱 要了 拿了 拿走 装 揣 塞 送 提着 拎 给他 给她 抽 扣 截 领了 领走 冒 代领 私吞 吞 昧 贪 吃了 吃请 吃喝 报销 虚报 多报 套 挪 卖 包给 租给 分给 批给 给了 占 霸`),
	strings.Fields(`亲戚 小舅子 侄子 外甥 弟弟 哥哥 老婆 媳妇 儿子 女儿 女婿 亲家 连襟 丈人 岳母 嫂子 妹夫 姐夫 同学 战友 自家 自己 他家 她家 屋里 熟人 关系户 他妈 他爹 他弟 他哥 一家人 本家`),
	strings.Fields(`低保 名额 指标 补助 补贴 救济 扶贫 危房 搬迁房 公益岗 粮补 退耕 林补 征地款 占地款 补偿款 慰问 救灾 面粉 大米 棉被 工程 项目 路灯 材料 招标 承包 集体 公款 账 公章 签字 盖章 批条 评 选举 选票`),
	strings.Fields(`才给 才肯 才批 才办 才能过 不给就 不送 不交就 不表示 没送 没给 就办 就批 就过 就放 就给办 不给办 卡着 拖着 让我懂 暗示 私了 不开票 没有票 不给票 没票 白条 没公示 不公示 没见过 没下文 没入账 不入账 签空白 空白 冒名 死了 死人 假名 代签`),
	strings.Fields(`打人 打了 骂 威胁 报复 打牌 打麻将 喝酒 公车 吃饭 喝大酒 赌 上班时间 睡`),
}

// calling is what people call a report: they call a complaint about a neighbour so too.
var calling = strings.NewReplacer("实名", "", "举报", "", "检举", "", "揭发", "")

// features are the characters and pairs of a window, and which groups are in it.
func features(out []uint32, w []rune) []uint32 {
	w = []rune(calling.Replace(string(w)))
	out = append(out, linear.Feature('0', 0, 0), linear.Feature('l', rune(min(len(w)/8, 8)), 0))
	for i := range w {
		out = append(out, linear.Feature('u', w[i], 0))
		if i+1 < len(w) {
			out = append(out, linear.Feature('b', w[i], w[i+1]))
		}
		if i+2 < len(w) {
			out = append(out, linear.Feature('t', w[i]<<6^w[i+1], w[i+2]))
		}
	}
	text := string(w)
	in := rune(0)
	for g, words := range groups {
		for _, word := range words {
			if strings.Contains(text, word) {
				in |= 1 << g
				break
			}
		}
	}
	out = append(out, linear.Feature('G', in, 0))
	for a := range groups {
		if in&(1<<a) == 0 {
			continue
		}
		out = append(out, linear.Feature('g', rune(a), 0))
		for b := a + 1; b < len(groups); b++ {
			if in&(1<<b) != 0 {
				out = append(out, linear.Feature('p', rune(a), rune(b)))
			}
		}
	}
	return out
}
