// Package app builds the program's parts from the settings and runs them: stores, readers,
// doors, scheduler, case API, metrics. It has no rules and no sentences of its own; flags
// and commands are internal/cli.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"dengwen/assist"
	"dengwen/assist/answer"
	"dengwen/assist/model"
	"dengwen/assist/replycheck"
	"dengwen/bot"
	"dengwen/bot/broadcast"
	"dengwen/bot/citizen"
	"dengwen/bot/officer"
	"dengwen/bot/oneway"
	"dengwen/bot/turn"
	"dengwen/documents"
	"dengwen/handlers/api"
	"dengwen/handlers/desk"
	"dengwen/handlers/telegram"
	"dengwen/internal/archive"
	"dengwen/internal/backlog"
	"dengwen/internal/backup"
	"dengwen/internal/config"
	"dengwen/internal/exchange"
	"dengwen/internal/office"
	"dengwen/internal/receipt"
	"dengwen/internal/scrub"
	"dengwen/internal/seal"
	"dengwen/internal/websession"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/batch"
	"dengwen/petition/bulletin"
	"dengwen/petition/mediation"
	"dengwen/petition/outreach"
	"dengwen/petition/reception"
	"dengwen/petition/roster"
	"dengwen/petition/telling"
	"dengwen/storage/blob"
	"dengwen/storage/cases"
	"dengwen/storage/redis"
	"dengwen/storage/sqlite"

	"github.com/google/uuid"
)

// conversations is the store of sessions, inbox and outbox, Redis or SQLite.
type conversations interface {
	turn.Store
	turn.Mailbox
	websession.Store
	EachBody(ctx context.Context, f func(at turn.Sealed, body []byte) []byte) error
	Export(ctx context.Context, each func(backup.Record) error) error
	Import(ctx context.Context, records []backup.Record) error
	Empty(ctx context.Context) (bool, error)
	Compact(ctx context.Context) error
	Ping(ctx context.Context) error
	Close() error
}

// App is the program's parts. Close closes them, the last made first.
type App struct {
	Settings   *config.Settings
	log        *slog.Logger
	Office     *petition.Office
	file       *officeFile // what Office was read from
	Box        *seal.Box
	apiKeys    *apiKeys
	Locales    *locales.Catalog
	bot        *citizen.Conversation
	conv       conversations
	blobs      blob.Store      // nil with a case API elsewhere
	Store      *cases.Store    // nil with a case API elsewhere
	Roster     *roster.Service // nil where a case API elsewhere does not let us see it
	Bulletins  *bulletin.Service
	disputes   *mediation.Service // nil with a case API elsewhere
	receptions *reception.Service // nil with a case API elsewhere
	outreach   *outreach.Service  // nil with a case API elsewhere
	public     publicTables
	citizens   *telling.Citizens // nil with a case API elsewhere
	Importer   *backlog.Importer // nil with a case API elsewhere, as Worker
	Exchanger  *exchange.Exchanger
	Worker     *batch.Worker
	exporter   *archive.Exporter
	papers     *documents.Renderer
	finder     *assist.RelatedFinder // one for chats and desk; nil over a case API
	outlets    outlets
	sender     *broadcast.Sender // nil without Bulletins
	Cases      petition.Cases
	service    *petition.Service   // what cases is in process; nil with a case API elsewhere
	lacking    func(string) []rune // characters that cannot be printed; nil with a case API elsewhere
	law        *petition.Law
	digest     api.Digests    // what units read in the morning
	wake       turn.Wake      // a notice was written
	telegram   *telegram.Door // nil without a token
	Runner     *turn.Runner
	draw       func(to io.Writer, r bot.Receipt) error
	reader     turn.Reader
	drafts     *model.Reader // nil = no language model
	people     func(text string) []string
	book       *answer.Book
	warmUp     func() // reads messages before the first person does
	closers    []func() error
}

// doors makes the doors as far as they send: the App has no Runner yet. Each is handed the
// Runner where it begins to listen.
type doors func(a *App) (map[string]turn.Door, error)

