package corrections

import (
	"regexp"
	"strings"
)

var (
	phoneIn    = regexp.MustCompile(`(?:^|[^0-9])(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})(?:$|[^0-9])`)
	ofNumbers  = regexp.MustCompile(`(?i)电话|手机|座机|号|尾数|[位数]|个字|尾巴|[开起打]头|phone|number|digit|^(?:it )?ends? (?:in|with)`)
	firstOnes  = regexp.MustCompile(`([0-9]{2,4})(?:[开起打]头|的头)|(?i:starts? with|begins? with) ?([0-9]{2,4})`)
	firstAfter = regexp.MustCompile(`区号(?:后面?|后头|过后|完了)?(?:的)?(?:头一个|第一[个位])(?:数字?)?(?:应该?)?[是为] ?([0-9])(?:[^0-9]|$)`)
	lastDigits = regexp.MustCompile(`(?i)最后|末尾|末|尾数|尾号|后面|后头|后[两三四]位|尾巴|last (?:\w+ )?digits?|ends? (?:in|with)`)
	digitAt    = regexp.MustCompile(`(倒数)?第([一二三四五六七八九十]{1,2})位(?:应该?)?[是为] ?([0-9])(?:[^0-9]|$)`)
	someDigits = regexp.MustCompile(`(不是|不系|唔系|成了?|not )? ?([0-9]+)`)
	oneMissing = regexp.MustCompile(`少(?:打|写|说)?了?一位|[漏掉]了?一?[位个]|还有个`)
	newNumber  = regexp.MustCompile(`换|停机|[打拨]|改|新号|手滑|^[0-9-]+`)
	turned     = regexp.MustCompile(`反|颠倒|掉转|swapped`)
)

// ofPhone finds the number to call that words set right: the whole one, or digits of it.
func ofPhone(text string, told Told) []Change {
	c := Change{Field: Phone, Wrong: told.Phone}
	if c.Wrong == "" { // that of somebody else may stand in the story
		if in := phoneLike.FindAllString(told.Story, 2); len(in) == 1 {
			c.Field, c.Wrong = Story, in[0]
		}
	}
	for _, m := range phoneIn.FindAllStringSubmatch(text, -1) {
		if bareNumber(m[1]) != bareNumber(c.Wrong) {
			c.Then = m[1]
		}
	}
	whole := c.Then != ""
	if !whole && c.Wrong != "" && ofNumbers.MatchString(text) {
		c.Then = digitsPut(c.Wrong, text)
	}
	c.Plain = len(text) <= 90 && (whole && (wrongness.MatchString(text) || newNumber.MatchString(text)) || !whole && c.Then != "")
	if c.Then == "" || c.Then == c.Wrong || c.Wrong == "" && !c.Plain {
		return nil
	}
	return []Change{c}
}

func bareNumber(s string) string { return strings.ReplaceAll(s, "-", "") }

// digitsPut is a number with the digits that words say; "" where they say none that is sure.
func digitsPut(old, text string) string {
	if m := digitAt.FindStringSubmatch(text); m != nil {
		n := int(Number(m[2]))
		at := n - 1
		if m[1] != "" {
			at = len(old) - n
		}
		if at < 0 || at >= len(old) {
			return ""
		}
		return old[:at] + m[3] + old[at+1:]
	}
	if m := firstAfter.FindStringSubmatch(text); m != nil {
		area, rest, ok := strings.Cut(old, "-")
		if !ok || rest == "" {
			return ""
		}
		return area + "-" + m[1] + rest[1:]
	}
	if m := firstOnes.FindStringSubmatch(text); m != nil {
		first := m[1] + m[2]
		return first + old[min(len(first), len(old)):]
	}
	then, wrong := "", ""
	for _, m := range someDigits.FindAllStringSubmatch(text, -1) {
		switch {
		case len(m[2]) > 4:
			return ""
		case m[1] != "":
			wrong = m[2]
		case then != "" && strings.Contains(old, then) && len(then) == len(m[2]):
			then, wrong = m[2], then // 中间456应该是465
		case then == "" || !strings.Contains(old, m[2]):
			then = m[2]
		}
	}
	switch {
	case then == "" && turned.MatchString(text) && lastDigits.MatchString(text):
		return old[:len(old)-2] + old[len(old)-1:] + old[len(old)-2:len(old)-1]
	case then == "":
		return ""
	case oneMissing.MatchString(text) && lastDigits.MatchString(text) && wrong == "" && len(bareNumber(old)) < 11:
		return old + then
	case lastDigits.MatchString(text):
		return old[:len(old)-len(then)] + then
	case wrong != "" && len(wrong) == len(then) && strings.Count(old, wrong) == 1 && len(then) > 1:
		return strings.Replace(old, wrong, then, 1)
	}
	return ""
}
