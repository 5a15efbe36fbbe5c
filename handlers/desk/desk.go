// Package desk is the officers' door in the browser: what is due today, the list of cases, a case
// with its moves, and the papers that come of it. Every page is rendered on the server and works
// without JavaScript. It contains no rules: a page offers what the table of moves allows, and
// every read and change goes through the case service with the officer's own permissions.
package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"dengwen/internal/backlog"
	"dengwen/internal/courses"
	"dengwen/internal/exchange"
	"dengwen/internal/login"
	"dengwen/internal/netaddr"
	"dengwen/internal/ratelimit"
	"dengwen/internal/report"
	"dengwen/internal/webpage"
	"dengwen/internal/websession"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/batch"
	"dengwen/petition/issuing"
	"dengwen/petition/mediation"
	"dengwen/petition/outreach"
	"dengwen/petition/reception"
	"dengwen/petition/roster"
	"dengwen/petition/telling"

	"github.com/go-webauthn/webauthn/webauthn"
	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/semaphore"
)

// Config is what the door works with. Cases, Roster, Sessions, Logins, Office, Kept, Locales, NewID, Changes, Batches,
// Blobs, Views and Wake are needed; the rest has defaults.
type Config struct {
	Cases    petition.Cases
	Roster   *roster.Service
	Sessions *websession.Manager
	Logins   *login.Service
	Office   *petition.Office
	Kept     petition.KeptStore
	Locales  *locales.Catalog
	NewID    func() string // of attachments and of what a form sends

	// Changes answers which cases have changed behind a position, and the next position; -1 asks
	// for the newest alone. No numbers: nothing has changed.
	Changes func(ctx context.Context, after int64) (numbers []string, next int64, err error)

	Barred func(ctx context.Context, a petition.Actor, number string) ([]petition.Barred, error) // nil = none are shown
	Read   Read                                                                                  // nil = letters are not read
	Check  petition.ReplyCheck                                                                   // nil = replies are not read over

	// Related proposes petitions that may be about the same matter; nil = none are proposed.
	Related func(ctx context.Context, v petition.View) ([]Proposal, error)

	// Original opens an attachment as it came, see petition.Service.OpenOriginal; nil = nobody does.
	Original func(ctx context.Context, a petition.Actor, number, id string) (io.ReadCloser, petition.Attachment, error)

	// Preview prints a paper before it is signed, see petition.Service.Preview; nil = none are shown.
	Preview func(ctx context.Context, a petition.Actor, number string, m petition.Move) (io.ReadCloser, petition.Attachment, error)

	// Propose asks a language model for the texts of a paper; nil = none is set up. Rules are what the office's book says about an
	// article of the Regulation, each a passage.
	Propose Propose
	Rules   func(article string) []string

	Figures *petition.Service // nil = no figures and reports

	Receptions *reception.Service // nil = there are no reception days here

	Outreach *outreach.Service                                              // counts by place; nil = nothing is printed and counted here
	Poster   func(ctx context.Context, w io.Writer, p outreach.Print) error // prints what hangs in villages as PDF
	Posters  PosterChoices

	Courses *courses.Book // nil = nothing is taught here

	// PrintReport writes a report as pdf or docx; nil = it is there as a table only.
	PrintReport func(ctx context.Context, w io.Writer, form string, s report.Sheet) error

	// Issuing has the office's reports signed; nil = they are not.
	Issuing *issuing.Service

	Disputes *mediation.Service // disputes that are settled early; nil = none here
	Paper    petition.Render    // writes their agreements; nil = as pages only

	Batches   batch.Store         // work on many cases
	Wake      func()              // whoever works on them
	Blobs     petition.Blobs      // what they write
	Importer  *backlog.Importer   // nil = nothing is imported and exported here
	Exchanger *exchange.Exchanger // nil = no files are exchanged
	Views     Views               // saved views of the list

	Systems *telling.Systems // nil = no other systems are told here
	Untold  *telling.Desk    // what nobody could be told; nil = nobody notes it here

	Book    *OfficeBook                                             // nil = the office's data are not changed here
	NewLink func(ctx context.Context, staff string) (string, error) // lets somebody in once, within a day; nil = people are not changed here

	// SignInChanged tells an officer elsewhere that how they sign in was changed, once for an id; nil = nobody does.
	SignInChanged func(ctx context.Context, p roster.Person, id string) error

	Origin   string           // at which browsers reach the program, as https://xf.example.cn: passkeys hold there; "" = none are offered
	BotToken string           // of the Telegram bot, whose Mini App opens the desk; "" = none does
	Secure   bool             // cookies for https only, also behind a proxy that ends TLS
	Proxies  *netaddr.Proxies // whose X-Forwarded-For is believed (this machine)
	MaxFile  int64            // bytes of one attachment (20 MB)
	MaxFiles int              // attachments of one move (10)
	Now      func() time.Time // nil = time.Now
	Log      *slog.Logger     // never gets what people write; nil = none
	Look     time.Duration    // between looks for what has changed (2 s)
	Ping     time.Duration    // between signs of life on a live connection (20 s)
}

