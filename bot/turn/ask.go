package turn

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/outreach"
)

// ask answers one question within its time limit. deferred: it failed, and has to be retried
// as an outbox row until it is done.
func (r *Runner) ask(ctx context.Context, key, conv string, q question) (out bot.Outcome, deferred bool) {
	limit := r.o.CaseFor
	switch {
	case q.Read != nil:
		limit = r.o.ReadFor
	case q.Fetch != nil:
		limit = r.o.FetchFor
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := r.answer(ctx, key, conv, q, &out)
	out.Effect = q.Tag
	if err == nil {
		return out, false
	}
	out.Err = failure(ctx, err)
	if out.Err.Code == petition.Internal {
		r.p.Log.Error("question failed", "conv", short(key), "row", q.row, "err", err)
	}
	return out, retriedUntilDone(q.Effect, out.Err.Code)
}

// retriedUntilDone reports whether an effect that failed with c is retried until it is done.
// A filing is retried after an internal error too: the person confirmed it and must get a number. So is a
// file, within fetchGiveUp: a fault of ours is no reason to tell them that it is lost.
func retriedUntilDone(e bot.Effect, c petition.Code) bool {
	switch {
	case e.File != nil, e.Fetch != nil:
		return c == petition.Unavailable || c == petition.Internal
	case e.Do != nil, e.Notices != nil && e.Notices.Want == "off", e.Telling != nil && e.Telling.Want == bot.TellingStop:
		return c == petition.Unavailable
	}
	return false
}

// failure is the error as Step gets it. A timeout counts as Unavailable.
func failure(ctx context.Context, err error) *petition.Error {
	if ctx.Err() != nil {
		return &petition.Error{Code: petition.Unavailable, Err: err}
	}
	var e *petition.Error
	if errors.As(err, &e) {
		return e
	}
	return &petition.Error{Code: petition.Internal, Err: err}
}

// answer never panics: a panic in a reader or service fails this question and not the process.
func (r *Runner) answer(ctx context.Context, key, conv string, q question, out *bot.Outcome) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panicked with %T at\n%s", p, debug.Stack())
		}
		if err != nil {
			*out = bot.Outcome{}
		}
	}()
	me, err := r.actor(ctx, conv, q.Effect)
	if err != nil {
		return err
	}
	return r.answerAs(ctx, me, key, conv, &q, out)
}

// answerAs calls one function for each kind of question. A thousand goroutines may wait here
// at once: the variables of one kind must not enlarge the stack of all.
func (r *Runner) answerAs(ctx context.Context, me petition.Actor, key, conv string, q *question, out *bot.Outcome) (err error) {
	switch {
	case q.Roster != nil && q.Roster.Bulletin != nil:
		return r.bulletinQuery(ctx, conv, key+"/"+q.row, me, q.Roster.Bulletin, out)
	case q.Notices != nil:
		out.Consent, err = r.consent(ctx, conv, q.Notices)
	case q.Untold != nil:
		out.Untold, err = r.untold(ctx, me, q.Untold)
	case q.Telling != nil:
		out.Told, err = r.telling(ctx, conv, q.Telling)
	case q.Dispute != nil:
		return r.dispute(ctx, me, key+"/"+q.row, q.Dispute, out)
	case q.Roster != nil:
		return r.rosterQuery(ctx, conv, me, q.Roster, out)
	case q.Whose != "" && r.p.Roster != nil:
		out.Number, err = r.p.Roster.About(ctx, conv, q.Whose)
	case q.File != nil:
		return r.file(ctx, me, key, conv, q, out)
	case q.Look != nil:
		return r.look(ctx, me, q.Look, out)
	case q.Access != nil:
		p, err := r.p.Cases.Accesses(ctx, me, *q.Access)
		out.Access = &p
		return err
	case q.Week != nil:
		w, err := r.p.Cases.Week(ctx, me, *q.Week)
		out.Week = &w
		return err
	case q.List != nil:
		return r.list(ctx, me, q.List, out)
	case q.Do != nil:
		return r.do(ctx, me, key, conv, q, out)
	case q.Read != nil:
		return r.read(ctx, q.Read, out)
	case q.Ask != nil:
		a := r.p.Answer(q.Ask.Question, q.Ask.Lang, r.p.Now())
		out.Answer = &a
	case q.Fetch != nil:
		return r.fetchFile(ctx, me, conv, q, out)
	case q.Reception != nil:
		return r.reception(ctx, me, key+"/"+q.row, q.Reception, out)
	case q.Count != nil:
		return r.count(ctx, conv, *q.Count)
	case q.Wait > 0:
		return nil // its row was not due before
	case q.Related != "":
		out.Related, err = r.related(ctx, me, q.Related)
	case q.Forget:
		out.Count, err = r.forget(ctx, conv)
	default:
		err = errUnknownKind
	}
	return err
}

