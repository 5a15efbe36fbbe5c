package answer

import "strings"

// Office is what the answers say about the office itself. Empty fields are spoken of as not
// filled in, never guessed.
type Office struct {
	Name    string   // 某某县信访局
	NameEn  string   // used in English answers; Name when empty
	Phone   string   // as it should be printed
	Hours   string   // 周一至周五 8:00–18:00
	HoursEn string   // used in English answers; Hours when empty
	Address string   // street address of the reception place
	Post    string   // postcode for letters
	Web     string   // the office's own web page for petitions
	Bring   []string // what to bring to the window
}

// fill puts the office's data into the places {name}, {phone}, {hours}, {address}, {post}, {web},
// {bring} and {contact} of an entry's text.
func (o Office) fill(text, lang string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	s := officeWords(lang)
	return strings.NewReplacer(
		"{name}", o.name(lang),
		"{phone}", or(o.Phone, s.noPhone),
		"{hours}", or(o.hours(lang), s.noHours),
		"{address}", or(o.Address, s.noAddress),
		"{post}", or(o.Post, s.noPost),
		"{web}", or(o.Web, s.noWeb),
		"{bring}", or(strings.Join(o.Bring, s.comma), s.bring),
		"{contact}", o.contact(lang),
	).Replace(text)
}

// contact tells where a person can be asked instead.
func (o Office) contact(lang string) string {
	s := officeWords(lang)
	var b strings.Builder
	if o.Phone == "" {
		b.WriteString(strings.ReplaceAll(s.askWithoutPhone, "{name}", o.name(lang)))
	} else {
		b.WriteString(strings.NewReplacer("{name}", o.name(lang), "{phone}", o.Phone).Replace(s.askByPhone))
	}
	if h := o.hours(lang); h != "" {
		b.WriteString(strings.ReplaceAll(s.openAt, "{hours}", h))
	}
	b.WriteString(s.stop)
	return b.String()
}

func (o Office) name(lang string) string {
	if lang == English {
		return or(o.NameEn, or(o.Name, "the petition office"))
	}
	return or(o.Name, "信访局")
}

func (o Office) hours(lang string) string {
	if lang == English {
		return or(o.HoursEn, o.Hours)
	}
	return o.Hours
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

type officePhrases struct {
	noPhone, noHours, noAddress, noPost, noWeb, bring, comma string
	askByPhone, askWithoutPhone, openAt, stop                string
	unknown, doubt, orThis                                   string
}

func officeWords(lang string) officePhrases {
	if lang == English {
		return officePhrases{
			noPhone:         "not filled in here yet; ask at the window or dial the government hotline 12345",
			noHours:         "not filled in here yet; ask before you come",
			noAddress:       "not filled in here yet; the government hotline 12345 can tell you",
			noPost:          "not filled in",
			noWeb:           "not filled in here",
			bring:           "an identity document, the written request, and copies of what supports it (contracts, receipts, photos, earlier replies)",
			comma:           ", ",
			askByPhone:      "You can ask {name}: {phone}",
			askWithoutPhone: "The phone number of {name} has not been filled in here; please ask at the window or dial the government hotline 12345",
			openAt:          " (hours: {hours})",
			stop:            ".",
			orThis:          "Or this:",
			doubt:           "I am not sure that this is what you ask:",
			unknown:         "I do not know the answer to this, and I would rather not guess.",
		}
	}
	return officePhrases{
		noPhone:         "这里还没有填写，可以到窗口问，或者打 12345 政务服务热线",
		noHours:         "这里还没有填写，来之前请先问一声",
		noAddress:       "这里还没有填写，可以打 12345 政务服务热线问",
		noPost:          "还没有填写",
		noWeb:           "这里还没有填写",
		bring:           "身份证明、写好的材料、能说明事情的复印件（合同、票据、照片、以前的答复）",
		comma:           "、",
		askByPhone:      "可以问{name}：{phone}",
		askWithoutPhone: "{name}的电话这里还没有填写，可以到窗口问，或者打 12345 政务服务热线",
		openAt:          "（{hours}）",
		stop:            "。",
		orThis:          "也可能是这个：",
		doubt:           "不知道您问的是不是这个：",
		unknown:         "这个我答不上来，不敢乱说。",
	}
}
