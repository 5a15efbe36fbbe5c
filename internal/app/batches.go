package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"time"

	"dengwen/documents"
	"dengwen/internal/archive"
	"dengwen/internal/backlog"
	"dengwen/internal/config"
	"dengwen/internal/exchange"
	"dengwen/internal/office"
	"dengwen/petition"
	"dengwen/petition/batch"
	"dengwen/storage/blob"
)

// CommandLine is who works on cases by a command: an administrator of the petition office, whom the access
// log names.
func CommandLine(o *petition.Office) petition.Actor {
	return petition.Actor{Staff: "command-line", Unit: o.Unit, Roles: []petition.Role{petition.Admin}}
}

// actor is somebody who asked for a batch, as they are now.
func (a *App) actor(ctx context.Context, staff string) (petition.Actor, error) {
	if cmd := CommandLine(a.Office); staff == cmd.Staff {
		return cmd, nil
	}
	return a.Roster.Actor(ctx, staff)
}

// makeBatches makes what works on many cases at once.
func (a *App) makeBatches() {
	a.Importer = &backlog.Importer{Cases: a.service, Office: a.Office, Batches: a.Store, Blobs: a.blobs, Actor: a.deskActor, NewID: NewID, Now: time.Now}
	a.exporter = &archive.Exporter{Cases: a.service, Office: a.Office, Blobs: a.blobs, Actor: a.deskActor, Now: time.Now}
	a.Exchanger = &exchange.Exchanger{Cases: a.service, Office: a.Office, Batches: a.Store, Blobs: a.blobs, Changed: a.Store.Changed, Actor: a.deskActor, NewID: NewID, Now: time.Now}
	kinds := batch.Works{Cases: a.Cases, Blobs: a.blobs, Actor: a.deskActor, Merge: documents.Merge}.Kinds()
	maps.Copy(kinds, a.Importer.Kinds())
	maps.Copy(kinds, a.exporter.Kinds())
	maps.Copy(kinds, a.Exchanger.Kinds())
	kinds[reportBatch] = a.beginReport
	a.Worker = batch.NewWorker(a.Store, kinds, NewID(), time.Now, a.log)
}

// deskActor is actor, as the access log names what somebody does at the desk.
func (a *App) deskActor(ctx context.Context, staff string) (petition.Actor, error) {
	who, err := a.actor(ctx, staff)
	if err == nil && staff != CommandLine(a.Office).Staff {
		who.Asker = "desk:" + staff
	}
	return who, err
}

// WithBatches is WithStore for commands that work on many cases: Importer, Worker and the blob store are there.
func WithBatches(ctx context.Context, s *config.Settings, log *slog.Logger, do func(a *App) error) error {
	return WithStore(ctx, s, log, func(a *App) error {
		var err error
		if a.blobs, err = blob.Open(ctx, s.BlobURL, s.DataDir, a.Box); err != nil {
			return fault("cli.open_attachments", err)
		}
		cal, err := office.LoadCalendar(s.DataDir)
		if err != nil {
			return err
		}
		a.service = petition.NewService(a.Store, a.Office, cal, a.Box.Hash, time.Now, NewID, a.blobs)
		a.makeBatches()
		return do(a)
	})
}

// CopyBlob writes what a batch wrote.
func (a *App) CopyBlob(ctx context.Context, id string, to io.Writer) error {
	in, err := a.blobs.Open(ctx, id)
	if err != nil {
		return fmt.Errorf("open what a batch wrote: %w", err)
	}
	_, err = io.Copy(to, in)
	return errors.Join(err, in.Close())
}

// Adopt writes down a case of an archive.
func (a *App) Adopt(ctx context.Context, c petition.Case) error {
	return a.service.Adopt(ctx, CommandLine(a.Office), c)
}

// Export writes an archive.
func (a *App) Export(ctx context.Context, to io.Writer, want archive.Wanted) (archive.Manifest, error) {
	run, err := a.exporter.Begin(to, want)
	for over := false; err == nil && !over; {
		over, err = run.Next(ctx, CommandLine(a.Office))
	}
	if err != nil {
		return archive.Manifest{}, err
	}
	return run.Manifest, nil
}
