package replycheck

import (
	"regexp"
	"strings"

	"dengwen/petition"
)

var (
	ended     = regexp.MustCompile(`[。！？；…!?;.][”’"')）》】]*$|[：:]$|\][）)]?$|(?:电话|热线|咨询|联系)[^。]{0,40}[\d）)]$`)
	signed    = regexp.MustCompile(`[^。！？；…!?;]{0,40}(?:\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?|[二〇○零一三四五六七八九十]{4}年.{2,8}日)$`)
	byWhom    = regexp.MustCompile(`([。！])\s*[^。！？；，,]{2,24}(?:局|府|会|室|队|所|站|委|办|处|院|中心|公司)$`)
	signature = regexp.MustCompile(`^(?:\p{Han}{2,24}(?:局|府|会|室|队|所|站|委|办|院|处|中心|公司|社区|学校)|.{0,12}\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?|.{0,6}[二〇零一三四五六七八九十]{4}年.{2,8}日)$`)
)

// fullStop looks for a last sentence without an end: text that was cut off or forgotten.
// Signature and date below it are no sentences.
func (d *draft) fullStop() {
	d.stopped(d.move.Args["facts"])
	d.stopped(d.move.Text)
}

func (d *draft) stopped(text string) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for len(lines) > 1 && (signature.MatchString(strings.TrimSpace(lines[len(lines)-1])) || strings.TrimSpace(lines[len(lines)-1]) == "") {
		lines = lines[:len(lines)-1]
	}
	last := strings.TrimSpace(signed.ReplaceAllString(strings.TrimSpace(lines[len(lines)-1]), ""))
	if last = strings.TrimSpace(byWhom.ReplaceAllString(last, "$1")); last != "" && !ended.MatchString(last) {
		r := []rune(last)
		d.find(petition.MayFix, "stop", "words", string(r[max(0, len(r)-12):]))
	}
}

// characters looks for what no typeface has: a PDF prints 〓 there.
func (d *draft) characters() {
	if d.g.lacking == nil {
		return
	}
	said := d.move.Text
	for _, k := range []string{"request", "facts", "basis", "rule", "elsewhere"} {
		said += d.move.Args[k]
	}
	if c := d.view.Contact; c != nil {
		said += c.Name
	}
	if lacking := d.g.lacking(said); len(lacking) > 0 {
		d.find(petition.ShouldFix, "lacking", "which", strings.Join(strings.Split(string(lacking), ""), "、"))
	}
}