// Door serves the desk below /desk.
type Door struct {
	Config
	pages     *pages
	entries   *ratelimit.ByName            // of one network address at the way in
	names     *ratelimit.ByName            // tries of one name from one network address
	strangers *ratelimit.ByName            // tries of one name from all addresses that are not known
	known     *lru.Cache[string, struct{}] // names with the addresses from which they signed in, see tryOf
	news      *news
	keys      *webauthn.WebAuthn  // nil = no passkeys here
	buffers   *semaphore.Weighted // of films, see sendParts
	closing   context.Context     // ends with Close
	close     context.CancelFunc
}

// New makes the door. Close ends its live connections.
func New(c Config) (*Door, error) {
	if c.Cases == nil || c.Roster == nil || c.Sessions == nil || c.Logins == nil || c.Office == nil || c.Kept == nil || c.Locales == nil || c.NewID == nil || c.Changes == nil || c.Batches == nil || c.Blobs == nil || c.Views == nil || c.Wake == nil {
		return nil, errors.New("desk: Cases, Roster, Sessions, Logins, Office, Kept, Locales, NewID, Changes, Batches, Blobs, Views and Wake are needed")
	}
	c.defaults()
	p, err := loadPages()
	if err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	keys, err := passkeys(c.Origin, c.Office.Name)
	if err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	d := &Door{
		Config: c, pages: p, keys: keys, news: newNews(), buffers: semaphore.NewWeighted(buffersAtOnce),
		entries: ratelimit.New(entriesASecond, entryBurst, maxAddresses), names: ratelimit.New(namesASecond, nameBurst, maxAddresses),
		strangers: ratelimit.New(strangersASecond, strangerBurst, maxAddresses),
	}
	if d.known, err = lru.New[string, struct{}](maxAddresses); err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	d.closing, d.close = context.WithCancel(context.Background())
	return d, nil
}

// What one network address may do at the way in: so many requests at once, then so many a second.
const (
	entriesASecond = 0.5
	entryBurst     = 20
	maxAddresses   = 10_000

	namesASecond = 1.0 / 90 // ten in a quarter of an hour
	nameBurst    = 10

	strangersASecond = 1.0 / 72 // with the burst, a hundred in the first hour (OWASP ASVS 4.0, 2.2.1)
	strangerBurst    = 50
)

