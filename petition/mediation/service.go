package mediation

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dengwen/petition"
)

// Filer lodges petitions.
type Filer interface {
	File(ctx context.Context, a petition.Actor, f petition.Filing) (petition.Ticket, error)
}

// Service keeps disputes: who may see and do what, over a Store. It is safe for concurrent use.
type Service struct {
	store  Store
	office *petition.Office
	filer  Filer
	now    func() time.Time
	newID  func() string
	draw   func(most int) int
}

// New puts the parts together. draw answers a random number below most, for numbers that show
// neither how many disputes there are nor when one came.
func New(s Store, o *petition.Office, f Filer, now func() time.Time, newID func() string, draw func(most int) int) *Service {
	return &Service{store: s, office: o, filer: f, now: now, newID: newID, draw: draw}
}

// Report is what somebody tells of a dispute. Key makes it once.
type Report struct {
	Key     string            `json:"key"`
	Words   string            `json:"words"`
	Place   petition.Place    `json:"place"`
	Village string            `json:"village,omitempty"`
	Kind    string            `json:"kind,omitempty"`
	Parties map[string]string `json:"parties,omitempty"`
	Lang    string            `json:"lang,omitempty"`
	Urgency petition.Urgency  `json:"urgency,omitempty"` // danger to people now: it goes the urgent way of a petition at once
}

// Limits of a report.
const (
	MaxWords  = 3000 // characters
	maxName   = 60
	maxPerDay = 20 // one villager's chat in 24 hours
	tries     = 20 // to find a number that is free
)

// Report writes a dispute down: a villager's in their chat, or an officer's whose role does so.
// An officer's with danger is lodged as an urgent petition at once, and the dispute handed over to it.
func (s *Service) Report(ctx context.Context, a petition.Actor, r Report) (Dispute, error) {
	villager := len(a.Roles) == 0 && a.Owner != ""
	if !villager && !s.office.ReportsDisputes(a) {
		return Dispute{}, petition.Fail(petition.Forbidden, "dispute.who")
	}
	if err := s.admit(ctx, a, &r, villager); err != nil {
		return Dispute{}, err
	}
	now := s.now()
	d := Dispute{
		Version: 1, Unit: s.unitFor(r.Place.Code), Place: r.Place, Village: r.Village, Kind: r.Kind, Words: r.Words, Parties: map[string]string{},
		Lang: r.Lang, Received: now, Status: Found, Done: map[string]StepDone{}, Log: []Entry{{At: now, Move: MoveReport, Staff: a.Staff}},
	}
	for _, p := range bothParties {
		d.Parties[p] = strings.TrimSpace(r.Parties[p])
	}
	if villager {
		d.Owner = a.Owner
	} else if d.Staff = a.Staff; r.Place.Code == "" {
		d.Unit = a.Unit
	}
	if r.Urgency != "" {
		number, err := s.lodgeUrgent(ctx, a, r)
		if err != nil {
			return Dispute{}, err
		}
		d.Status, d.Handed = HandedOver, &Handed{To: ToPetition, At: now, By: a.Staff, Case: number}
	}
	if err := s.join(ctx, &d, a.Unit); err != nil {
		return Dispute{}, err
	}
	return s.create(ctx, a, r.Key, d)
}

func (s *Service) admit(ctx context.Context, a petition.Actor, r *Report, villager bool) error {
	r.Words = strings.TrimSpace(r.Words)
	switch {
	case r.Words == "" || !utf8.ValidString(r.Words):
		return petition.Fail(petition.Invalid, "dispute.empty")
	case utf8.RuneCountInString(r.Words) > MaxWords:
		return petition.Fail(petition.Invalid, "dispute.long", "max", strconv.Itoa(MaxWords))
	case utf8.RuneCountInString(r.Parties[PartyA]) > maxName || utf8.RuneCountInString(r.Parties[PartyB]) > maxName:
		return petition.Fail(petition.Invalid, "dispute.long", "max", strconv.Itoa(maxName))
	case r.Urgency != "" && !r.Urgency.Known():
		return petition.Fail(petition.Invalid, "dispute.value", "value", string(r.Urgency))
	}
	l, known := s.office.Locality(r.Place.Code)
	if r.Place.Code != "" && !known {
		return petition.Fail(petition.Invalid, "dispute.value", "value", r.Place.Code)
	}
	if !slices.Contains(l.Villages, r.Village) {
		r.Village = ""
	}
	if _, ok := s.office.DisputeKind(r.Kind); !ok {
		r.Kind = ""
	}
	if !villager {
		return nil
	}
	if r.Urgency != "" { // their words become a petition only where they say so
		return petition.Fail(petition.Invalid, "dispute.value", "value", string(r.Urgency))
	}
	mine, err := s.store.Disputes(ctx, Query{Owner: a.Owner, From: s.now().AddDate(0, 0, -1)})
	if err == nil && len(mine) >= maxPerDay {
		err = petition.Fail(petition.Limited, "dispute.too_many", "max", strconv.Itoa(maxPerDay))
	}
	return petition.Wrap(err, "count disputes of a chat")
}

