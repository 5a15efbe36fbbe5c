package web

import (
	"cmp"
	"fmt"
	"html/template"
	"regexp"
	"strings"
	"time"

	"dengwen/bot"
)

func (d *Door) bubble(m *message, f form) bubble {
	b := bubble{
		form: f, Elem: fmt.Sprintf("m%d", m.Seq), Seq: m.Seq, Key: m.Key, Mine: m.Mine,
		ISO: m.At.UTC().Format(time.RFC3339), Time: d.timeText(m.At, f.W),
	}
	if m.Mine {
		b.Who, b.Lang, b.Text, b.Point = f.W.Say("you"), d.Locales.Written(m.Own.Text), m.Own.Text, m.Own.Point
		for _, x := range m.Own.Files {
			b.Files = append(b.Files, f.W.Say("file", "Kind", f.W.kind(x.Kind), "Name", x.Name, "Size", fileSize(x.Size)))
		}
		return b
	}
	b.Who, b.Lang, b.Text = f.W.Say("office"), cmp.Or(m.Say.Lang, f.W.Lang), m.Say.Text
	b.AskPlace = m.Say.Ask == "location"
	b.Dial = callsOf(m.Say.Dial, f.W)
	b.Receipt, b.Documents = pictureOf(m, f.W), documentLinks(m)
	for _, row := range m.Say.Rows {
		b.Rows = append(b.Rows, keysOf(row, m.Chosen))
	}
	return b
}

// telephone is what is offered to call; anything else is no number.
var telephone = regexp.MustCompile(`^[0-9+][0-9-]{2,19}$`)

// callsOf are links that call a number (RFC 3966).
func callsOf(numbers []string, w words) []call {
	var out []call
	for _, n := range numbers {
		if !telephone.MatchString(n) {
			continue
		}
		key := "dial." + n
		if !w.catalog.Has("web." + key) {
			key = "dial"
		}
		out = append(out, call{template.URL("tel:" + n), w.Say(key, "Number", n)})
	}
	return out
}

func keysOf(row []bot.Button, chosen map[string]bool) []key {
	out := make([]key, len(row))
	for i, x := range row {
		out[i] = key{x, x.Data != "" && chosen[x.Data]}
	}
	return out
}

// pictureHeight is what the page reserves while the picture loads, CSS pixels for
// a width of 360; the picture's own shape wins when it is there.
const pictureHeight = 480

func pictureOf(m *message, w words) *picture {
	r := m.Say.Receipt
	if r == nil {
		return nil
	}
	// The words of the picture are read out to whoever cannot see it.
	alt := append([]string{w.Say("receipt", "Number", r.Number), w.Say("code") + " " + r.Code}, r.Lines...)
	p := &picture{
		Src: fmt.Sprintf("/receipt/%d.png", m.Seq), Alt: strings.Join(alt, w.Say("comma")),
		File: r.Number + ".png", Height: pictureHeight,
	}
	if r.Check != "" {
		p.Verify = verifyLink(r.Number, r.Mark)
	}
	return p
}

// timeText writes a moment in the office's zone: the time today, else with its date.
func (d *Door) timeText(at time.Time, w words) string {
	at, now := at.In(d.Zone), d.Now().In(d.Zone)
	if at.YearDay() == now.YearDay() && at.Year() == now.Year() {
		return at.Format("15:04")
	}
	return d.Locales.Moment(w.Lang, at)
}

func fileSize(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KB", max(1, bytes>>10))
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}
