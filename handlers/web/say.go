package web

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/websession"
	"dengwen/petition"
)

const (
	maxForm = 128 << 10 // bytes of a post without files, and of all its fields
	maxText = 10000     // characters of one message
)

// incoming is one post of the page.
type incoming struct {
	CSRF, ID, Lang, Text, Command, Args, Press, Ref string
	Number, Code, Lat, Lon                          string
	Files                                           []petition.Attachment
	Refused                                         []string // files not taken, and why
	limited                                         bool     // came too fast
	joined                                          bool     // uses an invitation
	succeeds                                        bool     // are the first words of a session
}

// field is where a form field of this name goes, nil for an unknown one.
func (m *incoming) field(name string) *string {
	switch name {
	case "csrf":
		return &m.CSRF
	case "id":
		return &m.ID
	case "lang":
		return &m.Lang
	case "text":
		return &m.Text
	case "command":
		return &m.Command
	case "args":
		return &m.Args
	case "press":
		return &m.Press
	case "ref":
		return &m.Ref
	case "number":
		return &m.Number
	case "code":
		return &m.Code
	case "lat":
		return &m.Lat
	case "lon":
		return &m.Lon
	}
	return nil
}

// fault is a post that is refused: the status and what the person should do.
type fault struct {
	status int
	text   string
}

func (f *fault) Error() string { return f.text }

func (d *receiver) say(w http.ResponseWriter, r *http.Request) {
	m := &incoming{}
	v, err := d.receive(w, r, m)
	var f *fault
	switch {
	case errors.As(err, &f):
		d.refuse(w, r, f.status, f.text, *m)
	case err != nil:
		d.Log.Error("web: post not taken", "err", err)
		d.refuse(w, r, http.StatusServiceUnavailable, d.wordsFor(r).Say("trouble"), *m)
	case wantsJSON(r):
		answer(w, http.StatusOK, reply{OK: true, ID: m.ID, Notice: m.Refused, Reload: m.joined, Renewed: m.succeeds})
	case len(m.Refused) > 0:
		d.render(w, r, http.StatusOK, refusedPost{notice: strings.Join(m.Refused, "\n")})
	default:
		d.waitForAnswer(r.Context(), v.conv, ownKey(m.ID))
		http.Redirect(w, r, "/#end", http.StatusSeeOther)
	}
}

// receive checks, reads and accepts one post.
func (d *receiver) receive(w http.ResponseWriter, r *http.Request, m *incoming) (visitor, error) {
	v, err := d.visitor(r)
	if err != nil {
		return v, d.noSession(r, err)
	}
	now := d.Now()
	// The words of a post that comes too fast are read all the same, to be handed
	// back; its files are not.
	m.limited = !d.limits.addr.Allow(v.addr, now, 1) || !d.limits.conv.Allow(v.conv, now, 1)
	if err := d.readPost(w, r, v, m); err != nil {
		return v, err
	}
	if m.limited {
		return v, d.tooFast(w, r)
	}
	if err := d.deliver(w, r, v, m, d.wordsIn(m.Lang)); err != nil {
		return v, err
	}
	if err := d.used(r.Context(), v.session); err != nil && !errors.Is(err, websession.ErrNone) {
		d.Log.Warn("web: session not kept longer", "err", err) // the message is taken
	}
	return v, nil
}

func (d *Door) tooFast(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Retry-After", "5")
	return &fault{http.StatusTooManyRequests, d.wordsFor(r).Say("busy")}
}

func (d *Door) refuse(w http.ResponseWriter, r *http.Request, status int, text string, kept ...incoming) {
	if wantsJSON(r) {
		answer(w, status, reply{Error: text})
		return
	}
	dr := refusedPost{notice: text}
	if len(kept) > 0 {
		dr.text, dr.id = kept[0].Text, kept[0].ID
	}
	d.render(w, r, status, dr)
}

func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}

// deliver echoes the post into the log and hands it to the conversation. The echo
// comes first so that the answer stands below it; both are idempotent by the post's
// id, so whoever gets an error may send the same again.
func (d *receiver) deliver(w http.ResponseWriter, r *http.Request, v visitor, m *incoming, wd words) error {
	ctx := r.Context()
	e, o, err := d.event(ctx, v, m, wd)
	if err != nil {
		return err
	}
	if m.joined = d.Joins != nil && d.Joins(e); m.joined {
		if err := d.joining(w, r, v); err != nil {
			return d.noSession(r, err)
		}
	}
	if m.succeeds = !m.joined && v.session.Kind == websession.Visitor; m.succeeds {
		if err := d.succeed(w, r, v); err != nil {
			return fmt.Errorf("give another token: %w", err)
		}
	}
	if err := d.put(ctx, v.conv, ownKey(m.ID), entry{At: e.At, Own: &o}, false); err != nil {
		return err
	}
	err = d.Accept(ctx, v.conv, e)
	if errors.Is(err, turn.ErrEvent) { // the same again would be refused again
		return &fault{http.StatusRequestEntityTooLarge, wd.Say("too_long", "Count", maxText)}
	}
	if err != nil {
		return fmt.Errorf("accept message: %w", err)
	}
	return nil
}

func ownKey(id string) string { return "me:" + id }

