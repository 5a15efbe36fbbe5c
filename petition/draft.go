package petition

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Sign-off: a paper that goes out in the office's name (MoveSpec.Signs) is written by one
// person and issued by another, who heads the unit or stands in for who does. Until then it is
// a draft beside the case, and no clock stops for it.

// DraftState is where a draft stands on its way to being issued. One that was issued or
// dropped is a draft no more; the timeline says what became of it.
type DraftState string

const (
	DraftWriting   DraftState = "writing"
	DraftSubmitted DraftState = "submitted" // waits to be signed
	DraftSentBack  DraftState = "sent_back" // with Words
	DraftWithdrawn DraftState = "withdrawn" // by its author, after it was submitted
)

// Draft is a paper that is not issued yet. It is seen by the unit whose head signs it and by
// the unit of who wrote it.
type Draft struct {
	ID         int        `json:"id"`      // within the case: 1, 2, 3 …, none twice
	Version    int        `json:"version"` // 1, 2, 3 …: what was read is what is signed
	State      DraftState `json:"state"`
	Unit       string     `json:"unit"` // whose head signs it
	Author     string     `json:"author"`
	AuthorUnit string     `json:"author_unit"`
	Writers    []string   `json:"writers,omitempty"` // everybody who wrote in it, the author included
	Paper      Move       `json:"paper"`             // the move that issues it, as it stands now
	At         time.Time  `json:"at"`                // of the last change
	Submitted  time.Time  `json:"submitted,omitzero"`
	Words      string     `json:"words,omitempty"`  // why it was sent back
	By         string     `json:"by,omitempty"`     // who sent it back
	Before     *Move      `json:"before,omitempty"` // the paper as it was when it was sent back
	Can        []MoveName `json:"can,omitempty"`    // moves of this draft that this actor may make now
}

// Limits on the drafts of one case: how many, and how many characters together.
const (
	maxDrafts     = 20
	maxDraftWords = 100_000
)

// unfinished are the states in which a draft may be written in.
var unfinished = []DraftState{DraftWriting, DraftSentBack, DraftWithdrawn}

// hand is who may do something with a draft.
type hand func(l *Law, c *Case, d *Draft, a Actor) bool

// draftSteps is what may be done with a draft, from which state and by whom. Never written to.
var draftSteps = map[MoveName]struct {
	from []DraftState
	who  []hand
	to   DraftState // "" = it is a draft no more
}{
	MoveDraft:     {unfinished, []hand{author, writer}, DraftWriting},
	MoveSubmit:    {unfinished, []hand{author, writer}, DraftSubmitted},
	MoveTakeBack:  {[]DraftState{DraftSubmitted}, []hand{author}, DraftWithdrawn},
	MoveDropDraft: {unfinished, []hand{author, signer}, ""},
	MoveSendBack:  {[]DraftState{DraftSubmitted}, []hand{signer}, DraftSentBack},
	MoveSign:      {[]DraftState{DraftSubmitted}, []hand{signer}, ""},
}

func author(_ *Law, _ *Case, d *Draft, a Actor) bool { return a.Staff != "" && a.Staff == d.Author }

// writer is a colleague who may write such a paper: they go on with it.
func writer(l *Law, c *Case, d *Draft, a Actor) bool {
	return a.Unit == d.AuthorUnit && l.writes(c, a, d.Paper.Name)
}

// signer heads the unit that the draft waits for, or stands in.
func signer(l *Law, c *Case, d *Draft, a Actor) bool {
	return a.Unit == d.Unit && a.Staff != "" && (l.actsAs(a, Head) || a.has(ActingHead)) && !c.hasFact(factRecused, a.Staff) &&
		(a.Owner == "" || a.Owner != c.Filing.Owner)
}

// Drafts reports whether the move is about a draft and not about the case itself.
func (m MoveName) Drafts() bool { _, ok := draftSteps[m]; return ok }

func draftMoves() []MoveSpec {
	writing := append(append(holders, overseers...), Who{Officer, atDraft}, Who{Head, atDraft})
	signing := []Who{{Head, atDraft}, {ActingHead, atDraft}}
	paper := Field{Key: "for", Kind: KindChoice, Choices: papers, Optional: true}
	return []MoveSpec{
		{Name: MoveDraft, Class: open, From: anywhere, Who: writing, Fields: []Field{paper}, Apply: saveDraft, Silent: true},
		{Name: MoveSubmit, Class: open, From: anywhere, Who: writing, Fields: []Field{paper}, Apply: saveDraft},
		{Name: MoveTakeBack, Class: open, From: anywhere, Who: writing, Needs: []Need{hasDraft}, Apply: passDraft},
		{Name: MoveDropDraft, Class: open, From: anywhere, Who: append(writing, signing...), Needs: []Need{hasDraft}, Apply: passDraft},
		{Name: MoveSendBack, Class: open, From: anywhere, Who: signing, Needs: []Need{hasDraft}, Fields: []Field{text("text", "")}, Apply: passDraft},
		{Name: MoveSign, Class: open, From: anywhere, Who: signing, Needs: []Need{hasDraft}},
	}
}

