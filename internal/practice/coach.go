package practice

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"dengwen/petition"
)

// Words says a sentence of locales in the learner's language.
type Words func(key string, args ...any) string

// Cases is what the coach needs of the case service.
type Cases interface {
	Look(ctx context.Context, a petition.Actor, number, code string) (petition.View, error)
	Do(ctx context.Context, a petition.Actor, number string, m petition.Move) (petition.View, error)
}

// Config is what a coach works with; all of it is needed.
type Config struct {
	Cases   Cases
	Store   petition.Store
	Changed func(ctx context.Context, after int64) (numbers []string, next int64, err error)
	Office  *petition.Office
	Learner petition.Actor
	Coach   petition.Actor                           // heads the petition office and signs what is right
	Unit    func(unit string) (petition.Actor, bool) // an officer of another unit
	Name    string                                   // the learner's, as notes call people
	NewID   func() string                            // of moves
	Words   Words                                    //
	Out     io.Writer                                // where the coach speaks besides
	Every   time.Duration                            // between looks at what has changed
}

// Coach follows what a learner does.
type Coach struct {
	Config
	tasks []*task
}

// New makes a coach of the cases with these numbers, in the order of Lives.
func New(c Config, numbers []string) (*Coach, error) {
	tasks, err := readTasks()
	if err != nil {
		return nil, err
	}
	if len(tasks) != len(numbers) {
		return nil, fmt.Errorf("practice: %d cases for %d tasks", len(numbers), len(tasks))
	}
	for i, t := range tasks {
		t.Number = numbers[i]
	}
	return &Coach{Config: c, tasks: tasks}, nil
}

// Begin writes into each case that it is one of the ten.
func (c *Coach) Begin(ctx context.Context) error {
	for i, t := range c.tasks {
		note := petition.Move{Key: c.NewID(), Name: petition.MoveNote, Text: "@" + c.Name + " " + c.Words("practice.begin", "N", i+1)}
		if _, err := c.Cases.Do(ctx, c.Coach, t.Number, note); err != nil {
			return fmt.Errorf("write a note into case %s: %w", t.Number, err)
		}
	}
	return nil
}

// Run judges until every case is at its end or ctx is, and answers how each went.
func (c *Coach) Run(ctx context.Context) ([]Result, error) {
	at := int64(-1)
	for _, t := range c.tasks {
		r, err := c.Store.Load(ctx, t.Number)
		if err != nil {
			return nil, fmt.Errorf("open case %s: %w", t.Number, err)
		}
		t.seq = len(r.Case.Timeline)
	}
	_, at, err := c.Changed(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("ask for the newest change: %w", err)
	}
	tick := time.NewTicker(c.Every)
	defer tick.Stop()
	for c.left() > 0 {
		select {
		case <-ctx.Done():
			return c.Results(), nil
		case <-tick.C:
		}
		numbers, next, err := c.Changed(ctx, at)
		if err != nil {
			return c.Results(), fmt.Errorf("ask what has changed: %w", err)
		}
		for _, t := range c.tasks {
			if slices.Contains(numbers, t.Number) {
				if err := c.look(ctx, t); err != nil {
					return c.Results(), err
				}
			}
		}
		at = next
	}
	return c.Results(), nil
}

// Results is how each case stands, in their order.
func (c *Coach) Results() []Result {
	var all []Result
	for _, t := range c.tasks {
		all = append(all, t.result())
	}
	return all
}

func (c *Coach) left() (n int) {
	for _, t := range c.tasks {
		if !t.ended {
			n++
		}
	}
	return n
}

// step is something that the learner did with a case.
type step struct {
	move  petition.MoveName
	unit  string
	args  map[string]string
	draft int // paper that waits for a signature, 0 = none
	at    int // version of it
}

// look judges what is new in a case.
func (c *Coach) look(ctx context.Context, t *task) error {
	r, err := c.Store.Load(ctx, t.Number)
	if err != nil {
		return fmt.Errorf("look at case %s: %w", t.Number, err)
	}
	var steps []step
	for _, e := range r.Case.Timeline {
		if e.Seq > t.seq && e.Staff == c.Learner.Staff {
			steps = append(steps, step{move: e.Move, unit: e.Unit, args: e.Args})
		}
		t.seq = max(t.seq, e.Seq)
	}
	for _, d := range r.Case.Drafts {
		if d.Author == c.Learner.Staff && d.State == petition.DraftSubmitted && t.drafts[d.ID] < d.Version {
			t.drafts[d.ID] = d.Version
			steps = append(steps, step{move: d.Paper.Name, unit: d.Paper.Unit, args: d.Paper.Args, draft: d.ID, at: d.Version})
		}
	}
	for _, s := range steps {
		if t.ended || slices.Contains(beside, s.move) {
			continue
		}
		if err := c.judge(ctx, t, s); err != nil {
			return err
		}
	}
	return nil
}

// beside are moves that are always in order and bring a case no further.
var beside = []petition.MoveName{
	petition.MoveNote, petition.MoveTake, petition.MoveHandOver, petition.MoveTell, petition.MoveLink, petition.MoveUnlink,
	petition.MoveDraft, petition.MoveSubmit, petition.MoveTakeBack, petition.MoveDropDraft, petition.MoveSign,
}

