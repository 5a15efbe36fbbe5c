package petition_test

import (
	"fmt"
	"testing"

	"dengwen/petition"
)

// passedOn is a matter that the city's petition office passed on two weeks after it wrote.
func (w *world) passedOn(due string) petition.Filing {
	f := filing(petition.Claim)
	f.Owner, f.Channel, f.Received = "", "above", "2026-08-03"
	f.Origin = petition.Origin{Name: "商洛市信访局", Number: "商信转〔2026〕118号", Date: "2026-07-20", Due: due}
	return f
}

// Periods run from the day something reached the office, whatever day its sender wrote.
func TestWhatIsPassedOnRunsFromTheDayItCame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k, err := w.s.File(t.Context(), clerk, w.passedOn(""))
	if err != nil {
		t.Fatal(err)
	}
	v, err := w.s.Look(t.Context(), clerk, k.Number, "")
	if err != nil || v.Channel != "above" || v.Origin == nil || v.Origin.Number != "商信转〔2026〕118号" {
		t.Fatalf("the case came by %q from %+v (%v)", v.Channel, v.Origin, err)
	}
	wantClock(t, v, "forward", "2026-08-18", petition.ClockRunning)
	w.refused(clerk, k.Number, m(petition.MoveAnswerSender, "text", "修好了"), petition.Conflict, "need.sender_waits")
	receipt, _, err := w.hold(clerk, k.Number, "1.pdf")
	if err != nil || receipt.Values["code"] == "" {
		t.Fatalf("the receipt prints no query code (%v)", err)
	}
	if mine, err := w.s.Look(t.Context(), petition.Actor{Asker: "tg:5"}, k.Number, receipt.Values["code"]); err != nil || mine.Origin != nil || mine.Channel != "" {
		t.Errorf("by number and code the sender is shown: %+v (%v)", mine.Origin, err)
	}
}

// What the sender is owed outlives refusal and closing, until it is told.
func TestTheSenderIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k, err := w.s.File(t.Context(), clerk, w.passedOn("2026-08-20"))
	if err != nil {
		t.Fatal(err)
	}
	w.do(clerk, k.Number, m(petition.MoveTransfer, "unit", "transport"))
	w.do(road, k.Number, m(petition.MoveRefuse, "rule", "第三十一条", "text", "不归这里管", "elsewhere", "法院"))
	v, _ := w.s.Look(t.Context(), clerk, k.Number, "")
	wantClock(t, v, "sender_report", "2026-08-20", petition.ClockRunning)
	page, err := w.s.List(t.Context(), clerk, petition.Query{Open: true})
	if err != nil || len(page.Items) != 1 || page.Items[0].OriginNumber != "商信转〔2026〕118号" {
		t.Errorf("a refused case whose sender waits is not among the open ones: %+v (%v)", page.Items, err)
	}
	w.do(clerk, k.Number, m(petition.MoveAnswerSender, "text", "已经告知信访人到法院起诉。"))
	v, _ = w.s.Look(t.Context(), clerk, k.Number, "")
	wantClock(t, v, "sender_report", "2026-08-20", petition.ClockMet)
	d, _, err := w.hold(clerk, k.Number, fmt.Sprintf("%d.pdf", len(v.Timeline)))
	if err != nil || d.Values["to"] != "商洛市信访局" || d.Values["asked"] != "2026年7月20日转来（来文号：商信转〔2026〕118号）" {
		t.Errorf("the report goes to %q about what was %q (%v)", d.Values["to"], d.Values["asked"], err)
	}
}

func TestWhatAnOriginMustSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for key, change := range map[string]func(*petition.Filing){
		"file.origin_channel": func(f *petition.Filing) { f.Channel = "letter" },
		"file.origin_name":    func(f *petition.Filing) { f.Origin.Name = " " },
		"file.origin_number":  func(f *petition.Filing) { f.Channel, f.Origin.Number = "hotline", "" },
		"file.origin_date":    func(f *petition.Filing) { f.Origin.Date = "2026-08-04" },
		"file.origin_due":     func(f *petition.Filing) { f.Origin.Due = "2026-08-02" },
	} {
		f := w.passedOn("")
		change(&f)
		_, err := w.s.File(t.Context(), clerk, f)
		wantError(t, err, petition.Invalid, key)
	}
	_, err := w.s.File(t.Context(), lin, func() petition.Filing { f := w.passedOn(""); f.Owner = lin.Owner; return f }())
	wantError(t, err, petition.Forbidden, "file.channel")
}
