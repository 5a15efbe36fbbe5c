package officer

import (
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition"
)

// related shows what may be the same matter. It is a hint: nothing is linked unless the
// officer says so, and nothing is refused for it.
func (t *step) related(number string, all []bot.Related) {
	t.closeQuestion()
	if len(all) == 0 {
		t.say(t.text("desk.related.none", "Number", number), []bot.Button{t.link(t.text("desk.button.look"), "case:"+number)})
		return
	}
	lines := []string{t.text("desk.related.head", "Number", number)}
	var rows [][]bot.Button
	perhaps := false
	for _, r := range all[:min(len(all), maxRelated)] {
		if r.Score < likely && !perhaps {
			perhaps = true
			lines = append(lines, t.text("desk.related.perhaps"))
		}
		lines = append(lines, t.text("desk.related.line", "Number", r.Number, "Title", naming.Clip(r.Title, 30), "Why", t.names().InCommon(naming.Common(r.Common)), "Status", t.text("desk.status."+string(r.Status))))
		rows = append(rows, []bot.Button{
			t.link(t.text("desk.related.look", "Number", r.Number), "case:"+r.Number),
			t.link(t.text("desk.related.link", "Number", r.Number), "link:"+number+":"+r.Number),
		})
	}
	t.say(strings.Join(lines, "\n"), rows...)
}

const (
	maxRelated = 5
	likely     = 0.5 // score from which two cases are probably one matter; below it they are told apart in the list
)

// linkTo begins linking a case to another one that was proposed.
func (t *step) linkTo(arg string) {
	number, other, _ := strings.Cut(arg, ":")
	t.do("link:"+other, bot.Effect{Look: &bot.Look{Number: number}})
}

// linkLooked opens the dialogue of a link with its number filled in.
func (t *step) linkLooked(other string, v *petition.View) {
	if !t.mayShow(v) {
		return
	}
	t.setCase(v)
	if !slices.Contains(v.Can, petition.MoveLink) {
		t.closeQuestion()
		t.say(t.text("desk.not_now", "Move", t.names().Move(petition.MoveLink)))
		return
	}
	t.s.Filing, t.s.Field, t.s.Open = nil, 0, "move"
	t.s.Move = &petition.Move{Name: petition.MoveLink, Args: map[string]string{"number": other}}
	t.next()
}
