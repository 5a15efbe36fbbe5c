package answer

import (
	"fmt"
	"strconv"
	"strings"
)

// lastArticle is the number of articles of the Regulation (信访工作条例, in force since 2022-05-01).
const lastArticle = 50

const hanDigits = "零一二三四五六七八九"

// articleName writes 23 as 第二十三条.
func articleName(n int) string { return "第" + hanNumber(n) + "条" }

// hanNumber writes 0–99 as people read them: 十, 十五, 二十, 二十三.
func hanNumber(n int) string {
	digits := []rune(hanDigits)
	if n < 10 {
		return string(digits[n])
	}
	var b strings.Builder
	if n >= 20 {
		b.WriteRune(digits[n/10])
	}
	b.WriteRune('十')
	if n%10 != 0 {
		b.WriteRune(digits[n%10])
	}
	return b.String()
}

// Basis is the line that names the articles of an answer; empty when it rests on none.
func Basis(articles []int, lang string) string { return basisLine(articles, lang) }

// basisLine is the last line of an answer; empty when the entry rests on no article.
func basisLine(articles []int, lang string) string {
	if len(articles) == 0 {
		return ""
	}
	names := make([]string, len(articles))
	if lang == English {
		for i, n := range articles {
			names[i] = strconv.Itoa(n)
		}
		word := "Article"
		if len(names) > 1 {
			word = "Articles"
		}
		return fmt.Sprintf("Basis: Regulation on Petition Work (信访工作条例), %s %s", word, strings.Join(names, ", "))
	}
	for i, n := range articles {
		names[i] = articleName(n)
	}
	return "依据：《信访工作条例》" + strings.Join(names, "、")
}
