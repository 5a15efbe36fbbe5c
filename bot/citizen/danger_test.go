package citizen

import (
	"testing"

	"dengwen/bot"
	"dengwen/petition"
)

// What is passed on in danger keeps the class it has; what may be a report goes in sealed.
func TestDangerKeepsTheClass(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	doubt := &bot.Reading{Class: bot.Guess{Value: "report", Conf: 0.5}}
	for _, c := range []struct {
		class petition.Class
		r     *bot.Reading
		want  petition.Class
	}{
		{petition.Report, nil, petition.Report}, {"", doubt, petition.Report}, {"", nil, petition.Claim}, {petition.Claim, doubt, petition.Claim},
	} {
		s := bot.Session{State: stateDanger, Draft: &bot.Draft{ID: "d", Known: map[string]string{}, Reading: c.r, Filing: petition.Filing{Class: c.class, Facts: "他拿刀堵在门口"}}}
		step := &step{conv: b, s: &s, now: monday}
		step.fileUrgent()
		if got := step.out[0].File; got == nil || got.Class != c.want {
			t.Errorf("class %q with %+v is lodged as %+v, want %s", c.class, c.r, got, c.want)
		}
	}
}

// Words of danger while a number is still to come leave that petition as it is.
func TestDangerLeavesAFilingAlone(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	s := bot.Session{State: stateFiling, Last: monday, Draft: &bot.Draft{ID: "sent", Sent: true, Known: map[string]string{}}}
	after, _ := b.Step(s, bot.Event{ID: "tg:1", At: monday, Text: "着火了"}, monday)
	if after.State != stateDanger || after.Draft.ID == "sent" || len(after.Filed) != 1 || after.Filed[0].ID != "sent" {
		t.Errorf("state %s, draft %+v, filed %+v", after.State, after.Draft, after.Filed)
	}
}
