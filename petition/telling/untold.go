package telling

import (
	"context"
	"slices"
	"strings"
	"time"

	"dengwen/petition"
)

// Miss is a notice that did not get to one of the places at which it should be told, or had none.
type Miss struct {
	Notice petition.Notice
	Place  string    // conversation that it did not get to, "" = there was none
	Places []string  // all at which it should be told
	At     time.Time // when that was known
}

// Untold is what somebody could not be told of a case: a task for the petition office, or where the
// case is a report for its named officers.
type Untold struct {
	ID     string    `json:"-"`
	Number string    `json:"number"`
	To     string    `json:"to"` // as in Notice.To
	Sealed bool      `json:"sealed,omitempty"`
	News   []News    `json:"news"`
	Taken  string    `json:"taken,omitempty"` // id of the officer who sees to it
	At     time.Time `json:"-"`               // since when
}

// News is a notice of it.
type News struct {
	Notice string            `json:"notice"`
	Move   petition.MoveName `json:"move"`
	At     time.Time         `json:"at"`
	Missed []string          `json:"missed,omitempty"` // places that it did not get to
	Nobody bool              `json:"nobody,omitempty"` // nobody has it
	Seen   bool              `json:"seen,omitempty"`   // it belongs to a task that was ended
}

// MaxNews is how many notices one task names; of more the first are forgotten.
const MaxNews = 50

// Note adds a miss, once, and reports whether it makes a task of it: now nobody has the notice.
func (u *Untold) Note(m Miss) bool {
	i := slices.IndexFunc(u.News, func(n News) bool { return n.Notice == m.Notice.ID })
	if i < 0 {
		u.News = append(u.News, News{Notice: m.Notice.ID, Move: m.Notice.Entry.Move, At: m.Notice.Entry.At})
		u.News = u.News[max(0, len(u.News)-MaxNews):]
		i = len(u.News) - 1
	}
	n := &u.News[i]
	if m.Place != "" && !slices.Contains(n.Missed, m.Place) {
		n.Missed = append(n.Missed, m.Place)
	}
	left := slices.ContainsFunc(m.Places, func(p string) bool { return !slices.Contains(n.Missed, p) })
	if left || n.Nobody {
		return false
	}
	n.Nobody = true
	return true
}

// Open are the notices that the task is about now.
func (u *Untold) Open() (all []News) {
	for _, n := range u.News {
		if n.Nobody && !n.Seen {
			all = append(all, n)
		}
	}
	return all
}

// End makes it no task any more. A notice of it that is missed again makes none.
func (u *Untold) End() {
	for i := range u.News {
		u.News[i].Seen = u.News[i].Seen || u.News[i].Nobody
	}
	u.Taken = ""
}

// Unit is the unit that could not be told, "" where it is who petitioned.
func (u *Untold) Unit() string {
	kind, code, _ := strings.Cut(u.To, ":")
	if kind == "unit" || kind == "sealed" {
		return code
	}
	return ""
}

// SeenBy reports whether the task is for an officer: of a report on misconduct for its named officers
// alone, else for the petition office.
func (u *Untold) SeenBy(a petition.Actor, o *petition.Office) bool {
	if u.Sealed {
		return slices.Contains(a.Roles, petition.Sealed) && (a.Unit == u.Unit() || u.Unit() == "" && a.Unit == o.SealedUnit)
	}
	return a.Unit == o.Unit && slices.ContainsFunc(a.Roles, func(r petition.Role) bool { return r.Handles() || r.Leads() })
}

// Tasks is what the store keeps of what nobody could be told. SQLite and PostgreSQL pass one suite. Errors
// as those of petition.Store.
type Tasks interface {
	// NoteMisses notes notices that did not get to a place, all or none, once for each notice and place.
	// Where nobody has one now, it is a task.
	NoteMisses(ctx context.Context, all []Miss) error

	// Untold lists the tasks that are open, the oldest first, at most limit.
	Untold(ctx context.Context, limit int) ([]Untold, error)

	// TakeUntold notes which officer sees to a task. NotFound "untold.none".
	TakeUntold(ctx context.Context, id, staff string) error

	// EndUntold ends a task. One that is none is no error.
	EndUntold(ctx context.Context, id string) error
}

// Desk is what the petition office does about it.
type Desk struct {
	tasks  Tasks
	cases  petition.Cases
	office *petition.Office
}

// NewDesk makes it.
func NewDesk(t Tasks, c petition.Cases, o *petition.Office) *Desk { return &Desk{t, c, o} }

// mostTasks is how many open tasks are looked through.
const mostTasks = 1000

// List lists the open tasks that are for an officer, the oldest first.
func (d *Desk) List(ctx context.Context, a petition.Actor) ([]Untold, error) {
	all, err := d.tasks.Untold(ctx, mostTasks)
	return slices.DeleteFunc(all, func(u Untold) bool { return !u.SeenBy(a, d.office) }), petition.Wrap(err, "list who was not told")
}

// ShortID is how many characters of an id are enough to name a task.
const ShortID = 16

func (d *Desk) find(ctx context.Context, a petition.Actor, id string) (Untold, error) {
	all, err := d.List(ctx, a)
	for _, u := range all {
		if u.ID == id || len(id) >= ShortID && strings.HasPrefix(u.ID, id) {
			return u, nil
		}
	}
	if err == nil {
		err = petition.Fail(petition.NotFound, "untold.none")
	}
	return Untold{}, err
}

// Take notes that an officer sees to a task.
func (d *Desk) Take(ctx context.Context, a petition.Actor, id string) error {
	u, err := d.find(ctx, a, id)
	if err != nil {
		return err
	}
	return petition.Wrap(d.tasks.TakeUntold(ctx, u.ID, a.Staff), "take a task")
}

// Done writes into the case what was done about a task and ends it. Invalid "untold.words" without
// words.
func (d *Desk) Done(ctx context.Context, a petition.Actor, id, words string) error {
	u, err := d.find(ctx, a, id)
	if err != nil {
		return err
	}
	if strings.TrimSpace(words) == "" {
		return petition.Fail(petition.Invalid, "untold.words")
	}
	key := "untold:" + u.ID
	if open := u.Open(); len(open) > 0 {
		key += ":" + open[len(open)-1].Notice
	}
	if _, err := d.cases.Do(ctx, a, u.Number, petition.Move{Key: key, Name: petition.MoveNote, Text: words}); err != nil {
		return err
	}
	return petition.Wrap(d.tasks.EndUntold(ctx, u.ID), "end a task")
}

// Counts reports whether a notice that reaches nobody is a task: it is of a case, and neither a note of
// the petition office's own nor one to a colleague whom it names, who finds it at the desk.
func Counts(n petition.Notice, o *petition.Office) bool {
	note := n.Entry.Move == petition.MoveNote && (n.Entry.By == o.Unit || strings.HasPrefix(n.To, "staff:"))
	return n.Number != "" && !note
}