// papers are the moves that issue a paper somebody signs.
var papers = []string{
	string(MoveReply), string(MoveRefuse), string(MoveNoLonger), string(MoveInHand), string(MoveExtend), string(MoveReviewReply),
	string(MoveReviewRedo), string(MoveReviewRefuse), string(MoveRereviewReply), string(MoveRereviewRefuse), string(MoveSupervise), string(MoveStrikeReason),
}

// Who signs a paper: the head of the unit that has the case, or the petition office's.
var (
	headSigns   = []Who{{Head, atHolder}, {ActingHead, atHolder}}
	officeSigns = []Who{{Head, atOffice}, {ActingHead, atOffice}}
)

// making is how a move is looked at: made at once, written as a draft, or issued from one.
type making int

const (
	direct making = iota
	drafting
	signing
)

// writes reports whether an actor may write such a paper now, leaving aside what may be set right before it is signed.
func (l *Law) writes(c *Case, a Actor, paper MoveName) bool {
	return slices.ContainsFunc(l.table, func(s MoveSpec) bool {
		return s.Name == paper && s.Signs != nil && s.forClass(c.Filing.Class) && l.may(&s, c, a)
	})
}

// signs reports whether the actor is one of those who sign the paper of a row.
func (l *Law) signs(s *MoveSpec, c *Case, a Actor) bool {
	return l.may(&MoveSpec{Who: s.Signs}, c, a)
}

// alone reports whether who wrote a paper of this unit may sign it as well.
func (l *Law) alone(unit string) bool {
	u, _ := l.Office.Find(unit)
	return u.SelfApproval
}

// Papers names the papers that this actor may write now, each once.
func (l *Law) Papers(c Case, a Actor, now time.Time) []MoveName {
	var all []MoveName
	for s := range l.rows(&c, a, now, drafting) {
		if s.Signs != nil && !slices.Contains(all, s.Name) {
			all = append(all, s.Name)
		}
	}
	return all
}

// draftsFor are the drafts of a case that an actor sees, with what they may do with each.
func (l *Law) draftsFor(c *Case, a Actor) []Draft {
	var out []Draft
	for _, d := range c.Drafts {
		if a.Unit == "" || a.Unit != d.Unit && a.Unit != d.AuthorUnit {
			continue
		}
		d.Can = nil
		for _, name := range []MoveName{MoveDraft, MoveSubmit, MoveTakeBack, MoveDropDraft, MoveSendBack, MoveSign} {
			if l.refusalOfDraft(c, &d, a, name) == "" {
				d.Can = append(d.Can, name)
			}
		}
		out = append(out, d)
	}
	return out
}

// refusalOfDraft says why an actor may not do something with a draft: "" nothing, else the
// key of the sentence.
func (l *Law) refusalOfDraft(c *Case, d *Draft, a Actor, name MoveName) string {
	step := draftSteps[name]
	switch {
	case !slices.ContainsFunc(step.who, func(h hand) bool { return h(l, c, d, a) }):
		return "draft.who"
	case !slices.Contains(step.from, d.State):
		return "draft.state." + string(d.State)
	case name == MoveSign && slices.Contains(d.Writers, a.Staff) && !l.alone(d.Unit):
		return "draft.own"
	}
	return ""
}

// draft finds the draft that a move names as it was read, and tests that this actor may do
// with it what the move does.
func (s *step) draft() (*Draft, error) {
	i := slices.IndexFunc(s.c.Drafts, func(d Draft) bool { return d.ID == s.m.Draft })
	if i < 0 || s.a.Unit != s.c.Drafts[i].Unit && s.a.Unit != s.c.Drafts[i].AuthorUnit {
		return nil, s.refuse(Conflict, "draft.gone")
	}
	d := &s.c.Drafts[i]
	switch why := s.law.refusalOfDraft(s.c, d, s.a, s.spec.Name); {
	case s.m.DraftVersion != 0 && s.m.DraftVersion != d.Version:
		return nil, s.refuse(Conflict, "draft.changed", "state", string(d.State))
	case s.m.DraftVersion == 0 && s.spec.Name == MoveSign:
		return nil, s.refuse(Invalid, "field.missing", "field", "draft_version", "article", "", "why", "")
	case why == "draft.who" || why == "draft.own":
		return nil, s.refuse(Forbidden, why, "unit", s.law.Office.UnitName(d.Unit))
	case why != "":
		return nil, s.refuse(Conflict, why)
	}
	return d, nil
}

