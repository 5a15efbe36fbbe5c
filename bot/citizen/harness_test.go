package citizen

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dengwen/bot/turn"
	"dengwen/internal/scrub"

	"dengwen/bot"
	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/internal/test/signoff"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/mediation"
	"dengwen/petition/reception"
	"dengwen/petition/telling"
)

func testBot(t testing.TB) *Conversation {
	t.Helper()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	return New(office.Example(), words, Settings{PublicURL: "https://xf.example.cn", Mediation: true})
}

// harness is everything around a conversation: the case service, the reader, the
// knowledge base, the clock and a door that shows what is said.
type harness struct {
	t          testing.TB
	disputes   *mediation.Service
	dispute    string // number of the last one
	b          *Conversation
	cases      *petition.Service
	bulletins  *bulletin.Service
	receptions *reception.Service
	citizens   *telling.Citizens
	feed       string          // notices read so far
	ticket     petition.Ticket // the last one
	now        time.Time
	door       string
	lang       string
	session    []byte
	seq        int // events
	down       map[string]bool
	waiting    []bot.Effect // filings that wait for the case service
	waits      []bot.Effect // and those that wait for a time
	waitFrom   time.Time
	buttons    []bot.Button // every button ever shown, last first found
	texts      []string     // refs of the person's messages
	owner      string
	lines      []string
	moves      []passage
	says       int
}

// passage is one transition: from state to state, and whether a person's answer to
// the open question caused it.
type passage struct {
	from, to, back bot.State
	global         bool
	replayed       bool // what was said before a break, given to the question it was meant for
}

func newHarness(t testing.TB) *harness {
	return newHarnessOf(t, office.Example(), petition.DefaultCalendar())
}

// newHarnessOf is a harness with another office and calendar.
func newHarnessOf(t testing.TB, o *petition.Office, published *petition.Calendar) *harness {
	b := testBot(t)
	b.office = o
	w := &harness{t: t, b: b, now: time.Date(2026, 11, 23, 9, 0, 0, 0, zone), door: "tg", lang: "zh-hans", owner: "tg:42", down: map[string]bool{}}
	ids := 0
	store := memory.NewMemory()
	w.cases = petition.NewService(store, o, published, keyed,
		func() time.Time { return w.now }, func() string { ids++; return fmt.Sprintf("id-%06d", ids) }, new(memory.Blobs)).WithScrub(scrub.New(scrub.DefaultLimits()))
	w.receptions = reception.New(memory.NewReceptions(store), w.cases, o, func() time.Time { return w.now }, func() string { ids++; return fmt.Sprintf("id-%06d", ids) })
	w.disputes = mediation.New(memory.NewDisputes(), o, w.cases, func() time.Time { return w.now }, nil, func(int) int { ids++; return ids })
	w.citizens = telling.NewCitizens(memory.NewWishes(), w.cases, func(way string, agreed bool) string { return fmt.Sprint(way, " ", agreed) }, func() time.Time { return w.now }, func() string { return "w-1" })
	w.bulletins = bulletin.New(memory.NewBulletins(), office.Example(), func() time.Time { return w.now }, nil)
	return w
}

func keyed(purpose, value string) []byte {
	h := sha256.Sum256([]byte(purpose + ":" + value))
	return h[:]
}

// officeMove lets a unit make a move on the last petition, written as
// "transport reply outcome=support text=…", and tells the citizen what they are told.
func (w *harness) officeMove(unit string, words []string) {
	a := petition.Actor{Staff: unit + "-1", Unit: unit, Roles: []petition.Role{petition.Officer, petition.Head, petition.Sealed}}
	if unit == "petition" {
		a.Roles = []petition.Role{petition.Intake, petition.Supervisor}
	}
	m := petition.Move{Name: petition.MoveName(words[0]), Args: map[string]string{}}
	for _, word := range words[1:] {
		key, value, _ := strings.Cut(word, "=")
		m.Set(key, value)
	}
	if _, err := signoff.Do(context.Background(), w.cases, a, w.ticket.Number, m); err != nil {
		w.t.Errorf("%s %s: %v", unit, words[0], err)
	}
	w.deliverNotices()
}

