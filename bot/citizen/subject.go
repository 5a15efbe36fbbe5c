package citizen

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"dengwen/bot"
	"dengwen/petition"
)

const subjectsShown = 8

// category finds a subject of the office's list.
func (t *step) category(code string) (petition.Category, bool) {
	for _, c := range t.conv.office.Categories {
		if c.Code == code && code != "" {
			return c, true
		}
	}
	return petition.Category{}, false
}

func (t *step) children(parent string) []petition.Category {
	var list []petition.Category
	for _, c := range t.conv.office.Categories {
		if c.Parent == parent {
			list = append(list, c)
		}
	}
	return list
}

func (t *step) categoryName(c petition.Category) string {
	return c.NameIn(t.s.Lang)
}

// subjectName is the subject as the card shows it, both levels.
func (t *step) subjectName(code string) string {
	c, ok := t.category(code)
	if !ok {
		return ""
	}
	if p, ok := t.category(c.Parent); ok {
		return t.categoryName(p) + t.text("list.within") + t.categoryName(c)
	}
	return t.categoryName(c)
}

func askSubject(t *step) {
	parent := t.get("parent")
	if few := t.proposed(); len(few) > 0 && parent == "" && t.get("page") == "" {
		t.offer(few)
		return
	}
	key := "subject.ask"
	if parent != "" {
		key = "subject.which"
	}
	list := t.children(parent)
	page, last := paged(len(list), subjectsShown, t.num("page"))
	var buttons []bot.Button
	for _, c := range list[page*subjectsShown : min(len(list), (page+1)*subjectsShown)] {
		buttons = append(buttons, t.opt(t.categoryName(c), "is:"+c.Code))
	}
	rows := slices.Collect(slices.Chunk(buttons, 2))
	if last > 0 {
		rows = append(rows, []bot.Button{t.btn("button.more", "page:"+strconv.Itoa((page+1)%(last+1)))})
	}
	none := t.btn("button.unsure", "unsure")
	if parent != "" {
		none = t.btn("subject.rest", "rest")
	}
	row := append([]bot.Button{none}, t.common(false)...)
	if parent != "" && len(row) == 2 {
		row = []bot.Button{none, t.btn("button.back", "back"), row[1]}
	}
	t.say(t.text(key), append(rows, row)...)
}

// likely are the subjects that the reader holds for the likeliest.
func (t *step) likely() []petition.Category {
	var list []petition.Category
	if r := t.s.Draft.Reading; r != nil {
		for _, code := range r.Likely {
			if c, ok := t.category(code); ok {
				list = append(list, c)
			}
		}
	}
	return list
}

// likelySubjects are the subjects on the card's row: the second likeliest where the first
// is a guess, the likeliest where none was sure enough to stand there.
func (t *step) likelySubjects() []bot.Button {
	d := t.s.Draft
	if known := d.Known[string(stateSubject)]; known != "" && known != "guessed" {
		return nil
	}
	var row []bot.Button
	for _, c := range t.likely() {
		if c.Code != d.Filing.Subject {
			row = append(row, t.opt(t.text("card.rather", "Subject", t.subjectName(c.Code)), "rather:"+c.Code))
		}
	}
	return row
}

func (t *step) pressLikelySubject(code string) bool {
	if !hasButton(t.likelySubjects(), "rather:"+code) {
		return false
	}
	t.s.Draft.Filing.Subject = code
	t.s.Draft.Known[string(stateSubject)] = "told"
	t.enter(Card)
	return true
}

// offer asks with a few subjects first; the whole list is a press away.
func (t *step) offer(few []petition.Category) {
	key := "subject.likely"
	if t.get("offered") != "" {
		key = "subject.said"
	}
	var rows [][]bot.Button
	for _, c := range few {
		rows = append(rows, []bot.Button{t.opt(t.subjectName(c.Code), "this:"+c.Code)})
	}
	t.say(t.text(key), append(rows, []bot.Button{t.btn("subject.other", "page:0"), t.btn("button.unsure", "unsure")}, t.common(false))...)
}

// paged bounds a page number and answers with the last one there is.
func paged(n, size, page int) (int, int) {
	last := max(0, (n-1)/size)
	return min(max(page, 0), last), last
}

func pressSubject(t *step, action, arg string) bool {
	switch action {
	case "is":
		return t.pickSubject(arg)
	case "this":
		if _, ok := t.category(arg); !ok {
			return false
		}
		t.setSubject(arg, "told")
	case "page":
		t.set("page", arg)
		t.set("offered", "")
		t.inPlace()
		t.ask()
	case "unsure":
		t.setSubject("", "skipped")
	case "rest":
		t.setSubject(t.get("parent"), "told")
	case "back":
		if t.get("parent") != "" {
			t.set("parent", "")
			t.set("page", "")
			t.inPlace()
			t.ask()
			return true
		}
		t.set("offered", "")
		return t.back()
	default:
		return t.pressCommon(action)
	}
	return true
}

// pickSubject goes down a level where there is one.
func (t *step) pickSubject(code string) bool {
	c, ok := t.category(code)
	if !ok {
		return false
	}
	if c.Parent == "" && len(t.children(code)) > 0 {
		t.set("parent", code)
		t.set("page", "")
		t.inPlace()
		t.enter(stateSubject)
		return true
	}
	t.setSubject(code, "told")
	return true
}

func (t *step) setSubject(code, how string) {
	t.set("parent", "")
	t.set("page", "")
	t.set("offered", "")
	t.s.Draft.Filing.Subject = code
	t.settled(how)
}

