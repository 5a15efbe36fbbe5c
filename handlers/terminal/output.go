package terminal

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"
	qrcode "rsc.io/qr"

	"dengwen/bot"
	"dengwen/bot/turn"
)

// Send prints a message of the bot, once per key. A conversation that is not this
// terminal's is kept for whoever it belongs to.
func (d *Door) Send(ctx context.Context, conv, key string, say bot.Say) error {
	_, err := d.SendRef(ctx, conv, key, say, nil)
	return err
}

// SendRef is Send with files, which are saved in the folder. What the office's side says
// about a case gets a number to reply to it with; its ref is good as long as this run.
func (d *Door) SendRef(_ context.Context, conv, key string, say bot.Say, files []turn.File) (string, error) {
	defer turn.CloseAll(files)
	if conv != d.Conv {
		return "", &turn.SendError{Err: fmt.Errorf("%s is not talking here", "another terminal")}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if ref, again := d.shown[key]; again {
		return ref, nil
	}
	if say.Lang != "" {
		d.spoken.Store(say.Lang)
	}
	out := d.message(say) + d.save(files)
	if len(say.Rows) > 0 {
		out += d.buttons(key, say)
	}
	ref := ""
	if say.ForOffice && say.About != "" && !bot.OfBulletin(say.About) {
		ref = d.number(say)
		out += "  " + d.paint(faint, fmt.Sprintf("^%d", len(d.cases))) + "\n"
	}
	if d.prompt { // it comes while the person is being waited for
		out = "\r" + out + "\n" + d.paint(bold, "> ")
	}
	if _, err := io.WriteString(d.Out, out); err != nil {
		d.err = fmt.Errorf("write to the terminal: %w", err)
		return "", &turn.SendError{Err: d.err}
	}
	d.storeKey(key, ref)
	return ref, nil
}

// number gives a message the next number. Numbers of another run are another's: the
// ref holds which one it is.
func (d *Door) number(say bot.Say) string {
	s := caseMessage{ref: fmt.Sprintf("%s-%d", d.runID, len(d.cases)+1)}
	if len(say.Rows) > 0 {
		s.buttons = d.buttonsShown
	}
	d.cases = append(d.cases, s)
	return s.ref
}

// storeKey keeps the keys of the last messages; a delivery is tried again soon or
// not at all.
func (d *Door) storeKey(key, ref string) {
	const most = 1000
	if len(d.shown) >= most {
		clear(d.shown)
	}
	d.shown[key] = ref
}

func (d *Door) message(say bot.Say) string {
	var b strings.Builder
	if say.Text != "" {
		b.WriteString(d.framed(clean(say.Text)))
	}
	if say.Receipt != nil {
		b.WriteString(d.receipt(*say.Receipt))
	}
	return b.String()
}

// framed marks what the bot says with "< " and wraps it.
func (d *Door) framed(text string) string {
	var b strings.Builder
	for i, row := range wrap(text, d.Width-2) {
		mark := "  "
		if i == 0 {
			mark = d.paint(green, "<") + " "
		}
		b.WriteString(strings.TrimRight(mark+row, " ") + "\n")
	}
	return b.String()
}

// buttons prints a message's buttons, numbered, and makes them what the next line
// may press.
// shownButton is a button with what is typed to press it.
type shownButton struct {
	bot.Button
	mark string
}

func (d *Door) buttons(key string, say bot.Say) string {
	d.buttonsShown, d.ref = nil, key
	var b strings.Builder
	for _, row := range say.Rows {
		line, width := " ", 1
		for _, k := range row {
			s := d.button(k, say)
			w := uniseg.StringWidth(plain(s)) + 1
			if width+w > d.Width && width > 1 {
				b.WriteString(strings.TrimRight(line, " ") + "\n")
				line, width = " ", 1
			}
			line, width = line+" "+s, width+w
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

func (d *Door) button(k bot.Button, say bot.Say) string {
	k.Text, k.URL = clean(k.Text), clean(k.URL)
	if k.URL != "" {
		return k.Text + " " + d.paint(cyan, k.URL)
	}
	b := shownButton{k, say.Mark(len(d.buttonsShown) + 1)}
	d.buttonsShown = append(d.buttonsShown, b)
	return d.paint(cyan, "["+b.mark+"]") + " " + k.Text + " "
}

// receipt prints the receipt as text, and for a person its QR code.
func (d *Door) receipt(r bot.Receipt) string {
	rows := []string{r.Office + " · " + r.Title, d.say("number") + " " + d.paint(bold, r.Number), d.say("code") + " " + d.paint(bold, r.Code)}
	for _, line := range r.Lines {
		rows = append(rows, clean(line))
	}
	if r.Mark != "" {
		rows = append(rows, d.say("mark")+" "+r.Mark)
	}
	if r.Link != "" {
		rows = append(rows, r.Link)
	}
	rule := "  " + strings.Repeat("-", min(40, d.Width-2)) + "\n"
	var b strings.Builder
	b.WriteString(rule)
	for _, text := range rows {
		for _, row := range wrap(text, d.Width-2) {
			b.WriteString("  " + row + "\n")
		}
	}
	if d.coloured() && r.Link != "" {
		b.WriteString(qr(r.Link, d.Width-2))
	}
	return b.String() + rule
}

// qr draws a QR code of half blocks, two rows a line, black on white whatever the
// terminal's colours; "" when it is wider than the terminal.
func qr(link string, width int) string {
	q, err := qrcode.Encode(link, qrcode.L)
	if err != nil || q.Size+2*quietZone > width {
		return ""
	}
	var b strings.Builder
	for y := -quietZone; y < q.Size+quietZone; y += 2 {
		b.WriteString("  \x1b[30;107m")
		for x := -quietZone; x < q.Size+quietZone; x++ {
			b.WriteString(half(q.Black(x, y), q.Black(x, y+1)))
		}
		b.WriteString("\x1b[0m\n")
	}
	return b.String()
}

const quietZone = 4 // white modules around a QR code

func half(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}

// wrap breaks text into rows of at most width columns by the Unicode line breaking
// rules; a Chinese character takes two columns.
func wrap(text string, width int) []string {
	var rows []string
	for _, para := range strings.Split(text, "\n") {
		row, state := "", -1
		for rest := para; rest != ""; {
			var piece string
			piece, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
			if row != "" && uniseg.StringWidth(plain(strings.TrimRight(row+piece, " "))) > width {
				rows = append(rows, strings.TrimRight(row, " "))
				row = ""
			}
			row += piece
		}
		rows = append(rows, strings.TrimRight(row, " "))
	}
	return rows
}

// showPrompt shows a person that it is their turn.
func (d *Door) showPrompt() {
	if !d.Person {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.prompt = true
	d.write("\n" + d.paint(bold, "> "))
}

func (d *Door) print(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.write(s)
}

func (d *Door) write(s string) {
	if _, err := io.WriteString(d.Out, s); err != nil && d.err == nil {
		d.err = fmt.Errorf("write to the terminal: %w", err)
	}
}

// Colours only repeat what words say, and only where somebody sees them.
const (
	bold  = "\x1b[1m"
	faint = "\x1b[2m"
	green = "\x1b[32m"
	cyan  = "\x1b[36m"
	reset = "\x1b[0m"
)

func (d *Door) coloured() bool { return d.Person && !d.Plain }

func (d *Door) paint(colour, s string) string {
	if !d.coloured() {
		return s
	}
	return colour + s + reset
}

var unpaint = strings.NewReplacer(bold, "", faint, "", green, "", cyan, "", reset, "")

// plain is s without colours, as wide as it looks.
func plain(s string) string { return unpaint.Replace(s) }

// clean takes out what would command the terminal: words come from anybody.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\n') || (r >= 0x7f && r < 0xa0) {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\t", "  "))
}