// settle lets the town make a move of the last dispute, written as "match mediator=xl-1", and tells who
// reported it.
func (w *harness) settle(words []string) {
	ctx, m := context.Background(), mediation.Move{Name: mediation.MoveName(words[0]), Args: map[string]string{}}
	for _, word := range words[1:] {
		key, value, _ := strings.Cut(word, "=")
		m.Args[key] = value
	}
	if _, err := w.disputes.Do(ctx, petition.Actor{Staff: "town", Unit: "xialiang", Roles: []petition.Role{petition.Officer}}, w.dispute, m, 0); err != nil {
		w.t.Errorf("%s: %v", words[0], err)
	}
	if _, err := w.disputes.Tell(ctx, func(_ context.Context, n mediation.News) error {
		if n.Unit == "" {
			w.step(bot.Event{ID: n.ID, At: w.now, Dispute: &n})
		}
		return nil
	}); err != nil {
		w.t.Error(err)
	}
}

// deliverNotices passes on what the case service has to tell this chat.
func (w *harness) deliverNotices() {
	list, err := w.cases.Notices(context.Background(), w.feed, 100)
	if err != nil {
		w.t.Error(err)
	}
	for _, n := range list {
		w.feed = n.ID
		if n.To == w.owner {
			w.step(bot.Event{ID: "notice:" + n.ID, At: w.now, Notice: &n})
		}
	}
}

// person gives an event of the person to the conversation.
func (w *harness) person(e bot.Event) {
	w.seq++
	e.ID = fmt.Sprintf("%s:%d", w.door, w.seq)
	e.At, e.Lang = w.now, w.lang
	if e.Ref == "" {
		e.Ref = fmt.Sprint(w.seq)
	}
	w.step(e)
}

// step runs Step on the session as it is stored, then what its effects yield.
func (w *harness) step(e bot.Event) {
	before := w.read()
	if w.door == "tg" {
		e.Door = bot.Door{Abroad: true, Link: "https://t.me/zs_petition_bot?start="}
	}
	after, effects := w.b.Step(before, e, w.now)
	data, err := json.Marshal(after)
	if err != nil {
		w.t.Fatal(err)
	}
	w.session = data
	w.moves = append(w.moves, passage{from: before.State, to: after.State, back: before.Return, global: global(w.b, before, e), replayed: replayed(before, e)})
	for _, f := range effects {
		w.show(f)
	}
	for _, f := range effects {
		if o := w.perform(f); o != nil {
			w.step(bot.Event{ID: e.ID + "/" + f.Tag, At: w.now, Outcome: o})
		}
	}
}

func (w *harness) read() bot.Session {
	var s bot.Session
	if w.session == nil {
		return s
	}
	if err := json.Unmarshal(w.session, &s); err != nil {
		w.t.Fatal(err)
	}
	return s
}

func replayed(s bot.Session, e bot.Event) bool {
	return s.State == stateResume && s.Kept != nil || s.State == stateFiling && e.Outcome == nil
}

// global reports what leads anywhere from everywhere: commands, lasting buttons, a
// break, danger, what the office tells, and outcomes that come on their own.
func global(b *Conversation, s bot.Session, e bot.Event) bool {
	if e.Notice != nil || e.Dispute != nil || e.Reception != nil || s.State == "" {
		return true
	}
	if e.Outcome != nil {
		kind, _, _ := strings.Cut(e.Outcome.Effect, ":")
		return kind == "file" && s.State != stateFiling || strings.HasPrefix(kind, "begin-") || kind == "own" || kind == "look" || kind == "my" ||
			strings.HasPrefix(kind, "move-") && !b.states[s.State].action
	}
	if name, _ := bot.CommandOf(e); name != "" {
		return true
	}
	if e.Press != nil {
		return strings.HasPrefix(e.Press.Data, "0:")
	}
	t := &step{conv: b, s: &s, e: e, now: e.At}
	if kind, _ := dangerIn(e.Text); kind != "" && s.State != stateDanger {
		return true
	}
	if s.State == bot.Looking && (moveAsked(e.Text) != "" || t.reviewMove(e.Text) != "") {
		return true
	}
	if t.draftPaused(s.Last) || t.typedTold() {
		return true
	}
	if p, ok := t.typedButton(); ok {
		return strings.HasPrefix(p.Data, "0:")
	}
	return false
}

