package turn

import "dengwen/bot"

// inOneMessage joins the messages of an event that are about one thing into the first of them, for
// doors that may send few (bot.Door.Whole). Its buttons are those of all.
func inOneMessage(rows []*outboxEntry) (out []*outboxEntry) {
	var first *bot.Say
	for _, p := range rows {
		say := p.Effect.Say
		if say == nil || first == nil || !joins(first, say) {
			if say != nil {
				copied := *say
				first, p.Effect.Say = &copied, &copied
			}
			out = append(out, p)
			continue
		}
		join(first, say)
	}
	return out
}

// joins reports whether a message can be said together with the one before: not what is for the
// office beside what is not, what is about another case, or what removes all that came before.
func joins(first, say *bot.Say) bool {
	if say.ForOffice != first.ForOffice || say.Forget || say.Bulletin != "" || first.Bulletin != "" {
		return false
	}
	return say.About == "" || first.About == "" || say.About == first.About
}

func join(first, say *bot.Say) {
	first.Text += "\n\n" + say.Text
	first.Rows = append(first.Rows[:len(first.Rows):len(first.Rows)], say.Rows...)
	first.Dial = append(first.Dial[:len(first.Dial):len(first.Dial)], say.Dial...)
	first.Media = append(first.Media[:len(first.Media):len(first.Media)], say.Media...)
	first.Documents = append(first.Documents[:len(first.Documents):len(first.Documents)], say.Documents...)
	if first.About == "" {
		first.About = say.About
	}
	if first.Receipt == nil {
		first.Receipt = say.Receipt
	}
	if first.Poll == nil {
		first.Poll = say.Poll
	}
	if say.Ask != "" {
		first.Ask = say.Ask
	}
	first.Edit = ""
}
