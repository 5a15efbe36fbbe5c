package extract

import (
	"strings"

	"dengwen/assist/names"
	"dengwen/assist/prefilter"
)

const roles = `村支部?书记|党?支部?书记|支书|副?书记|村?委?会?主任|副?主任|村长|组长|副?镇长|副?乡长|副?县长|副?局长|副?科长|副?所长|副?站长|副?院长|副?校长|园长|老师|医生|护士|老板娘?|包工头|工头|总?经理|厂长|队长|会计|出纳|法人代表|法人|负责人|民警|警察|司机|法官|律师|董事长|股东|房东|中介|邻居|班主任|文书|干部|店主|村官|工作人员`

var (
	roleThenName = prefilter.MustCompile(`(?:` + roles + `)(?:名?叫做?|是|:|:|——)?\s*(` + person + `)(?:[,。;、!?\s()和与把将以用带在给从向让不没还又已就说也私占拿收贪打骂等的干欠跑承做叫手那家赖]|$)`)
	nameThenRole = prefilter.MustCompile(`(?:^|[^\p{Han}]|[是由被找向跟和与给让给个的司头局厂院校队村镇组站所户老])((?:欧阳|[` + surnames + `])[\p{Han}]{0,2}?)(?:` + roles + `|老汉|老头|大爷|大妈|阿姨|师傅)`)
	aRole        = prefilter.MustCompile(roles + `|老汉|老头|大爷|大妈|阿姨|师傅`)
	someone      = prefilter.MustCompile(`([` + surnames + `]某某?)`)
	placeWord    = prefilter.MustCompile(`村|镇|组|社区|县|站|局|所|院|厂`)
	calledBy     = prefilter.MustCompile(`(?:邻居|亲戚|老乡|一个|有个|村民|对方|男子|女子|骗子|丈夫|老公|弟弟|哥哥|弟媳|儿子)[^,。]{0,4}?(?:名叫|叫做?|姓名)\s*(` + person + `)(?:[,。;、!\s(的把将占在和]|$)`)
)

// concerned returns the persons named other than the writer, each name once.
func concerned(t *text, writer Slot) []Slot {
	var out []Slot
	seen := map[string]bool{writer.Value: true, "": true}
	titled := aRole.MatchString(t.normal)
	for i, p := range []*prefilter.Regexp{roleThenName, nameThenRole, someone, calledBy} {
		if i < 2 && !titled {
			continue
		}
		for _, m := range p.FindAllStringSubmatchIndex(t.normal, -1) {
			said := t.normal[m[2]:m[3]]
			if i == 1 && strings.HasPrefix(t.normal[m[2]:m[1]], "包工头") {
				continue
			}
			if i != 1 && !personName(said) || i == 1 && commonWords.MatchString(said) || seen[said] {
				continue
			}
			if greeting.MatchString(t.normal[m[2]:min(m[1]+12, len(t.normal))]) && m[2] < 240 {
				continue
			}
			if placeWord.MatchString(t.normal[m[2]:m[3]]) {
				continue
			}
			seen[said] = true
			end := m[3]
			if i == 1 { // 王主任 as said, role and all
				end = m[1]
			}
			s := t.slot(m[2], end, []float64{0.8, 0.75, 0.8, 0.8}[i])
			if !seen[s.Value] || i != 1 {
				out = append(out, s)
			}
			seen[s.Value] = true
		}
	}
	return out
}

// units returns the organisations and authorities named, each once.
func units(t *text, found []names.Name) []Slot {
	var out []Slot
	seen := map[string]bool{}
	for _, n := range found {
		if n.Kind != names.Organ && n.Kind != names.Office {
			continue
		}
		w := t.runeWords(n.Start, n.End)
		if seen[w.Text] {
			continue
		}
		seen[w.Text] = true
		confidence := 0.6
		if n.Tail-n.Start >= 2 {
			confidence = 0.8
		}
		out = append(out, Slot{w.Text, confidence, w})
	}
	return out
}
