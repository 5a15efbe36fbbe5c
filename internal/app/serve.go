package app

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"dengwen/bot/officer"
	"dengwen/bot/turn"
	"dengwen/handlers/api"
	"dengwen/handlers/desk"
	"dengwen/handlers/open311"
	"dengwen/handlers/telegram"
	"dengwen/handlers/web"
	"dengwen/handlers/wechat"
	"dengwen/internal/config"
	"dengwen/internal/netaddr"
	"dengwen/internal/scrub"
	"dengwen/internal/webpage"
	"dengwen/petition"
	"dengwen/petition/reception"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/errgroup"
)

// doorSet is the doors and listeners that serve runs.
type doorSet struct {
	web      *web.Door
	telegram *telegram.Door // nil without a token
	wechat   *wechat.Door   // nil without an app id
	desk     *desk.Door     // nil with a case API elsewhere
	open311  *open311.Door  // nil without a jurisdiction
	proxies  *netaddr.Proxies
	metrics  net.Listener // nil where the page's address has them
}

// Serve runs the web page, the case API and, where configured, Telegram until ctx ends,
// then finishes the turns under way for Settings.StopWait at most. It prints its address to
// out once the settings are known to be good.
func Serve(ctx context.Context, s *config.Settings, log *slog.Logger, out io.Writer) error {
	setGCPercent()
	var d doorSet
	listener, err := d.listen(ctx, s)
	if err != nil {
		return err
	}
	a, err := Build(ctx, s, log, d.open)
	if err != nil {
		return errors.Join(err, listener.Close(), d.closeMetrics())
	}
	lang := a.Locales.Environ(os.Getenv)
	fmt.Fprintln(out, a.Locales.Say(lang, "cli.here", "Address", s.Public()))
	if a.Office.Example {
		fmt.Fprintln(out, a.Locales.Say(lang, "cli.example", "Office", a.Office.Name))
	}
	return errors.Join(a.serve(ctx, &d, listener), a.Close())
}

// setGCPercent sets GOGC to 80 where the environment sets none: a county's machine is small,
// and the memory saved costs a few percent of speed.
func setGCPercent() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(80)
	}
}

// releaseAfterIndexing gives back to the system what reading every case at start has left: over a hundred
// megabytes beside 100,000 cases, which the runtime would keep for minutes.
func (a *App) releaseAfterIndexing(ctx context.Context) {
	if a.Store != nil && a.Store.WaitIndexed(ctx) == nil {
		debug.FreeOSMemory()
	}
}

// listen opens the listener of the page, which it returns, and that of the metrics. It
// writes the address it got into s.Addr, for port 0.
func (d *doorSet) listen(ctx context.Context, s *config.Settings) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Addr)
	if err != nil {
		return nil, fault("cli.listen", err, "address", s.Addr, "setting", "DENGWEN_ADDR")
	}
	s.Addr = listener.Addr().String()
	if s.MetricsAddr == "" {
		return listener, nil
	}
	if d.metrics, err = new(net.ListenConfig).Listen(ctx, "tcp", s.MetricsAddr); err != nil {
		return nil, errors.Join(fault("cli.listen", err, "address", s.MetricsAddr, "setting", "DENGWEN_METRICS_ADDR"), listener.Close())
	}
	return listener, nil
}

// closeMetrics closes the metrics' listener.
func (d *doorSet) closeMetrics() error {
	if d.metrics == nil {
		return nil
	}
	return d.metrics.Close()
}

