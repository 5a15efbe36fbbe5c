package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/roster"
	"dengwen/storage/cases"
)

// WithRoster opens only what the roster needs, beside a running bot too; over a case API
// h.store is nil.
func WithRoster(ctx context.Context, s *config.Settings, log *slog.Logger, do func(h *App) error) error {
	h := &App{Settings: s, log: log}
	var err error
	if h.Office, err = LoadOffice(s.Office); err != nil {
		return err
	}
	if h.Locales, err = locales.New(); err != nil {
		return fmt.Errorf("read the sentences: %w", err)
	}
	if s.CaseAPI != "" {
		return h.withRemote(ctx, do)
	}
	if h.Box, err = OpenKey(s, h.log); err != nil {
		return err
	}
	if h.Store, err = cases.Open(ctx, s.Database(), s.DataDir, h.Box); err != nil {
		return fmt.Errorf("open cases: %w", err)
	}
	cal, err := office.LoadCalendar(s.DataDir)
	if err != nil {
		return errors.Join(err, h.Store.Close())
	}
	h.Cases = petition.NewService(h.Store, h.Office, cal, h.Box.Hash, time.Now, NewID, nil)
	h.Roster = roster.New(h.Store, h.Cases, h.Office, time.Now, NewID)
	h.Bulletins = bulletin.New(h.Store, h.Office, time.Now, NewID)
	return errors.Join(do(h), h.Store.Close())
}

// WithStore opens the cases themselves, which a case API elsewhere does not hand out.
func WithStore(ctx context.Context, s *config.Settings, log *slog.Logger, do func(h *App) error) error {
	if s.CaseAPI != "" {
		return fmt.Errorf("这条命令要直接读案件，案件在案件接口那边（CASE_API_URL=%[1]s）：请到那台机器上运行，不设 CASE_API_URL / "+
			"this command reads the cases themselves, which are with the case API (CASE_API_URL=%[1]s): run it on that machine, without CASE_API_URL", caseAPIAt(s))
	}
	return WithRoster(ctx, s, log, do)
}

// withRemote is withDesk over a case API. Somebody waits for the answer, so one that
// can't be given is said with what to do, and not left to the log.
func (a *App) withRemote(ctx context.Context, do func(h *App) error) error {
	client := api.NewClient(a.Settings.CaseAPI, a.Settings.CaseAPIKey, nil)
	err := rosterFault(ctx, client)
	no := noRoster(err)
	switch {
	case no != bilingual{}:
	case err != nil:
		no = bilingual{"现在连不上，看看它开着没有、地址对不对", "it does not answer; see that it runs and that the address is right"}
	default:
		a.Cases = client
		a.useDesk(client)
		return do(a)
	}
	zh := fmt.Sprintf("工作人员的名册在案件接口那边（CASE_API_URL=%s）：%s。也可以到那台机器上运行这条命令，不设 CASE_API_URL", caseAPIAt(a.Settings), no.zh)
	en := fmt.Sprintf("the office's people are with the case API (CASE_API_URL=%s): %s. Or run this on that machine, without CASE_API_URL", caseAPIAt(a.Settings), no.en)
	var e *petition.Error
	if errors.As(err, &e) && e.Code == petition.Unavailable && e.Err != nil { // why the line is dead
		return fmt.Errorf("%s / %s (%w)", zh, en, e.Err)
	}
	return fmt.Errorf("%s / %s", zh, en)
}
