package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/roster"
)

// WithRoster opens what the roster and the service notices need, runs do and closes it
// again. It may run beside serve on the same data. Over a case API Store is nil.
func WithRoster(ctx context.Context, s *config.Settings, log *slog.Logger, do func(a *App) error) error {
	a := &App{Settings: s, log: log}
	var err error
	if a.Office, err = LoadOffice(s.Office); err != nil {
		return err
	}
	if a.Locales, err = OpenLocales(s); err != nil {
		return err
	}
	if s.CaseAPI != "" {
		return a.withRemote(ctx, do)
	}
	if a.Box, err = OpenKey(s, a.log); err != nil {
		return err
	}
	if a.Store, err = OpenCases(ctx, s, a.Box); err != nil {
		return err
	}
	cal, err := office.LoadCalendar(s.DataDir)
	if err != nil {
		return errors.Join(err, a.Store.Close())
	}
	a.Cases = petition.NewService(a.Store, a.Office, cal, a.Box.Hash, time.Now, NewID, nil)
	a.Roster = roster.New(a.Store, a.Cases, a.Office, time.Now, NewID)
	a.Bulletins = bulletin.New(a.Store, a.Office, time.Now, NewID)
	return errors.Join(do(a), a.Close(), a.Store.Close())
}

// WithStore is WithRoster for commands that read cases from the store itself. It is an
// error over a case API, which shows cases to their actors only.
func WithStore(ctx context.Context, s *config.Settings, log *slog.Logger, do func(a *App) error) error {
	if s.CaseAPI != "" {
		return fault("cli.store_elsewhere", nil, "url", caseAPIAt(s))
	}
	return WithRoster(ctx, s, log, do)
}

// withRemote is WithRoster over a case API. Somebody waits for the answer, so one that
// can't be given is said with what to do, and not left to the log.
func (a *App) withRemote(ctx context.Context, do func(a *App) error) error {
	client := api.NewClient(a.Settings.CaseAPI, a.Settings.CaseAPIKey, nil)
	if no := noRoster(rosterFault(ctx, client)); no != nil {
		return fault("cli.roster_elsewhere", no, "url", caseAPIAt(a.Settings))
	}
	a.Cases = client
	a.useRoster(client)
	return do(a)
}