// errUnknownKind says that an effect asks for what this version of the program does not know.
var errUnknownKind = errors.New("effect of no known kind")

func (r *Runner) file(ctx context.Context, me petition.Actor, key, conv string, q *question, out *bot.Outcome) error {
	t, err := r.p.Cases.File(ctx, me, r.filing(key, conv, q))
	out.Ticket = &t
	return err
}

// count counts by place and month; where nothing is counted, nothing is lost that a person waits for.
func (r *Runner) count(ctx context.Context, conv string, c bot.Count) error {
	if r.p.Outreach == nil {
		return nil
	}
	if c.What == outreach.Begun {
		c.What += ":" + r.door(conv).Channel
	}
	return r.p.Outreach.Add(ctx, c.At, c.What)
}

func (r *Runner) look(ctx context.Context, me petition.Actor, q *bot.Look, out *bot.Outcome) error {
	v, err := r.p.Cases.Look(ctx, me, q.Number, q.Code)
	out.View = &v
	return err
}

func (r *Runner) list(ctx context.Context, me petition.Actor, q *petition.Query, out *bot.Outcome) error {
	p, err := r.p.Cases.List(ctx, me, *q)
	out.Page = &p
	return err
}

func (r *Runner) do(ctx context.Context, me petition.Actor, key, conv string, q *question, out *bot.Outcome) error {
	m := q.Do.Move
	m.Key = key + "/" + q.row
	v, err := r.p.Cases.Do(ctx, me, q.Do.Number, m)
	out.View = &v
	if err != nil {
		return err
	}
	if q.Staff {
		r.refreshCards(ctx, conv, me, m.Name, v)
	}
	return nil
}

func (r *Runner) read(ctx context.Context, q *bot.Read, out *bot.Outcome) error {
	v, err := r.p.Reader.Read(ctx, q.Text, q.Lang, r.p.Now())
	out.Reading = &v
	return err
}

func (r *Runner) fetchFile(ctx context.Context, me petition.Actor, conv string, q *question, out *bot.Outcome) (err error) {
	f := new(petition.Attachment)
	out.File = f
	*f, out.Heard, err = r.fetch(ctx, me, conv, *q.Fetch)
	return err
}

// filing fills in owner, channel and idempotency key. The conversation is part of the key, or
// a draft of the same id in another chat would be answered with this chat's ticket.
func (r *Runner) filing(key, conv string, q *question) petition.Filing {
	f := *q.File
	if f.Key == "" {
		f.Key = q.row
	}
	f.Key = key + "/" + f.Key
	f.Owner = conv
	if q.Staff {
		f.Owner = "" // a letter, a visit or a call that an officer records (Art 19, 22) has no chat
	}
	if f.Channel == "" {
		f.Channel = r.door(conv).Channel
	}
	return f
}

// fetchError tells a permanent failure of a file (Invalid) from one that is retried
// (Unavailable).
func fetchError(err error) error {
	var e *petition.Error
	if errors.As(err, &e) {
		return err
	}
	var s *SendError
	if errors.As(err, &s) && (s.Drop || s.Gone) {
		return &petition.Error{Code: petition.Invalid, Key: "file.unreachable", Err: err}
	}
	return &petition.Error{Code: petition.Unavailable, Err: err}
}

// door finds the door of an address by its prefix; the zero Door delivers nothing.
func (r *Runner) door(conv string) Door {
	prefix, _, _ := strings.Cut(conv, ":")
	return r.p.Doors[prefix]
}

// fetchGiveUp ends the retries of a file; then the person is told that it is lost.
const fetchGiveUp = 24 * time.Hour
