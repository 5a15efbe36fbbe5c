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
	hide := func(s string) string {
		for k, v := range m {
			if v == s {
				return k
			}
		}
		k := fmt.Sprintf("[P%d]", len(m)+1)
		m[k] = s
		return k
	}
	for _, p := range personal {
		text = p.ReplaceAllStringFunc(text, hide)
	}
	for _, s := range []string{r.Name, r.Address, r.Phone} {
		if len(s) >= 4 && strings.Contains(text, s) {
			text = strings.ReplaceAll(text, s, hide(s))
		}
	}
	return text, m
}

func (m mask) reveal(s string) string {
	for k, v := range m {
		s = strings.ReplaceAll(s, k, v)
	}
	return s
}
