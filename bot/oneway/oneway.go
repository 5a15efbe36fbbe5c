// Package oneway is what the office is told where nobody can answer: the robot of a group, an
// e-mail. It says that something happened to a case, how its period stands and where to look, and
// nothing of what people wrote. Reports on misconduct are not told there at all.
package oneway

import (
	"time"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/locales"
	"dengwen/petition"
)

// Conversation has the same shape as those in which people answer.
type Conversation struct {
	office *petition.Office
	words  *locales.Catalog
	desk   string
}

// New makes one. desk is the address of the officers' desk, "" = there is none to lead to.
func New(o *petition.Office, words *locales.Catalog, desk string) *Conversation {
	return &Conversation{o, words, desk}
}

// Takes reports whether an event is of a door where nobody can answer.
func (c *Conversation) Takes(e bot.Event) bool { return e.Door.OneWay }

// Told reports whether a notice is one that such doors say.
func Told(n petition.Notice) bool { return n.View.Class != petition.Report && n.Number != "" }

// Step says a notice.
func (c *Conversation) Step(s bot.Session, e bot.Event, now time.Time) (bot.Session, []bot.Effect) {
	if e.Notice == nil || !Told(*e.Notice) {
		return s, nil
	}
	n := naming.Names{Locales: c.words, Office: c.office, Lang: locales.Default, Now: now}
	v := e.Notice.View
	text := n.Text("oneway.head", "Number", v.Number, "What", n.Move(e.Notice.Entry.Move), "Unit", n.Unit(v.Unit))
	text += "\n" + n.Clock(petition.Item{Urgency: v.Urgency, Taken: v.Taken, Paused: v.Paused, Colour: v.Colour, Left: v.Left})
	if v.Due != "" {
		text += n.Text("oneway.due", "Day", n.Due(v.Due, v.Provisional), "Article", n.Article(v.Article))
	}
	if c.desk != "" {
		text += "\n" + c.desk + "/cases/" + v.Number
	}
	return s, []bot.Effect{{Say: &bot.Say{Text: text, Lang: n.Lang, About: v.Number}}}
}
