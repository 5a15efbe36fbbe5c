package petition

import (
	"fmt"
	"slices"
	"strings"
)

// filling is a document being filled.
type filling struct {
	law *Law
	c   *Case
	i   int // index of its entry in the timeline
	e   Entry
	v   map[string]string
}

// fills says what stands in each kind besides what all have. Never written to.
var fills = map[string]func(*filling){
	"receipt": (*filling).receipt, "transfer": (*filling).transfer, "forwarded": (*filling).forwarded, "objection": (*filling).objection,
	"acceptance": (*filling).acceptance, "refusal": (*filling).refusal, "no_longer": (*filling).noLonger, "in_hand": (*filling).inHand,
	"guidance": (*filling).guidance, "extension": (*filling).extension, "hearing_notice": (*filling).hearing, "agreement": (*filling).agreement,
	"opinion": (*filling).opinion, "suggestion_reply": (*filling).suggestion, "review": (*filling).review, "review_redo": (*filling).redo,
	"rereview": (*filling).review, "review_refusal": (*filling).reviewRefusal, "review_request": (*filling).request,
	"rereview_request": (*filling).request, "supervision": (*filling).supervision, "completion": (*filling).completion,
	"delivery": (*filling).delivery,
}

// chineseDay writes 2026-12-08 as 2026年12月8日, as official documents do; "" for what
// is no day.
func chineseDay(day string) string {
	t, err := parseDay(day)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
}

// common fills what stands on most documents.
func (f *filling) common(name string) {
	f.v["number"] = fmt.Sprintf("%s 第%d号", f.c.Number, f.e.Seq)
	f.v["case"] = f.c.Number
	f.v["unit"] = f.name(f.issuer())
	f.v["date"] = chineseDay(Day(f.e.At))
	f.v["name"] = or(strings.TrimSpace(name), "信访人")
	f.v["received"] = chineseDay(Day(f.c.Received))
	f.v["source"] = or(sources[f.c.Filing.Channel], "网上信访")
	f.v["matter"] = f.matter(300)
	f.v["place"] = f.place()
	f.v["text"] = f.e.Text
	f.v["due"] = chineseDay(f.e.Args["due"])
	f.v["basis"] = f.e.Args["basis"]
}

var sources = map[string]string{"letter": "来信", "visit": "来访", "call": "来电"}

// issuer is the unit in whose name the document goes out: who had the case when it was
// made, except where the move belongs to somebody else.
func (f *filling) issuer() string {
	office := f.law.Office.Unit
	switch f.e.Move {
	case MoveFile:
		return or(f.unitAt(f.i), office)
	case MoveRegister, MoveDesignate:
		return or(f.e.By, office)
	case MoveSupervise:
		return office
	case MoveReview, MoveRereview:
		return f.e.Unit
	case MoveComplete, MoveDeliver:
		if f.e.By != office {
			return f.e.By
		}
	}
	return f.holder()
}

// holder is the unit that had the case before the entry.
func (f *filling) holder() string {
	if f.i == 0 {
		return f.unitAt(0)
	}
	return f.unitAt(f.i - 1)
}

func (f *filling) unitAt(i int) string {
	return or(f.c.Timeline[i].Unit, or(f.c.Timeline[i].By, f.c.Unit))
}

// held is the day since when the holder had the case.
func (f *filling) held() string {
	since := f.i
	for since > 0 && f.unitAt(since-1) == f.holder() {
		since--
	}
	if since == 0 {
		return Day(f.c.Received)
	}
	return Day(f.c.Timeline[since].At)
}

// sender is the unit the case came to the holder from, "" when it came from nobody.
func (f *filling) sender() string {
	for i := f.i - 1; i > 0; i-- {
		if f.unitAt(i-1) != f.holder() {
			return f.unitAt(i - 1)
		}
	}
	return ""
}

// last finds the latest entry before this one that was one of these moves.
func (f *filling) last(moves ...MoveName) (Entry, bool) {
	for _, e := range slices.Backward(f.c.Timeline[:f.i]) {
		if slices.Contains(moves, e.Move) {
			return e, true
		}
	}
	return Entry{}, false
}

func (f *filling) name(unit string) string {
	if unit == "citizen" || unit == "system" || unit == f.law.Office.Unit {
		return f.law.Office.Name
	}
	return f.law.Office.UnitName(unit)
}

// matter is the case in the petitioner's words, cut at n characters. A report on
// misconduct is not put on paper (Art 30).
func (f *filling) matter(n int) string {
	p := f.c.Filing
	if p.Class == Report {
		return "检举控告事项（内容依法保密，不在文书上写明）"
	}
	text := or(short(p.Facts, n), p.Title)
	if text == "" && len(p.Attachments) > 0 {
		text = "见所附材料"
	}
	if p.Request != "" {
		text = strings.TrimSpace(text + "\n请求：" + f.wish(n))
	}
	return text
}

// wish is what the petitioner asks for, cut at n characters, and whose words it is.
func (f *filling) wish(n int) string {
	p := f.c.Filing
	text := p.Request
	if n > 0 {
		text = short(text, n)
	}
	if p.RequestOurs && text != "" {
		text += "（信访人没有直说，登记时替其写的，不是原话）"
	}
	return text
}

func short(s string, n int) string {
	r := []rune(strings.TrimSpace(s))
	if len(r) > n {
		return string(r[:n]) + "……"
	}
	return string(r)
}

func (f *filling) place() string {
	p := f.c.Filing.Place
	if f.c.Filing.Class == Report {
		return ""
	}
	l, _ := f.law.Office.Locality(p.Code)
	if strings.HasPrefix(p.Text, l.Name) {
		return p.Text
	}
	return strings.TrimSpace(l.Name + " " + p.Text)
}

// contact is how to reach a unit. A number nobody gave is not invented.
func (f *filling) contact(unit string) string {
	u, _ := f.law.Office.Find(unit)
	switch {
	case u.Phone != "" && u.Address != "":
		return u.Phone + "，" + u.Address
	case u.Phone+u.Address != "":
		return u.Phone + u.Address
	case f.law.Office.Phone != "":
		return f.law.Office.Name + "电话 " + f.law.Office.Phone
	}
	return f.name(unit) + "；也可以凭编号在网上查询和留言"
}

func (f *filling) answer() string { return strings.TrimSpace(f.e.Text) }
