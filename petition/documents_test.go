package petition_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/petition"
)

// plain is a renderer that writes what the document says.
func plain(_ context.Context, w io.Writer, form string, d petition.Document) error {
	_, err := fmt.Fprintf(w, "%s %s", form, mustJSON(d))
	return err
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // documents are strings
	}
	return b
}

// hold reads a document as an actor.
func (w *world) hold(a petition.Actor, number, ref string) (petition.Document, petition.Attachment, error) {
	w.t.Helper()
	p, ok := petition.ParseDocumentRef(ref)
	if !ok {
		w.t.Fatalf("%q names no document", ref)
	}
	var d petition.Document
	r, at, err := w.s.WithRenderer(plain).Document(w.t.Context(), a, number, "", p)
	if err != nil {
		return d, at, err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		w.t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(b), " ")
	return d, at, json.Unmarshal([]byte(body), &d)
}

func (w *world) wantDocument(a petition.Actor, number, ref, title string, values ...string) {
	w.t.Helper()
	d, at, err := w.hold(a, number, ref)
	if err != nil || d.Title != title {
		w.t.Errorf("%s: got %q (%v), want %q", ref, d.Title, err, title)
		return
	}
	if missing := d.Missing(); missing != nil {
		w.t.Errorf("%s lacks %v", title, missing)
	}
	if !strings.HasPrefix(at.Name, title+"-"+number+".") || at.Size == 0 || at.Type == "" {
		w.t.Errorf("%s is called %+v", title, at)
	}
	for i := 0; i+1 < len(values); i += 2 {
		if !strings.Contains(d.Values[values[i]], values[i+1]) {
			w.t.Errorf("%s: %s is %q, want %q in it", title, values[i], d.Values[values[i]], values[i+1])
		}
	}
}

// A claim from its filing to the end of re-review: every document carries what it must.
func TestDocumentsOfALife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted() // 1 file, 2 transfer, 3 accept
	w.wantDocument(lin, n, "1.pdf", "信访事项登记回执", "unit", "柞水县信访局", "matter", "村口的桥面塌了一半", "next", "2026年8月18日（含当日）前转送", "date", "2026年8月3日")
	w.wantDocument(lin, n, "2.pdf", "信访事项转送告知书", "to", "柞水县交通运输局", "due", "2026年8月18日（含当日）前书面告知您")
	w.wantDocument(road, n, "2.docx", "信访事项转送函", "unit", "柞水县信访局", "to", "柞水县交通运输局", "basis", "第二十二条")
	w.wantDocument(road, n, "2-forwarded.docx", "信访事项转送告知书")
	w.wantDocument(lin, n, "3.pdf", "信访事项受理告知书", "name", "林某", "unit", "交通运输局", "due", "2026年10月2日", "source", "柞水县信访局转送")
	w.do(roadHead, n, m(petition.MoveExtend, "text", "等水位降下来才能检测桥墩"))
	w.wantDocument(lin, n, "5.pdf", "信访事项延长办理期限告知书", "due", "2026年11月1日", "reason", "水位", "approved", "transport-signer，2026年8月3日")
	w.do(road, n, opinion())
	w.wantDocument(lin, n, "7.pdf", "信访处理意见书", "name", "林某", "unit", "交通运输局", "review_body", "人民政府", "review_until", "2026年9月2日", "received", "2026年8月3日")
	w.do(road, n, m(petition.MoveDeliver, "date", w.today(), "method", "signed"))
	w.wantDocument(road, n, "8.docx", "送达回证", "document", "《信访处理意见书》", "method", "本人签收", "review_until", "2026年9月2日")
	w.do(lin, n, m(petition.MoveReview, "text", "没有看现场", "unit", "county-gov"))
	w.wantDocument(lin, n, "9.docx", "信访事项复查申请书", "challenged", "柞水县交通运输局2026年8月3日作出的《信访处理意见书》", "unit", "柞水县人民政府")
	w.do(county, n, m(petition.MoveReviewReply, "request", "撤销原意见", "facts", "8月4日在下梁镇看了现场", "text", "维持", "basis", "《公路法》第三十五条", "outcome", "maintain"))
	w.wantDocument(lin, n, "11.pdf", "信访事项复查意见书", "unit", "柞水县人民政府", "review_body", "商洛市", "outcome", "维持", "challenged", "信访件编号")
	w.do(county, n, m(petition.MoveDeliver, "date", w.today(), "method", "signed"))
	w.do(lin, n, m(petition.MoveRereview, "text", "还是没修"))
	w.do(city, n, m(petition.MoveRereviewReply, "request", "撤销", "facts", "8月5日核查属实", "text", "变更为三个月内修复", "basis", "《公路法》第三十五条", "outcome", "change"))
	w.wantDocument(lin, n, "15.pdf", "信访事项复核意见书", "unit", "商洛市人民政府", "challenged", "信访事项复查意见书")
	d, _, err := w.hold(lin, n, "7.pdf")
	if err != nil || d.Values["approved"] != "transport-signer，2026年8月3日" || strings.Contains(string(mustJSON(d)), road.Staff) {
		t.Errorf("who signed is not on the paper, or who wrote it is: %v, %v", d.Values, err)
	}
}