// unitFor is the unit that serves a place, the petition office where none is known.
func (s *Service) unitFor(place string) string {
	l, _ := s.office.Locality(place)
	return s.office.Successor(cmp.Or(l.Unit, s.office.Unit))
}

// lodgeUrgent lodges what is dangerous as a petition. A grid worker lodges none otherwise: for this
// one they act as an officer of their unit.
func (s *Service) lodgeUrgent(ctx context.Context, a petition.Actor, r Report) (string, error) {
	a.Owner, a.Roles = "", []petition.Role{petition.Officer}
	t, err := s.filer.File(ctx, a, petition.Filing{
		Key: "dispute:" + r.Key, Channel: "visit", Class: petition.Claim, Urgency: r.Urgency, Place: r.Place, Facts: r.Words, Lang: r.Lang,
	})
	return t.Number, petition.Wrap(err, "lodge an urgent petition of a dispute")
}

// join puts a dispute into the round of the unit whose people found it.
func (s *Service) join(ctx context.Context, d *Dispute, unit string) error {
	if d.Staff == "" {
		return nil
	}
	rounds, err := s.store.Rounds(ctx, unit)
	day := petition.Day(d.Received)
	for _, r := range rounds {
		if r.From <= day && day <= r.To && (d.Village == "" || slices.Contains(r.Villages, d.Village)) {
			d.Round = r.ID
			break
		}
	}
	return petition.Wrap(err, "read survey rounds")
}

func (s *Service) create(ctx context.Context, a petition.Actor, key string, d Dispute) (Dispute, error) {
	if err := s.note(ctx, a, string(MoveReport)); err != nil {
		return Dispute{}, err
	}
	var err error
	for range tries {
		n := strconv.Itoa(s.draw(100_000_000))
		d.Number = prefix + strings.Repeat("0", digits-len(n)) + n
		var got Dispute
		if got, err = s.store.CreateDispute(ctx, key, d); err == nil {
			return got, nil
		}
		if petition.CodeOf(err) != petition.Conflict {
			break
		}
	}
	return Dispute{}, petition.Wrap(err, "write dispute")
}

// note writes a line of the access log for whom it writes lines: officers. What can't be written
// down is neither shown nor done.
func (s *Service) note(ctx context.Context, a petition.Actor, what string) error {
	if len(a.Roles) == 0 || a.Staff == petition.System().Staff {
		return nil
	}
	return petition.Wrap(s.store.NoteAccess(ctx, petition.NewAccess(a, petition.ActDispute, what, s.now())), "write access log")
}

// sees reports whether somebody may see a dispute: who reported it, and who works on those of its unit.
func (s *Service) sees(d *Dispute, a petition.Actor) bool {
	return d.Owner != "" && d.Owner == a.Owner ||
		a.Staff != "" && d.Staff == a.Staff && s.office.ReportsDisputes(a) ||
		s.Works(a, d)
}

// Look shows a dispute. NotFound "dispute.none" for who may not know of it.
func (s *Service) Look(ctx context.Context, a petition.Actor, number string) (Dispute, error) {
	d, err := s.find(ctx, a, number)
	if err == nil {
		err = s.note(ctx, a, d.Number)
	}
	if err != nil {
		return Dispute{}, err
	}
	return d, nil
}