// open makes the doors as far as they send.
func (d *doorSet) open(a *App) (map[string]turn.Door, error) {
	proxies, err := a.proxies()
	if err != nil {
		return nil, err
	}
	d.proxies = proxies
	c := web.Config{
		Proxies: proxies,
		Cases:   a.Cases, Who: a.ActorOf, Mail: a.conv, Box: a.Box, Draw: a.draw, Locales: a.Locales,
		Sessions: a.sessions(), Staff: a.staffOf, Joins: officer.Joins,
		Name: a.Office.Name, Example: a.Office.Example, Greeting: a.greeting, Now: time.Now, Log: a.log,
		MaxFile: int64(a.Office.Settings.MaxFileMB) << 20, MaxFiles: a.Office.Settings.MaxFiles, Endings: scrub.Endings(),
		Secure: strings.HasPrefix(a.Settings.PublicURL, "https://"),
	}
	c.Receptions = a.usedReceptions()
	if a.service != nil {
		c.Office, c.Statistics = a.Office, a.statistics
	}
	if a.citizens != nil {
		c.Citizens, c.Ways = a.citizens, a.outlets.ways()
	}
	if a.verifyPage() != "" {
		c.Prove, c.Above = a.Store.Prove, aboveOf(a.Office)
	}
	if d.web, err = web.New(c); err != nil {
		return nil, err
	}
	if d.desk, err = a.openDesk(proxies); err != nil {
		return nil, err
	}
	if d.open311, err = a.openOpen311(proxies); err != nil {
		return nil, err
	}
	all := map[string]turn.Door{"web": {Send: d.web, Channel: "web"}}
	if d.wechat, err = a.openWeChat(d.web); err != nil {
		return nil, err
	}
	if d.wechat != nil {
		all["wx"] = turn.Door{Send: d.wechat, Fetch: d.wechat, Channel: "wechat", Shows: wechat.Shows}
	}
	if a.Settings.TelegramToken == "" {
		return all, nil
	}
	d.telegram, err = telegram.New(telegram.Config{
		Token: a.Settings.TelegramToken, APIURL: a.Settings.TelegramAPI,
		WebhookURL: a.Settings.WebhookURL, Secret: a.Settings.WebhookSecret, PerSecond: a.Settings.TelegramPerSec,
		Username: a.Settings.TelegramName, LocalDir: a.Settings.TelegramLocal, TestEnvironment: a.Settings.TelegramTest,
		Draw: a.draw, Group: a.group, Copy: a.copyOf, Copied: a.copied, Commands: menus(a.Locales), Locales: a.Locales, Log: a.log, Now: time.Now,
	})
	if err != nil {
		return nil, err
	}
	d.lookUpName(a.log)
	a.telegram = d.telegram
	all["tg"] = turn.Door{Send: d.telegram, Fetch: d.telegram, Channel: "telegram", Shows: d.telegram.Shows}
	return all, nil
}

// usedReceptions are the reception days where the office offers them, else nil.
func (a *App) usedReceptions() *reception.Service {
	if !a.Office.Reception.Used() {
		return nil
	}
	return a.receptions
}

// verifyPage is where the page /verify stands: where the record is, not with a case API elsewhere.
func (a *App) verifyPage() string {
	if a.service == nil {
		return ""
	}
	return a.Settings.Public() + "/verify"
}

// aboveOf is whom to tell when the office's own record does not hold: the body above it.
func aboveOf(o *petition.Office) func(lang string) string {
	u, _ := o.Find(o.Unit)
	above, _ := o.Find(u.Above)
	return func(lang string) string { return strings.TrimSpace(above.NameIn(lang) + " " + above.Phone) }
}

// untrustedProxyMark is where dengwen check finds a proxy that is not trusted.
const untrustedProxyMark = "untrusted-proxy"

// proxies are the proxies of the settings. One that is not among them is told in the log, and noted for check.
func (a *App) proxies() (*netaddr.Proxies, error) {
	more, err := netaddr.Parse(a.Settings.Proxies)
	if err != nil {
		return nil, fmt.Errorf("DENGWEN_TRUSTED_PROXIES: %w", err)
	}
	return netaddr.Trust(more, func(ctx context.Context, neighbour string) {
		a.log.Warn("X-Forwarded-For comes from a proxy that is not trusted: all who come through it count as one address; name its network in DENGWEN_TRUSTED_PROXIES", "proxy", neighbour)
		if err := a.conv.SetMark(ctx, untrustedProxyMark, neighbour); err != nil {
			a.log.Warn("note the proxy for check", "err", err)
		}
	}), nil
}

