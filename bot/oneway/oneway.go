// Package oneway is what the office is told where nobody can answer: the robot of a group, an
// e-mail. It says that something happened to a case, how its period stands and where to look, and
// nothing of what people wrote. Reports on misconduct are not told there at all.
package oneway

import (
	"slices"
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
	page   string
	list   Digest
}

// Digest says the list of the morning in plain sentences.
type Digest func(lang string, d petition.Digest, now time.Time) string

// New makes one. desk is the address of the officers' desk and page that of the office's page, "" =
// there is none to lead to.
func New(o *petition.Office, words *locales.Catalog, desk, page string, list Digest) *Conversation {
	return &Conversation{o, words, desk, page, list}
}

// Takes reports whether an event is of a door where nobody can answer.
func (c *Conversation) Takes(e bot.Event) bool { return e.Door.OneWay }

// Told reports whether a notice is one that such doors say.
func Told(n petition.Notice) bool { return n.View.Class != petition.Report && n.Number != "" }

// Step says a notice.
func (c *Conversation) Step(s bot.Session, e bot.Event, now time.Time) (bot.Session, []bot.Effect) {
	if e.Digest != nil && !e.Digest.Sealed {
		return s, c.digest(e, now)
	}
	if e.Notice == nil || !Told(*e.Notice) {
		return s, nil
	}
	n := naming.Names{Locales: c.words, Office: c.office, Lang: locales.Default, Now: now}
	v := e.Notice.View
	if mine := petition.IsChat(e.Notice.To); mine || e.Door.Brief {
		return s, []bot.Effect{{Say: c.news(*e.Notice, mine && !e.Door.Brief)}}
	}
	text := n.Text("oneway.head", "Number", v.Number, "What", n.Move(e.Notice.Entry.Move), "Unit", n.Unit(v.Unit))
	text += "\n" + n.Clock(petition.Item{Urgency: v.Urgency, Taken: v.Taken, Paused: v.Paused, Colour: v.Colour, Left: v.Left})
	if v.Due != "" {
		text += n.Text("oneway.due", "Day", n.Due(v.Due, v.Provisional), "Article", n.Article(v.Article))
	}
	if c.desk != "" {
		text += "\n" + c.desk + "/cases/" + v.Number
	}
	return s, []bot.Effect{{Say: &bot.Say{Text: text, Lang: n.Lang, About: v.Number, Urgent: v.Urgency != ""}}}
}

// news says that a case moved, and no word more; with link where the page shows it.
func (c *Conversation) news(n petition.Notice, link bool) *bot.Say {
	lang := n.Lang
	if !c.words.Speaks(lang) {
		lang = locales.Default
	}
	text := c.words.Say(lang, "oneway.news", "Number", n.Number)
	if link && c.page != "" {
		text += "\n" + c.page + "/c/" + n.Number
	}
	return &bot.Say{Text: text, Lang: lang, About: n.Number, Urgent: n.View.Urgency != ""}
}

// digest says the list of the morning without a word of what cases are about, and where to look.
func (c *Conversation) digest(e bot.Event, now time.Time) []bot.Effect {
	if e.Door.Brief {
		return nil
	}
	d := *e.Digest
	for _, list := range []*[]petition.DigestItem{&d.DueSoon, &d.Overdue, &d.New, &d.Answered, &d.Reopened} {
		*list = slices.Clone(*list)
		for i := range *list {
			(*list)[i].Title = ""
		}
	}
	text := c.list(locales.Default, d, now)
	if c.desk != "" {
		text += "\n" + c.desk + "/"
	}
	return []bot.Effect{{Say: &bot.Say{Text: bot.Split(text)[0], Lang: locales.Default}}}
}
