package petition

import (
	"context"
	"io"
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
// happened later does not change it, the sheet of a hard case excepted. The petitioner's name stands on it only when it
// is given; without one it is addressed to 信访人.
func (l *Law) Fill(c Case, seq int, kind, name string) (Document, error) {
	return l.fill(c, seq, kind, name, "")
}

// fill is Fill printed on a day, "" = the day of the entry.
func (l *Law) fill(c Case, seq int, kind, name, today string) (Document, error) {
	spec, ok := documents[kind]
	if !ok || seq < 1 || seq > len(c.Timeline) {
		return Document{}, Fail(NotFound, "paper.none")
	}
	f := &filling{law: l, kind: kind, issued: spec.issued, c: &c, i: seq - 1, e: c.Timeline[seq-1], v: map[string]string{}, title: titleOf, today: or(today, Day(c.Timeline[seq-1].At))}
	f.common(name)
	if spec.fill != nil {
		spec.fill(f)
	}
	f.finish()
	return Document{Kind: kind, Title: DocumentTitle(kind), Number: c.Number, Values: f.v}, nil
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
	d, err := s.law.document(r.Case, a, p, Day(s.now()))
	if err != nil {
		return nil, Attachment{}, err
	}
	if s.names != nil && d.Kind == leadSheet {
		d.Values["leader"] = or(s.names(ctx, r.Case.fact(factLead)), d.Values["leader"])
	}
	if err := s.noteRead(ctx, toward(&r.Case, a), ActDocument, p.String(), r.Case.Number); err != nil {
		return nil, Attachment{}, err
	}
	if code := s.printedCode(r, a, p); code != "" && d.Kind == "receipt" {
		d.Values["code"] = code
	}
	return s.rendered(ctx, p.Form, d)
}

// document is what an actor may read: a citizen what is addressed to them, an officer who
// sees the case everything. Whatever else is asked for is the same NotFound, so that it
// does not tell which documents there are.
func (l *Law) document(c Case, a Actor, p DocumentRef, today string) (Document, error) {
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
	return l.fill(c, p.Seq, p.Kind, name, today)
}

func (s *Service) rendered(ctx context.Context, form string, d Document) (io.ReadCloser, Attachment, error) {
	var b strings.Builder
	if err := s.render(ctx, &b, form, d); err != nil {
		return nil, Attachment{}, failed(err, "print document")
	}
	at := Attachment{Kind: "document", Name: d.Title + "-" + d.Number + "." + form, Type: formTypes[form], Size: int64(b.Len()), Stored: true}
	return io.NopCloser(strings.NewReader(b.String())), at, nil
}
