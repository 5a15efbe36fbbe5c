// Package api is the case service over HTTP, and its client. It is versioned under
// /v1, describes itself as OpenAPI 3.1 (/v1/openapi.json, /v1/openapi.yaml) on a page
// that needs nothing from elsewhere (/v1/docs), and answers errors as problem
// documents (RFC 9457) that carry the code, key and args of a petition.Error.
//
// Who calls is proved by an API key, on whose behalf is said in Actor- headers; what
// the key's scopes do not allow is refused before the service hears of it.
package api

import (
	"log/slog"
	"net/http"
	"time"

	"dengwen/internal/netaddr"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/mediation"
	"dengwen/petition/reception"
	"dengwen/petition/telling"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"golang.org/x/time/rate"
)

// Config is what the API works with. Zero limits take the defaults.
type Config struct {
	Cases      petition.Cases
	Office     *petition.Office
	ReplyCheck petition.ReplyCheck // nil = replies are not checked
	Keys       func() Keys         // as they stand, asked at each request; nil = none
	Roster     RosterStore         // nil = no office is run from elsewhere
	Record     Record              // nil = no proofs here
	Digest     Digests             // likewise
	Bulletins  *bulletin.Service   // nil = no service notices here
	Receptions *reception.Service  // nil = no reception days here
	Disputes   *mediation.Service  // nil = no disputes here
	Systems    *telling.Systems    // nil = no webhooks here
	Untold     *telling.Desk       // nil = nobody notes here what nobody could be told
	Log        *slog.Logger        // nil = no log
	Public     string              // address callers see, for the servers entry of the description
	Proxies    *netaddr.Proxies    // whose X-Forwarded-For is believed (this machine)

	PerKey     rate.Limit    // requests a second of one key (1,000)
	PerCaller  rate.Limit    // of one key from one address (500)
	PerAddress rate.Limit    // of one address without a key (5)
	WrongKeys  rate.Limit    // with a key that is none, of one address (1)
	Timeout    time.Duration // of a request that moves no file (30 s)
	FileTime   time.Duration // of one that does (5 min)
}

func (c Config) filled() Config {
	if c.Keys == nil {
		c.Keys = Keys(nil).Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Proxies == nil {
		c.Proxies = netaddr.Trust(nil, nil)
	}
	if c.PerKey == 0 {
		c.PerKey = 1000
	}
	if c.PerCaller == 0 {
		c.PerCaller = 500
	}
	if c.PerAddress == 0 {
		c.PerAddress = 5
	}
	if c.WrongKeys == 0 {
		c.WrongKeys = 1
	}
	if c.Timeout == 0 {
		c.Timeout = 30 * time.Second
	}
	if c.FileTime == 0 {
		c.FileTime = 5 * time.Minute
	}
	return c
}

// version is of the description; the path says which generation of calls it is.
const version = "1.0.0"

// server holds what every operation needs.
type server struct {
	Config
	api huma.API
	mux *http.ServeMux
}

// New answers the handler of everything below /v1/.
func New(c Config) http.Handler {
	useProblems()
	c = c.filled()
	s := &server{Config: c, mux: http.NewServeMux()}
	s.api = humago.New(s.mux, settings(c.Public))
	s.caseOperations()
	s.accessOperations()
	s.weekOperations()
	s.recordOperations()
	s.fileOperations()
	s.documentOperations()
	s.otherOperations()
	s.broadcastOperations()
	s.webhookOperations()
	s.untoldOperations()
	s.receptionOperations()
	s.disputeOperations()
	s.rosterOperations()
	s.documentSchemas()
	s.docs()
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, petition.Fail(petition.NotFound, "api.no_such_call"))
	})
	return s.withLog(s.authenticated(s.withDeadlines(s.mux)))
}

// settings turn off what huma would load from elsewhere or add to bodies.
func settings(public string) huma.Config {
	c := huma.DefaultConfig("Dengwen case API", version)
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "/v1/openapi", "", "", nil
	c.Info.Description = about
	c.Info.License = &huma.License{Name: "Apache 2.0", Identifier: "Apache-2.0"}
	if public == "" {
		public = "http://127.0.0.1:8080"
	}
	c.Servers = []*huma.Server{{URL: public}}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "An API key made with `dengwen api-key`."},
	}
	c.Tags = []*huma.Tag{
		{Name: "cases", Description: "Lodge, look up, list and move petitions."},
		{Name: "files", Description: "Attachments, streamed both ways."},
		{Name: "feed", Description: "What happened, in order, for those who tell people."},
		{Name: "office", Description: "What an office offers; no key needed."},
		{Name: "desk", Description: "What a bot process of the same office needs to let officers work in chat."},
		{Name: "broadcasts", Description: "Service notices to those who agreed to get them."},
		{Name: "webhooks", Description: "Other systems that are told that a case moved."},
		{Name: "reception", Description: "Leaders' reception days and appointments."},
		{Name: "disputes", Description: "Disputes that are settled before anybody petitions."},
		{Name: "privacy", Description: "What a person may have erased."},
	}
	return c
}

const about = `Petitions of one office, their lawful life and their timeline.

**Keys and scopes.** Send ` + "`Authorization: Bearer <key>`" + `. A key has scopes: *citizens* acts for people in a chat
(header Actor-Owner), *staff* for officers of the roster (Actor-Staff, Actor-Unit, Actor-Roles; anybody else is 403 *api.staff*), *sealed* adds the role of officers named
for reports on misconduct, *broadcast* sends service notices, *open311* lodges through the Open311 interface alone, *desk* is for a bot of the office's own that lets officers work in chat (its key has citizens, staff and sealed too), *admin* everything. With *own-officers* the officers are people of the calling program, whom the roster does not know: they are
written down as name of the key, slash, id (an id may be sent either way; cases name them so), and issue and sign no papers. A key bound to a unit acts for officers of that unit
and for nobody else: it needs Actor-Roles, takes no Actor-Owner, no query code and not the role admin, and what is for the whole office is not for it.

**Once.** Filing and moving need an Idempotency-Key. It belongs to the API key, and to the citizen or officer it is sent for:
the same again with the same content is done once and answers the same; with other content it is 409 (*file.key_reused*,
*move.key_reused*, *broadcast.key_reused*). Somebody else's same key means nothing. Keep the name of an API key when you replace it.

**Files** count in a petition or a move for whoever stored them: naming another's is 422 (*file.not_found*). An officer may
name again what they see in the case.

**Errors** are problem documents (RFC 9457). *code* is one of invalid, not_found, conflict, forbidden, limited, unavailable,
internal; *key* and *args* name the sentence for the person; *where* names the fields at fault, *unknown* and *missing* those that
no request has and those that are not there. The same request may succeed later after limited, unavailable
and internal. What was sent is never repeated in an error.

**Dates** without a time are civil dates of the office (2006-01-02). Header values with other than visible ASCII characters
are percent-encoded.`
