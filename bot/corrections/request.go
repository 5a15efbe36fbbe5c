package corrections

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	// unwanted are clauses that take back what was asked for before.
	unwanted = regexp.MustCompile(`不要|不用|不是|先不|不[退写换争求查修赔罚]|[没冇]说|没要|别[写要]|算了|可以不|不要求|不稀罕|不敢想|不至于|不现实|不强求|哪个要|后头再说|以后再说|往后放|放一?放|不说了|免了|[赔罚查][^,，]{0,4}(?:多少|好多)|也行$|太重`)
	// wanted begins what is asked for.
	wanted   = regexp.MustCompile(`(?:[我俺]们?)?(?:的要求|要求|诉求|希望)?(?:那一?栏)?(?:要的(?:就)?是|[要诉]求是|就是想要?|就想要?|只想要?|只要|只求|想要的是|是想要?|是要|当务之急是|意思是|重点是|关键是|最想的是|巴不得)(?:先)?[:：]?|^(?:请|把|要求|诉求|希望|那一?栏|这里)*(?:改一下|改成|改为|换成|写成)[:：]?`)
	refused  = regexp.MustCompile(`(?:不用|不要|不|别)([修赔退查换罚搬关补停])`)
	strongly = regexp.MustCompile(`要的(?:就|不)?是|诉求|要求`)
	later    = regexp.MustCompile(`以后再说|后头再说`)
	// enough ends it.
	enough  = regexp.MustCompile(`(?:就|也)(?:行|好|够|中|得|对|是|可以)(?:了|哒|啦|咯)?$`)
	notOnly = regexp.MustCompile(`^不光是`)
	polite  = regexp.MustCompile(`^(?:谢谢|麻烦了?|拜托|辛苦了?|恁?别弄岔了?|不好意思|对不起)[您你]?$`)
	asked   = regexp.MustCompile(`^(?:我要|我想|叫他|让|喊|先|请|就|那就|给我们?|让他们|把|但|但是|只是)`)

	wantedEnglish = regexp.MustCompile(`(?i)(?:all (?:i|we) (?:want|need|ask for) is|(?:i|we) (?:only|just|simply) (?:want|need)|what (?:i|we) want is|(?:i|we)(?:'d| would) (?:rather|prefer)|(?:i|we) want|(?:just|only)) (.+)$`)
	enoughEnglish = regexp.MustCompile(`(?i)(?:^|[.,;] ?)([^.,;]+?) (?:is all (?:i|we) (?:want|need|ask)|is (?:fine|enough|plenty)|would (?:do|be enough))`)
	deniedEnglish = regexp.MustCompile(`(?i)\bnot\b|n't\b|\bnever\b|too much|no need|no longer|\bno\b`)
)

// ofRequest finds what is asked for instead.
func ofRequest(text string, told Told) []Change {
	if !hasHan(text) {
		return englishRequest(text, told)
	}
	var kept []string
	takenBack, shared, plain, strong, asks := false, false, false, false, false
	for _, clause := range between.Split(text, -1) {
		if clause == "" || polite.MatchString(clause) {
			continue
		}
		if at := wanted.FindStringIndex(clause); at != nil && !unwantedAfter(clause, at[1]) {
			kept, plain, strong = []string{clause[at[1]:]}, true, strong || strongly.MatchString(clause)
			continue
		}
		if plain && later.MatchString(clause) {
			kept = append(kept, clause)
			continue
		}
		strong = strong || strongly.MatchString(clause)
		if unwanted.MatchString(clause) || notOnly.MatchString(clause) {
			takenBack, shared = true, shared || sharesTwo(clause, told.Story) || refused.FindString(clause) != "" && strings.Contains(told.Story, refused.FindStringSubmatch(clause)[1])
			continue
		}
		kept, asks = append(kept, strings.TrimPrefix(clause, "是")), asks || asked.MatchString(strings.TrimPrefix(clause, "是")) || enough.MatchString(clause)
	}
	then := enough.ReplaceAllString(strings.Join(kept, ","), "")
	then = strings.ReplaceAll(strings.Trim(then, ",:："), ",", "，")
	if n := utf8.RuneCountInString(then); n < 2 || n > 40 || !plain && !(takenBack && asks) {
		return nil
	}
	return []Change{{Field: Request, Wrong: told.Request, Then: then, Plain: (shared || strong) && takenBack && (plain || asks)}}
}

func unwantedAfter(clause string, at int) bool { return strings.HasPrefix(clause[at:], "不是") }

// sharesTwo reports two neighbouring Chinese characters that both texts have.
func sharesTwo(a, b string) bool {
	r := []rune(a)
	for i := 0; i+2 <= len(r); i++ {
		if s := string(r[i : i+2]); r[i] > 0x2E80 && r[i+1] > 0x2E80 && strings.Contains(b, s) {
			return true
		}
	}
	return false
}

func englishRequest(text string, told Told) []Change {
	if !deniedEnglish.MatchString(text) {
		return nil
	}
	then := ""
	if m := enoughEnglish.FindStringSubmatch(text); m != nil {
		then = m[1]
	} else if m := wantedEnglish.FindStringSubmatch(text); m != nil {
		then = m[1]
	}
	then, _, _ = strings.Cut(then, ", not ")
	then = strings.Trim(strings.TrimSpace(then), " .!")
	if then == "" || !sharesWord(strings.Replace(text, then, "", 1), told.Story) {
		return nil
	}
	return []Change{{Field: Request, Wrong: told.Request, Then: then, Plain: true}}
}

// common are English words that tell nothing of what is wanted.
var common = strings.Fields("the and you not too much never asked ask want only just any more for him her his them that this all are was have has don")

// sharesWord reports that both texts have an English word, or its beginning.
func sharesWord(a, b string) bool {
	b = strings.ToLower(b)
	for _, w := range strings.FieldsFunc(strings.ToLower(a), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if len(w) >= 3 && !slices.Contains(common, w) && strings.Contains(" "+b, " "+w[:max(3, len(w)-3)]) {
			return true
		}
	}
	return false
}