// Build opens stores and makes the parts; nothing runs yet. On an error it closes what it
// opened.
func Build(ctx context.Context, s *config.Settings, log *slog.Logger, d doors) (a *App, err error) {
	a = &App{Settings: s, log: log, wake: turn.NewWake()}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if a.apiKeys, err = openAPIKeys(s); err != nil {
		return a, err
	}
	if a.file, err = newOfficeFile(s); err != nil {
		return a, err
	}
	if a.Office, err = LoadOffice(s.Office); err != nil {
		return a, err
	}
	if a.Box, err = OpenKey(s, log); err != nil {
		return a, err
	}
	if a.Locales, err = OpenLocales(s); err != nil {
		return a, err
	}
	a.draw = receipt.New(a.Locales).PNG
	if err = a.openConversations(ctx); err != nil {
		return a, err
	}
	if err = a.openCases(ctx); err != nil {
		return a, err
	}
	return a, a.make(ctx, d)
}

// again is the parts made anew for the office's file as it is now, on the stores of a, which stay open and are closed by
// a alone. a goes on beside them until its own run ends: they are to each other as two replicas.
func (a *App) again(ctx context.Context, d doors) (*App, error) {
	b := &App{Settings: a.Settings, log: a.log, file: a.file, Box: a.Box, apiKeys: a.apiKeys, Locales: a.Locales, draw: a.draw, conv: a.conv, blobs: a.blobs, Store: a.Store, finder: a.finder, wake: a.wake}
	var err error
	if b.Office, err = LoadOffice(a.Settings.Office); err != nil {
		return nil, err
	}
	return b, b.make(ctx, d)
}

// make makes the parts on the open stores.
func (a *App) make(ctx context.Context, d doors) error {
	if a.Settings.CaseAPI != "" {
		if err := a.openRemote(ctx); err != nil {
			return err
		}
	} else if err := a.makeCases(ctx); err != nil {
		return err
	}
	return a.makeRunner(d)
}

func (a *App) openConversations(ctx context.Context) (err error) {
	if a.Settings.RedisURL != "" {
		a.conv, err = redis.Open(ctx, a.Settings.RedisURL, redis.Log(a.log))
	} else if err = os.MkdirAll(a.Settings.DataDir, 0o700); err == nil {
		a.conv, err = sqlite.Open(ctx, filepath.Join(a.Settings.DataDir, "conversations.db"))
	}
	if err != nil {
		return fault("cli.open_conversations", err)
	}
	a.closers = append(a.closers, a.conv.Close)
	return nil
}

// openCases opens what cases are kept in, where they are not elsewhere.
func (a *App) openCases(ctx context.Context) error {
	if a.Settings.CaseAPI != "" {
		return nil
	}
	var err error
	if a.Store, err = OpenCases(ctx, a.Settings, a.Box); err != nil {
		return err
	}
	a.closers = append(a.closers, a.Store.Close)
	if err := a.mayStart(ctx); err != nil {
		return err
	}
	if a.blobs, err = blob.Open(ctx, a.Settings.BlobURL, a.Settings.DataDir, a.Box); err != nil {
		return fault("cli.open_attachments", err)
	}
	a.finder = assist.NewRelatedFinder(a.Store, a.Store.Changed)
	return nil
}

// makeCases makes what works on cases in this process.
func (a *App) makeCases(ctx context.Context) error {
	if err := CheckUnits(ctx, a.Store, a.Office); err != nil {
		return err
	}
	cal, err := office.LoadCalendar(a.Settings.DataDir)
	if err != nil {
		return err
	}
	renderer, err := documents.New(a.Settings.Templates, a.Settings.Fonts)
	if err != nil {
		return err
	}
	a.service = petition.NewService(a.Store, a.Office, cal, a.Box.Hash, time.Now, NewID, a.blobs).WithScrub(scrub.New(scrub.DefaultLimits())).WithRenderer(renderer.Render).WithNames(a.nameOf).WithRoom(a.room).WithFilings(a.Settings.FilingsPerDay, a.Settings.FilingsPerAddress).WithStaff(roster.WorksHere(a.Store)).WithColleagues(a.Colleagues())
	a.lacking = renderer.Lacking
	a.law, a.digest, a.papers = a.service.Law(), a.service.Digest, renderer
	a.Cases = notifyingCases{a.service, a.wake}
	a.Roster = roster.New(a.Store, a.Cases, a.Office, time.Now, NewID)
	a.Bulletins = bulletin.New(a.Store, a.Office, time.Now, NewID)
	a.disputes = mediation.New(a.Store, a.Office, a.Cases, time.Now, NewID, rand.IntN)
	a.receptions = reception.New(a.Store, a.Cases, a.Office, time.Now, NewID)
	a.outreach = outreach.New(a.Store, a.Office, time.Now)
	a.citizens = telling.NewCitizens(a.Store, a.Cases, a.consentNote, time.Now, NewID)
	a.makeBatches()
	return nil
}

