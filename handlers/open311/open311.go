// Package open311 is the Open311 GeoReport v2 interface (wiki.open311.org/GeoReport_v2) to petitions
// that may be public: what can be reported, lodging by programs that have a key, and what became of
// petitions whose petitioner agreed to publication, in XML and JSON. It adds what FixMyStreet reads
// besides: servicerequestupdates, page and page_size.
//
// Reports on misconduct are none of it: they are refused with the way they take instead.
package open311

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"dengwen/internal/netaddr"
	"dengwen/internal/ratelimit"
	"dengwen/locales"
	"dengwen/petition"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

// Path is below which the interface stands.
const Path = "/open311/v2/"

// Config is what the interface works with. Zero limits take the defaults.
type Config struct {
	Jurisdiction string // jurisdiction_id that callers may name
	Public       string // address callers see, without a slash at the end
	Office       *petition.Office
	Locales      *locales.Catalog
	File         func(ctx context.Context, a petition.Actor, f petition.Filing) (petition.Ticket, error)
	Published    func(ctx context.Context, q petition.PublishedQuery) ([]petition.Published, error)
	Find         func(ctx context.Context, number string) (petition.Published, error)
	Misconduct   func(ctx context.Context, text string) (may, is bool, err error) // whether a text may be, and whether it surely is, a report on misconduct
	Key          func(key string) (name string, ok bool)                          // whose key it is, of those that may lodge
	Now          func() time.Time
	Log          *slog.Logger
	Proxies      *netaddr.Proxies

	Reads rate.Limit // requests a second of one address (5)
	Posts rate.Limit // petitions a second of one key (1)
}

// How many requests come at once before a limit holds: a program reads the definition of every service
// in one go.
const (
	readBurst = 120
	postBurst = 20
)

// wrongKeys is how many wrong keys a second one address tries.
const wrongKeys = 1

// maxAddresses is how many are remembered.
const maxAddresses = 10_000

// readsAtOnce is how many lists are read at the same time: whoever comes meanwhile waits.
const readsAtOnce = 2

// Door serves the interface.
type Door struct {
	Config
	services []service
	reads    *ratelimit.ByName
	guesses  *ratelimit.ByName
	posts    *ratelimit.ByName
	lists    *semaphore.Weighted
}

// New makes the door.
func New(c Config) (*Door, error) {
	if c.Jurisdiction == "" || c.Office == nil || c.Locales == nil || c.File == nil || c.Published == nil || c.Find == nil || c.Misconduct == nil || c.Key == nil || c.Now == nil || c.Log == nil || c.Proxies == nil {
		return nil, errors.New("open311: Jurisdiction, Office, Locales, File, Published, Find, Misconduct, Key, Now, Log and Proxies are needed")
	}
	if c.Reads == 0 {
		c.Reads = 5
	}
	if c.Posts == 0 {
		c.Posts = 1
	}
	return &Door{
		Config: c, services: servicesOf(c.Office), lists: semaphore.NewWeighted(readsAtOnce),
		reads: ratelimit.New(c.Reads, readBurst, maxAddresses), guesses: ratelimit.New(wrongKeys, postBurst, maxAddresses), posts: ratelimit.New(c.Posts, postBurst, maxAddresses),
	}, nil
}

// request is one call being answered.
type request struct {
	*http.Request
	lang string
	rest string // of the path, without the format
}

// operation answers a call with a status and what is written in the format that was asked for.
type operation func(q *request) (answer, error)

// Handler serves everything below Path.
func (d *Door) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, do := range map[string]operation{
		"GET " + Path + "{name}":         d.get,
		"POST " + Path + "{name}":        d.post,
		"GET " + Path + "services/{one}": d.definition,
		"GET " + Path + "requests/{one}": d.one,
		"GET " + Path + "tokens/{one}":   d.token,
	} {
		mux.HandleFunc(pattern, d.answered(do))
	}
	mux.HandleFunc(Path, d.answered(func(*request) (answer, error) { return answer{}, errNoCall }))
	return mux
}

// timeLimit is how long a call takes at most.
const timeLimit = 30 * time.Second

func (d *Door) answered(do operation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), timeLimit)
		defer cancel()
		began := time.Now()
		q := &request{Request: r.WithContext(ctx), lang: d.Locales.Accept(r.Header.Get("Accept-Language"))}
		form := d.read(q)
		a, err := answer{}, d.allowed(q)
		if form == "" {
			form, err = formatXML, errNoCall
		}
		if err == nil {
			a, err = do(q)
		}
		status := http.StatusOK
		if err != nil {
			status, a = d.failure(q, err)
		}
		d.write(w, status, form, a)
		d.Log.Info("open311", "call", r.Pattern, "status", status, "ms", time.Since(began).Milliseconds())
	}
}

// read takes the format off the last part of the path; "" for none that is known.
func (d *Door) read(q *request) (form string) {
	last := q.PathValue("one")
	if last == "" {
		last = q.PathValue("name")
	}
	i := strings.LastIndexByte(last, '.')
	if i < 0 || last[i+1:] != formatXML && last[i+1:] != formatJSON {
		return ""
	}
	q.rest = last[:i]
	return last[i+1:]
}

// allowed counts a call against its address and looks at the jurisdiction it names.
func (d *Door) allowed(q *request) error {
	if !d.reads.Allow(d.Proxies.Of(q.Request), d.Now(), 1) {
		return errBusy
	}
	if id := q.URL.Query().Get("jurisdiction_id"); id != "" && id != d.Jurisdiction {
		return errJurisdiction
	}
	return nil
}

func (d *Door) get(q *request) (answer, error) {
	switch q.rest {
	case "discovery":
		return d.discovery(q)
	case "services":
		return d.list(q)
	case "requests":
		return d.requests(q)
	case "servicerequestupdates":
		return d.updates(q)
	}
	return answer{}, errNoCall
}

func (d *Door) post(q *request) (answer, error) {
	if q.rest == "requests" {
		return d.lodge(q)
	}
	return answer{}, errNoCall
}

func (d *Door) say(q *request, key string, args ...any) string {
	return d.Locales.Say(q.lang, key, args...)
}
