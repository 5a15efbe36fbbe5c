package petition_test

import (
	"slices"
	"testing"

	"dengwen/petition"
)

// register gives transport an outgoing register from now on.
func (w *world) register(organ, first string) {
	o := *w.o
	o.Units = slices.Clone(o.Units)
	for i, u := range o.Units {
		if u.Code == "transport" {
			o.Units[i].Organ, o.Units[i].FirstNumber = organ, first
		}
	}
	w.o = &o
	w.s = petition.NewService(w.store, &o, petition.DefaultCalendar(), keyed, w.now, func() string { return petition.Day(w.now()) + string(rune('a'+w.ids.Add(1))) }, w.blobs)
}

// A paper gets its number when it is issued: a draft has none, however often it is written, and the
// next paper of the unit has the next one. What has no number of its own carries the case's.
func TestNumbersAreGivenWhenIssued(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register("柞交", "")
	n := w.accepted()
	w.wantDocument(lin, n, "2.pdf", "信访事项转送告知书", "number", "信访件编号："+n)
	w.wantDocument(lin, n, "3.pdf", "信访事项受理告知书", "number", "柞交〔2026〕1号")
	for range 2 {
		draft := opinion()
		draft.Name, draft.For = petition.MoveDraft, petition.MoveReply
		w.do(road, n, draft)
	}
	v, err := w.issue(road, n, opinion())
	if err != nil {
		t.Fatal(err)
	}
	ref := petition.DocumentRef{Seq: v.Timeline[len(v.Timeline)-1].Seq, Form: "pdf"}.String()
	w.wantDocument(lin, n, ref, "信访处理意见书", "number", "柞交〔2026〕2号")
}

// An office that begins in the middle of a year goes on from its paper register; the year after begins
// with 1, and a start of the program changes nothing.
func TestARegisterGoesOnFromPaper(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.register("柞交", "〔2026〕57号")
	n := w.accepted()
	w.wantDocument(lin, n, "3.pdf", "信访事项受理告知书", "number", "柞交〔2026〕57号")
	w.register("柞交", "〔2026〕57号") // the program starts again
	w.do(roadHead, n, m(petition.MoveExtend, "text", "等水位降下来才能检测桥墩"))
	w.wantDocument(lin, n, "5.pdf", "信访事项延长办理期限告知书", "number", "柞交〔2026〕58号")
	w.days(160)
	v, err := w.issue(road, n, opinion())
	if err != nil {
		t.Fatal(err)
	}
	ref := petition.DocumentRef{Seq: v.Timeline[len(v.Timeline)-1].Seq, Form: "pdf"}.String()
	w.wantDocument(lin, n, ref, "信访处理意见书", "number", "柞交〔2027〕1号")
}
