package app

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"dengwen/documents"
	"dengwen/handlers/telegram"
	"dengwen/handlers/wechat"
	"dengwen/petition"
	"dengwen/petition/outreach"
	"dengwen/petition/reception"
)

// posterChannels are the channels that a code can open, in the order of a poster.
var posterChannels = []string{"web", "wechat", "telegram"}

// PosterChannels are those that are on here.
func (a *App) PosterChannels() (on []string) {
	for _, c := range posterChannels {
		if c == "web" || c == "wechat" && a.Settings.WeChatAppID != "" || c == "telegram" && a.telegramName() != "" {
			on = append(on, c)
		}
	}
	return on
}

// telegramName is what the bot is called, "" = it is not known, or there is none.
func (a *App) telegramName() string {
	if a.telegram != nil {
		return a.telegram.Name()
	}
	return a.Settings.TelegramName
}

// PrintPoster writes what an office hangs up or hands out as PDF: see outreach.Print. Invalid
// "poster.unknown" for a purpose, form, language, place or channel that is not there, Unavailable for a code of a
// platform that gives none.
func (a *App) PrintPoster(ctx context.Context, w io.Writer, p outreach.Print) error {
	if err := a.checkPrint(&p); err != nil {
		return err
	}
	say := func(key string, args ...any) string { return a.Locales.Say(p.Lang, "poster."+key, args...) }
	to := string(p.To)
	poster := documents.Poster{
		Form: p.Form, Office: a.Office.NameIn(p.Lang), Title: say(to + ".title"), Place: p.At.Name(a.Office, p.Lang),
		Lines: strings.Split(strings.TrimSpace(say(to+".lines")), "\n"),
		Foot:  strings.Split(strings.TrimSpace(say("foot", "Office", a.Office.NameIn(p.Lang), "Address", a.Office.Address, "Hours", a.Office.HoursIn(p.Lang), "Phone", a.Office.Phone)), "\n"),
		Back:  strings.Split(strings.TrimSpace(say("back")), "\n"),
	}
	if p.Form == "cup" || p.Form == "bag" {
		poster.Lines = poster.Lines[:min(2, len(poster.Lines))]
	}
	if a.Office.Example {
		poster.Foot = append(poster.Foot, say("example"))
	}
	for _, c := range p.Channels {
		link, err := a.posterLink(ctx, c, p)
		if err != nil {
			return err
		}
		poster.Codes = append(poster.Codes, documents.PosterCode{Link: link, Label: say("code." + c)})
	}
	if p.To == outreach.Days {
		var err error
		if poster.Table, err = a.timetable(ctx, p.Lang, say); err != nil {
			return err
		}
	}
	press := a.papers
	if press == nil { // a command beside the running program
		var err error
		if press, err = documents.New(a.Settings.Templates, a.Settings.Fonts); err != nil {
			return err
		}
	}
	return press.Poster(ctx, w, poster)
}

// checkPrint fills in what is left open.
func (a *App) checkPrint(p *outreach.Print) error {
	unknown := func(value string) error {
		return petition.Fail(petition.Invalid, "poster.unknown", "value", petition.FileName(value))
	}
	_, to, ok := outreach.Find(a.Office, p.At.Param(p.To))
	switch {
	case !ok || to != p.To || !slices.Contains(outreach.Spots(a.Office), p.At):
		return unknown(string(p.To) + " " + p.At.Place + " " + p.At.Village)
	case !slices.Contains(documents.PosterForms(), p.Form):
		return unknown(p.Form)
	case !a.Locales.Speaks(p.Lang):
		return unknown(p.Lang)
	}
	on := a.PosterChannels()
	if len(p.Channels) == 0 {
		p.Channels = on
	}
	for _, c := range p.Channels {
		if !slices.Contains(on, c) {
			return unknown(c)
		}
	}
	return nil
}

// posterLink is the address that a code of a channel holds.
func (a *App) posterLink(ctx context.Context, channel string, p outreach.Print) (string, error) {
	param := p.At.Param(p.To)
	switch channel {
	case "telegram":
		return telegram.Shows(a.telegramName()).Link + param, nil
	case "wechat":
		link, err := wechat.Code(ctx, wechatConfig(a.Settings), param)
		if err != nil {
			return "", &petition.Error{Code: petition.Unavailable, Key: "poster.wechat", Err: err}
		}
		return link, nil
	}
	return a.Settings.Public() + "/go/" + param, nil
}

// maxPosterDays is how many days a timetable on a wall has.
const maxPosterDays = 12

// timetable are the rows of the coming reception days.
func (a *App) timetable(ctx context.Context, lang string, say func(string, ...any) string) ([][]string, error) {
	days, err := reception.New(a.Store, a.Cases, a.Office, time.Now, NewID).Timetable(ctx)
	if err != nil {
		return nil, err
	}
	rows := [][]string{{say("day"), say("leader"), say("charge"), say("place")}}
	for _, d := range days {
		if d.State == reception.Cancelled || len(rows) > maxPosterDays {
			continue
		}
		place := d.Place
		if d.Online {
			place = strings.TrimSpace(say("online") + " " + place)
		}
		when := a.Locales.Day(lang, d.Date, petition.Day(time.Now())) + " " + d.At(0).Format("15:04") + "–" + d.End().Format("15:04")
		rows = append(rows, []string{when, d.Leader, d.Charge, place})
	}
	if len(rows) == 1 {
		return nil, petition.Fail(petition.Conflict, "poster.no_days")
	}
	return rows, nil
}