// replyCheck reads answers over before they go out.
func (a *App) replyCheck() petition.ReplyCheck {
	return replycheck.New(a.Office, time.Now, a.lacking).Check
}

// NewID is a UUIDv7: unique, and ordered by the time it was made.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

func (a *App) makeRunner(d doors) error {
	outlets, err := a.openOutlets()
	if err != nil {
		return err
	}
	a.outlets = outlets
	all, err := d(a)
	if err != nil {
		return err
	}
	outlets.doors(all)
	book, err := NewBook(a.Settings, a.Office, a.Locales)
	if err != nil {
		return err
	}
	r, err := NewReaders(a.Settings, a.Office, book)
	if err != nil {
		return err
	}
	a.warmUp, a.reader, a.drafts, a.people, a.book = r.warmUp, r.Reader, r.drafts, r.people, book
	a.bot = citizen.New(a.Office, a.Locales, citizen.Settings{
		Telegram: a.Settings.TelegramToken != "", Ways: outlets.ways(),
		PublicURL: a.Settings.Public(), Verify: a.verifyPage(), Model: a.modelName(), Reception: a.receptions != nil && a.Office.Reception.Used(), Mediation: a.disputes != nil && len(a.Office.Disputes.Mediators) > 0, Hears: r.transcribe != nil, Quiz: assist.Quiz(book),
	})
	office := officer.New(a.Office, a.Locales, a.Invitation).WithReplyCheck(a.replyCheck()).WithWays(outlets.ways())
	a.Runner, err = turn.New(turn.Parts{
		Store: a.conv, Box: a.Box, Step: a.sides(a.bot, office), Roster: a.Roster, Citizens: a.citizens, Untold: a.Untold(), Bulletins: a.Bulletins, Receptions: a.receptions, Outreach: a.outreach, Disputes: a.disputes, Cases: a.Cases, Reader: r.Reader,
		Answer: r.Answer, Hear: r.transcribe, Related: a.related(), DeskLink: a.deskLink(), OfficeClosed: a.officeClosed, Elsewhere: a.elsewhere(), Also: outlets.of, Missed: a.missed(), Doors: all, Wake: a.wake, Now: time.Now, Log: a.log,
	}, turn.Options{Sorry: a.sorry, Undelivered: a.Locales.Say(locales.Default, "desk.undelivered")})
	if err == nil && a.Bulletins != nil {
		a.sender = a.newSender()
	}
	return err
}

// sorry is said where a message broke the program; lang may be what a client says of itself.
func (a *App) sorry(lang string) string {
	if !a.Locales.Speaks(lang) {
		lang = bot.LangOf(a.Locales, bot.Event{Lang: lang})
	}
	return a.Locales.Say(lang, "sorry")
}

// greeting is what the conversation opens with, but for what the page says itself:
// where emergencies go, and that the office is an example.
func (a *App) greeting(lang string) string { return citizen.Welcome(a.Locales, a.Office, lang) }

// sides is the step of every conversation: the officer's for the events that it takes, what is told
// where nobody can answer, the citizen's for all others.
func (a *App) sides(citizen *citizen.Conversation, officer *officer.Conversation) turn.Step {
	desk := ""
	if a.service != nil {
		desk = a.Settings.Public() + "/desk"
	}
	told := oneway.New(a.Office, a.Locales, desk, a.Settings.Public(), officer.Digest)
	return func(s bot.Session, e bot.Event, now time.Time) (bot.Session, []bot.Effect) {
		switch {
		case told.Takes(e):
			return told.Step(s, e, now)
		case officer.Takes(s, e):
			return officer.Step(s, e, now)
		}
		return citizen.Step(s, e, now)
	}
}

// Invitation is how an invitation is used: a Telegram link where there is a bot, the
// words to send to it elsewhere.
func (a *App) Invitation(token string, group bool) string {
	name := a.Settings.TelegramName
	if a.telegram != nil {
		name = a.telegram.Name()
	}
	if name == "" {
		return map[bool]string{true: "/bind ", false: "/join "}[group] + token
	}
	key := map[bool]string{true: "startgroup", false: "start"}[group]
	return "https://t.me/" + name + "?" + key + "=join_" + token
}

