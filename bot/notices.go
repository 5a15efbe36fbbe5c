package bot

import (
	"strings"
	"time"

	"dengwen/locales"
	"dengwen/petition"
)

// Service notices are the one thing sent to people who did not ask something first.
// They come to those who agreed, and every one carries the button that ends it.

// notices explains what would come and how rarely, and offers the one press that
// changes it. Nothing of it is ever brought up unasked.
func (t *talk) noticesText(c *petition.Consent) {
	text := t.w("notices.what", "Office", t.officeName(), "Max", t.b.office.Settings.NoticesMonth)
	if c == nil {
		t.say(text+"\n"+t.w("notices.off"), []Button{t.link("notices.agree", "notices:on")})
		return
	}
	t.say(text+"\n"+t.w("notices.on", "Time", t.instant(c.At)), []Button{t.link("notices.stop", "notices:off")})
}

// pressNotices agrees, takes it back, or looks how it stands.
func (t *talk) pressNotices(arg string) bool {
	switch arg {
	case "on", "off", "look":
		t.do("notices-"+arg, Effect{Notices: &Notices{Want: arg, Lang: t.s.Lang}})
		return true
	}
	return false
}

// noticesNow says how it stands after a press.
func (t *talk) noticesNow(did string, o *Outcome) {
	switch {
	case o.Pending: // to stop must not be lost
		t.say(t.w("notices.pending"))
	case o.Err != nil:
		t.noteText(t.sorry(o.Err))
		t.flush()
	case did == "on" && o.Consent != nil:
		t.say(t.w("notices.agreed", "Time", t.instant(o.Consent.At)), []Button{t.link("notices.stop", "notices:off")})
	case did == "off":
		t.say(t.w("notices.stopped"), []Button{t.link("notices.agree", "notices:on")})
	default:
		t.noticesText(o.Consent)
	}
	t.again()
}

// gone takes the consent back of somebody who closed the conversation: what would come
// here nobody reads, and nobody could stop it. Nothing is said, for the same reason.
func (t *talk) gone() {
	t.out = append(t.out, Effect{Tag: "left:" + t.e.ID, Notices: &Notices{Want: "off", Lang: t.s.Lang}})
}

// bulletin is a service notice. It disturbs no open question: that is asked again.
func (t *talk) bulletin(n *petition.Bulletin) {
	t.settle(t.e.Lang)
	t.say(BulletinText(t.b.words, t.b.office, t.s.Lang, n.Text), []Button{t.link("notices.stop", "notices:off")})
	t.out[len(t.out)-1].Say.Bulletin = n.ID
	t.again()
}

// BulletinText is a service notice as citizens read it.
func BulletinText(words *locales.Catalog, o *petition.Office, lang, text string) string {
	return words.Say(lang, "notices.head", "Office", officeIn(o, lang)) + "\n" + text
}

// mydataNext keeps when service notices were agreed to, and goes on to the petitions.
func (t *talk) mydataNext(o *Outcome) {
	t.set("agreed", "")
	if o.Consent != nil {
		t.set("agreed", t.instant(o.Consent.At))
	}
	t.list("mydata", "")
}

// instant is a point in time to the minute.
func (t *talk) instant(at time.Time) string {
	day := t.moment(at)
	if strings.HasSuffix(day, "）") { // it brings its own room
		return day + at.In(zone).Format("15:04")
	}
	return day + at.In(zone).Format(" 15:04")
}