// A request that is ours is never printed as the petitioner's own words.
func TestDocumentSaysWhoseRequest(t *testing.T) {
	t.Parallel()
	for ours, want := range map[bool]string{true: "把桥修好（信访人没有直说", false: "把桥修好。"} {
		w := newWorld(t)
		f := filing(petition.Claim)
		f.RequestOurs = ours
		n := w.file(f).Number
		w.do(clerk, n, m(petition.MoveTransfer, "unit", "transport"))
		w.wantDocument(lin, n, "1.pdf", "信访事项登记回执", "request", want)
		w.wantDocument(road, n, "2.docx", "信访事项转送函", "matter", "请求："+want)
		d, _, err := w.hold(lin, n, "1.pdf")
		if err != nil || !ours && d.Values["request"] != want {
			t.Errorf("ours %v: the receipt prints %q (%v)", ours, d.Values["request"], err)
		}
	}
}

// What happens later does not change a document.
func TestDocumentStaysAsItWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	before, _, err := w.hold(road, n, "3.pdf")
	if err != nil {
		t.Fatal(err)
	}
	w.days(20)
	w.do(roadHead, n, m(petition.MoveExtend, "text", "等检测"))
	w.do(road, n, opinion())
	after, _, err := w.hold(road, n, "3.pdf")
	if err != nil || string(mustJSON(before)) != string(mustJSON(after)) {
		t.Errorf("the ref became another: %v\n%v\n%v", err, before, after)
	}
}

func TestWhoHoldsWhichDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	w.do(road, n, opinion())
	w.do(chief, n, m(petition.MoveSupervise, "reason", "delay", "kind", "letter", "text", "没有答复到点子上", "date", "2026-09-01"))
	for name, c := range map[string]struct {
		a   petition.Actor
		ref string
	}{
		"a stranger":                        {stranger, "5.pdf"},
		"a unit that has no part in it":     {water, "5.pdf"},
		"the citizen, a letter to the unit": {lin, "7.pdf"},
		"the citizen, the transfer letter":  {lin, "2-transfer.pdf"},
		"an entry that is not there":        {road, "99.pdf"},
		"a kind the entry has not":          {road, "5-receipt.pdf"},
	} {
		if _, _, err := w.hold(c.a, n, c.ref); petition.CodeOf(err) != petition.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.wantDocument(road, n, "7.pdf", "督办函", "unit", "柞水县信访局", "to", "交通运输局", "due", "2026年9月1日", "ask", "及时办理")
	d, _, err := w.hold(chief, n, "5.pdf")
	if err != nil || d.Values["name"] != "信访人" {
		t.Errorf("who has not the case reads the name: %q, %v", d.Values["name"], err)
	}
	if _, _, err := w.s.Document(t.Context(), lin, n, "", petition.DocumentRef{Seq: 4, Form: "pdf"}); petition.CodeOf(err) != petition.Unavailable {
		t.Errorf("without a renderer: %v", err)
	}
}

// By number and code, from another chat: the document, but no name on it.
func TestDocumentByCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	r, at, err := w.s.WithRenderer(plain).Document(t.Context(), stranger, k.Number, k.Code, petition.DocumentRef{Seq: 1, Form: "pdf"})
	if err != nil || at.Name != "信访事项登记回执-"+k.Number+".pdf" {
		t.Fatalf("%+v, %v", at, err)
	}
	b, _ := io.ReadAll(r)
	if strings.Contains(string(b), "林某") {
		t.Error("the name is told for a code")
	}
	if _, _, err = w.s.WithRenderer(plain).Document(t.Context(), stranger, k.Number, "2222-2222", petition.DocumentRef{Seq: 1, Form: "pdf"}); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("a wrong code: %v", err)
	}
}