// saveDraft writes a new draft or an older one anew, and with MoveSubmit lays it before who
// signs it. Submitting one without MoveFor takes it as it is.
func saveDraft(s *step) error {
	d := &Draft{}
	if s.m.Draft == 0 {
		if len(s.c.Drafts) >= maxDrafts {
			return s.refuse(Limited, "draft.too_many", "max", itoa(maxDrafts))
		}
	} else {
		have, err := s.draft()
		if err != nil {
			return err
		}
		*d = *have
	}
	if s.m.For != "" || s.m.Draft == 0 {
		if err := s.write(d); err != nil {
			return err
		}
	}
	if s.spec.Name == MoveSubmit {
		if err := s.complete(d); err != nil {
			return err
		}
		d.Submitted = s.now
	}
	s.keep(d)
	return s.checkDraftWords()
}

// write puts what the move says into the draft; only what the form asks for is kept.
func (s *step) write(d *Draft) error {
	row, err := s.paper(Move{Name: s.m.For}, drafting)
	if err != nil {
		return err
	}
	if d.ID == 0 {
		s.c.Drafted++
		d.ID = s.c.Drafted
	}
	if d.Paper.Name != "" && d.Paper.Name != s.m.For {
		return s.refuse(Invalid, "draft.other_paper")
	}
	d.Unit, d.Author, d.AuthorUnit = s.c.Unit, s.a.Staff, s.a.Unit
	if row.Signs[0].At == atOffice {
		d.Unit = s.law.Office.Unit
	}
	if !slices.Contains(d.Writers, d.Author) {
		d.Writers = append(slices.Clip(d.Writers), d.Author)
	}
	d.Paper = Move{Name: s.m.For}
	for _, f := range row.Fields {
		if f.Kind == KindFiles {
			d.Paper.Files = s.m.Files
		} else if v := strings.TrimSpace(s.m.Of(f)); v != "" && f.Kind == KindChoice {
			d.Paper.setArg(f.Key, v)
		} else if v != "" {
			d.Paper.Set(f.Key, v)
		}
	}
	return nil
}

func (m *Move) setArg(key, v string) {
	if m.Args == nil {
		m.Args = map[string]string{}
	}
	m.Args[key] = v
}

// complete tests a draft as if it were issued now, before it is laid before anybody.
func (s *step) complete(d *Draft) error {
	p := s.issuing(d)
	row, err := s.paper(d.Paper, drafting)
	if err != nil {
		return err
	}
	p.spec = row
	return p.carryOut()
}

// paper is the row by which a paper could be written or signed now.
func (s *step) paper(m Move, how making) (MoveSpec, error) {
	p := *s
	p.m, p.how = m, how
	if err := p.choose(); err != nil {
		return MoveSpec{}, err
	}
	if p.spec.Signs == nil {
		return MoveSpec{}, s.refuse(Invalid, "draft.no_paper")
	}
	return p.spec, nil
}

// issuing is the step that issues a draft, on a copy of the case.
func (s *step) issuing(d *Draft) *step {
	c := s.c.clone()
	c.Drafts = slices.DeleteFunc(c.Drafts, func(o Draft) bool { return o.ID == d.ID })
	return &step{law: s.law, c: &c, a: s.a, m: d.Paper, now: s.now, today: s.today, how: signing, draftSigned: d}
}

// sign issues a draft: its move is made on the case as it is now, by who signs.
func (s *step) sign() error {
	d, err := s.draft()
	if err != nil {
		return err
	}
	p := s.issuing(d)
	if err := p.choose(); err != nil {
		return s.moot(d, err)
	}
	if err := p.carryOut(); err != nil {
		return s.moot(d, err)
	}
	*s.c = *p.c
	return nil
}

// moot says of a draft that can't be issued any more why, and what is to be done with it.
func (s *step) moot(d *Draft, err error) error {
	key := ""
	if e, ok := err.(*Error); ok {
		key = e.Key
	}
	e := s.refuse(Conflict, "draft.moot", "paper", string(d.Paper.Name), "why", key)
	e.Err = err
	return e
}

// passDraft hands a draft on, sends it back or drops it.
func passDraft(s *step) error {
	d, err := s.draft()
	if err != nil {
		return err
	}
	next := *d
	if s.spec.Name == MoveSendBack {
		next.Words, next.By = strings.TrimSpace(s.m.Text), s.a.Staff
		was := d.Paper
		next.Before = &was
	}
	s.keep(&next)
	return nil
}

