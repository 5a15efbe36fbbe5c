package desk

import (
	"net/http"
	"slices"
	"strings"

	"dengwen/petition"
)

// untoldLine is what nobody could be told of a case: a task of who is in.
type untoldLine struct {
	ID, Number string
	Text       string
	Taken      string // name of who sees to it
	Mine       bool
}

// measures are how somebody may be told in the end.
var measures = []string{"called", "visited", "wrote", "found"}

// Measures are the ways to tell somebody, to be chosen from.
func (f frame) Measures() (all []choice) {
	for _, m := range measures {
		all = append(all, choice{Value: m, Label: f.T("untold.by." + m)})
	}
	return all
}

// untoldShown is how many tasks the first page shows, the oldest: the others come up as they are done.
const untoldShown = 20

// untold are the tasks of who is in, and how many there are.
func (d *Door) untold(v *visit, f frame) (lines []untoldLine, count int, err error) {
	if d.Untold == nil {
		return nil, 0, nil
	}
	all, err := d.Untold.List(v.ctx(), v.actor)
	for _, u := range all[:min(len(all), untoldShown)] {
		l := untoldLine{ID: u.ID, Number: u.Number, Mine: u.Taken == v.person.ID}
		if u.Taken != "" {
			l.Taken = d.Roster.Name(v.ctx(), u.Taken)
		}
		whom := f.T("untold.petitioner")
		if unit := u.Unit(); unit != "" {
			whom = v.names.Unit(unit)
		} else if !petition.IsChat(u.To) {
			_, id, _ := strings.Cut(u.To, ":")
			whom = d.Roster.Name(v.ctx(), id)
		}
		var what []string
		for _, n := range u.Open() {
			if name := v.names.Move(n.Move); !slices.Contains(what, name) {
				what = append(what, name)
			}
		}
		l.Text = f.T("untold.line", "Whom", whom, "What", strings.Join(what, f.N.Text("desk.comma")), "Day", f.Day(u.At))
		lines = append(lines, l)
	}
	return lines, len(all), petition.Wrap(err, "list who was not told")
}

// seeToUntold takes a task, or writes down what was done about it.
func (d *Door) seeToUntold(v *visit) error {
	if d.Untold == nil {
		return d.missing(v)
	}
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	id, f := v.r.PathValue("id"), v.r.PostForm
	var err error
	switch how := f.Get("how"); {
	case f.Get("do") == "take":
		err = d.Untold.Take(v.ctx(), v.actor, id)
	case !slices.Contains(measures, how):
		err = petition.Fail(petition.Invalid, "untold.words")
	default:
		words := v.names.Text("desk.page.untold.done", "How", v.names.Text("desk.page.untold.by."+how), "Words", strings.TrimSpace(f.Get("words")))
		err = d.Untold.Done(v.ctx(), v.actor, id, strings.TrimSpace(words))
	}
	if err == nil {
		http.Redirect(v.w, v.r, "/desk/", http.StatusSeeOther)
	}
	return err
}
