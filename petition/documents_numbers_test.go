package petition_test

import (
	"slices"
	"testing"

	"dengwen/petition"
)

// A paper gets its number when it is issued: a draft has none, however often it is written, and the
// next paper of the unit has the next one. What has no number of its own carries the case's.
func TestNumbersAreGivenWhenIssued(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := *w.o
	o.Units = slices.Clone(o.Units)
	for i, u := range o.Units {
		if u.Code == "transport" {
			o.Units[i].Organ = "柞交"
		}
	}
	w.o = &o
	w.s = petition.NewService(w.store, &o, petition.DefaultCalendar(), keyed, w.now, func() string { return petition.Day(w.now()) + string(rune('a'+w.ids.Add(1))) }, w.blobs)
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
