package petition_test

import (
	"testing"

	"dengwen/petition"
)

func submit(paper petition.Move) petition.Move {
	paper.Name, paper.For = petition.MoveSubmit, paper.Name
	return paper
}

func sign(d petition.Draft) petition.Move {
	return petition.Move{Name: petition.MoveSign, Draft: d.ID, DraftVersion: d.Version}
}

// A paper is issued by who signs what they read, once, and by nobody who wrote in it.
func TestPaperIsSignedByAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	do := func(a petition.Actor, m petition.Move) (petition.View, error) { return w.s.Do(t.Context(), a, n, m) }
	for _, a := range []petition.Actor{road, roadHead} {
		_, err := do(a, opinion())
		wantError(t, err, petition.Forbidden, "move.unsigned")
	}
	own, err := do(roadHead, submit(opinion()))
	if err != nil {
		t.Fatal(err)
	}
	_, err = do(roadHead, sign(own.Drafts[0]))
	wantError(t, err, petition.Forbidden, "draft.own")

	written, err := do(road, submit(opinion()))
	if err != nil {
		t.Fatal(err)
	}
	d := written.Drafts[1]
	if due := clock(t, written, "handle"); due.State != petition.ClockRunning {
		t.Errorf("the clock of a paper that waits is %s", due.State)
	}
	_, err = do(road, sign(d))
	wantError(t, err, petition.Forbidden, "move.who")
	_, err = do(roadHead, petition.Move{Name: petition.MoveSign, Draft: d.ID})
	wantError(t, err, petition.Invalid, "field.missing")
	_, err = do(water, sign(d))
	wantError(t, err, petition.NotFound, "lookup.no_match")

	sentBack, err := do(roadHead, petition.Move{Name: petition.MoveSendBack, Draft: d.ID, DraftVersion: d.Version, Text: "写明日期"})
	if err != nil || sentBack.Drafts[1].Words != "写明日期" || sentBack.Drafts[1].By != roadHead.Staff {
		t.Fatalf("%+v, %v", sentBack.Drafts, err)
	}
	again, err := do(road, petition.Move{Name: petition.MoveSubmit, Draft: d.ID})
	if err != nil {
		t.Fatal(err)
	}
	_, err = do(roadHead, sign(d)) // as it was read before
	wantError(t, err, petition.Conflict, "draft.changed")
	signed, err := do(roadHead, sign(again.Drafts[1]))
	if err != nil {
		t.Fatal(err)
	}
	last := signed.Timeline[len(signed.Timeline)-1]
	if signed.Status != petition.Replied || last.Args["approved_by"] != roadHead.Staff || last.Args["author"] != road.Staff || last.Args["self_approved"] != "" {
		t.Errorf("%s: %+v", signed.Status, last)
	}
	_, err = do(roadHead, sign(again.Drafts[1]))
	wantError(t, err, petition.Conflict, "draft.gone")
	acting := staff("road-2", "transport", petition.Officer, petition.ActingHead)
	_, err = do(acting, sign(own.Drafts[0])) // the case has been answered meanwhile
	wantError(t, err, petition.Conflict, "draft.moot")
	if v, err := w.s.Look(t.Context(), lin, n, ""); err != nil || v.Drafts != nil || v.Papers != nil || v.Timeline[len(v.Timeline)-1].Args["approved_by"] != "" {
		t.Errorf("the citizen sees who wrote or signed: %+v, %v", v.Drafts, err)
	}
}

// Where the office's data allow it a unit of one person signs what it wrote, and the record says so.
func TestUnitOfOnePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := *w.o
	o.Units = append([]petition.Unit{}, o.Units...)
	for i := range o.Units {
		o.Units[i].SelfApproval = o.Units[i].Code == "transport"
	}
	w.s = petition.NewService(w.store, &o, petition.DefaultCalendar(), keyed, w.now, func() string { return "id-" + w.today() }, w.blobs)
	n := w.accepted()
	v, err := w.s.Do(t.Context(), roadHead, n, opinion())
	if err != nil {
		t.Fatal(err)
	}
	if e := v.Timeline[len(v.Timeline)-1]; e.Args["self_approved"] != "yes" || e.Args["approved_by"] != roadHead.Staff {
		t.Errorf("%+v", e.Args)
	}
	d, err := w.s.Law().Fill(must(w.store.Load(t.Context(), n)).Case, len(v.Timeline), "opinion", "")
	if err != nil || d.Values["approved"] != "road-0（拟稿、签发为同一人），2026年8月3日" {
		t.Errorf("%q, %v", d.Values["approved"], err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
