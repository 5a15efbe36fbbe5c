package telling

import (
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
