package bulletin

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"dengwen/petition"
)

// MaxText is how long a service notice may be, in characters.
const MaxText = 1000

// staleAfter is after which a notice that has not reached a chat is not worth
// telling any more.
const staleAfter = 72 * time.Hour

// settleFor is how long a bulletin waits for deliveries under way before it counts as
// done: a chat that Telegram told to wait may take that long.
const settleFor = 10 * time.Minute

// Service keeps consents to service notices and the notices themselves. It answers how
// many agreed and never who. It is safe for concurrent use.
type Service struct {
	store  Store
	office *petition.Office
	now    func() time.Time
	newID  func() string

	mu   sync.Mutex
	seen Bulletin // as it was read a moment ago, and when
	at   time.Time
}

// New builds the service on the office and clock of the case service.
func New(s Store, o *petition.Office, now func() time.Time, newID func() string) *Service {
	return &Service{store: s, office: o, now: now, newID: newID}
}

// Agree notes that a chat wants service notices.
func (s *Service) Agree(ctx context.Context, chat, lang string) (Consent, error) {
	c, err := s.store.Agree(ctx, Consent{Chat: chat, Lang: lang, At: s.now()})
	return c, petition.Wrap(err, "note consent")
}

// Disagree takes it back. It holds at once: what is under way is not delivered.
func (s *Service) Disagree(ctx context.Context, chat string) error {
	return petition.Wrap(s.store.Disagree(ctx, chat), "take consent back")
}

// Consent is a chat's consent, nil when there is none.
func (s *Service) Consent(ctx context.Context, chat string) (*Consent, error) {
	c, err := s.store.Consent(ctx, chat)
	if petition.CodeOf(err) == petition.NotFound {
		return nil, nil
	}
	return &c, petition.Wrap(err, "read consent")
}

// Agreed is how many chats would get a service notice now.
func (s *Service) Agreed(ctx context.Context) (int, error) {
	n, err := s.store.Agreed(ctx)
	return n, petition.Wrap(err, "count consents")
}

// Post sends a service notice off. ID may be given so that a repeated call sends one.
// Limited "broadcast.too_many" once as many went out in 30 days as citizens were
// promised at most.
func (s *Service) Post(ctx context.Context, by petition.Actor, n Bulletin) (Bulletin, error) {
	if !s.office.MayBroadcast(by) {
		return n, petition.Fail(petition.Forbidden, "broadcast.who")
	}
	n.Text = strings.TrimSpace(n.Text)
	switch {
	case n.Text == "" || !utf8.ValidString(n.Text):
		return n, petition.Fail(petition.Invalid, "broadcast.empty")
	case utf8.RuneCountInString(n.Text) > MaxText:
		return n, petition.Fail(petition.Invalid, "broadcast.long", "max", strconv.Itoa(MaxText))
	}
	if n.ID == "" {
		n.ID = s.newID()
	}
	if n.By == "" {
		n.By = by.Staff
	}
	n.At, n.State = s.now(), Running
	if err := s.checkQuota(ctx, n); err != nil {
		return n, err
	}
	out, err := s.store.PutBulletin(ctx, n)
	return out, petition.Wrap(err, "send service notice off")
}

// checkQuota refuses a notice beyond Settings.NoticesMonth in 30 days, as citizens were
// promised. One that nobody got does not count.
func (s *Service) checkQuota(ctx context.Context, n Bulletin) error {
	past, err := s.store.BulletinsSince(ctx, n.At.AddDate(0, 0, -30))
	if err != nil {
		return petition.Wrap(err, "read service notices")
	}
	past = slices.DeleteFunc(past, func(o Bulletin) bool { return o.State == Stopped && o.Sent == 0 })
	if slices.ContainsFunc(past, func(o Bulletin) bool { return o.ID == n.ID }) {
		return nil
	}
	if max := s.office.Settings.Filled().NoticesMonth; len(past) >= max {
		return petition.Fail(petition.Limited, "broadcast.too_many", "max", strconv.Itoa(max))
	}
	return nil
}

// Stop ends a service notice: nobody it has not reached yet gets it.
func (s *Service) Stop(ctx context.Context, by petition.Actor, id, name string) (Bulletin, error) {
	if !s.office.MayBroadcast(by) {
		return Bulletin{}, petition.Fail(petition.Forbidden, "broadcast.who")
	}
	n, err := s.store.Bulletin(ctx, id)
	if err != nil {
		return n, petition.Wrap(err, "find service notice")
	}
	n, err = s.store.EndBulletin(ctx, n.ID, Stopped, cmp.Or(name, by.Staff), s.now())
	s.mu.Lock()
	s.at = time.Time{}
	s.mu.Unlock()
	return n, petition.Wrap(err, "stop service notice")
}

