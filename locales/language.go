package locales

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"
)

// Language is what a folder says of itself in language.toml.
type Language struct {
	Tag      string   `toml:"-"`        // BCP 47, the name of the folder
	Name     string   `toml:"name"`     // what it calls itself, on the button that chooses it
	Names    []string `toml:"names"`    // what else people type to choose it, in small letters
	Codes    []string `toml:"codes"`    // what clients say who speak it: zh stands for zh-hans and zh_CN too, * for clients that say anything else
	Letters  string   `toml:"letters"`  // a Unicode script: three words in its letters alone are taken for this language
	Fallback string   `toml:"fallback"` // tag of the language that stands in for a missing sentence ("" = Default)
	Dates    Dates    `toml:"dates"`

	own       map[string]*sentence // its folder's
	sentences map[string]*sentence // one of every key there is

	day, nextYear, otherYear, moment *sentence // the formats of Dates
}

// Dates is how a language writes dates. What a folder leaves out is its fallback's.
type Dates struct {
	Weekdays []string `toml:"weekdays"` // from Sunday
	Months   []string `toml:"months"`   // from January

	// Formats with {{.Year}} {{.Month}} {{.MonthName}} {{.Day}} {{.Weekday}} {{.Time}}.
	Day       string `toml:"day"`        // of this year
	NextYear  string `toml:"next_year"`  // of the year after it
	OtherYear string `toml:"other_year"` // of any other, and where nothing says what year it is
	Moment    string `toml:"moment"`     // with the time of day

	// Close is how a date begins that stands without a space before it in a sentence: 最迟 {{.Due}}
	// and 明年 1 月 2 日 make 最迟明年 1 月 2 日.
	Close string `toml:"close"`
}

// Match is the language of a client that says it speaks code; "" where no language has it.
func (c *Catalog) Match(code string) string {
	code = strings.ToLower(strings.ReplaceAll(code, "_", "-"))
	tag, longest := "", 0
	for _, l := range c.languages {
		for _, have := range append(l.Codes, l.Tag) {
			have = strings.ToLower(have)
			if (code == have || strings.HasPrefix(code, have+"-")) && len(have) > longest {
				tag, longest = l.Tag, len(have)
			}
		}
	}
	return tag
}

// Accept is the language of an Accept-Language header (RFC 9110, 12.5.4): the first that is
// there, else Default.
func (c *Catalog) Accept(header string) string {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return Default
	}
	for _, t := range tags {
		if l := c.Match(t.String()); l != "" {
			return l
		}
	}
	return Default
}

// Environ is the language of a POSIX locale as LC_ALL, LC_MESSAGES and LANG say it, the first
// that is set; Default for C and for languages that are not there.
func (c *Catalog) Environ(getenv func(string) string) string {
	locale, _, _ := strings.Cut(cmp.Or(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG")), ".")
	return cmp.Or(c.Match(locale), Default)
}

// Chain is who speaks for a language where it has nothing to say: itself, its fallbacks, Default.
func (c *Catalog) Chain(tag string) (tags []string) {
	for _, l := range c.chain(c.in(tag)) {
		tags = append(tags, l.Tag)
	}
	return tags
}

// Named is the language that a person means who types its name; "" for anything else.
func (c *Catalog) Named(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	for _, l := range c.languages {
		if text != "" && (text == strings.ToLower(l.Name) || slices.Contains(l.Names, text)) {
			return l.Tag
		}
	}
	return ""
}

// Written is the language whose letters a text of at least three words is written in, and no
// others; "" where none is.
func (c *Catalog) Written(text string) string {
	if len(strings.Fields(text)) < 3 {
		return ""
	}
	for _, l := range c.languages {
		if script := unicode.Scripts[l.Letters]; script != nil && onlyIn(script, text) && !pinyin.MatchString(text) {
			return l.Tag
		}
	}
	return ""
}

// pinyin is Chinese in Latin letters without tones: it says nothing of a language its writer
// would rather read.
var pinyin = regexp.MustCompile(`(?i)^(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsrwy])?(?:iang|iong|uang|ang|eng|ian|iao|ing|ong|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|a|e|i|o|u|v)[\s,.'!?]*)+$`)

func onlyIn(script *unicode.RangeTable, text string) bool {
	written := false
	for _, r := range text {
		switch {
		case unicode.Is(script, r) || unicode.IsDigit(r) || unicode.IsMark(r):
			written = true
		case unicode.IsLetter(r):
			return false
		}
	}
	return written
}

// Day writes a civil date (2006-01-02) as people say it on the civil date today: with the year
// where it is another. What is no date comes back as it is.
func (c *Catalog) Day(lang, date, today string) string {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	l := c.in(lang)
	now, err := time.Parse(time.DateOnly, today)
	switch {
	case err == nil && d.Year() == now.Year():
		return l.write(l.day, d)
	case err == nil && d.Year() == now.Year()+1:
		return l.write(l.nextYear, d)
	}
	return l.write(l.otherYear, d)
}

// Moment writes a day and the time of day, as at says them.
func (c *Catalog) Moment(lang string, at time.Time) string {
	l := c.in(lang)
	return l.write(l.moment, at)
}

// closeUp takes out the space before a date that stands without one.
func (l *Language) closeUp(text string, args []any) string {
	if l.Dates.Close == "" || !strings.Contains(text, " "+l.Dates.Close) {
		return text
	}
	for _, v := range values(args) {
		if date, ok := v.(string); ok && strings.HasPrefix(date, l.Dates.Close) {
			text = strings.ReplaceAll(text, " "+date, date)
		}
	}
	return text
}

func values(args []any) []any {
	if len(args) != 1 {
		return args
	}
	var out []any
	switch m := args[0].(type) {
	case map[string]string:
		for _, v := range m {
			out = append(out, v)
		}
	case map[string]any:
		out = slices.Collect(maps.Values(m))
	}
	return out
}

func (l *Language) write(format *sentence, at time.Time) string {
	return format.fill([]any{struct {
		Year, Month, Day         int
		MonthName, Weekday, Time string
	}{at.Year(), int(at.Month()), at.Day(), l.Dates.Months[at.Month()-1], l.Dates.Weekdays[at.Weekday()], at.Format("15:04")}})
}

const hanDigits = "零一二三四五六七八九"

// han writes 0–99 as people read them: 十, 十五, 二十, 二十三.
func han(n int) string {
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