func (c *Config) defaults() {
	if c.MaxFile == 0 {
		c.MaxFile = 20 << 20
	}
	if c.MaxFiles == 0 {
		c.MaxFiles = 10
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Proxies == nil {
		c.Proxies = netaddr.Trust(nil, nil)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Look == 0 {
		c.Look = 2 * time.Second
	}
	if c.Ping == 0 {
		c.Ping = 20 * time.Second
	}
}

// Close ends the live connections, which http.Server.Shutdown would wait for: give it to
// RegisterOnShutdown.
func (d *Door) Close() { d.close() }

// Handler serves everything below /desk. What comes from another site's page is refused
// (http.CrossOriginProtection, Sec-Fetch-Site and Origin).
func (d *Door) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /desk/enter/{token}", d.offerEntry)
	mux.HandleFunc("POST /desk/enter/{token}", d.enter)
	mux.HandleFunc("GET /desk/enter", d.closed)
	mux.HandleFunc("POST /desk/enter/passkey/begin", d.askPasskey)
	mux.HandleFunc("POST /desk/enter/passkey", d.enterByPasskey)
	mux.HandleFunc("GET /desk/telegram", d.miniApp)
	mux.HandleFunc("POST /desk/enter/telegram", d.enterMiniApp)
	mux.HandleFunc("POST /desk/enter", d.signIn)
	mux.Handle("GET /desk/static/{hash}/{name}", d.pages.assets)
	mux.HandleFunc("GET /desk/icon.svg", d.pages.icon)
	mux.HandleFunc("GET /desk/cases/{number}/drafts", func(w http.ResponseWriter, r *http.Request) { // the address of a form that was refused
		http.Redirect(w, r, "/desk/cases/"+url.PathEscape(r.PathValue("number")), http.StatusSeeOther)
	})
	mux.Handle("GET /desk/bulk", http.RedirectHandler("/desk/cases", http.StatusSeeOther))
	for pattern, page := range map[string]page{
		"GET /desk":                                     d.home,
		"GET /desk/{$}":                                 d.today,
		"GET /desk/cases":                               d.ledger,
		"POST /desk/cases":                              d.find,
		"GET /desk/cases.csv":                           d.exportCSV,
		"GET /desk/cases.xlsx":                          d.exportXLSX,
		"GET /desk/cases/{number}":                      d.showCase,
		"GET /desk/cases/{number}/do/{move}":            d.askMove,
		"POST /desk/cases/{number}/do/{move}":           d.makeMove,
		"GET /desk/cases/{number}/write/{paper}":        d.writePaper,
		"GET /desk/cases/{number}/drafts/{draft}":       d.openDraft,
		"POST /desk/cases/{number}/drafts":              d.passDraft,
		"GET /desk/log":                                 d.accessLog,
		"GET /desk/cases/{number}/beside/{other}":       d.beside,
		"POST /desk/cases/{number}/files/{id}/original": d.original,
		"POST /desk/reason":                             d.giveReason,
		"POST /desk/typed":                              d.typed,
		"POST /desk/typed/drop":                         d.dropTyped,
		"GET /desk/cases/{number}/files/{id}":           d.file,
		"GET /desk/cases/{number}/documents/{ref}":      d.document,
		"POST /desk/bulk":                               d.bulk,
		"POST /desk/views":                              d.saveView,
		"GET /desk/views/{id}":                          d.openView,
		"POST /desk/views/{id}/drop":                    d.dropView,
		"GET /desk/batches":                             d.batches,
		"GET /desk/batches/{id}":                        d.batch,
		"POST /desk/batches/{id}/stop":                  d.stopBatch,
		"GET /desk/batches/{id}/refused.csv":            d.refusedCSV,
		"GET /desk/batches/{id}/result":                 d.batchResult,
		"POST /desk/import":                             d.takeTable,
		"GET /desk/import/{id}":                         d.previewImport,
		"POST /desk/import/{id}":                        d.startImport,
		"POST /desk/import/{id}/undo":                   d.undoImport,
		"POST /desk/export":                             d.startExport,
		"POST /desk/exchange":                           d.compareExchange,
		"POST /desk/exchange/export":                    d.startExchange,
		"POST /desk/exchange/{id}":                      d.takeInExchange,
		"GET /desk/new":                                 d.askLetter,
		"POST /desk/new":                                d.register,
		"GET /desk/reception":                           d.receptionDays,
		"POST /desk/reception":                          d.putReceptionDay,
		"GET /desk/reception/{id}":                      d.receptionSheet,
		"POST /desk/reception/{id}":                     d.changeReception,
		"POST /desk/reception/{id}/visit":               d.writeVisitor,
		"GET /desk/learn":                               d.learn,
		"GET /desk/learn/{course}":                      d.course,
		"POST /desk/learn/{course}":                     d.course,
		"GET /desk/outreach":                            d.outreach,
		"GET /desk/outreach.pdf":                        d.poster,
		"GET /desk/figures":                             d.figures,
		"GET /desk/figures/cases":                       d.namedCases,
		"GET /desk/reports":                             d.report,
		"POST /desk/reports":                            d.passReport,
		"GET /desk/reports.csv":                         d.reportCSV,
		"GET /desk/reports.xlsx":                        d.reportXLSX,
		"GET /desk/reports.pdf":                         d.reportPaper("pdf", "application/pdf"),
		"GET /desk/reports.docx":                        d.reportPaper("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
		"GET /desk/me":                                  d.me,
		"GET /desk/me/login":                            d.proved("/desk/me/login", d.loginPage),
		"POST /desk/me/login":                           d.proved("/desk/me/login", d.beginLogin),
		"POST /desk/me/login/confirm":                   d.confirmLogin,
		"POST /desk/me/login/remove":                    d.proved("/desk/me/login", d.removeLogin),
		"POST /desk/me/passkey/begin":                   d.proved("/desk/me/login", d.beginPasskey),
		"POST /desk/me/passkey":                         d.proved("/desk/me/login", d.addPasskey),
		"POST /desk/me/passkey/drop":                    d.proved("/desk/me", d.dropPasskey),
		"POST /desk/me/prove":                           d.provePassword,
		"POST /desk/me/passkey/prove/begin":             d.askOwnPasskey,
		"POST /desk/me/passkey/prove":                   d.provePasskey,
		"POST /desk/me/language":                        d.language,
		"POST /desk/me/leave":                           d.leave,
		"POST /desk/me/leave-all":                       d.leaveAll,
		"GET /desk/office":                              d.officeData,
		"POST /desk/office":                             d.changeOffice,
		"GET /desk/office/edit":                         d.editOffice,
		"POST /desk/office/edit":                        d.changeEntry,
		"POST /desk/office/undo":                        d.undoOffice,
		"GET /desk/office/keys":                         d.apiKeys,
		"POST /desk/office/keys":                        d.changeAPIKeys,
		"GET /desk/office/calendar":                     d.calendar,
		"POST /desk/office/calendar":                    d.changeCalendar,
		"GET /desk/office.yaml":                         d.officeYAML,
		"GET /desk/office/check":                        d.checkOffice,
		"GET /desk/office/people":                       d.people,
		"POST /desk/office/people":                      d.changePeople,
		"GET /desk/office/webhooks":                     d.webhooks,
		"POST /desk/office/webhooks":                    d.changeWebhooks,
		"GET /desk/me/told":                             d.places,
		"POST /desk/me/told":                            d.setPlaces,
		"POST /desk/untold/{id}":                        d.seeToUntold,
		"GET /desk/hard":                                d.hard,
		"GET /desk/hard/week.pdf":                       d.ledWeek("pdf", "application/pdf"),
		"GET /desk/hard/week.docx":                      d.ledWeek("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
		"GET /desk/live":                                d.live,
		"/desk/":                                        d.missing,
	} {
		mux.Handle(pattern, d.inside(page))
	}
	for pattern, page := range d.disputePages() {
		mux.Handle(pattern, d.inside(page))
	}
	return webpage.Headers(http.NewCrossOriginProtection().Handler(mux), d.Secure)
}