// UntrustedProxy is a proxy that sent X-Forwarded-For and is not trusted by the settings, "" where
// none was seen.
func UntrustedProxy(ctx context.Context, s *config.Settings) (string, error) {
	if _, err := os.Stat(filepath.Join(s.DataDir, "conversations.db")); s.RedisURL == "" && err != nil {
		return "", nil // never ran here
	}
	a := &App{Settings: s, log: slog.New(slog.DiscardHandler)}
	if err := a.openConversations(ctx); err != nil {
		return "", err
	}
	seen, err := a.conv.Mark(ctx, untrustedProxyMark)
	err = errors.Join(err, a.Close())
	if err != nil || seen == "" {
		return "", err
	}
	trusted, err := netaddr.Parse(s.Proxies)
	if err != nil {
		return "", err
	}
	at, err := netip.ParseAddr(seen)
	if err != nil || slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(at) }) {
		return "", err
	}
	return seen, nil
}

// lookUpName asks Telegram for the bot's user name, for links and QR codes. Without an
// answer in 2 s they lead to the web page, until the door has been told.
func (d *doorSet) lookUpName(log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if _, err := d.telegram.Username(ctx); err != nil {
		log.Warn("the bot's name is not known yet: links lead to the web page", "err", err)
	}
}

// serve runs the parts until ctx ends, then stops them: doors first, so that nothing
// new comes in, then the turns under way, then the listener's last connections. When the office's file
// changes, parts made anew take their place; the listeners stay.
func (a *App) serve(ctx context.Context, d *doorSet, l net.Listener) error {
	front := newFront(a.log)
	front.use(a.routes(d), a.guardedMetrics())
	g, run := errgroup.WithContext(ctx)
	g.Go(func() error { return ended(front.pages.Serve(l)) })
	if d.metrics != nil {
		g.Go(func() error { return ended(front.metrics.Serve(d.metrics)) })
	}
	g.Go(func() error { return a.apiKeys.follow(run, a.log) })
	g.Go(func() error {
		defer front.close()
		return a.generations(run, d, front)
	})
	return g.Wait()
}

// generations runs the parts, and those that take their place one after another, until ctx ends.
func (a *App) generations(ctx context.Context, d *doorSet, front *front) error {
	for {
		now, stop := context.WithCancel(ctx)
		over := make(chan error, 1)
		go func() { over <- a.run(now, d, func(last context.Context) error { return front.quit(ctx, last) }) }()
		next, doors, text := a.awaitOffice(now, d)
		if next != nil {
			front.use(next.routes(doors), next.guardedMetrics()) // before the doors end their live connections: pages come back at once
			a.file.note(text, nil)
		}
		stop()
		if err := <-over; err != nil || next == nil {
			return err
		}
		a, d = next, doors
	}
}

// run runs the parts until ctx ends, then stops them; quit ends what is asked over the network, where the
// program ends.
func (a *App) run(ctx context.Context, d *doorSet, quit func(last context.Context) error) error {
	g, run := errgroup.WithContext(ctx)
	go a.warmUp()
	go a.releaseAfterIndexing(run)
	g.Go(func() error { return ended(a.Runner.Run(run)) })
	g.Go(func() error { return ended(a.Runner.Follow(run)) })
	g.Go(func() error { return a.schedule(run) })
	g.Go(func() error { return a.announceKeys(run) })
	g.Go(func() error { return a.runBroadcasts(run) })
	g.Go(func() error { return a.runWebhooks(run) })
	if d.desk != nil {
		g.Go(func() error { return ended(d.desk.Follow(run)) })
	}
	if d.telegram != nil {
		g.Go(func() error { return ended(d.telegram.Run(run, a.Runner)) })
	}
	if d.wechat != nil {
		g.Go(func() error { return d.wechat.Run(run) })
	}
	g.Go(func() error {
		<-run.Done()
		a.log.Info("stopping: finishing what is in hand")
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.Settings.StopWait)
		defer cancel()
		d.web.Close()
		if d.desk != nil {
			d.desk.Close()
		}
		return errors.Join(quit(last), a.Runner.Stop(last))
	})
	return g.Wait()
}