// subjectsOffered is how many subjects an answer in the person's own words may bring up.
const subjectsOffered = 3

// textSubject takes a subject that was named and nothing else. What only mentions some
// is asked back with them as buttons: a word in a sentence is no answer.
func textSubject(t *step) bool {
	if isUnsure(t.e.Text) {
		t.setSubject("", "skipped")
		return true
	}
	if looksLikeQuestion(t.e.Text) || lettersIn(t.e.Text) < 2 {
		return false
	}
	if c, ok := t.subjectNamed(t.e.Text); ok {
		return t.pickSubject(c.Code)
	}
	if t.yesOrNo() || t.moreStory(longPlace) {
		return true
	}
	said, ruledOut := t.subjectsIn(t.e.Text)
	switch {
	case len(said) > 0:
		t.set("offered", strings.Join(said, " "))
		t.set("page", "")
		t.set("parent", "")
		t.enter(stateSubject)
	case ruledOut:
		t.note("subject.not_that")
		t.wholeList()
	default:
		return t.moreStory(longAnswer)
	}
	return true
}

// yesOrNo answers what was offered: yes where it was one, no in any case.
func (t *step) yesOrNo() bool {
	list := t.proposed()
	switch {
	case len(list) == 0:
		return false
	case len(list) == 1 && oneOf(t.e.Text, []string{"是", "是的", "对", "对的", "对头", "没错", "就是", "就是这个", "yes", "right", "correct"}):
		t.setSubject(list[0].Code, "told")
	case oneOf(t.e.Text, []string{"不是", "不对", "都不是", "都不对", "不是这个", "no", "none", "neither"}):
		t.wholeList()
	default:
		return false
	}
	return true
}

// wholeList asks with all there is.
func (t *step) wholeList() {
	t.set("offered", "")
	t.set("page", "0")
	t.enter(stateSubject)
}

// proposed are the subjects the person's own words brought up, else those the reader
// holds for the likeliest.
func (t *step) proposed() []petition.Category {
	var list []petition.Category
	for _, code := range strings.Fields(t.get("offered")) {
		if c, ok := t.category(code); ok {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return t.likely()
	}
	return list
}

// framing is what people put around a name: "应该是…的事".
var framing = regexp.MustCompile(`^(?:这件事|这事|这个|这|应该|就|主要|都)*(?:是|算|属于|归|关于|有关|it is about|it's about|it is|it's|about)?(?: *the )?(.+?)(?:的)?(?:事情|事儿|事|问题|方面|这一?类|类|这块)?(?:的)?$`)

// subjectNamed is the one subject whose name or word an answer consists of.
func (t *step) subjectNamed(text string) (petition.Category, bool) {
	text = strings.ToLower(strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }))
	bare := text
	if m := framing.FindStringSubmatch(text); m != nil {
		bare = strings.TrimSpace(m[1])
	}
	var found []petition.Category
	for _, c := range t.conv.office.Categories {
		switch {
		case isOne(c.AllNames(), text, bare):
			return c, true
		case isOne(slices.Concat(c.Words, c.WordsEn), text, bare):
			found = append(found, c)
		}
	}
	if len(found) != 1 {
		return petition.Category{}, false
	}
	return found[0], true
}

func isOne(names []string, text, bare string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		n = strings.ToLower(n)
		return n != "" && (n == text || n == bare)
	})
}

var (
	clauses  = regexp.MustCompile(`[，。；、,.;！!\n]+|而是|\bbut\b`)
	thenThis = regexp.MustCompile(`((?:不是|不算|不属于)[^是]+)是`)
	denied   = regexp.MustCompile(`不是|不算|不属于|不归|不关|无关|没关系|没有关系|并非|\bnot\b|n't\b`)
)

// subjectsIn are the subjects an answer mentions, the longest word first, without those
// it only says it is not about. ruledOut: there were such and no others.
func (t *step) subjectsIn(text string) (codes []string, ruledOut bool) {
	text = thenThis.ReplaceAllString(strings.ToLower(text), "$1，")
	score := map[string]int{}
	for _, clause := range clauses.Split(text, -1) {
		for _, c := range t.conv.office.Categories {
			switch n := mentioned(c, strings.TrimSpace(clause)); {
			case n == 0:
			case denied.MatchString(clause):
				ruledOut = true
			default:
				score[c.Code] = max(score[c.Code], n)
			}
		}
	}
	for _, c := range t.conv.office.Categories { // in the office's order where they are level
		if score[c.Code] > 0 {
			codes = append(codes, c.Code)
		}
	}
	slices.SortStableFunc(codes, func(a, b string) int { return cmp.Compare(score[b], score[a]) })
	return codes[:min(len(codes), subjectsOffered)], ruledOut && len(codes) == 0
}

// mentioned is the length of the longest name or word of a subject in a text of small
// letters; an English one begins where a word does.
func mentioned(c petition.Category, text string) int {
	score := 0
	for _, w := range slices.Concat(c.AllNames(), c.Words, c.WordsEn) {
		w = strings.ToLower(w)
		if w != "" && (containsWord(text, w) || len(text) >= 6 && containsWord(w, text)) {
			score = max(score, len(w))
		}
	}
	return score
}

func containsWord(text, w string) bool {
	if hasHan(w) {
		return strings.Contains(text, w)
	}
	return strings.HasPrefix(text, w) || strings.Contains(text, " "+w)
}
