package papers

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/mediation"
)

// variant is how much is said in a life.
type variant struct {
	name                 string
	person               string // with characters of Ext A, B and E
	facts, request, long string
	files                int
}

// The names have 㛃 (Ext A), 𠮷 and 𡋾 (Ext B) and 𬭎 and 𬍛 (Ext E).
var variants = []variant{
	{name: "short", person: "李𬭎", facts: "下梁镇胜利村村口的桥面塌了一半，拖拉机过不去", request: "把桥修好", long: "桥墩基础被掏空"},
	{name: "long", person: "张㛃𠮷𬍛",
		facts:   strings.Repeat("2026年7月20日夜里下了一场大雨，胜利村村口的老石桥东头桥面塌了约4米宽、6米长的一块，栏杆掉到河里；三组42户人家的拖拉机、三轮车过不去，孩子上学要绕行8公里（走红岩寺沟口）。", 9),
		request: "一、尽快修好村口的桥；二、修好以前架一座便桥；三、说清楚2024年下拨的“水毁修复”资金用到了哪里",
		long:    strings.Repeat("8月5日上午，我局会同下梁镇人民政府、县水利局到现场核实：桥长18米、宽4.5米，东侧桥台基础被洪水掏空约1.2米，桥面塌落一块，属实。", 8)},
	{name: "attachments", person: "𡋾㛃𬭎", facts: "危房鉴定为D级，三次申请改造没有结果，见所附照片和鉴定书。", request: "列入今年的危房改造计划", long: "住建局于6月12日鉴定为D级", files: 14},
}

func staff(id, unit string, roles ...petition.Role) petition.Actor {
	return petition.Actor{Staff: id, Unit: unit, Roles: roles}
}

var (
	clerk    = staff("clerk", "petition", petition.Intake)
	chief    = staff("chief", "petition", petition.Supervisor)
	road     = staff("road-1", "transport", petition.Officer)
	roadHead = staff("road-0", "transport", petition.Head)
	county   = staff("gov-1", "county-gov", petition.Officer, petition.Head)
	city     = staff("city-1", "city-gov", petition.Officer, petition.Head)
)

// lives files cases of one variant and keeps every document of each.
type lives struct {
	t       *testing.T
	v       variant
	s       *petition.Service
	store   *memory.Memory
	law     *petition.Law
	at      time.Time
	ids     int
	papers  map[string]petition.Document // the first one of each kind, and of the sorts of a kind that differ
	citizen petition.Actor
}

func newLives(t *testing.T, v variant, published *petition.Calendar) *lives {
	t.Helper()
	o := *office.Example()
	o.Units = append([]petition.Unit(nil), o.Units...)
	for i, u := range o.Units {
		organ := map[string]string{"petition": "柞信", "transport": "柞交", "county-gov": "柞政复", "city-gov": "商政复"}[u.Code]
		o.Units[i].Organ = organ
		if organ != "" {
			o.Units[i].Phone = "0914-0000000"
		}
	}
	l := &lives{t: t, v: v, store: memory.NewMemory(), papers: map[string]petition.Document{}, at: time.Date(2026, 8, 3, 10, 0, 0, 0, time.FixedZone("UTC+8", 8*3600)),
		citizen: petition.Actor{Owner: "tg:1", Asker: "tg:1"}}
	hash := func(purpose, value string) []byte { h := sha256.Sum256([]byte(purpose + value)); return h[:] }
	l.s = petition.NewService(l.store, &o, published, hash, func() time.Time { return l.at },
		func() string { l.ids++; return fmt.Sprintf("id-%06d", l.ids) }, new(memory.Blobs))
	l.law = l.s.Law()
	return l
}

func (l *lives) days(n int) { l.at = l.at.AddDate(0, 0, n) }

func (l *lives) file(class petition.Class) string {
	l.t.Helper()
	l.ids++
	f := petition.Filing{
		Key: fmt.Sprintf("draft-%d", l.ids), Owner: l.citizen.Owner, Channel: "telegram", Lang: "zh-CN", Class: class, Subject: "transport.roads",
		Place: petition.Place{Code: "611026102", Text: "胜利村三组"}, Title: "桥面塌了", Facts: l.v.facts, Request: l.v.request,
		Contact: petition.Contact{Name: l.v.person, Address: "下梁镇胜利村三组", Phone: "13900000000"},
	}
	k, err := l.s.File(l.t.Context(), l.citizen, f)
	if err != nil {
		l.t.Fatalf("file: %v", err)
	}
	return k.Number
}

func (l *lives) do(a petition.Actor, number string, name petition.MoveName, pairs ...string) {
	l.t.Helper()
	m := petition.Move{Name: name, Args: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		m.Set(pairs[i], pairs[i+1])
	}
	_, err := l.s.Do(l.t.Context(), a, number, m)
	if err, ok := errors.AsType[*petition.Error](err); ok && err.Key == "move.unsigned" {
		l.sign(a, number, m)
		return
	}
	if err != nil {
		l.t.Fatalf("%s: %v", name, err)
	}
}

