package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"dengwen/assist/gate"
	"dengwen/bot/turn"
	"dengwen/handlers/api"
	"dengwen/handlers/telegram"
	"dengwen/handlers/web"
	"dengwen/internal/config"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/errgroup"
)

type serveCmd struct{}

// served is what serve runs beside the house: its doors.
type served struct {
	web      *web.Door
	telegram *telegram.Door // nil without a token
	metrics  net.Listener   // nil where the page's address has them
}

// Run serves until ctx ends, then finishes the turns in hand. It says that it is there
// when nothing in the settings can stop it any more.
func (serveCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	if _, err := api.ParseKeys(s.APIKeys); err != nil {
		return fmt.Errorf("DENGWEN_API_KEYS: %w", err)
	}
	log := newLog(s, std.err)
	thrifty()
	var d served
	listener, err := d.listen(ctx, s)
	if err != nil {
		return err
	}
	h, err := build(ctx, s, log, d.open)
	if err != nil {
		return errors.Join(err, listener.Close(), d.hush())
	}
	h.crier = h.newCrier()
	fmt.Fprintf(std.out, "登闻在这里 / Dengwen is at %s\n", s.Public())
	if h.office.Example {
		fmt.Fprintf(std.out, "%s 是示例，机构名称未核对 / example office, names not checked\n", h.office.Name)
	}
	return errors.Join(h.serve(ctx, &d, listener), h.close())
}

// thrifty lets garbage come to four fifths of what lives, not to as much again: a county's
// machine is small, and it costs a few percent of speed. GOGC, where it is set, holds.
func thrifty() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(80)
	}
}

// listen takes the address of the page and that of the metrics.
func (d *served) listen(ctx context.Context, s *config.Settings) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s (another address: DENGWEN_ADDR): %w", s.Addr, err)
	}
	s.Addr = listener.Addr().String()
	if s.MetricsAddr == "" {
		return listener, nil
	}
	if d.metrics, err = new(net.ListenConfig).Listen(ctx, "tcp", s.MetricsAddr); err != nil {
		return nil, errors.Join(fmt.Errorf("listen for /metrics on %s (another address: DENGWEN_METRICS_ADDR): %w", s.MetricsAddr, err), listener.Close())
	}
	return listener, nil
}

// hush lets go of the metrics' address.
func (d *served) hush() error {
	if d.metrics == nil {
		return nil
	}
	return d.metrics.Close()
}

func (d *served) open(h *house, take accept) (map[string]turn.Door, error) {
	var err error
	d.web, err = web.New(web.Config{
		Accept: take, Cases: h.cases, Who: h.who, Mail: h.conv, Box: h.box, Draw: h.draw,
		Name: h.office.Name, Example: h.office.Example, Greeting: h.greeting, Now: time.Now, Log: h.log,
		MaxFile: int64(h.office.Settings.MaxFileMB) << 20, MaxFiles: h.office.Settings.MaxFiles,
		Secure: strings.HasPrefix(h.set.PublicURL, "https://"),
	})
	if err != nil {
		return nil, err
	}
	all := map[string]turn.Door{"web": {Send: d.web, Channel: "web"}}
	if h.set.TelegramToken == "" {
		return all, nil
	}
	d.telegram, err = telegram.New(telegram.Config{
		Token: h.set.TelegramToken, APIURL: h.set.TelegramAPI,
		WebhookURL: h.set.WebhookURL, Secret: h.set.WebhookSecret, PerSecond: h.set.TelegramPerSec,
		Accept: take, Aside: h.aside, Draw: h.draw, Group: h.group, Copy: h.copyOf, Copied: h.copied, Commands: menus(h.words), Log: h.log, Now: time.Now,
	})
	if err != nil {
		return nil, err
	}
	d.name(h)
	all["tg"] = turn.Door{Send: d.telegram, Fetch: d.telegram, Channel: "telegram"}
	return all, nil
}

// name asks what the bot is called, for links and QR codes. Without an answer in two
// seconds they lead to the web page instead.
func (d *served) name(h *house) {
	if h.set.TelegramName != "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	name, err := d.telegram.Username(ctx)
	if err != nil {
		h.log.Warn("the bot's name is not known yet: links lead to the web page", "err", err)
		return
	}
	h.set.TelegramName = name
}

// serve runs the parts until ctx ends, then stops them: doors first, so that nothing
// new comes in, then the turns in hand, then the listener's last connections.
func (h *house) serve(ctx context.Context, d *served, l net.Listener) error {
	routes, err := h.routes(d)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	server := &http.Server{
		Handler: patient(routes, sendIn, readIn), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(h.log.Handler(), slog.LevelDebug),
	}
	server.RegisterOnShutdown(d.web.Close)
	g, run := errgroup.WithContext(ctx)
	go h.warm()
	g.Go(func() error { return ended(server.Serve(l)) })
	g.Go(func() error { return ended(h.runner.Run(run)) })
	g.Go(func() error { return ended(h.runner.Follow(run)) })
	g.Go(func() error { return h.sweep(run) })
	g.Go(func() error { return h.cry(run) })
	if d.telegram != nil {
		g.Go(func() error { return ended(d.telegram.Run(run)) })
	}
	if d.metrics != nil {
		g.Go(func() error { return ended(h.serveMetrics(run, d.metrics)) })
	}
	g.Go(func() error {
		<-run.Done()
		h.log.Info("stopping: finishing what is in hand")
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.set.StopWait)
		defer cancel()
		return errors.Join(server.Shutdown(last), h.runner.Stop(last))
	})
	return g.Wait()
}

// ended makes an orderly end no fault.
func ended(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (h *house) routes(d *served) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.Handle("/", d.web.Handler())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", h.readyz)
	if d.telegram != nil {
		mux.Handle(telegram.Path, d.telegram.Handler())
	}
	if h.store != nil {
		calls, err := h.caseAPI()
		if err != nil {
			return nil, err
		}
		mux.Handle("/v1/", calls)
	}
	if h.set.MetricsAddr == "" {
		mux.Handle("GET /metrics", h.metrics())
	}
	return mux, nil
}

func (h *house) caseAPI() (http.Handler, error) {
	keys, err := api.ParseKeys(h.set.APIKeys)
	if err != nil {
		return nil, fmt.Errorf("DENGWEN_API_KEYS: %w", err)
	}
	return api.New(api.Config{Cases: followed{h.cases, h.office.Unit, h.runner.Moved}, Office: h.office, Gate: gate.New(h.office).Check, Keys: keys, Board: h.board, Desk: h.store, Digest: h.digest, Log: h.log, Public: h.set.Public()}), nil
}

// readyz says which part is not ready, never why in detail: the log has that.
func (h *house) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := h.ready(ctx); err != nil {
		h.log.Warn("not ready", "err", err)
		part, _, _ := strings.Cut(err.Error(), ":")
		http.Error(w, part+" not ready", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

func (h *house) metrics() http.Handler {
	reg := prometheus.NewRegistry()
	if err := h.runner.Metrics().Register(reg); err != nil { // two of one name: never
		h.log.Error("register metrics", "err", err)
	}
	if err := h.broadcastMetrics(reg); err != nil {
		h.log.Error("register metrics", "err", err)
	}
	return promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
}

func (h *house) serveMetrics(ctx context.Context, l net.Listener) error {
	server := &http.Server{Handler: patient(h.metrics(), sendIn, readIn), ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	return server.Serve(l)
}