// perform is the outer world: what an effect yields, nil for nothing.
func (w *harness) perform(f bot.Effect) *bot.Outcome {
	o := &bot.Outcome{Effect: f.Tag}
	ctx, actor := context.Background(), petition.Actor{Owner: w.owner, Asker: w.owner}
	var err error
	switch {
	case f.File != nil:
		if w.down["api"] {
			w.waiting = append(w.waiting, f)
			return &bot.Outcome{Effect: f.Tag, Err: petition.Fail(petition.Unavailable, ""), Pending: true}
		}
		if w.down["many"] {
			err = petition.Fail(petition.Limited, "file.too_many", "max", "20")
			break
		}
		if w.down["refuse"] {
			err = petition.Fail(petition.Invalid, "")
			break
		}
		filing := *f.File
		filing.Owner, filing.Channel = w.owner, "telegram"
		var k petition.Ticket
		k, err = w.cases.File(ctx, actor, filing)
		o.Ticket = &k
		if err == nil {
			w.ticket = k
		}
	case f.Wait > 0:
		w.waits, w.waitFrom = append(w.waits, f), w.now
		return nil
	case f.Look != nil:
		var v petition.View
		v, err = w.cases.Look(ctx, actor, f.Look.Number, f.Look.Code)
		o.View = &v
	case f.List != nil:
		var p petition.Page
		p, err = w.cases.List(ctx, actor, *f.List)
		o.Page = &p
	case f.Do != nil:
		var v petition.View
		m := f.Do.Move
		m.Key = fmt.Sprintf("m%d", w.seq)
		v, err = w.cases.Do(ctx, actor, f.Do.Number, m)
		o.View = &v
	case f.Forget:
		if o.Count, err = w.cases.Forget(ctx, w.owner); err == nil {
			err = w.bulletins.Disagree(ctx, w.owner)
		}
	case f.Dispute != nil:
		report := *f.Dispute.Report
		report.Key = fmt.Sprint(w.seq)
		var d mediation.Dispute
		d, err = w.disputes.Report(ctx, actor, report)
		o.Disputes, w.dispute = []mediation.Dispute{d}, d.Number
	case f.Telling != nil:
		var told telling.Wishes
		told, err = turn.AnswerTelling(ctx, w.citizens, w.owner, *f.Telling)
		o.Told = &told
	case f.Notices != nil:
		o.Consent, err = w.consent(ctx, f.Notices)
	case f.Count != nil: // its count is the runner's
	case f.Reception != nil:
		var got bot.Reception
		got, err = turn.AnswerReception(ctx, w.receptions, actor, fmt.Sprintf("r%d", w.seq), *f.Reception, w.now)
		o.Reception = &got
	case f.Read != nil:
		if w.down["reader"] {
			err = petition.Fail(petition.Unavailable, "")
			break
		}
		o.Reading = fakeReading(f.Read.Text)
	case f.Ask != nil:
		o.Answer = fakeAnswer(f.Ask.Question)
	case f.Fetch != nil && w.down["fetch"]:
		w.down["fetch"] = false
		err = petition.Fail(petition.Invalid, "attach.kind")
	default:
		return nil
	}
	if w.down["api"] && f.Read == nil && f.Ask == nil {
		err = petition.Fail(petition.Unavailable, "")
	}
	if err != nil {
		return &bot.Outcome{Effect: f.Tag, Err: asError(err)}
	}
	return o
}

func asError(err error) *petition.Error {
	var e *petition.Error
	if errors.As(err, &e) {
		return e
	}
	return &petition.Error{Code: petition.Internal}
}