// sending are moves that give a case to another unit.
var sending = []petition.MoveName{petition.MoveTransfer, petition.MoveAssign, petition.MoveRefer}

func (c *Coach) judge(ctx context.Context, t *task, s step) error {
	want := t.Asks[t.done]
	switch {
	case !slices.Contains(want.Move, s.move):
		return c.another(ctx, t, s, want)
	case want.Unit != "" && slices.Contains(sending, s.move) && s.unit != want.Unit:
		return c.elsewhere(ctx, t, s, want)
	case !has(s.args, want.Args):
		return c.slip(ctx, t, c.Words("practice.not_so", "Hint", c.Words(want.key+".hint")))
	}
	if s.draft > 0 {
		sign := petition.Move{Key: c.NewID(), Name: petition.MoveSign, Draft: s.draft, DraftVersion: s.at}
		if _, err := c.Cases.Do(ctx, c.Coach, t.Number, sign); err != nil {
			return fmt.Errorf("sign the paper of case %s: %w", t.Number, err)
		}
	}
	t.done++
	said := c.Words("practice.right", "Why", c.Words(want.key+".why"))
	if t.done < len(t.Asks) {
		return c.say(ctx, t, said+c.Words("practice.goes_on"))
	}
	t.ended = true
	return c.say(ctx, t, said+c.Words("practice.done", "Left", c.left()))
}

func has(args, want map[string]string) bool {
	for k, v := range want {
		if args[k] != v {
			return false
		}
	}
	return true
}

// another is a move that was not asked for now. What was asked may be out of reach after it.
func (c *Coach) another(ctx context.Context, t *task, s step, want ask) error {
	why := c.Words(want.key + ".hint")
	if i := t.later(s); i > 0 {
		t.Asks = append(t.Asks[:i:i], t.Asks[i+1:]...) // it is done, too early
	}
	can, err := c.possible(ctx, t)
	if err != nil {
		return err
	}
	if can {
		return c.slip(ctx, t, c.Words("practice.another", "Hint", why))
	}
	t.ended = true
	return c.slip(ctx, t, c.Words("practice.missed", "Hint", why, "Left", c.left()))
}

// later is which ask behind the present one a step fulfils, 0 = none.
func (t *task) later(s step) int {
	for i := t.done + 1; i < len(t.Asks); i++ {
		if a := t.Asks[i]; slices.Contains(a.Move, s.move) && (a.Unit == "" || a.Unit == s.unit) {
			return i
		}
	}
	return 0
}

// possible reports whether the learner may still do what is asked.
func (c *Coach) possible(ctx context.Context, t *task) (bool, error) {
	v, err := c.Cases.Look(ctx, c.Learner, t.Number, "")
	switch petition.CodeOf(err) {
	case "":
	case petition.NotFound, petition.Forbidden:
		return false, nil // it is sealed, or with somebody else
	default:
		return false, fmt.Errorf("look at case %s as the learner: %w", t.Number, err)
	}
	return slices.ContainsFunc(t.Asks[t.done].Move, func(m petition.MoveName) bool { return slices.Contains(v.Can, m) }), nil
}

// elsewhere is a case sent to a unit that is not competent. Its officer objects, as one would, and the learner
// takes it back.
func (c *Coach) elsewhere(ctx context.Context, t *task, s step, want ask) error {
	said := c.Words("practice.elsewhere", "Unit", c.Office.UnitName(s.unit), "Hint", c.Words(want.key+".hint"))
	who, ok := c.Unit(s.unit)
	if !ok {
		t.ended = true
		return c.slip(ctx, t, said)
	}
	object := petition.Move{Key: c.NewID(), Name: petition.MoveObject, Text: c.Words("practice.objection")}
	if _, err := c.Cases.Do(ctx, who, t.Number, object); err != nil {
		return fmt.Errorf("object to case %s: %w", t.Number, err)
	}
	back := ask{Move: moves{petition.MoveAgree}, key: "practice.back"}
	t.Asks = slices.Insert(t.Asks, t.done, back)
	return c.slip(ctx, t, said)
}

func (c *Coach) slip(ctx context.Context, t *task, text string) error {
	t.slips = append(t.slips, text)
	return c.say(ctx, t, text)
}

// say puts what the coach says into the case as a note that names the learner. Where the coach may not, as into
// a report on misconduct, it goes into the next case that is open.
func (c *Coach) say(ctx context.Context, t *task, text string) error {
	fmt.Fprintln(c.Out, t.Number+"  "+text)
	note := petition.Move{Name: petition.MoveNote, Text: "@" + c.Name + " " + text}
	all := append([]*task{t}, c.tasks...)
	for i, at := range all {
		if i > 0 && at.ended {
			continue
		}
		if note.Key = c.NewID(); i > 0 {
			note.Text = "@" + c.Name + " " + c.Words("practice.about", "Number", t.Number) + text
		}
		_, err := c.Cases.Do(ctx, c.Coach, at.Number, note)
		switch petition.CodeOf(err) {
		case "":
			return nil
		case petition.NotFound, petition.Forbidden, petition.Conflict:
			continue
		}
		return fmt.Errorf("write a note into case %s: %w", at.Number, err)
	}
	return nil // it was said on Out
}

// Count is how many results have a mark.
func Count(all []Result, m Mark) (n int) {
	for _, r := range all {
		if r.Mark == m {
			n++
		}
	}
	return n
}