// The renderer is told when who asked has gone, and a rendering that ends so is no fault
// of the document: the same request may succeed later.
func TestRenderingForNobodyEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	ctx, leave := context.WithCancel(t.Context())
	slow := func(ctx context.Context, _ io.Writer, _ string, _ petition.Document) error {
		leave()
		<-ctx.Done()
		return ctx.Err()
	}
	_, _, err := w.s.WithRenderer(slow).Document(ctx, stranger, k.Number, k.Code, petition.DocumentRef{Seq: 1, Form: "pdf"})
	if petition.CodeOf(err) != petition.Unavailable {
		t.Errorf("got %v", err)
	}
}

func TestDocumentsOfASealedReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.file(filing(petition.Report)).Number
	d, _, err := w.hold(lin, n, "1.pdf")
	if err != nil || strings.Contains(string(mustJSON(d)), "桥") || len(d.Missing()) > 0 {
		t.Errorf("the receipt of a report: %v, %v", d.Values, err)
	}
}

// A review refusal says by which rule; the period that begins with it does not stand
// in its place.
func TestReviewRefusalKeepsItsRule(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	w.do(road, n, opinion())
	w.do(lin, n, m(petition.MoveReview, "text", "不服", "unit", "county-gov"))
	w.do(county, n, m(petition.MoveReviewRefuse, "rule", "《信访工作条例》第三十五条", "text", "已经进入诉讼"))
	w.wantDocument(lin, n, "8.pdf", "复查复核申请不予受理告知书", "basis", "第三十五条", "reason", "诉讼", "challenged", "处理意见书")
}

func TestParseDocumentRef(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"7.pdf": true, "12-forwarded.docx": true, "": false, "7": false, "7.exe": false, "-1.pdf": false, "0.pdf": false, "x.pdf": false, "7.pdf.pdf": false,
	} {
		p, ok := petition.ParseDocumentRef(s)
		if ok != want || ok && p.String() != s {
			t.Errorf("%q: %+v, %v", s, p, ok)
		}
	}
}

// No paper of a report names what or whom it is about, not even by the name of a file, and none
// speaks of a review, which reports do not have (Art 30).
func TestPapersOfAReportSayNothingOfIt(t *testing.T) {
	t.Parallel()
	l := petition.NewLaw(office.Example(), petition.DefaultCalendar())
	c := petition.Case{Number: "ZS26-0001-KN", Unit: "discipline", Received: time.Date(2026, 8, 3, 2, 0, 0, 0, time.UTC), Filing: petition.Filing{
		Class: petition.Report, Title: "村主任截留补助", Facts: "村主任截留危房补助", Request: "查处村主任", About: "xialiang", AboutText: "村主任",
		Place: petition.Place{Code: "611026102", Text: "下梁镇某村"}, Channel: "visit",
		Attachments: []petition.Attachment{{Kind: "document", Name: "举报村主任.docx"}, {Kind: "photo"}},
	}}
	at := c.Received
	for seq, e := range []petition.Entry{
		{Move: petition.MoveFile, Unit: "discipline", Args: map[string]string{"document": "receipt"}},
		{Move: petition.MoveRefuse, Unit: "discipline", By: "discipline", Text: "不属于本单位管辖", Args: map[string]string{"document": "refusal", "rule": "第三十条", "elsewhere": "商洛市纪委监委"}},
		{Move: petition.MoveUrgent, Unit: "discipline", By: "discipline", Text: "有人受到威胁", Args: map[string]string{"document": "urgent_report"}},
	} {
		e.Seq, e.At = seq+1, at
		c.Timeline = append(c.Timeline, e)
		d, err := l.Fill(c, e.Seq, e.Args["document"], "林某")
		if err != nil {
			t.Fatal(err)
		}
		for key, v := range d.Values {
			for _, secret := range []string{"村主任", "危房", "下梁镇", "举报村"} {
				if strings.Contains(v, secret) {
					t.Errorf("%s tells %s: %s", d.Kind, key, v)
				}
			}
		}
	}
}
