package desk

import (
	"net/http"
	"strconv"

	"dengwen/internal/courses"
	"dengwen/petition"
)

// Courses at the desk: an officer answers its questions, sees at once what is right and why, and has it noted that the course is
// done. What somebody answered is kept nowhere; who heads a unit sees done or not done, and nothing else.

// coursePrefix begins the keys under which it is kept that a course is done.
const coursePrefix = "course:"

type learnPage struct {
	frame
	Courses []courseLine
	People  []learnerLine // of the unit, for who heads it
}

type courseLine struct {
	courses.Course
	Done string // day, "" = not yet
}

// learnerLine is somebody of the unit, and which of the courses they have done.
type learnerLine struct {
	Name string
	Done []bool
}

type coursePage struct {
	frame
	Course    courses.Course
	Questions []questionLine
	Answered  bool
	AllRight  bool
	Right, Of int
}

type questionLine struct {
	courses.Question
	Name   string // of its field
	Chosen int    // from 1, 0 = nothing
	Law    string
}

// learn lists the courses.
func (d *Door) learn(v *visit) error {
	if d.Courses == nil {
		return d.missing(v)
	}
	p := learnPage{frame: d.inFrame(v, "me")}
	for _, c := range d.Courses.In(v.names.Lang) {
		day, err := d.finished(v, v.person.ID, c.ID)
		if err != nil {
			return err
		}
		p.Courses = append(p.Courses, courseLine{c, day})
	}
	if v.actor.Leads() {
		people, err := d.Roster.People(v.ctx(), v.person.Unit)
		if err != nil {
			return petition.Wrap(err, "list who learns")
		}
		for _, one := range people {
			if !one.Active() || one.ID == v.person.ID {
				continue
			}
			line := learnerLine{Name: one.Name}
			for _, c := range p.Courses {
				day, err := d.finished(v, one.ID, c.ID)
				if err != nil {
					return err
				}
				line.Done = append(line.Done, day != "")
			}
			p.People = append(p.People, line)
		}
	}
	return d.render(v, "learn", "body", p)
}

// finished is the day on which somebody finished a course, "" = not yet.
func (d *Door) finished(v *visit, person, course string) (string, error) {
	k, err := d.Kept.Kept(v.ctx(), person, coursePrefix+course)
	if petition.CodeOf(err) == petition.NotFound {
		return "", nil
	}
	return v.names.Day(petition.Day(k.At)), petition.Wrap(err, "read who finished a course")
}

// course shows a course, and with answers what is right of them.
func (d *Door) course(v *visit) error {
	if d.Courses == nil {
		return d.missing(v)
	}
	c, ok := d.Courses.Find(v.names.Lang, v.r.PathValue("course"))
	if !ok {
		return d.missing(v)
	}
	p := coursePage{frame: d.inFrame(v, "me"), Course: c, Of: len(c.Questions), Answered: v.r.Method == http.MethodPost}
	if p.Answered {
		v.r.Body = http.MaxBytesReader(v.w, v.r.Body, 16<<10)
		if err := v.r.ParseForm(); err != nil {
			return petition.Fail(petition.Invalid, "desk.page.form.large")
		}
	}
	for i, q := range c.Questions {
		line := questionLine{Question: q, Name: "q" + strconv.Itoa(i+1), Law: p.T("learn.article", "Article", q.Article)}
		if p.Answered {
			line.Chosen, _ = strconv.Atoi(v.r.PostForm.Get(line.Name)) // 0 is no answer
		}
		if line.Chosen == q.Right {
			p.Right++
		}
		p.Questions = append(p.Questions, line)
	}
	if p.AllRight = p.Answered && p.Right == p.Of; p.AllRight {
		if err := d.Kept.Keep(v.ctx(), petition.Kept{Person: v.person.ID, Key: coursePrefix + c.ID, At: d.Now()}); err != nil {
			return petition.Wrap(err, "keep that a course is done")
		}
	}
	return d.render(v, "course", "body", p)
}
