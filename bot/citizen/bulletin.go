package citizen

import (
	"time"

	"dengwen/bot"
	"dengwen/petition/bulletin"
)

// Service notices are the one thing sent to people who did not ask something first.
// They come to those who agreed, and every one carries the button that ends it.

// notices explains what would come and how rarely, and offers the one press that
// changes it. Nothing of it is ever brought up unasked.
func (t *step) noticesText(c *bulletin.Consent) {
	text := t.text("notices.what", "Office", t.officeName(), "Max", t.conv.office.Settings.NoticesMonth)
	if c == nil {
		t.say(text+"\n"+t.text("notices.off"), []bot.Button{t.link("notices.agree", "notices:on")})
		return
	}
	t.say(text+"\n"+t.text("notices.on", "Time", t.instant(c.At)), []bot.Button{t.link("notices.stop", "notices:off")})
}

// pressNotices agrees, takes it back, or looks how it stands.
func (t *step) pressNotices(arg string) bool {
	switch arg {
	case "on", "off", "look":
		t.do("notices-"+arg, bot.Effect{Notices: &bot.Notices{Want: arg, Lang: t.s.Lang}})
		return true
	}
	return false
}

// noticesAnswered says how it stands after a press.
func (t *step) noticesAnswered(did string, o *bot.Outcome) {
	switch {
	case o.Pending: // to stop must not be lost
		t.say(t.text("notices.pending"))
	case o.Err != nil:
		t.noteText(t.sorry(o.Err))
		t.flush()
	case did == "on" && o.Consent != nil:
		t.say(t.text("notices.agreed", "Time", t.instant(o.Consent.At)), []bot.Button{t.link("notices.stop", "notices:off")})
	case did == "off":
		t.say(t.text("notices.stopped"), []bot.Button{t.link("notices.agree", "notices:on")})
	default:
		t.noticesText(o.Consent)
	}
	t.again()
}

// left takes the consent back of somebody who closed the conversation: what would come
// here nobody reads, and nobody could stop it. Nothing is said, for the same reason.
func (t *step) left() {
	if t.s.Reply != nil {
		t.sendReply()
	}
	t.out = append(t.out, bot.Effect{Tag: "left:" + t.e.ID, Notices: &bot.Notices{Want: "off", Lang: t.s.Lang}})
}

// bulletin is a service notice. It disturbs no open question: that is asked again.
func (t *step) bulletin(n *bulletin.Bulletin) {
	t.initSession(t.e.Lang)
	t.say(bot.BulletinText(t.conv.locales, t.conv.office, t.s.Lang, n.Text), []bot.Button{t.link("notices.stop", "notices:off")})
	t.out[len(t.out)-1].Say.Bulletin = n.ID
	t.again()
}

// agreedKnown keeps when service notices were agreed to, and goes on to the petitions.
func (t *step) agreedKnown(o *bot.Outcome) {
	t.set("agreed", "")
	if o.Consent != nil {
		t.set("agreed", t.instant(o.Consent.At))
	}
	t.list("mydata", "")
}

// instant is a point in time to the minute.
func (t *step) instant(at time.Time) string {
	return t.text("instant", "Day", t.moment(at), "Time", at.In(zone).Format("15:04"))
}