func (d *Door) event(ctx context.Context, v visitor, m *incoming, wd words) (bot.Event, own, error) {
	e := bot.Event{ID: "web:" + m.ID, At: d.Now(), Lang: m.Lang, Ref: ownKey(m.ID), Address: d.addressName(v)}
	o := own{}
	switch {
	case m.Press != "":
		label, err := d.label(ctx, v.conv, m)
		if err != nil {
			return e, o, err
		}
		e.Press = &bot.Press{Data: m.Press, Ref: m.Ref}
		o = own{Text: label, Ref: m.Ref, Data: m.Press}
	case m.Command != "":
		e.Command, e.Args = m.Command, m.Args
		o.Text = wd.command(m.Command)
	case m.Number != "":
		e.Text = strings.TrimSpace(m.Number + " " + written(m.Code))
		o.Text = m.Number // the code is not kept in the log
	default:
		e.Text = m.Text
		e.Command, e.Args = commandIn(m.Text)
		o.Text = m.Text
	}
	e.Media, o.Files = mediaOf(m)
	e.Location, o.Point = locationOf(m)
	if o.Text == "" && e.Press == nil && len(e.Media) == 0 && e.Location == nil {
		return e, o, &fault{http.StatusUnprocessableEntity, m.emptyReason(wd)}
	}
	return e, o, nil
}

// written is a query code as receipts have it: of one that is letters only, the hyphen alone tells
// that it is no word.
func written(code string) string {
	if c, ok := petition.NormaliseCode(code); ok {
		return c[:4] + "-" + c[4:]
	}
	return code
}

// addressName names a visitor's address for counting; it can't be turned back into one.
func (d *Door) addressName(v visitor) string {
	return hex.EncodeToString(d.Box.Hash("web.address", v.addr)[:16])
}

// emptyReason says why there is nothing to take in.
func (m *incoming) emptyReason(wd words) string {
	if len(m.Refused) > 0 {
		return strings.Join(m.Refused, "\n")
	}
	return wd.Say("empty")
}

// label is what a button that was pressed says. Without the message it belongs to there is no
// log to look through.
func (d *Door) label(ctx context.Context, conv string, m *incoming) (string, error) {
	if m.Ref == "" {
		return d.wordsIn(m.Lang).Say("chosen"), nil
	}
	t, err := d.thread(ctx, conv)
	if err != nil {
		return "", err
	}
	if l := t.label(m.Ref, m.Press); l != "" {
		return l, nil
	}
	return d.wordsIn(m.Lang).Say("chosen"), nil
}

var slashLike = regexp.MustCompile(`^/([A-Za-z][A-Za-z_]{0,31})(?:\s+(?s:(.*)))?$`)

// commandIn reads "/help" or "/find ZS26-0417-3K" out of typed text.
func commandIn(text string) (command, args string) {
	m := slashLike.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return "", ""
	}
	return strings.ToLower(m[1]), m[2]
}

func locationOf(m *incoming) (*bot.Location, bool) {
	lat, err1 := strconv.ParseFloat(m.Lat, 64)
	lon, err2 := strconv.ParseFloat(m.Lon, 64)
	if err1 != nil || err2 != nil || !(lat >= -90 && lat <= 90) || !(lon >= -180 && lon <= 180) {
		return nil, false
	}
	return &bot.Location{Lat: lat, Lon: lon}, true
}

var idLike = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)
var commandLike = regexp.MustCompile(`^[a-z][a-z_]{0,31}$`)

// check refuses what no form of the page can send and cleans what it can. Words are
// kept as they are, but for line ends and control characters that no one types.
func (d *Door) check(m *incoming) error {
	m.Text, m.Args = clean(m.Text), clean(m.Args)
	if m.ID == "" {
		m.ID = randomID(12)
	}
	wd := d.wordsIn(m.Lang)
	m.Lang = wd.Lang
	bad := !idLike.MatchString(m.ID) ||
		(m.Command != "" && !commandLike.MatchString(m.Command)) ||
		len(m.Press) > bot.MaxData || len(m.Ref) > 256 || !utf8.ValidString(m.Press+m.Ref) ||
		len(m.Number) > 64 || len(m.Code) > 64
	if bad {
		return &fault{http.StatusBadRequest, wd.Say("missing")}
	}
	m.Number, m.Code = clean(m.Number), clean(m.Code)
	if utf8.RuneCountInString(m.Text) > maxText {
		return &fault{http.StatusRequestEntityTooLarge, wd.Say("too_long", "Count", maxText)}
	}
	return nil
}

func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\n' && r != '\t') || r == 0x7f {
			return -1
		}
		return r
	}, strings.TrimRight(s, "\n\t "))
}

// waitForAnswer gives the bot a moment to answer before a page without JavaScript loads.
func (d *Door) waitForAnswer(ctx context.Context, conv, key string) {
	ctx, cancel := context.WithTimeout(ctx, d.AnswerWait)
	defer cancel()
	for start := time.Now(); time.Since(start) < d.AnswerWait; {
		t, err := d.thread(ctx, conv)
		if err != nil || !t.waiting() || t.keys[key] == nil {
			return
		}
		if d.Mail.Wait(ctx, d.mailbox(conv), t.last) != nil {
			return
		}
	}
}
