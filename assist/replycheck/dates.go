package replycheck

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"dengwen/assist/normalize"
	"dengwen/petition"
)

var (
	dayWords  = regexp.MustCompile(`(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*[日号](?:\s*[(（]?(?:星期|周|礼拜)([一二三四五六日天])[)）]?)?|(\d{4})[-./](\d{1,2})[-./](\d{1,2})`)
	monthOnly = regexp.MustCompile(`\d{4}\s*年\s*(\d{1,2})\s*月`)
	hour      = regexp.MustCompile(`(?:[日号午晚晨夜里]|至|到)\s*(\d{2})\s*(?:时|点|[:：]\d{2})`)
	planned   = regexp.MustCompile(`将|拟|计划|预计|定于|约定|合同|协议|有效期|承诺|届时|期限|到期|届满|施行|实施|执行`)
	agreed    = regexp.MustCompile(`约定|合同|协议|承诺|规定|要求|责令|原计划`)
	bound     = regexp.MustCompile(`^[^，,。；;\n]{0,6}?(?:前|底|止|起|到期|届满|之内)`)
	promised  = regexp.MustCompile(`^(?:之前|以前|底前|前)[^，,。；;\n]{0,12}(?:完成|完工|修|办|补|发|解决|建|给|拨|付|恢复|到位|退|通|装|清|拆|改)`)
	doneOn    = regexp.MustCompile(`已(?:经)?于?\s*$`)
	toDay     = regexp.MustCompile(`^\s*(?:至|到|—+|-+|~)\s*$`)
)

// said is a date as it stands in a text.
type said struct {
	words           string
	from, to        int  // bytes of the text
	year            int  // 0 = not said
	month, day      int  // as they are written
	weekday         rune // 0 = not said
	at              time.Time
	possible, dated bool // dated: with its year
}

// days are the dates of a text in their order.
func days(text string) []said {
	var out []said
	for _, m := range dayWords.FindAllStringSubmatchIndex(text, -1) {
		if m[0] > 0 && text[m[0]-1] >= '0' && text[m[0]-1] <= '9' {
			continue
		}
		part := func(i int) int {
			if m[2*i] < 0 {
				return 0
			}
			n, _ := strconv.Atoi(text[m[2*i]:m[2*i+1]])
			return n
		}
		d := said{words: text[m[0]:m[1]], from: m[0], to: m[1], year: part(1) + part(5), month: part(2) + part(6), day: part(3) + part(7)}
		if m[8] >= 0 {
			d.weekday = []rune(text[m[8]:m[9]])[0]
		}
		d.dated = d.year > 0
		year := d.year
		if !d.dated {
			year = 2024 // a leap year: 29 February may be meant
		}
		d.at = time.Date(year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
		d.possible = d.month >= 1 && d.month <= 12 && d.day >= 1 && d.at.Day() == d.day
		out = append(out, d)
	}
	return out
}

// weekdays by time.Weekday; 天 is said for 日.
var weekdays = []rune("日一二三四五六")

// dates looks for days that cannot be: that no calendar has, of a wrong day of the week,
// periods that end before they begin, facts and deeds after the day of writing, and
// promises for a day that is over.
func (d *draft) dates() {
	today := dayOf(d.g.now())
	for _, part := range []struct {
		text string
		fact bool
	}{{normalize.Text(d.move.Args["facts"]), true}, {normalize.Text(d.move.Text), false}} {
		d.impossible(part.text)
		for _, at := range days(part.text) {
			if !at.possible {
				continue
			}
			if key := d.misdated(part.text, at, today, part.fact); key != "" {
				d.find(petition.ShouldFix, key, "words", at.words)
			}
		}
	}
}

// impossible names days, months and hours that there are not.
func (d *draft) impossible(text string) {
	var last said
	for _, at := range days(text) {
		wrongDay := at.possible && at.dated && at.weekday != 0 && weekdays[at.at.Weekday()] != sunday(at.weekday)
		backwards := at.dated && last.dated && at.at.Before(last.at) && toDay.MatchString(text[last.to:at.from])
		if !at.possible || wrongDay || backwards {
			d.find(petition.ShouldFix, "date", "words", at.words)
		}
		last = at
	}
	for _, m := range monthOnly.FindAllStringSubmatch(text, -1) {
		if n, _ := strconv.Atoi(m[1]); (n < 1 || n > 12) && !dayWords.MatchString(m[0]) {
			d.find(petition.ShouldFix, "date", "words", m[0])
		}
	}
	for _, m := range hour.FindAllStringSubmatch(text, -1) {
		if n, _ := strconv.Atoi(m[1]); n > 24 {
			d.find(petition.ShouldFix, "date", "words", strings.TrimSpace(m[0]))
		}
	}
}

func sunday(r rune) rune {
	if r == '天' {
		return '日'
	}
	return r
}

// misdated is the key of what is wrong with a day that there is, "" for nothing.
func (d *draft) misdated(text string, at said, today time.Time, fact bool) string {
	before, after, sentence := text[:at.from], text[at.to:], around(text, at.from, at.to)
	done := doneOn.MatchString(before)
	switch {
	case strings.TrimSpace(after) == "": // the day of writing, below the text
	case at.dated && at.at.After(today) && (done || fact && !planned.MatchString(sentence) && !bound.MatchString(after) && !strings.HasSuffix(before, "至") && !strings.HasSuffix(before, "到")):
		return "future"
	case !at.dated && done && d.neither(at, today):
		return "future"
	case at.dated && !fact && at.at.Before(today) && promised.MatchString(after) && !strings.ContainsAny(sentence, "已曾应原") && !agreed.MatchString(sentence):
		return "past"
	}
	return ""
}

// neither reports whether a day without its year, on which something was done, lies ahead in
// this year and was before the case came in the year before.
func (d *draft) neither(at said, today time.Time) bool {
	if d.view.Received.IsZero() {
		return false
	}
	this := time.Date(today.Year(), at.at.Month(), at.at.Day(), 0, 0, 0, 0, time.UTC)
	return this.After(today) && this.AddDate(-1, 0, 0).Before(dayOf(d.view.Received))
}

// around is the sentence in which a part of a text stands.
func around(text string, from, to int) string {
	begin, end := strings.LastIndexAny(text[:from], "。；;\n")+1, strings.IndexAny(text[to:], "。；;\n")
	if begin > 0 { // the marks have three bytes, a line's end one
		for begin < from && text[begin]&0xc0 == 0x80 {
			begin++
		}
	}
	if end < 0 {
		return text[begin:]
	}
	return text[begin : to+end]
}

// shanghai is where the office is: the day of a moment is a day there.
var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

func dayOf(t time.Time) time.Time {
	y, m, d := t.In(shanghai).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
