package citizen

import (
	"strings"

	"dengwen/assist/prefilter"

	"dengwen/bot"
	"dengwen/petition"
)

// A quarrel between people may be mediated besides being petitioned about: the card offers it with one
// press, and goes on as it was whether it is pressed or not.

var (
	// otherSide are people that one lives beside or with.
	otherSide = prefilter.MustCompile(`邻居|邻家|隔壁|对门|对面那家|楼上|楼下|两家|两户|同村的|同组的|一个组的|他家|她家|人家|弟兄|兄弟|姊妹|姐妹|妯娌|婆媳|儿媳|女婿|大伯|小叔|叔伯|老大家|老二家|前夫|前妻|亲家|亲戚|\b(?:neighbou?rs?|brothers?|sisters?|in-laws?|relatives?|next door|ex-(?:wife|husband))\b`)
	// publicSide are bodies whose doing petitions are about.
	publicSide = prefilter.MustCompile(`村委|村上|村里把|村集体|村干部|支书|主任|组长|镇上|镇政府|乡政府|街道办|政府|信访|公司|开发商|物业|施工|项目|工地|厂|矿|局|派出所|法院|学校|医院|信用社|银行|征地|拆迁|低保|补贴|government|bureau|company|village committee|office|contractor|developer|police|court`)
	// triedSide are clauses that say whom somebody asked before: they do not make it a matter of theirs.
	triedSide = prefilter.MustCompile(`(?:找过?|给|跟|向|问过?|报告?|请|叫)[^，。；,.;]{0,8}(?:村委会?|村上|村干部|支书|主任|组长|镇上|派出所|调解)[^，。；,.;]*`)
)

// quarrel reports whether a story is of a quarrel between people that somebody might mediate.
func (t *step) quarrel() bool {
	d := t.s.Draft
	if !t.conv.set.Mediation || d.Filing.Class != "" && d.Filing.Class != petition.Claim || d.Filing.Urgency != "" || d.Known[knownMediated] != "" {
		return false
	}
	words := strings.ToLower(d.Filing.Facts)
	if !otherSide.MatchString(words) {
		return false
	}
	words = triedSide.ReplaceAllLiteralString(words, "")
	return otherSide.MatchString(words) && !publicSide.MatchString(words) && t.conv.office.KindOfDispute(words, d.Filing.Subject) != ""
}

// knownMediated is where Draft.Known remembers that mediation was asked for: it is offered once.
const knownMediated = "mediated"

// mediationRow is the press that asks for a mediator besides.
func (t *step) mediationRow() []bot.Button {
	if !t.quarrel() {
		return nil
	}
	return []bot.Button{t.btn("card.mediate", "mediate")}
}

// mediateToo asks for a mediator with the words of the petition, which stays open.
func (t *step) mediateToo() bool {
	if !t.quarrel() {
		return false
	}
	t.s.Draft.Known[knownMediated] = "asked"
	t.s.Return = Card
	t.set(disputePlace, t.s.Draft.Filing.Place.Code)
	t.set(disputeWords, t.s.Draft.Filing.Facts)
	t.set(disputeKind, t.conv.office.KindOfDispute(t.s.Draft.Filing.Facts, t.s.Draft.Filing.Subject))
	t.note("card.mediate.beside")
	t.enter(stateDisputeCard)
	return true
}

// mediatedToo reports whether a mediator is asked for beside an open petition.
func (t *step) mediatedToo() bool {
	return t.s.Return == Card && t.s.Draft != nil && t.s.Draft.Known[knownMediated] != ""
}
