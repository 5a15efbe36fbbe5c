package app

import (
	"context"
	"strings"
	"time"

	"dengwen/documents"
	"dengwen/handlers/desk"
	"dengwen/internal/courses"
	"dengwen/internal/login"
	"dengwen/internal/naming"
	"dengwen/internal/netaddr"
	"dengwen/internal/websession"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/issuing"
	"dengwen/petition/roster"
)

// openDesk makes the officers' door in the browser; nil with a case API elsewhere, where the roster is.
func (a *App) openDesk(proxies *netaddr.Proxies) (*desk.Door, error) {
	if a.service == nil {
		return nil, nil
	}
	taught, err := courses.Read(locales.Default)
	if err != nil {
		return nil, err
	}
	return desk.New(desk.Config{
		Courses: taught,
		Cases:   a.Cases, Roster: a.Roster, Office: a.Office, Locales: a.Locales, NewID: NewID,
		Read: a.readLetter(), Propose: a.propose(), Rules: a.rules, Sessions: a.sessions(), Logins: login.New(a.Store, a.Office.Name, time.Now), Barred: a.service.Barred, Preview: a.service.Preview, Kept: a.Store, Figures: a.service, Receptions: a.receptions, Outreach: a.outreach, Poster: a.PrintPoster, Posters: desk.PosterChoices{Forms: documents.PosterForms(), Channels: a.PosterChannels}, PrintReport: a.printReport, Issuing: issuing.New(a.Store, a.law, time.Now), Changes: a.Store.Changed, Check: a.replyCheck(),
		Disputes: a.disputes, Paper: a.papers.Render,
		Original: a.service.OpenOriginal, Related: a.proposals(),
		Origin: a.Settings.Public(), BotToken: a.Settings.TelegramToken,
		Secure: strings.HasPrefix(a.Settings.PublicURL, "https://"), Proxies: proxies, Log: a.log, Now: time.Now,
		Batches: a.Store, Blobs: a.blobs, Wake: a.Worker.Wake, Importer: a.Importer, Exchanger: a.Exchanger, Views: a.Store, Systems: a.Systems(), Untold: a.Untold(),
		Book: a.deskBook(), NewLink: func(ctx context.Context, staff string) (string, error) { return a.DeskLink(ctx, staff, true) },
		SignInChanged: a.tellSignIn,
		MaxFile:       int64(a.Office.Settings.MaxFileMB) << 20, MaxFiles: a.Office.Settings.MaxFiles,
	})
}

// tellSignIn tells an officer who has a chat that how they sign in was changed.
func (a *App) tellSignIn(ctx context.Context, p roster.Person, id string) error {
	if p.Chat == "" {
		return nil
	}
	return a.Runner.TellSignIn(ctx, p.ID, p.Chat, id)
}

func (a *App) sessions() *websession.Manager {
	return websession.New(a.conv, a.Box, time.Now, websession.Periods())
}

// DeskLink is an address that opens the desk for an officer once, within a quarter of an hour;
// with handed a day, for one that is passed on. NotFound "staff.unknown" for who does not work here.
func (a *App) DeskLink(ctx context.Context, staff string, handed bool) (string, error) {
	kind := websession.DeskLink
	if handed {
		kind = websession.HandedLink
	}
	if a.conv == nil { // a command beside the running program
		if err := a.openConversations(ctx); err != nil {
			return "", err
		}
	}
	path, err := desk.Link(ctx, a.Roster, a.sessions(), kind, staff)
	return a.Settings.Public() + path, err
}

// deskLink is DeskLink for a chat; nil where the process has no desk.
func (a *App) deskLink() func(ctx context.Context, staff string) (string, error) {
	if a.service == nil {
		return nil
	}
	return func(ctx context.Context, staff string) (string, error) { return a.DeskLink(ctx, staff, false) }
}

// sure is how sure the reader must be of a subject or a place to offer it for a letter.
const sure = 0.5

// readLetter reads what came by letter for the desk.
func (a *App) readLetter() desk.Read {
	return func(ctx context.Context, text, lang string) (desk.Reading, error) {
		r, err := a.reader.Read(ctx, text, lang, time.Now())
		if err != nil {
			return desk.Reading{}, err
		}
		found := desk.Reading{Title: r.Title, Name: r.Name, Phone: r.Phone, Address: r.Address}
		if r.Subject.Conf >= sure {
			found.Subject = r.Subject.Value
		}
		if r.Place.Conf >= sure {
			found.Place = r.Place.Value
		}
		if !r.Derived {
			found.Request = r.Request.Value
		}
		return found, nil
	}
}

// proposals are the petitions that may be about one matter, for the desk.
func (a *App) proposals() func(ctx context.Context, v petition.View) ([]desk.Proposal, error) {
	related := a.related()
	if related == nil {
		return nil
	}
	return func(ctx context.Context, v petition.View) ([]desk.Proposal, error) {
		found, err := related(ctx, v)
		var all []desk.Proposal
		for _, r := range found {
			all = append(all, desk.Proposal{Number: r.Number, Common: naming.Common(r.Common)})
		}
		return all, err
	}
}