// sign has a paper written by one officer and issued by the head of the unit.
func (l *lives) sign(a petition.Actor, number string, m petition.Move) {
	l.t.Helper()
	m.Name, m.For = petition.MoveSubmit, m.Name
	v, err := l.s.Do(l.t.Context(), a, number, m)
	if err != nil {
		l.t.Fatalf("submit %s: %v", m.For, err)
	}
	d := v.Drafts[len(v.Drafts)-1]
	if _, err := l.s.Do(l.t.Context(), staff(d.Unit+"-signer", d.Unit, petition.Head), number, petition.Move{Name: petition.MoveSign, Draft: d.ID, DraftVersion: d.Version}); err != nil {
		l.t.Fatalf("sign %s: %v", m.For, err)
	}
}

// collect keeps the documents of a case, with the attachments of the variant.
func (l *lives) collect(number string) {
	l.t.Helper()
	r, err := l.store.Load(l.t.Context(), number)
	if err != nil {
		l.t.Fatal(err)
	}
	files := l.attachments()
	r.Case.Filing.Attachments = files
	for i := range r.Case.Timeline {
		r.Case.Timeline[i].Files = files
	}
	for _, e := range r.Case.Timeline {
		for _, kind := range petition.DocumentsOf(e, false) {
			d, err := l.law.Fill(r.Case, e.Seq, kind, r.Case.Filing.Contact.Name)
			if err != nil {
				l.t.Fatal(err)
			}
			if missing := d.Missing(); missing != nil {
				l.t.Errorf("%s lacks %v", d.Title, missing)
			}
			if kind == "receipt" {
				d.Values["code"] = "7HKM-2QRT"
			}
			key := kind
			switch {
			case d.Values["assigned"] != "":
				key += ".assigned"
			case kind == "delivery" && d.Values["refused"] != "":
				key += ".left"
			case kind == "delivery" && d.Values["proxy"] != "":
				key += ".household"
			}
			if _, ok := l.papers[key]; !ok {
				l.papers[key] = d
			}
		}
	}
}

func (l *lives) attachments() []petition.Attachment {
	var files []petition.Attachment
	for i := range l.v.files {
		a := petition.Attachment{ID: fmt.Sprintf("file-%d", i), Kind: "photo"}
		if i%2 == 0 {
			a.Kind, a.Name = "document", fmt.Sprintf("%d年危房鉴定书和%s的申请（第%d次）.pdf", 2013+i, l.v.person, i/2+1)
		}
		files = append(files, a)
	}
	return files
}

func (l *lives) accepted() string {
	l.t.Helper()
	n := l.file(petition.Claim)
	l.do(clerk, n, petition.MoveTransfer, "unit", "transport", "text", "请尽快到现场看一看")
	l.days(2)
	l.do(road, n, petition.MoveAccept)
	return n
}

func (l *lives) opinion(a petition.Actor, n string, name petition.MoveName, outcome string) {
	l.t.Helper()
	l.do(a, n, name, "request", l.v.request, "facts", l.v.long, "text", "列入水毁修复工程，2026年9月30日前完工；完工以前由镇上架设便桥",
		"basis", "《中华人民共和国公路法》第三十五条", "outcome", outcome)
}

