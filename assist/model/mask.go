package model

import (
	"fmt"
	"regexp"
	"strings"

	"dengwen/bot"
)

// mask remembers which mark stands for which personal datum.
type mask map[string]string

var personal = []*regexp.Regexp{
	regexp.MustCompile(`[1-9]\d{5}(?:19|20)\d{9}[\dXx]`),              // identity number
	regexp.MustCompile(`(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}`), // mobile
	regexp.MustCompile(`0\d{2,3}[- ]?\d{7,8}`),                        // landline
	regexp.MustCompile(`\d{12,19}`),                                   // bank card
	regexp.MustCompile(`[\w.+-]+@[\w-]+\.[\w.]+`),                     // mail
	regexp.MustCompile(`(?i)(?:微信|wechat|wx|qq)号?[:： ]*[\w-]{5,20}`),
}

// conceal replaces personal data with marks before the text leaves the process.
func conceal(text string, r bot.Reading) (string, mask) {
	m := mask{}
	return m.hide(text, []string{r.Name, r.Address, r.Phone}, "P"), m
}

// hide replaces what looks like personal data, and the words that are given, with marks that begin with a letter.
func (m mask) hide(text string, words []string, letter string) string {
	marked := func(s string) string {
		for k, v := range m {
			if v == s {
				return k
			}
		}
		k := fmt.Sprintf("[%s%d]", letter, len(m)+1)
		m[k] = s
		return k
	}
	for _, p := range personal {
		text = p.ReplaceAllStringFunc(text, marked)
	}
	for _, s := range words {
		if len(s) >= 4 && strings.Contains(text, s) {
			text = strings.ReplaceAll(text, s, marked(s))
		}
	}
	return text
}

func (m mask) reveal(s string) string {
	for k, v := range m {
		s = strings.ReplaceAll(s, k, v)
	}
	return s
}
