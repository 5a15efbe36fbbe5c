package assist

import (
	"strings"
	"unicode/utf8"

	"dengwen/assist/extract"
	"dengwen/assist/normalize"
	"dengwen/assist/triage"
	"dengwen/internal/officials"
)

// askClass is a confidence below which the bot asks for the class: it takes nothing
// unasked under 0.6.
const askClass = 0.55

// sureReport is the confidence of the words from which a report is taken unasked.
const sureReport = 0.7

// classOrReport lowers the confidence in a class where a wrong one does harm, so that the
// person is asked. A report that goes in as a claim may be read by those it is about
// (Art 30); a claim that goes in as a report waits with the discipline organ. Words
// tell the two apart badly: what somebody took is told without naming it, and a slow
// office is called corrupt. So a report is taken unasked only where the words say so and
// the person calls it one or the trained classifier agrees, or where the classifier is sure
// and somebody in office is named.
func classOrReport(class extract.Slot, text string, score float64) extract.Slot {
	text = strings.ToLower(normalize.Text(text))
	switch {
	case score >= triage.Clear && official(text):
		return extract.Slot{Value: extract.Report, Confidence: sureReport}
	case class.Value == extract.Report:
		if class.Confidence < sureReport || score < triage.Likely && !containsAny(text, accusing) {
			class.Confidence = min(class.Confidence, askClass)
		}
	case score >= triage.Asked: // a matter that may be sealed is no claim until the person says so
		return extract.Slot{Value: extract.Report, Confidence: askClass}
	case class.Value == extract.Claim && gainsNearOfficial(text):
		return extract.Slot{Value: extract.Report, Confidence: askClass}
	}
	return class
}

func official(text string) bool {
	i, _ := officials.Find(text)
	return i >= 0
}

// nearBytes is how far apart, in bytes, an official and what may be misconduct stand: some
// twenty characters.
const nearBytes = 60

// gainsNearOfficial reports whether somebody in office stands near words that are often said of
// misconduct: of money or goods taken, of favours to one's own, of false papers.
func gainsNearOfficial(text string) bool {
	if !holdsGain(text) {
		return false
	}
	from := 0
	for range 20 { // of the officials named; a long text names one after another
		i, j := officials.Find(text[from:])
		if i < 0 {
			return false
		}
		i, j = from+i, from+j
		if containsAny(text[max(0, i-nearBytes):min(len(text), j+nearBytes)], gains) {
			return true
		}
		from = j
	}
	return false
}

// holdsGain reports whether any of gains stands in the text.
func holdsGain(text string) bool {
	for i, r := range text {
		for _, w := range gainsBy[r] {
			if strings.HasPrefix(text[i:], w) {
				return true
			}
		}
	}
	return false
}

func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

var accusing = []string{"举报", "检举", "控告", "揭发", "实名反映", "report"}

// gains are words of taking, favouring and forging. They find what is named plainly:
// of sixty written reports two thirds were not. For those the card offers the sealed
// path wherever an official appears.
var gains = strings.Fields(`
好处费 给好处 要好处 收好处 回扣 提成 给红包 收红包 烟酒 送礼 收礼 收钱 收了钱 黑钱 购物卡 贿 贪污 贪了 贪得无厌 腐败
公款 公车 小金库 空饷 请客 一起吃饭 私下给 塞钱 塞给 意思意思 口袋 腰包 自己账户 自己的账户 私吞 侵吞 瓜分 私分 截留 克扣 挪用 冒领 套取 虚报
假票 假发票 不开票 没有收据 没有入账 不入账 账本 账目不 钱不知去向 少发 多报 伪造 代签 代领 假签名 死人 领走
小舅子 弟媳 妹夫 姐夫 老丈人 自己亲 他亲戚 的亲戚 外甥 侄子 连襟 关系户 熟人 自己人 优亲厚友 串通 勾结 包庇 保护伞 通风报信 徇私 以权 利用职 滥用职权 权钱 暗箱
没有招标 不招标 违规招标 围标 暗股 干股 拉票 贿选 拿回家 拉回自己 卖集体 卖了集体 差价 打麻将 打牌 上班喝酒 违纪 违法乱纪
bribe corrupt kickback pocket embezzl took money handling fee keeps the`)

// gainsBy are they by their first character, so that one pass over a text finds them all: few texts hold any.
var gainsBy = func() map[rune][]string {
	by := map[rune][]string{}
	for _, w := range gains {
		r, _ := utf8.DecodeRuneInString(w)
		by[r] = append(by[r], w)
	}
	return by
}()
