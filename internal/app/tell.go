package app

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/bot/oneway"
	"dengwen/bot/turn"
	"dengwen/handlers/mail"
	"dengwen/handlers/robot"
	"dengwen/handlers/sms"
	"dengwen/internal/config"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/telling"
)

// outlets are where units are told what happened besides their chats: robots of their groups, and
// addresses of mail.
type outlets struct {
	a      *App
	robots *robot.Door
	mail   *mail.Door // nil without a mail server
	sms    *sms.Door  // nil without a gateway
}

// openOutlets reads DENGWEN_TELL.
func (a *App) openOutlets() (p outlets, err error) {
	robots, boxes, err := parseTell(a.Settings.Tell, a.Office)
	if err != nil {
		return p, err
	}
	p.a = a
	p.robots = robot.New(robots, a.ownRobot, time.Now)
	if p.sms, err = a.openSMS(); err != nil {
		return p, err
	}
	if a.Settings.SMTPURL == "" {
		if len(boxes) > 0 {
			return p, petition.Fail(petition.Invalid, "setting.tell_smtp", "line", strconv.Itoa(boxes[0].line))
		}
		return p, nil
	}
	server, err := mail.ParseServer(a.Settings.SMTPURL)
	if err != nil {
		return p, petition.Fail(petition.Invalid, "setting.smtp", "why", err.Error())
	}
	all := make([]mail.Box, 0, len(boxes))
	for _, b := range boxes {
		all = append(all, b.Box)
	}
	p.mail = mail.New(server, all, mail.Personal{Address: a.addressAt, Leave: a.leavePage, Refused: a.refusedAt}, mail.Words{
		Subject: func(say bot.Say) string { return a.Locales.Say(locales.Default, "oneway.subject", "Number", say.About) },
		Leave:   func(say bot.Say, link string) string { return a.Locales.Say(say.Lang, "told.mail_end", "Link", link) },
	}, a.mailMark, time.Now)
	return p, nil
}

// CheckTell reads DENGWEN_TELL and SMTP_URL and answers how many places there are.
func CheckTell(s *config.Settings, o *petition.Office) (int, error) {
	a := &App{Settings: s, Office: o}
	if _, err := a.openOutlets(); err != nil {
		return 0, err
	}
	robots, boxes, err := parseTell(s.Tell, o)
	return len(robots) + len(boxes), err
}

type boxLine struct {
	mail.Box
	line int
}

// parseTell reads one place a line: unit, kind, address, secret. # begins a comment.
func parseTell(text string, o *petition.Office) (robots []robot.Robot, boxes []boxLine, err error) {
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, " #")
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		at := strconv.Itoa(i + 1)
		if len(f) < 3 || len(f) > 4 {
			return nil, nil, petition.Fail(petition.Invalid, "setting.tell", "line", at)
		}
		if _, ok := o.Find(f[0]); !ok {
			return nil, nil, petition.Fail(petition.Invalid, "setting.tell_unit", "line", at, "unit", f[0])
		}
		switch f[1] {
		case robot.WeCom, robot.DingTalk, robot.Feishu:
			robots = append(robots, robot.Robot{Unit: f[0], Kind: f[1], URL: f[2], Secret: strings.Join(f[3:], "")})
		case mail.Prefix:
			boxes = append(boxes, boxLine{mail.Box{Unit: f[0], Address: f[2]}, i + 1})
		default:
			return nil, nil, petition.Fail(petition.Invalid, "setting.tell", "line", at)
		}
	}
	return robots, boxes, nil
}

// of are the conversations in which a notice is said besides the chats of whom it is addressed to.
func (p outlets) of(ctx context.Context, n petition.Notice) (convs []string, err error) {
	if !oneway.Told(n) {
		return nil, nil
	}
	if petition.IsChat(n.To) {
		convs, err = p.a.placesOfCitizen(ctx, n)
		return p.open(convs), err
	}
	if unit, ok := strings.CutPrefix(n.To, "unit:"); ok {
		convs = p.ofUnit(unit)
	}
	if p.a.Roster != nil {
		var own []string
		own, err = p.a.Roster.Places(ctx, n)
		convs = append(convs, p.open(own)...)
	}
	return convs, err
}

// ofUnit are the conversations of a unit's own robots and addresses.
func (p outlets) ofUnit(unit string) []string {
	convs := p.robots.Of(unit)
	if p.mail != nil {
		convs = append(convs, p.mail.Of(unit)...)
	}
	return convs
}

// ofDigest are those in which a digest is said besides the chats.
func (p outlets) ofDigest(ctx context.Context, d petition.Digest) ([]string, error) {
	if d.Sealed {
		return nil, nil
	}
	own, err := p.a.Roster.DigestPlaces(ctx, d)
	if d.Led != nil { // nobody else's
		return p.open(own), err
	}
	return append(p.ofUnit(d.Unit), p.open(own)...), err
}

// ways are those by which who petitioned can be told besides the chat.
func (p outlets) ways() (all []string) {
	if p.a.Store == nil {
		return nil
	}
	if p.sms != nil {
		all = append(all, telling.SMS)
	}
	if p.mail != nil {
		all = append(all, telling.Mail)
	}
	return all
}

// open leaves out the places that no door of this process leads to.
func (p outlets) open(convs []string) []string {
	return slices.DeleteFunc(convs, func(conv string) bool {
		prefix, _, _ := strings.Cut(conv, ":")
		return prefix == mail.Prefix && p.mail == nil || prefix == sms.Prefix && p.sms == nil
	})
}

func (p outlets) doors(all map[string]turn.Door) {
	all[robot.Prefix] = turn.Door{Send: p.robots, Shows: robot.Shows}
	if p.sms != nil {
		all[sms.Prefix] = turn.Door{Send: p.sms, Shows: sms.Shows}
	}
	if p.mail != nil {
		all[mail.Prefix] = turn.Door{Send: p.mail, Shows: mail.Shows}
	}
}
