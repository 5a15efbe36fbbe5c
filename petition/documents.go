package petition

import (
	"context"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Document is one official document of a case, filled and ready to be printed.
type Document struct {
	Kind   string // opinion, receipt, …: one of DocumentKinds
	Title  string // what it is called, 信访处理意见书
	Number string
	Values map[string]string // what it says, by the keys of its parts and some more
}

// Render writes a document in a form, "pdf" or "docx". It lays out and adds nothing: what
// the document says is in d. It ends soon after ctx does.
type Render func(ctx context.Context, w io.Writer, form string, d Document) error

// Part is one thing a document must say.
type Part struct {
	Key  string // in Document.Values
	Name string // what to call it when it is missing
}

// DocumentRef names a document of a case: the entry of the timeline that it belongs to, and
// the kind where the entry has several.
type DocumentRef struct {
	Seq  int
	Kind string // "" = the first one of the entry that the asker may hold
	Form string // pdf, docx
}

// ParseDocumentRef reads "7.pdf" or "7-forwarded.docx".
func ParseDocumentRef(s string) (DocumentRef, bool) {
	name, form, _ := strings.Cut(s, ".")
	seq, kind, _ := strings.Cut(name, "-")
	n, err := strconv.Atoi(seq)
	return DocumentRef{n, kind, form}, err == nil && n > 0 && len(s) < 60 && slices.Contains(forms, form)
}

// String is the reference in the form ParseDocumentRef reads.
func (p DocumentRef) String() string {
	s := strconv.Itoa(p.Seq)
	if p.Kind != "" {
		s += "-" + p.Kind
	}
	return s + "." + p.Form
}

var forms = []string{"pdf", "docx"}

var formTypes = map[string]string{
	"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

// Fill is the document of one kind that belongs to an entry, as of that entry: what
// happened later does not change it. The petitioner's name stands on it only when it
// is given; without one it is addressed to 信访人.
func (l *Law) Fill(c Case, seq int, kind, name string) (Document, error) {
	spec, ok := documents[kind]
	if !ok || seq < 1 || seq > len(c.Timeline) {
		return Document{}, Fail(NotFound, "paper.none")
	}
	f := &filling{law: l, c: &c, i: seq - 1, e: c.Timeline[seq-1], v: map[string]string{}}
	f.common(name)
	fills[kind](f)
	return Document{Kind: kind, Title: spec.title, Number: c.Number, Values: f.v}, nil
}

// Missing names the parts that a document must have and lacks.
func (d Document) Missing() []string {
	var missing []string
	for _, p := range PartsOf(d.Kind) {
		if strings.TrimSpace(d.Values[p.Key]) == "" {
			missing = append(missing, p.Name)
		}
	}
	return missing
}

// checkDocuments refuses a move whose document would lack a part that it must have: the
// document is made with the move or not at all.
func (s *step) checkDocuments() error {
	for _, kind := range DocumentsOf(s.c.Timeline[len(s.c.Timeline)-1], false) {
		d, err := s.law.Fill(*s.c, len(s.c.Timeline), kind, s.c.Filing.Contact.Name)
		if err != nil {
			return err
		}
		if missing := d.Missing(); missing != nil {
			return s.refuse(Invalid, "paper.missing", "parts", strings.Join(missing, "、"), "title", d.Title)
		}
	}
	return nil
}

// Document prints an official document; see Cases.
func (s *Service) Document(ctx context.Context, a Actor, number, code string, p DocumentRef) (io.ReadCloser, Attachment, error) {
	r, a, err := s.prove(ctx, a, number, code)
	if err != nil {
		return nil, Attachment{}, err
	}
	if s.render == nil {
		return nil, Attachment{}, Fail(Unavailable, "paper.no_press")
	}
	d, err := s.law.document(r.Case, a, p)
	if err != nil {
		return nil, Attachment{}, err
	}
	return s.rendered(ctx, p.Form, d)
}

// document is what an actor may read: a citizen what is addressed to them, an officer who
// sees the case everything. Whatever else is asked for is the same NotFound, so that it
// does not tell which documents there are.
func (l *Law) document(c Case, a Actor, p DocumentRef) (Document, error) {
	own := isCitizen(&c, a)
	if p.Seq < 1 || p.Seq > len(c.Timeline) || !slices.Contains(forms, p.Form) {
		return Document{}, Fail(NotFound, "paper.none")
	}
	kinds := DocumentsOf(c.Timeline[p.Seq-1], own)
	if p.Kind == "" && len(kinds) > 0 {
		p.Kind = kinds[0]
	}
	if !slices.Contains(kinds, p.Kind) {
		return Document{}, Fail(NotFound, "paper.none")
	}
	name := ""
	if seesContact(&c, a) {
		name = c.Filing.Contact.Name
	}
	return l.Fill(c, p.Seq, p.Kind, name)
}

func (s *Service) rendered(ctx context.Context, form string, d Document) (io.ReadCloser, Attachment, error) {
	var b strings.Builder
	if err := s.render(ctx, &b, form, d); err != nil {
		return nil, Attachment{}, failed(err, "print document")
	}
	at := Attachment{Kind: "document", Name: d.Title + "-" + d.Number + "." + form, Type: formTypes[form], Size: int64(b.Len()), Stored: true}
	return io.NopCloser(strings.NewReader(b.String())), at, nil
}

// documentSpec is one kind of official document.
type documentSpec struct {
	title   string
	citizen bool   // the citizen holds it; the others go between units or stay in the file
	parts   []Part // what it must say besides number, unit and date
}

var commonParts = []Part{{"number", "编号"}, {"unit", "出具单位"}, {"date", "日期"}}

var (
	toWhom   = Part{"name", "称呼"}
	cameOn   = Part{"received", "收到日期"}
	matters  = Part{"matter", "事项"}
	basis    = Part{"basis", "依据"}
	reason   = Part{"reason", "理由"}
	against  = Part{"challenged", "不服的意见"}
	toUnit   = Part{"to", "收件单位"}
	term     = Part{"due", "期限"}
	whereTo  = Part{"instead", "该去哪里"}
	phone    = Part{"contact", "联系方式"}
	reviewer = Part{"review_body", "受理复查、复核的机关"}
	lastDay  = Part{"review_until", "申请的最后一天"}
	asked    = Part{"request", "请求"}
	found    = Part{"facts", "查明的事实和理由"}
	decided  = Part{"opinion", "处理意见"}
)

// documents is what each kind must carry: by the article beside it, and for letters
// and refusals by the practice of the field. The record of a hearing is written and
// signed in the room, the urgent report goes its own way (Art 25): neither is printed.
// Never written to.
var documents = map[string]documentSpec{
	"receipt":          {"信访事项登记回执", true, []Part{cameOn, matters, {"next", "下一步和日期"}}},
	"transfer":         {"信访事项转送函", false, []Part{toUnit, matters, basis, term}},                                                          // Art 22
	"forwarded":        {"信访事项转送告知书", true, []Part{toWhom, cameOn, matters, toUnit, term, phone}},                                         // Art 23(1)
	"objection":        {"信访事项异议书", false, []Part{toUnit, matters, reason}},                                                               // Art 23(3)
	"acceptance":       {"信访事项受理告知书", true, []Part{toWhom, cameOn, {"source", "来源"}, matters, {"route", "处理途径和程序"}, term, phone}},         // Art 23
	"refusal":          {"信访事项不予受理告知书", true, []Part{toWhom, cameOn, matters, basis, reason, whereTo}},                                    // Art 23
	"no_longer":        {"信访事项不再受理告知书", true, []Part{toWhom, matters, {"opinion_number", "复核意见书编号"}, {"opinion_date", "复核意见书日期"}}},        // Art 36(3)
	"in_hand":          {"信访事项不重复受理告知书", true, []Part{toWhom, cameOn, matters, whereTo}},                                                  // Art 19(3)
	"guidance":         {"信访事项依法分类处理告知书", true, []Part{toWhom, cameOn, matters, {"route", "法定途径"}, basis, whereTo, {"until", "那条途径的期限"}}}, // Art 31
	"extension":        {"信访事项延长办理期限告知书", true, []Part{toWhom, matters, reason, {"approved", "批准人"}, term}},                               // Art 34
	"hearing_notice":   {"信访听证通知书", true, []Part{toWhom, matters, {"when", "听证日期"}, {"place", "听证地点"}}},                                   // Art 31(6)
	"agreement":        {"信访事项协议书", true, []Part{toWhom, matters, {"sort", "调解还是和解"}, {"terms", "协议内容"}}},                                 // Art 33
	"opinion":          {"信访处理意见书", true, []Part{toWhom, cameOn, asked, found, decided, basis, reviewer, lastDay}},                        // Art 32, 35
	"suggestion_reply": {"建议意见答复书", true, []Part{toWhom, cameOn, matters, {"outcome", "是否采纳"}, decided}},                                  // Art 29
	"review":           {"信访事项复查意见书", true, []Part{toWhom, against, asked, found, decided, basis, reviewer, lastDay}},                     // Art 35, 36
	"review_redo":      {"信访事项复查意见书", true, []Part{toWhom, against, found, decided, basis}},                                               // Art 35
	"rereview":         {"信访事项复核意见书", true, []Part{toWhom, against, asked, found, decided, basis}},                                        // Art 36
	"review_refusal":   {"复查复核申请不予受理告知书", true, []Part{toWhom, against, basis, reason}},                                                   // Art 35, 36
	"review_request":   {"信访事项复查申请书", true, []Part{toWhom, against, asked}},                                                               // Art 35
	"rereview_request": {"信访事项复核申请书", true, []Part{toWhom, against, asked}},                                                               // Art 36
	"supervision":      {"督办函", false, []Part{toUnit, {"facts", "发现的情况"}, basis, {"ask", "要求"}, {"due", "反馈日期"}}},                         // Art 40
	"completion":       {"信访事项办结报告", false, []Part{toUnit, matters, {"done", "办理情况"}, {"result", "结果"}, {"view", "信访人意见"}}},               // Art 22(1)(3)
	"delivery":         {"送达回证", false, []Part{{"document", "送达的文书"}, {"name", "受送达人"}, {"method", "送达方式"}, {"delivered", "收到日期"}}},
}

// DocumentKinds lists every kind that is printed, in alphabetical order.
func DocumentKinds() []string { return slices.Sorted(maps.Keys(documents)) }

// PartsOf is what a kind must carry; nil for a kind that is not printed.
func PartsOf(kind string) []Part {
	spec, ok := documents[kind]
	if !ok {
		return nil
	}
	return slices.Concat(commonParts, spec.parts)
}

// DocumentTitle is what a kind of document is called, "" for one that is not printed.
func DocumentTitle(kind string) string { return documents[kind].title }

// DocumentsOf lists the kinds of document an entry of the timeline has, those a citizen
// holds or all of them. The first is the entry's own.
func DocumentsOf(e Entry, citizen bool) []string {
	kinds := []string{e.Args["document"]}
	switch {
	case kinds[0] == "transfer":
		kinds = append(kinds, "forwarded")
	case e.Move == MoveReviewRedo:
		kinds[0] = "review_redo"
	}
	return slices.DeleteFunc(kinds, func(k string) bool {
		spec, ok := documents[k]
		return !ok || citizen && (!spec.citizen || !e.Public)
	})
}
