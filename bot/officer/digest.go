package officer

import (
	"strings"
	"time"

	"dengwen/internal/naming"
	"dengwen/petition"
)

// digestLines is how many cases of one kind a digest names; the queue has the rest.
const digestLines = 10

// Digest says a digest in plain sentences.
func (c *Conversation) Digest(lang string, d petition.Digest, now time.Time) string {
	t := &step{conv: c, lang: lang, now: now}
	if d.Led != nil {
		return t.ledDigest(d.Led)
	}
	head := t.text("digest.day", "Unit", t.names().Unit(d.Unit), "Day", t.names().Day(d.Day))
	if d.Weekly {
		head = t.text("digest.week", "Unit", t.names().Unit(d.Unit), "From", t.names().Day(d.From), "To", t.names().Day(d.To))
	}
	lines := []string{head}
	if d.Sealed {
		lines = append(lines, t.text("digest.sealed"))
	}
	for _, part := range []struct {
		key   string
		items []petition.DigestItem
	}{
		{"digest.overdue", d.Overdue}, {"digest.due_soon", d.DueSoon}, {"digest.new", d.New}, {"digest.answered", d.Answered}, {"digest.reopened", d.Reopened},
	} {
		lines = append(lines, t.digestPart(part.key, part.items)...)
	}
	if d.Empty() {
		lines = append(lines, t.text("digest.none"))
	}
	return strings.Join(lines, "\n")
}

func (t *step) digestPart(key string, items []petition.DigestItem) []string {
	if len(items) == 0 {
		return nil
	}
	lines := []string{t.text(key, "Count", len(items))}
	for i, item := range items {
		if i == digestLines {
			return append(lines, t.text("digest.more", "Count", len(items)-i))
		}
		lines = append(lines, t.digestItem(item))
	}
	return lines
}

func (t *step) digestItem(i petition.DigestItem) string {
	name := strings.TrimSpace(i.Number + " " + naming.Clip(i.Title, 24))
	switch {
	case i.Rule == "":
		return t.text("digest.item", "Name", name)
	case i.Left < 0:
		return t.text("digest.item.over", "Name", name, "What", t.names().Rule(i.Rule), "Days", -i.Left)
	}
	return t.text("digest.item.left", "Name", name, "What", t.names().Rule(i.Rule), "Days", i.Left, "Due", t.names().Due(i.Due, i.Provisional))
}

// ledDigest is the week of a leader by numbers and days alone: it may go where no content may.
func (t *step) ledDigest(w *petition.LedWeek) string {
	lines := []string{t.text("digest.led", "From", t.names().Day(w.From), "To", t.names().Day(w.To), "Count", len(w.Cases))}
	today := petition.Day(t.now)
	for i, c := range w.Cases {
		if i == digestLines {
			lines = append(lines, t.text("digest.more", "Count", len(w.Cases)-i))
			break
		}
		lines = append(lines, t.text("digest.led.case", "Number", c.Number, "Events", len(c.Events), "Late", len(c.LateSteps(today)), "Noted", c.Noted(), "Struck", c.Struck != ""))
	}
	return strings.Join(append(lines, t.text("digest.led.more")), "\n")
}