// officeClosed reports whether notices to staff wait now; see Law.OfficeClosed.
func (a *App) officeClosed(now time.Time) bool { return a.law != nil && a.law.OfficeClosed(now) }

// group reports whether a group chat is tied to a unit.
func (a *App) group(ctx context.Context, conv string) bool {
	if a.Roster == nil {
		return false
	}
	_, ok := a.Roster.Group(ctx, conv)
	return ok
}

// ActorOf is who a conversation is to the case service: an officer, or the citizen.
func (a *App) ActorOf(ctx context.Context, conv string) petition.Actor {
	who := petition.Actor{Owner: conv, Asker: conv}
	if a.Roster == nil {
		return who
	}
	if p, ok := a.Roster.Who(ctx, conv); ok {
		who = p.Actor()
		who.Owner, who.Asker = conv, conv // an officer may be a petitioner too
	}
	return who
}

// Colleagues are those whom internal notes name: told in their chats, and at the desk by what is kept
// for them there.
func (a *App) Colleagues() petition.Colleagues {
	return petition.Colleagues{
		Leader: func(ctx context.Context, staff string) (bool, error) {
			p, err := a.Store.Person(ctx, staff)
			return p.Active() && p.Has(petition.Leader), petition.IgnoreNotFound(err)
		},
		Named: func(ctx context.Context, text string) ([]petition.Actor, error) { return a.Roster.Named(ctx, text) },
		Tell: func(ctx context.Context, staff, number string) {
			if err := desk.Tell(ctx, a.Store, staff, number, time.Now()); err != nil {
				a.log.Warn("who is named in a note is not told at the desk", "number", number, "err", err)
			}
		},
	}
}

// nameOf is what the office calls somebody, "" for an unknown id.
func (a *App) nameOf(ctx context.Context, staff string) string {
	p, err := a.Store.Person(ctx, staff)
	if err != nil {
		return ""
	}
	return p.Name
}

// staffOf is the id of the officer a conversation belongs to, "" where it is a citizen's.
func (a *App) staffOf(ctx context.Context, conv string) (string, error) {
	if a.Roster == nil {
		return "", nil
	}
	return a.Roster.StaffOf(ctx, conv)
}

// ready reports which part does not work now, nil when all do. The error begins with the
// part's name and a colon.
func (a *App) ready(ctx context.Context) error {
	if free, err := FreeBytes(a.Settings.DataDir); err == nil && free < minFreeBytes {
		return fmt.Errorf("disk: %d MB are free where the data folder is", free>>20)
	}
	if err := a.conv.Ping(ctx); err != nil {
		return fmt.Errorf("conversations: %w", err)
	}
	if a.Store != nil {
		if err := a.Store.Ping(ctx); err != nil {
			return fmt.Errorf("cases: %w", err)
		}
	}
	if a.telegram != nil {
		return a.telegram.Condition().Err()
	}
	return nil
}

// roomForFiles is how many bytes must be free where the data folder is for a file to be taken:
// petitions and what officers do have the rest.
const roomForFiles = 1 << 30

// room reports whether there is room for another file. Those in a bucket elsewhere need none here.
func (a *App) room() bool {
	if a.Settings.BlobURL != "" {
		return true
	}
	free, err := FreeBytes(a.Settings.DataDir)
	return err != nil || free >= roomForFiles
}

// minFreeBytes is how many bytes must be free where the data folder is: with less, a
// petition may be answered for and not be written.
const minFreeBytes = 32 << 20

// Close closes what Build opened, the last opened first. A second call does nothing.
func (a *App) Close() error {
	var faults []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		faults = append(faults, a.closers[i]())
	}
	a.closers = nil
	return errors.Join(faults...)
}

// OpenLocales reads the sentences built into the program and, over them, those of DENGWEN_LOCALES.
func OpenLocales(s *config.Settings) (*locales.Catalog, error) {
	words, err := locales.New(ownLocales(s)...)
	if err != nil {
		return nil, fmt.Errorf("DENGWEN_LOCALES: %w", err)
	}
	return words, nil
}

func ownLocales(s *config.Settings) []fs.FS {
	if s.Locales == "" {
		return nil
	}
	return []fs.FS{os.DirFS(s.Locales)}
}

// LoadOffice reads the office's file, the built-in example for path "".
func LoadOffice(path string) (*petition.Office, error) {
	o, _, err := office.Load(path)
	return o, err
}
