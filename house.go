package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"dengwen/assist"
	"dengwen/assist/gate"
	"dengwen/bot"
	"dengwen/bot/clerk"
	"dengwen/bot/crier"
	"dengwen/bot/turn"
	"dengwen/handlers/api"
	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/internal/receipt"
	"dengwen/locales"
	"dengwen/paper"
	"dengwen/petition"
	"dengwen/storage/blob"
	"dengwen/storage/cases"
	"dengwen/storage/redis"
	"dengwen/storage/seal"
	"dengwen/storage/sqlite"

	"github.com/google/uuid"
)

// conversations is the store of conversations as the house uses it.
type conversations interface {
	turn.Store
	turn.Mailbox
	Ping(ctx context.Context) error
	Close() error
}

// house is the program's parts. close lets go of them, the last made first.
type house struct {
	set     *config.Settings
	log     *slog.Logger
	office  *petition.Office
	box     *seal.Box
	words   *locales.Catalog
	bot     *bot.Bot
	conv    conversations
	store   *cases.Store   // nil with a case API elsewhere
	desk    *petition.Desk // nil where a case API elsewhere does not let us see it
	board   *petition.Board
	crier   *crier.Crier // set while serving
	cases   petition.Cases
	service *petition.Service // what cases is in process; nil with a case API elsewhere
	law     *petition.Law
	digest  api.Digests // what units read in the morning
	runner  *turn.Runner
	draw    func(to io.Writer, r bot.Receipt) error
	warm    func() // reads a message for practice
	undo    []func() error
}

// doors makes the doors; it gets the house all but finished, and accept, which works
// once the house stands.
type doors func(h *house, accept accept) (map[string]turn.Door, error)

type accept func(ctx context.Context, conv string, e bot.Event) error

// build makes the parts. On an error what was made is let go of.
func build(ctx context.Context, s *config.Settings, log *slog.Logger, d doors) (h *house, err error) {
	h = &house{set: s, log: log, draw: receipt.New().PNG}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	if h.office, err = loadOffice(s.Office); err != nil {
		return h, err
	}
	if h.box, err = openKey(s, log); err != nil {
		return h, err
	}
	if h.words, err = locales.New(); err != nil {
		return h, fmt.Errorf("read the sentences: %w", err)
	}
	if err = h.openConversations(ctx); err != nil {
		return h, err
	}
	if err = h.openCases(ctx); err != nil {
		return h, err
	}
	return h, h.makeRunner(d)
}

func (h *house) openConversations(ctx context.Context) (err error) {
	if h.set.RedisURL != "" {
		h.conv, err = redis.Open(ctx, h.set.RedisURL, redis.Log(h.log))
	} else if err = os.MkdirAll(h.set.DataDir, 0o700); err == nil {
		h.conv, err = sqlite.Open(ctx, filepath.Join(h.set.DataDir, "conversations.db"))
	}
	if err != nil {
		return fmt.Errorf("open conversations: %w", err)
	}
	h.undo = append(h.undo, h.conv.Close)
	return nil
}