// pass lets time pass; what was waited for comes at its time.
func (w *harness) pass(d time.Duration) {
	end := w.now.Add(d)
	waits := w.waits
	w.waits = nil
	for _, f := range waits {
		if at := w.waitFrom.Add(time.Duration(f.Wait) * time.Second); at.After(end) {
			w.waits = append(w.waits, f)
			continue
		}
		w.now = w.waitFrom.Add(time.Duration(f.Wait) * time.Second)
		w.step(bot.Event{ID: "wait/" + f.Tag, At: w.now, Outcome: &bot.Outcome{Effect: f.Tag}})
	}
	w.now = end
	w.remind()
}

// remind tells this chat what is due about its appointments.
func (w *harness) remind() {
	if _, err := w.receptions.Remind(context.Background(), func(_ context.Context, chat string, n reception.Notice) error {
		if chat == w.owner {
			w.step(bot.Event{ID: n.ID, At: w.now, Reception: &n})
		}
		return nil
	}); err != nil {
		w.t.Error(err)
	}
}

// receptionDay plans a reception day, "2026-12-08 09:00 3 王某某_副县长 教育", or cancels the one of a
// date: "cancel 2026-12-08 why".
func (w *harness) receptionDay(word []string) {
	ctx, clerk := context.Background(), petition.Actor{Staff: "petition-1", Unit: "petition", Roles: []petition.Role{petition.Intake}}
	w.b.set.Reception = true
	if word[0] == "cancel" {
		days, err := w.receptions.Days(ctx, clerk, word[1], word[1])
		if err != nil || len(days) == 0 {
			w.t.Fatal(days, err)
		}
		if _, err := w.receptions.Cancel(ctx, clerk, days[0].ID, word[2]); err != nil {
			w.t.Error(err)
		}
		w.remind()
		return
	}
	slots, _ := strconv.Atoi(word[2])
	d := reception.Day{Date: word[0], Time: word[1], Minutes: 20, Slots: slots, Each: 1, Leader: strings.ReplaceAll(word[3], "_", " "), Charge: word[4], Place: w.b.office.Reception.Place}
	if word[4] == "online" {
		d.Charge, d.Place, d.Online, d.Link = "", "", true, "https://meet.example.cn/1"
	}
	if _, err := w.receptions.PutDay(ctx, clerk, d); err != nil {
		w.t.Error(err)
	}
}

// elsewhere books the first time of a date for somebody else's case.
func (w *harness) elsewhere(date string) {
	ctx, other := context.Background(), petition.Actor{Owner: "tg:" + date, Asker: "tg:" + date}
	days, err := w.receptions.Timetable(ctx)
	k, e := w.cases.File(ctx, other, petition.Filing{Key: "of " + date, Channel: "telegram", Class: petition.Claim, Facts: "垃圾没人清运，味道很大，请派车来拉走"})
	if err != nil || e != nil {
		w.t.Fatal(err, e)
	}
	i := slices.IndexFunc(days, func(d reception.Day) bool { return d.Date == date })
	if _, err := w.receptions.Book(ctx, other, reception.Request{Key: "of " + date, Number: k.Number, Day: days[i].ID}); err != nil {
		w.t.Error(err)
	}
}

// up brings a part back; what waited is done and told.
func (w *harness) up(part string) {
	delete(w.down, part)
	waiting := w.waiting
	w.waiting = nil
	for _, f := range waiting {
		if o := w.perform(f); o != nil {
			w.step(bot.Event{ID: "later/" + f.Tag, At: w.now, Outcome: o})
		}
	}
}

// consent is what the turn does with service notices.
func (w *harness) consent(ctx context.Context, n *bot.Notices) (*bulletin.Consent, error) {
	switch n.Want {
	case "on":
		c, err := w.bulletins.Agree(ctx, w.owner, n.Lang)
		return &c, err
	case "off":
		return nil, w.bulletins.Disagree(ctx, w.owner)
	}
	return w.bulletins.Consent(ctx, w.owner)
}

// bulletin tells this chat a service notice, if it agreed to get them.
func (w *harness) bulletin(text string) {
	c, err := w.bulletins.Consent(context.Background(), w.owner)
	if err != nil {
		w.t.Fatal(err)
	}
	if c != nil {
		w.step(bot.Event{ID: "bulletin:" + text, At: w.now, Lang: c.Lang, Bulletin: &bulletin.Bulletin{ID: "b1", Text: text}})
	}
}
