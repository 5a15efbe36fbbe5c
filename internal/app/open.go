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

// WithRoster opens what the roster and the service notices need, runs do and closes it
// again. It may run beside serve on the same data. Over a case API Store is nil.
func WithRoster(ctx context.Context, s *config.Settings, log *slog.Logger, do func(a *App) error) error {
	a := &App{Settings: s, log: log}
	var err error
	if a.Office, err = LoadOffice(s.Office); err != nil {
		return err
	}
	if a.Locales, err = locales.New(); err != nil {
		return fmt.Errorf("read the sentences: %w", err)
	}
	if s.CaseAPI != "" {
		return a.withRemote(ctx, do)
	}
	if a.Box, err = OpenKey(s, a.log); err != nil {
		return err
	}
	if a.Store, err = cases.Open(ctx, s.Database(), s.DataDir, a.Box); err != nil {
		return fmt.Errorf("open cases: %w", err)
	}
	cal, err := office.LoadCalendar(s.DataDir)
	if err != nil {
		return errors.Join(err, a.Store.Close())
	}
	a.Cases = petition.NewService(a.Store, a.Office, cal, a.Box.Hash, time.Now, NewID, nil)
	a.Roster = roster.New(a.Store, a.Cases, a.Office, time.Now, NewID)
	a.Bulletins = bulletin.New(a.Store, a.Office, time.Now, NewID)
	return errors.Join(do(a), a.Store.Close())
}

// WithStore is WithRoster for commands that read cases from the store itself. It is an
// error over a case API, which shows cases to their actors only.
func WithStore(ctx context.Context, s *config.Settings, log *slog.Logger, do func(a *App) error) error {
	if s.CaseAPI != "" {
		return fmt.Errorf("这条命令要直接读案件，案件在案件接口那边（CASE_API_URL=%[1]s）：请到那台机器上运行，不设 CASE_API_URL / "+
			"this command reads the cases themselves, which are with the case API (CASE_API_URL=%[1]s): run it on that machine, without CASE_API_URL", caseAPIAt(s))
	}
	return WithRoster(ctx, s, log, do)
}

// withRemote is WithRoster over a case API. Somebody waits for the answer, so one that
// can't be given is said with what to do, and not left to the log.
func (a *App) withRemote(ctx context.Context, do func(a *App) error) error {
	client := api.NewClient(a.Settings.CaseAPI, a.Settings.CaseAPIKey, nil)
	err := rosterFault(ctx, client)
	no := noRoster(err)
	switch {
	case no != bilingual{}:
	case err != nil:
		no = bilingual{"现在连不上，看看它开着没有、地址对不对", "it does not answer; see that it runs and that the address is right"}
	default:
		a.Cases = client
		a.useRoster(client)
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