// ended is err, or nil where it is the error of an orderly end.
func ended(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (a *App) routes(d *doorSet) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", d.web.Handler(a.Runner))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", a.readyz)
	if d.telegram != nil {
		mux.Handle(telegram.Path, d.telegram.Handler(a.Runner))
	}
	if d.wechat != nil {
		mux.Handle(wechat.Path, d.wechat.Handler(a.Runner))
	}
	if d.desk != nil {
		mux.Handle("/desk", d.desk.Handler())
		mux.Handle("/desk/", d.desk.Handler())
	}
	if a.Store != nil {
		mux.Handle("/v1/", a.caseAPI(d.proxies))
	}
	if d.open311 != nil {
		mux.Handle(open311.Path, d.open311.Handler())
	}
	if a.Settings.MetricsAddr == "" {
		mux.Handle("GET /metrics", thisMachine(a.Settings.MetricsToken, a.metrics()))
	}
	return unsniffed(mux, strings.HasPrefix(a.Settings.PublicURL, "https://"))
}

// unsniffed has browsers take an answer for what it says it is, and keep none, where the handler
// says nothing else; where the program is reached by https, they keep to it.
func unsniffed(next http.Handler, secure bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		if secure {
			w.Header().Set("Strict-Transport-Security", webpage.KeepToHTTPS)
		}
		next.ServeHTTP(w, r)
	})
}

func (a *App) caseAPI(proxies *netaddr.Proxies) http.Handler {
	return api.New(api.Config{Cases: cardSyncing{a.Cases, a.Office.Unit, a.Runner.Moved}, Office: a.Office, ReplyCheck: a.replyCheck(), Keys: a.apiKeys.Now, Bulletins: a.Bulletins, Systems: a.Systems(), Untold: a.Untold(), Receptions: a.usedReceptions(), Disputes: a.disputes, Roster: a.Store, Record: a.Store, Digest: a.digest, Log: a.log, Public: a.Settings.Public(), Proxies: proxies})
}

// readyz answers 503 with the part that is not ready, and of Telegram with why; of all others why is
// in the log only, since anybody may ask.
func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := a.ready(ctx); err != nil {
		a.log.Warn("not ready", "err", err)
		part, why, _ := strings.Cut(err.Error(), ":")
		part += " not ready"
		if errors.Is(err, telegram.ErrCondition) {
			part += ":" + why
		}
		http.Error(w, part, http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

func (a *App) metrics() http.Handler {
	reg := prometheus.NewRegistry()
	if err := a.Runner.Metrics().Register(reg); err != nil { // two of one name: never
		a.log.Error("register metrics", "err", err)
	}
	if err := a.broadcastMetrics(reg); err != nil {
		a.log.Error("register metrics", "err", err)
	}
	reg.MustRegister(a.deliveryMetrics()...)
	reg.MustRegister(a.tellingMetrics()...)
	return promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
}

// thisMachine answers requests that this machine makes itself, and those that bear the token, where
// there is one; to all others, and to what a proxy here passes on without it, there is nothing.
func thisMachine(token string, next http.Handler) http.Handler {
	want := sha256.Sum256([]byte("Bearer " + token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := sha256.Sum256([]byte(r.Header.Get("Authorization")))
		if token != "" && subtle.ConstantTimeCompare(got[:], want[:]) == 1 || fromHere(r) {
			next.ServeHTTP(w, r)
			return
		}
		http.NotFound(w, r)
	})
}

// fromHere reports whether this machine asks, and no proxy on it for somebody else.
func fromHere(r *http.Request) bool {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && at.Addr().Unmap().IsLoopback() && len(r.Header.Values("X-Forwarded-For"))+len(r.Header.Values("Forwarded")) == 0
}

// guardedMetrics are the metrics at their own address, for who bears the token where there is one.
func (a *App) guardedMetrics() http.Handler {
	if a.Settings.MetricsToken == "" {
		return a.metrics()
	}
	return thisMachine(a.Settings.MetricsToken, a.metrics())
}
