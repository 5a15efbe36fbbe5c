package telegram

import (
	"context"
	"strings"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"dengwen/bot"
)

// Limits of a quiz poll (Bot API sendPoll), UTF-16 units where they are of text.
const (
	maxQuestion    = 300
	maxOption      = 100
	maxOptions     = 12
	maxExplanation = 200
	maxLines       = 2 // line ends in an explanation
)

// fitsPoll reports whether Telegram's own quiz can hold a question; one that it can't
// goes out as a text with buttons.
func fitsPoll(p *bot.Poll) bool {
	if p == nil || units(p.Question) > maxQuestion || len(p.Options) < 2 || len(p.Options) > maxOptions ||
		units(p.Why) > maxExplanation || strings.Count(p.Why, "\n") > maxLines || p.Right < 0 || p.Right >= len(p.Options) {
		return false
	}
	for _, o := range p.Options {
		if o == "" || units(o) > maxOption {
			return false
		}
	}
	return true
}

// quiz sends a question as Telegram's quiz poll: the answer and the reason are shown
// by Telegram, to the person alone. Nothing comes back to us of how anybody did.
func (d *Door) quiz(ctx context.Context, to target, say bot.Say) error {
	p := tg.SendPollParams{
		ChatID: to.chat, MessageThreadID: to.topic, Question: say.Poll.Question, Type: "quiz",
		CorrectOptionIDs: []int{say.Poll.Right}, Explanation: say.Poll.Why, ReplyParameters: to.reply(),
	}
	for _, o := range say.Poll.Options {
		p.Options = append(p.Options, models.InputPollOption{Text: o})
	}
	if rows := d.inline(say.Poll.Rows); rows != nil {
		p.ReplyMarkup = rows
	}
	err := d.paced(ctx, "sendPoll", p, to.sent)
	if refused(err) {
		return d.text(ctx, to, say) // an older Bot API server, or a group that allows no polls
	}
	return err
}