func (s *Service) find(ctx context.Context, a petition.Actor, number string) (Dispute, error) {
	d, err := s.store.Dispute(ctx, number)
	if err == nil && !s.sees(&d, a) {
		err = petition.Fail(petition.NotFound, "dispute.none")
	}
	return d, petition.Wrap(err, "find dispute")
}

// List are the disputes that somebody may see, newest first, at most 200.
func (s *Service) List(ctx context.Context, a petition.Actor, q Query) ([]Dispute, error) {
	switch {
	case len(a.Roles) == 0 && a.Owner != "":
		q = Query{Owner: a.Owner}
	case s.office.WorksDisputes(a):
		q.Unit = a.Unit
	case s.office.ReportsDisputes(a):
		q.Staff = a.Staff
	default:
		return nil, petition.Fail(petition.Forbidden, "dispute.who")
	}
	if q.Limit == 0 || q.Limit > 200 {
		q.Limit = 200
	}
	if err := s.note(ctx, a, ""); err != nil {
		return nil, err
	}
	all, err := s.store.Disputes(ctx, q)
	return all, petition.Wrap(err, "list disputes")
}

// Works reports whether somebody works on a dispute: who only reported it is not told what the parties said and agreed.
func (s *Service) Works(a petition.Actor, d *Dispute) bool {
	return d.Unit == a.Unit && s.office.WorksDisputes(a)
}

// Can are the moves that somebody may make about a dispute now.
func (s *Service) Can(a petition.Actor, d *Dispute) []Spec {
	if !s.Works(a, d) {
		return nil
	}
	return d.Can(s.office)
}

// Do makes a move. seen is how many entries of the log the caller saw, 0 = whatever is there.
func (s *Service) Do(ctx context.Context, a petition.Actor, number string, m Move, seen int) (Dispute, error) {
	d, err := s.find(ctx, a, number)
	if err != nil {
		return d, err
	}
	if !s.Works(a, &d) {
		return d, petition.Fail(petition.Forbidden, "dispute.who")
	}
	if d.Owner != "" && d.Owner == a.Owner { // Art 28
		return d, petition.Fail(petition.Forbidden, "dispute.own")
	}
	if seen != 0 && seen != len(d.Log) {
		return d, petition.Fail(petition.Conflict, "dispute.changed")
	}
	next, err := d.apply(s.office, a, m, s.now())
	if err != nil {
		return d, err
	}
	if err := s.note(ctx, a, d.Number+" "+string(m.Name)); err != nil {
		return d, err
	}
	if m.Name == MoveHand && next.Handed.To == ToPetition {
		if next.Handed.Case, err = s.lodge(ctx, a, &next, m.Args["text"]); err != nil {
			return d, err
		}
	}
	return next, petition.Wrap(s.store.SaveDispute(ctx, next, next.NextDay(s.office)), "write dispute")
}

// lodge makes a petition of a dispute for the party that wants it: their words first, then what was
// written down on the way.
func (s *Service) lodge(ctx context.Context, a petition.Actor, d *Dispute, words string) (string, error) {
	parts := []string{strings.TrimSpace(words), d.Words}
	for _, x := range d.Sessions {
		parts = append(parts, strings.TrimSpace(x.When+" "+x.Where+"\n"+x.Minutes))
	}
	if d.Agreement != nil {
		parts = append(parts, d.Agreement.Facts, d.Agreement.Terms, d.Agreement.Manner)
		for _, p := range d.Agreement.Promises {
			parts = append(parts, p.Due+" "+p.Words)
		}
	}
	by := a
	by.Owner = ""
	t, err := s.filer.File(ctx, by, petition.Filing{
		Key: "dispute:" + d.Number, Channel: "visit", Class: petition.Claim, Place: d.Place, Facts: strings.Join(parts, "\n\n"), Contact: petition.Contact{Name: d.Parties[d.Handed.For]},
	})
	return t.Number, petition.Wrap(err, "lodge the petition of a dispute")
}

// Forget takes a chat out of the disputes that it reported.
func (s *Service) Forget(ctx context.Context, owner string) (int, error) {
	n, err := s.store.ForgetReporter(ctx, owner)
	return n, petition.Wrap(err, "forget who reported disputes")
}
