package telling

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"dengwen/petition"
)

// Citizen is who petitioned in a chat, with their wishes. ID is random: it names their places.
type Citizen struct {
	ID    string `json:"id"`
	Owner string `json:"owner"` // address of the chat
	Lang  string `json:"lang,omitempty"`
	Wishes
}

// CitizenStore keeps where those who petitioned want to be told. SQLite and PostgreSQL pass one suite.
// Errors as those of petition.Store.
type CitizenStore interface {
	// WishesOf reads the wishes of a chat. NotFound "wishes.none".
	WishesOf(ctx context.Context, owner string) (Citizen, error)

	// WishesByID reads wishes by their id. NotFound "wishes.none".
	WishesByID(ctx context.Context, id string) (Citizen, error)

	// ChangeWishes has the wishes of a chat changed, so that nobody else changes them meanwhile, and answers
	// them. Where there are none, change is given new ones under the id; where nothing is left of them, they
	// are removed. An error of change changes nothing.
	ChangeWishes(ctx context.Context, owner, id string, change func(c *Citizen) error) (Citizen, error)
}

// Citizens is where those who petitioned agree to be told besides their chat, and take it back. One consent
// is for one channel. It is safe for concurrent use.
type Citizens struct {
	store CitizenStore
	cases petition.Cases
	note  func(way string, agreed bool) string
	now   func() time.Time
	newID func() string
}

// NewCitizens makes it. note is what stands in a case when its petitioner agreed to a channel (SMS, Mail) or
// took it back.
func NewCitizens(s CitizenStore, c petition.Cases, note func(way string, agreed bool) string, now func() time.Time, newID func() string) *Citizens {
	return &Citizens{s, c, note, now, newID}
}

// Look is how it stands; the zero Wishes where nothing was ever agreed to.
func (s *Citizens) Look(ctx context.Context, owner string) (Wishes, error) {
	c, err := s.store.WishesOf(ctx, owner)
	return c.Wishes, petition.Wrap(petition.IgnoreNotFound(err), "read where somebody wants to be told")
}

// AgreeOf agrees to a channel with the contact that was left in a petition of the chat's own. Invalid
// "wishes.contact" where none was left that the channel takes.
func (s *Citizens) AgreeOf(ctx context.Context, owner, lang, way, number string) (Wishes, error) {
	v, err := s.cases.Look(ctx, petition.Actor{Owner: owner, Asker: owner}, number, "")
	if err != nil {
		return Wishes{}, err
	}
	if v.Contact != nil {
		if address, ok := ContactFor(way, *v.Contact); ok {
			return s.Agree(ctx, owner, lang, way, address)
		}
	}
	return Wishes{}, petition.Fail(petition.Invalid, "wishes.contact")
}

// Agree agrees to be told by a channel at an address, and writes it into the chat's open petitions. The same
// again changes nothing. Invalid where the address is none.
func (s *Citizens) Agree(ctx context.Context, owner, lang, way, address string) (Wishes, error) {
	address = strings.TrimSpace(address)
	if number, ok := Mobile(address); ok && way == SMS {
		address = number
	}
	var at time.Time
	w, err := s.change(ctx, owner, func(c *Citizen) error {
		p := c.place(way)
		if p == nil || address == "" {
			return petition.Fail(petition.Invalid, "wishes.contact")
		}
		if p.Address != address || !p.Open() {
			*p = Place{Address: address, At: s.now()}
		}
		c.Lang, at = lang, p.At
		return nil
	})
	if err != nil {
		return w, err
	}
	return w, s.enter(ctx, owner, way, true, at)
}

// Stop takes the consent to a channel back, whatever else fails: what has not been sent there is not sent
// any more. Without a consent nothing happens.
func (s *Citizens) Stop(ctx context.Context, owner, way string) (Wishes, error) {
	before, err := s.Look(ctx, owner)
	if err != nil {
		return before, err
	}
	old := Citizen{Wishes: before}
	p := old.place(way)
	if p == nil || p.Address == "" {
		return before, nil
	}
	noted := s.enter(ctx, owner, way, false, p.At) // first: after a crash it is done again under the same key
	w, err := s.change(ctx, owner, func(c *Citizen) error {
		*c.place(way) = Place{}
		return nil
	})
	if err == nil {
		err = noted
	}
	return w, err
}