// all lives the lives whose documents are of all kinds.
func (l *lives) all() map[string]petition.Document {
	l.t.Helper()
	n := l.accepted()
	l.do(roadHead, n, petition.MoveExtend, "text", "要等水位降下来才能检测桥墩")
	l.do(road, n, petition.MoveHearing, "date", "2026-08-20", "time", "上午9时30分", "place", "下梁镇人民政府二楼会议室", "text", "请带上身份证",
		"open", "yes", "chair", "县交通运输局副局长"+l.v.person, "members", "县司法局周兰、下梁镇人大代表王建平", "clerk", "陈明")
	l.days(20)
	l.do(road, n, petition.MoveHearingDone, "text", "双方对塌落的时间和范围没有争议，对完工日期意见不一："+l.v.long)
	l.do(chief, n, petition.MoveSupervise, "reason", "delay", "kind", "letter", "text", "8月18日以前没有书面告知信访人处理途径和程序", "date", "2026-09-01")
	l.opinion(road, n, petition.MoveReply, "support")
	l.do(road, n, petition.MoveDeliver, "date", petition.Day(l.at), "method", "signed")
	l.do(l.citizen, n, petition.MoveReview, "text", "没有说便桥什么时候架好。"+l.v.facts, "unit", "county-gov")
	l.opinion(county, n, petition.MoveReviewReply, "maintain")
	l.do(county, n, petition.MoveDeliver, "date", petition.Day(l.at), "method", "left", "refused", "本人不认可复查意见，拒绝签字", "witness", "王建平（李砭村村委会）",
		"place", "下梁镇李砭村三组", "time", "9时30分", "server", "陈明、周兰")
	l.do(l.citizen, n, petition.MoveRereview, "text", "复查没有到现场看")
	l.opinion(city, n, petition.MoveRereviewReply, "change")
	l.do(chief, n, petition.MoveDeliver, "date", petition.Day(l.at), "method", "household", "proxy", l.v.person, "relation", "女儿，本人外出务工")
	l.collect(n)

	n = l.accepted()
	l.opinion(road, n, petition.MoveReply, "not_support")
	l.do(l.citizen, n, petition.MoveReview, "text", "不服", "unit", "county-gov")
	l.do(county, n, petition.MoveReviewRedo, "facts", l.v.long, "text", "事实不清，应当查明2024年资金的去向", "basis", "《信访工作条例》第三十五条")
	l.collect(n)

	n = l.accepted()
	l.opinion(road, n, petition.MoveReply, "no_basis")
	l.do(l.citizen, n, petition.MoveReview, "text", "不服", "unit", "county-gov")
	l.do(county, n, petition.MoveReviewRefuse, "rule", "《信访工作条例》第三十五条", "text", "同一事项正在行政诉讼中")
	l.collect(n)

	n = l.file(petition.Claim)
	l.do(chief, n, petition.MoveAssign, "unit", "transport", "date", "2027-01-15", "text", "请重点查明资金去向")
	l.do(road, n, petition.MoveObject, "text", "村道不属于县级公路，应由镇人民政府负责："+l.v.long, "unit", "xialiang", "basis", "《农村公路条例》第八条")
	l.do(clerk, n, petition.MoveHold, "text", "请先受理")
	l.do(road, n, petition.MoveAccept)
	l.do(road, n, petition.MoveUrgent, "text", "桥面继续开裂，"+l.v.long)
	l.do(road, n, petition.MoveAgreement, "kind", "mediation", "consent", "both", "text", "一、9月30日前修好；二、修好以前由施工方架便桥", "date", petition.Day(l.at),
		"party", "某某建设有限公司", "mediator", "陈明", "manner", "9月30日前由施工方修好，交通运输局验收")
	l.do(road, n, petition.MoveComplete, "text", "桥已修好并验收，"+l.v.long)
	l.collect(n)

	n = l.accepted()
	l.do(chief, n, petition.MoveLead, "officer", "zhou")
	l.do(road, n, petition.MovePlan, "unit", "transport", "date", "2027-01-15", "text", l.v.long)
	l.do(road, n, petition.MoveMeeting, "date", petition.Day(l.at), "place", "县政府", "attendees", "县交通运输局、"+l.v.person, "text", "年底前修好："+l.v.long)
	l.do(road, n, petition.MovePlanDone, "step", "1", "text", "修好了")
	l.do(road, n, petition.MoveStrikeReason, "text", "同一事项正在行政诉讼中")
	l.collect(n)

	for _, move := range [][]string{
		{string(petition.MoveRefuse), "rule", "《信访工作条例》第二十条第二款", "text", "属于人民法院管辖的事项。" + l.v.long, "elsewhere", "柞水县人民法院", "until", "2027-01-20"},
		{string(petition.MoveNoLonger), "opinion", "商政复〔2025〕3号", "date", "2025-11-03"},
		{string(petition.MoveInHand), "elsewhere", "商洛市信访局，编号2026-118", "until", "2026-09-20"},
		{string(petition.MoveGuide), "route", "4", "basis", "《中华人民共和国行政复议法》第十一条", "elsewhere", "柞水县人民政府行政复议机构", "until", "2026-10-01"},
	} {
		n = l.file(petition.Claim)
		l.do(clerk, n, petition.MoveTransfer, "unit", "transport")
		l.do(road, n, petition.MoveName(move[0]), move[1:]...)
		l.collect(n)
	}
	n = l.file(petition.Suggestion)
	l.do(clerk, n, petition.MoveTransfer, "unit", "transport")
	l.do(road, n, petition.MoveAccept)
	l.do(road, n, petition.MoveReply, "outcome", "partly", "text", "在路口装反光镜，减速带明年再论证。"+l.v.long)
	l.collect(n)
	return l.papers
}

// agreementOf is the agreement of a dispute, which is no case.
func agreementOf(t *testing.T, v variant) petition.Document {
	t.Helper()
	x := mediation.Dispute{Number: "TJ-00000001", Mediator: "xl-1", Parties: map[string]string{mediation.PartyA: v.person}, Agreement: &mediation.Agreement{
		At: time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC), Facts: v.facts, Terms: v.request, Manner: v.long, ConfirmUntil: "2026-09-02",
		Promises: []mediation.Promise{{Party: mediation.PartyA, Due: "2026-08-20", Words: v.request}, {Party: mediation.PartyB, Due: "2026-08-30", Words: v.request}},
	}}
	d, err := x.Paper(office.Example())
	if err != nil {
		t.Fatal(err)
	}
	return d
}