// keep writes the draft down in the state that the move leads to.
func (s *step) keep(d *Draft) {
	d.Version++
	d.State, d.At, d.Can = draftSteps[s.spec.Name].to, s.now, nil
	i := slices.IndexFunc(s.c.Drafts, func(o Draft) bool { return o.ID == d.ID })
	switch {
	case i < 0:
		s.c.Drafts = append(s.c.Drafts, *d)
	case d.State == "":
		s.c.Drafts = slices.Delete(s.c.Drafts, i, i+1)
	default:
		s.c.Drafts[i] = *d
	}
	s.entry.Args = d.args()
	s.entry.Files = nil
}

// words counts the characters of a paper.
func (m *Move) words() int {
	n := utf8.RuneCountInString(m.Text)
	for _, v := range m.Args {
		n += utf8.RuneCountInString(v)
	}
	return n
}

// args name a draft in an entry of the timeline.
func (d *Draft) args() map[string]string {
	return map[string]string{
		"paper": string(d.Paper.Name), "draft": itoa(d.ID), "draft_version": itoa(d.Version), "unit": d.Unit,
		"author": d.Author, "author_unit": d.AuthorUnit,
	}
}

func (s *step) checkDraftWords() error {
	n := 0
	for _, d := range s.c.Drafts {
		n += d.Paper.words()
	}
	if n > maxDraftWords {
		return s.refuse(Invalid, "text.too_long", "field", "text", "max", itoa(maxDraftWords))
	}
	return nil
}

// signed notes in the entry who signed the paper, for the paper and the record.
func (s *step) signed() {
	if s.spec.Signs == nil {
		return
	}
	author, unit, self := s.a.Staff, s.a.Unit, true
	if d := s.draftSigned; d != nil {
		author, unit, self = d.Author, d.AuthorUnit, slices.Contains(d.Writers, s.a.Staff)
	}
	args := map[string]string{"approved_by": or(s.a.name, s.a.Staff), "author": author, "author_unit": unit}
	if self {
		args["self_approved"] = "yes"
	}
	for k, v := range args {
		s.entry.Args[k] = v
		s.entry.Inner = append(s.entry.Inner, k)
	}
	slices.Sort(s.entry.Inner)
}

// DraftUnits are the units that write or sign the drafts of a case, in alphabetical order: what
// Query.DraftsOf finds it by.
func (c *Case) DraftUnits() []string {
	var units []string
	for _, d := range c.Drafts {
		units = append(units, d.Unit, d.AuthorUnit)
	}
	slices.Sort(units)
	return slices.Compact(units)
}

// draftLists are the values of Query.Drafts.
var draftLists = []string{"sign", "write", "unit"}

// hasDrafts keeps in a line of a list the drafts that the list is of, and reports whether any is left.
func (i *Item) hasDrafts(which string, a Actor) bool {
	i.Drafts = slices.DeleteFunc(i.Drafts, func(d Draft) bool {
		switch which {
		case "sign":
			return !slices.Contains(d.Can, MoveSign) && !slices.Contains(d.Can, MoveSendBack)
		case "write":
			return d.Author != a.Staff
		}
		return false
	})
	return len(i.Drafts) > 0
}

// draftFiles are the attachments that the drafts of a case name.
func draftFiles(drafts []Draft) []Attachment {
	var files []Attachment
	for _, d := range drafts {
		files = append(files, d.Paper.Files...)
	}
	return files
}

// unsigned are the drafts that waited over a night to be signed: one reminder each working day.
func (l *Law) unsigned(c Case, now time.Time) []reminder {
	today := Day(now)
	var out []reminder
	for _, d := range c.Drafts {
		if day, err := parseDay(today); d.State == DraftSubmitted && Day(d.Submitted) < today && err == nil && l.Calendar.Workday(day) {
			out = append(out, unsignedOn(d, today))
		}
	}
	return out
}

func unsignedOn(d Draft, day string) reminder {
	return reminder{Move: MoveUnsigned, Level: "head", Clock: Clock{Rule: "sign", From: itoa(d.ID) + "@" + d.Submitted.UTC().Format(time.RFC3339), Due: day}, Draft: d}
}

func (l *Law) nextUnsigned(c Case, made func(reminder) bool, now time.Time) (next time.Time, has bool) {
	for _, d := range c.Drafts {
		if d.State != DraftSubmitted {
			continue
		}
		has = true
		day, err := parseDay(Day(d.Submitted))
		if err != nil {
			continue
		}
		if today, err := parseDay(Day(now)); err == nil && today.After(day) {
			if day = today.AddDate(0, 0, -1); made(unsignedOn(d, Day(now))) {
				day = today
			}
		}
		if at := startOf(l.Calendar.addWork(day, 1).Format(dateLayout)); next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next, has
}
