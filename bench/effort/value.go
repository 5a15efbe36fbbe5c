package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/bot/corrections"
)

// held is what stands in the field of a correction afterwards; without a field of its own, the clauses of the story that
// are others than before.
func (k *talker) held(r row, before, after *bot.Draft) string {
	f := after.Filing
	switch r.Field {
	case "request":
		return f.Request
	case "title":
		return f.Title
	case "people":
		return fmt.Sprint(f.People)
	}
	value := ""
	switch r.Field {
	case "name":
		value = f.Contact.Name + " "
	case "phone":
		value = f.Contact.Phone + " "
	case "place":
		value = k.townName(f.Place.Code) + " " + f.Place.Text + " "
	case "address":
		value = f.Contact.Address + " "
	case "":
		value = f.Contact.Name + " " + f.Contact.Phone + " " + f.Request + " "
	}
	told := clauses.Split(before.Filing.Facts, -1)
	for _, c := range clauses.Split(f.Facts, -1) {
		if !slices.Contains(told, c) {
			value += c + " "
		}
	}
	return value
}

var (
	clauses = regexp.MustCompile(`[,，。；;！!？?\n]`)
	numeral = regexp.MustCompile(`[零〇一二两三四五六七八九十百千万]+|[0-9][0-9,]*(?:\.[0-9]+)?万?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve)(?: (?:hundred|thousand))*\b`)
	units   = strings.NewReplacer("块钱", "元", "块", "元", "日", "号", "回", "次", "趟", "次", "礼拜", "周", "星期", "周", "个", "", "要", "", "了", "")
)

// plainly is a text with its numbers in digits and its units by one name each.
func plainly(text string) string {
	text = numeral.ReplaceAllStringFunc(strings.ToLower(text), func(s string) string { return fmt.Sprint(corrections.Number(s)) })
	return units.Replace(bare(text))
}

// matches reports that a value holds what it should: whole, in numbers of whatever spelling; a request in most of its
// characters.
func matches(r row, got string) bool {
	want, got := plainly(r.Value), plainly(got)
	if strings.Contains(got, want) {
		return true
	}
	switch r.Field {
	case "request":
		return most(want, got)
	case "amount", "count", "date", "address", "place", "facts", "":
		return want != "" && got != "" && inOrder(want, got)
	}
	return false
}

// most reports that three of five characters of a are in b.
func most(a, b string) bool {
	n, of := 0, 0
	for _, r := range a {
		of++
		if strings.ContainsRune(b, r) {
			n++
		}
	}
	return 5*n >= 3*of
}

// inOrder reports that the characters of a stand in b in their order: 每月320元 in 每月补助320元.
func inOrder(a, b string) bool {
	for _, r := range a {
		i := strings.IndexRune(b, r)
		if i < 0 {
			return false
		}
		b = b[i+len(string(r)):]
	}
	return true
}