func (h *house) openCases(ctx context.Context) error {
	if h.set.CaseAPI != "" {
		return h.openRemote(ctx)
	}
	var err error
	if h.store, err = cases.Open(ctx, h.set.Database(), h.set.DataDir, h.box); err != nil {
		return fmt.Errorf("open cases: %w", err)
	}
	h.undo = append(h.undo, h.store.Close)
	blobs, err := blob.Open(ctx, h.set.BlobURL, h.set.DataDir, h.box)
	if err != nil {
		return fmt.Errorf("open attachments: %w", err)
	}
	cal, err := petition.LoadCalendar(h.set.DataDir)
	if err != nil {
		return err
	}
	press, err := paper.New(h.set.Templates)
	if err != nil {
		return err
	}
	h.service = petition.NewService(h.store, h.office, cal, h.box.Hash, time.Now, newID, blobs).WithPrint(press.Print).WithFilings(h.set.FilingsPerDay)
	h.law, h.digest = h.service.Law(), h.service.Digest
	h.cases = waking{h.service, func() { h.runner.Wake() }}
	h.desk = petition.NewDesk(h.store, h.cases, h.office, time.Now, newID)
	h.board = petition.NewBoard(h.store, h.office, time.Now, newID)
	return nil
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func (h *house) makeRunner(d doors) error {
	// The doors need Accept and the runner needs the doors.
	var run *turn.Runner
	all, err := d(h, func(ctx context.Context, conv string, e bot.Event) error { return run.Accept(ctx, conv, e) })
	if err != nil {
		return err
	}
	book, err := newBook(h.office)
	if err != nil {
		return err
	}
	wits, err := h.wits(book)
	if err != nil {
		return err
	}
	h.bot = bot.New(h.office, h.words, bot.Settings{
		Telegram: h.set.TelegramToken != "", BotName: h.set.TelegramName,
		PublicURL: h.set.Public(), Model: h.modelName(), Hears: wits.hear != nil, Quiz: assist.Quiz(book),
	})
	office := clerk.New(h.office, h.words, h.invitation).WithGate(gate.New(h.office).Check)
	run, err = turn.New(turn.Parts{
		Store: h.conv, Box: h.box, Step: bothSides(h.bot, office), Desk: h.desk, Board: h.board, Cases: h.own(), Reader: wits.reader,
		Answer: wits.answer, Hear: wits.hear, Related: h.related(), Quiet: h.quiet, Elsewhere: h.elsewhere(), Doors: all, Now: time.Now, Log: h.log,
	}, turn.Options{})
	h.runner = run
	return err
}

// own is the case service as the conversations use it: they look at the feed themselves
// when they have changed something.
func (h *house) own() petition.Cases {
	if h.service != nil {
		return h.service
	}
	return h.cases
}

// aside keeps an update nobody could decode, for somebody to look at.
func (h *house) aside(ctx context.Context, id string, raw []byte) error {
	return h.runner.Keep(ctx, "tg", id, raw)
}

// greeting is what the conversation opens with, but for what the page says itself:
// where emergencies go, and that the office is an example.
func (h *house) greeting(lang string) string { return bot.Welcome(h.words, h.office, lang) }

// bothSides is the conversation of an office: the citizen's side, and the officer's
// for what belongs to it.
func bothSides(citizen *bot.Bot, officer *clerk.Clerk) turn.Step {
	return func(s bot.Session, e bot.Event, now time.Time) (bot.Session, []bot.Effect) {
		if officer.Takes(s, e) {
			return officer.Step(s, e, now)
		}
		return citizen.Step(s, e, now)
	}
}

// invitation is how an invitation is used: a Telegram link where there is a bot, the
// words to send to it elsewhere.
func (h *house) invitation(token string, group bool) string {
	if h.set.TelegramName == "" {
		return map[bool]string{true: "/bind ", false: "/join "}[group] + token
	}
	key := map[bool]string{true: "startgroup", false: "start"}[group]
	return "https://t.me/" + h.set.TelegramName + "?" + key + "=join_" + token
}

// quiet reports whether the office is to be left alone now.
func (h *house) quiet(now time.Time) bool { return h.law != nil && h.law.Quiet(now) }

// group reports whether a group chat is tied to a unit.
func (h *house) group(ctx context.Context, conv string) bool {
	if h.desk == nil {
		return false
	}
	_, ok := h.desk.Group(ctx, conv)
	return ok
}

// who is who a conversation is to the case service: an officer, or the citizen.
func (h *house) who(ctx context.Context, conv string) petition.Actor {
	a := petition.Actor{Owner: conv, Asker: conv}
	if h.desk == nil {
		return a
	}
	if p, ok := h.desk.Who(ctx, conv); ok {
		a = p.Actor()
		a.Asker = conv
	}
	return a
}

// ready reports why the house could not do its work now, nil when it can.
func (h *house) ready(ctx context.Context) error {
	if free, err := freeBytes(h.set.DataDir); err == nil && free < tooFull {
		return fmt.Errorf("disk: %d MB are free where the data folder is", free>>20)
	}
	if err := h.conv.Ping(ctx); err != nil {
		return fmt.Errorf("conversations: %w", err)
	}
	if h.store == nil {
		return nil
	}
	if err := h.store.Ping(ctx); err != nil {
		return fmt.Errorf("cases: %w", err)
	}
	return nil
}

// tooFull is how little room on the disk no petition can be trusted to any more, bytes.
const tooFull = 32 << 20

func (h *house) close() error {
	var faults []error
	for i := len(h.undo) - 1; i >= 0; i-- {
		faults = append(faults, h.undo[i]())
	}
	h.undo = nil
	return errors.Join(faults...)
}

func loadOffice(path string) (*petition.Office, error) {
	o, _, err := office.Load(path)
	return o, err
}