// Bulletin is one service notice with how far it got, "" = the latest; nil when there
// is none.
func (s *Service) Bulletin(ctx context.Context, id string) (*Bulletin, error) {
	n, err := s.store.Bulletin(ctx, id)
	if petition.CodeOf(err) == petition.NotFound {
		return nil, nil
	}
	return &n, petition.Wrap(err, "read service notice")
}

// Past are the service notices of the last days, newest first: who sent what when.
func (s *Service) Past(ctx context.Context, days int) ([]Bulletin, error) {
	all, err := s.store.BulletinsSince(ctx, s.now().AddDate(0, 0, -days))
	return all, petition.Wrap(err, "read service notices")
}

// Round hands the running bulletin to the next most chats and answers it; nil when
// none runs, or another process is at it. deliver must be safe to repeat: after a crash
// the chats of the last round are handed it again under the same key, except those it
// has reached.
func (s *Service) Round(ctx context.Context, owner string, most int, deliver func(ctx context.Context, c Consent, n Bulletin) error) (*Bulletin, error) {
	n, err := s.Bulletin(ctx, "")
	if err != nil || n == nil || n.State != Running {
		return nil, err
	}
	mine, err := s.store.Lead(ctx, n.ID, owner, s.now(), leadFor)
	if err != nil || !mine {
		return nil, petition.Wrap(err, "lead service notice")
	}
	next, err := s.store.Next(ctx, n.ID, most)
	if err != nil {
		return n, petition.Wrap(err, "read whom to tell")
	}
	for i, c := range next {
		if err := s.deliverOne(ctx, c, *n, deliver); err != nil {
			return n, s.handed(ctx, n.ID, owner, next[:i], err)
		}
	}
	if len(next) > 0 {
		return n, s.handed(ctx, n.ID, owner, next, nil)
	}
	return s.finish(ctx, n)
}

// leadFor is how long a process that died keeps others from going on.
const leadFor = 15 * time.Second

func (s *Service) handed(ctx context.Context, id, owner string, done []Consent, err error) error {
	if len(done) > 0 {
		if e := s.store.Handed(ctx, id, owner, done[len(done)-1].Chat, len(done)); err == nil {
			err = e
		}
	}
	return err
}

func (s *Service) deliverOne(ctx context.Context, c Consent, n Bulletin, deliver func(context.Context, Consent, Bulletin) error) error {
	known, err := s.store.Outcome(ctx, n.ID, c.Chat)
	if err != nil || known != "" {
		return err
	}
	return deliver(ctx, c, n)
}

// finish ends a bulletin that everybody was handed, once what is under way arrived.
func (s *Service) finish(ctx context.Context, n *Bulletin) (*Bulletin, error) {
	if n.OnWay > 0 && s.now().Sub(n.At) < settleFor+time.Duration(n.Total)*time.Second {
		return n, nil
	}
	out, err := s.store.EndBulletin(ctx, n.ID, Done, "", s.now())
	return &out, petition.Wrap(err, "end service notice")
}

// Due reports whether a bulletin may still go out to a chat, right before it does:
// the person agrees, nobody stopped it, it has not been delivered, and it is not old
// news. What is not due is noted as such.
func (s *Service) Due(ctx context.Context, chat, id string) (bool, error) {
	known, err := s.store.Outcome(ctx, id, chat)
	if err != nil || known != "" {
		return false, err
	}
	n, err := s.recent(ctx, id)
	if err != nil {
		return false, petition.IgnoreNotFound(err)
	}
	c, err := s.Consent(ctx, chat)
	if err != nil {
		return false, err
	}
	switch {
	case c == nil || c.At.After(n.At): // a new consent is no answer to an old notice
		return false, s.store.NoteOutcome(ctx, id, chat, Left)
	case n.State == Stopped:
		return false, s.store.NoteOutcome(ctx, id, chat, Withheld)
	case s.now().Sub(n.At) > staleAfter:
		return false, s.store.NoteOutcome(ctx, id, chat, Failed)
	}
	return true, nil
}

// recentFor is how long another process may not know that a notice was stopped; in this
// one it is known at once.
const recentFor = time.Second

// recent reads a bulletin at most once a second: how far it got is counted anew each
// time, and every message asks.
func (s *Service) recent(ctx context.Context, id string) (Bulletin, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.now(); s.seen.ID != id || now.Sub(s.at) >= recentFor || now.Before(s.at) {
		n, err := s.store.Bulletin(ctx, id)
		if err != nil {
			return n, err
		}
		s.seen, s.at = n, now
	}
	return s.seen, nil
}

// Told notes what became of a bulletin for a chat. Of a chat that is closed to us the
// consent ends too: whoever comes back is asked anew.
func (s *Service) Told(ctx context.Context, chat, id, outcome string, gone bool) error {
	err := s.store.NoteOutcome(ctx, id, chat, outcome)
	if err == nil && gone {
		err = s.store.Disagree(ctx, chat)
	}
	return petition.Wrap(err, "note delivery of a service notice")
}