// LeaveMail takes the consent to mail back for whom wishes of an id are: who has the id has a mail that
// was sent to them. NotFound "wishes.none".
func (s *Citizens) LeaveMail(ctx context.Context, id string) error {
	c, err := s.store.WishesByID(ctx, id)
	if err == nil {
		_, err = s.Stop(ctx, c.Owner, Mail)
	}
	return petition.Wrap(err, "end mail to somebody")
}

// Want changes what is told besides the chat: what asks or answers alone, or every step.
func (s *Citizens) Want(ctx context.Context, owner string, answersAlone bool) (Wishes, error) {
	return s.change(ctx, owner, func(c *Citizen) error {
		if c.Kinds = nil; answersAlone {
			c.Kinds = []string{KindAnswers}
		}
		return nil
	})
}

// Quiet changes the quiet hours, as 22:00 and 07:00; "" and "" = none.
func (s *Citizens) Quiet(ctx context.Context, owner, from, to string) (Wishes, error) {
	return s.change(ctx, owner, func(c *Citizen) error {
		c.From, c.To = from, to
		return nil
	})
}

func (s *Citizens) change(ctx context.Context, owner string, change func(c *Citizen) error) (Wishes, error) {
	c, err := s.store.ChangeWishes(ctx, owner, s.newID(), func(c *Citizen) error {
		if err := change(c); err != nil {
			return err
		}
		return c.Check()
	})
	return c.Wishes, petition.Wrap(err, "change where somebody wants to be told")
}

// noted is in how many of a chat's petitions, the newest, a consent is written down.
const noted = 20

// enter writes into the chat's open petitions that its owner agreed to a channel or took it back; at is when
// they agreed. Reports on misconduct are told of in the chat alone: nothing is written there.
func (s *Citizens) enter(ctx context.Context, owner, way string, agreed bool, at time.Time) error {
	page, err := s.cases.List(ctx, petition.Actor{Owner: owner, Asker: owner}, petition.Query{Limit: noted})
	if err != nil {
		return petition.Wrap(err, "list the petitions of who agreed")
	}
	key := "told:" + way + ":" + strconv.FormatBool(agreed) + ":" + strconv.FormatInt(at.UnixMilli(), 36)
	for _, v := range page.Items {
		if v.Class == petition.Report || v.Status.Ended() {
			continue
		}
		me := petition.Actor{Staff: petition.System().Staff, Unit: v.Unit, Roles: []petition.Role{petition.Intake, petition.Officer}}
		_, err := s.cases.Do(ctx, me, v.Number, petition.Move{Key: key, Name: petition.MoveNote, Text: s.note(way, agreed)})
		if err != nil {
			return petition.Wrap(err, "write a consent into a case")
		}
	}
	return nil
}

func (c *Citizen) place(way string) *Place {
	switch way {
	case SMS:
		return &c.Phone
	case Mail:
		return &c.Mail
	}
	return nil
}

// ContactFor is the address that a channel takes among what somebody left of themselves; false for none.
func ContactFor(way string, c petition.Contact) (string, bool) {
	switch way {
	case SMS:
		return Mobile(c.Phone)
	case Mail:
		for _, text := range []string{c.Mail, c.Address, c.Phone, c.Name} {
			if found := mailWithin.FindString(text); mailAddress.MatchString(found) {
				return found, true
			}
		}
	}
	return "", false
}

var mailWithin = regexp.MustCompile(`[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,}`)

// Masked is an address as it is shown to its owner, whom others may look over the shoulder: 139****5678,
// z***@example.cn.
func Masked(address string) string {
	name, host, mail := strings.Cut(address, "@")
	switch {
	case mail && name != "":
		return name[:1] + "***@" + host
	case len(address) >= 8:
		return address[:3] + strings.Repeat("*", len(address)-7) + address[len(address)-4:]
	}
	return address
}
