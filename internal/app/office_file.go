package app

import (
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/petition"
)

// officeFileEvery is how often the office's file is looked at: another process, a command or an editor may have
// changed it.
const officeFileEvery = time.Second

// officeFile knows which text of the office's file the parts were made of.
type officeFile struct {
	path string // "" = the built-in example, which does not change
	dir  string // data folder, whose calendars count as part of it
	look chan struct{}

	mu      sync.Mutex
	inUse   [sha256.Size]byte
	refused [sha256.Size]byte // a text that no parts could be made of
	why     error
	changed chan struct{} // closed when one of the above changes
}

func newOfficeFile(s *config.Settings) (*officeFile, error) {
	f := &officeFile{path: s.Office, dir: s.DataDir, look: make(chan struct{}, 1), changed: make(chan struct{})}
	sum, err := f.sum()
	f.inUse = sum
	return f, err
}

func (f *officeFile) sum() ([sha256.Size]byte, error) {
	text, err := office.File(f.path)
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	files, err := filepath.Glob(filepath.Join(f.dir, "calendar", "*.json"))
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	for _, name := range files {
		years, err := os.ReadFile(name)
		if err != nil {
			return [sha256.Size]byte{}, err
		}
		text = append(slices.Clip(text), years...)
	}
	return sha256.Sum256(text), nil
}

// state is which text is in use, and which is not and why; changed is closed when that is no longer so.
func (f *officeFile) state() (inUse, refused [sha256.Size]byte, changed <-chan struct{}, why error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.inUse, f.refused, f.changed, f.why
}

// note writes down what came of a text: nil = it is in use.
func (f *officeFile) note(sum [sha256.Size]byte, why error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if why == nil {
		f.inUse = sum
	} else {
		f.refused = sum
	}
	f.why = why
	close(f.changed)
	f.changed = make(chan struct{})
}

// await waits until this process works with the file as it is now. The error says why it goes on with the one before.
func (f *officeFile) await(ctx context.Context) error {
	select {
	case f.look <- struct{}{}:
	default:
	}
	for {
		inUse, refused, changed, why := f.state()
		sum, err := f.sum()
		switch {
		case err != nil:
			return err
		case sum == inUse:
			return nil
		case sum == refused && why != nil:
			return why
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return petition.Fail(petition.Unavailable, "office_file.not_yet")
		}
	}
}

// awaitOffice waits until the office's file has changed and makes the parts anew for it; nil when ctx ends. text is what the
// file was. One that can't be used leaves the parts as they are, and is told once.
func (a *App) awaitOffice(ctx context.Context, d *doorSet) (next *App, doors *doorSet, text [sha256.Size]byte) {
	shared := a.sharesOffice()
	tick, told := time.NewTicker(officeFileEvery), ""
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil, nil, text
		case <-tick.C:
		case <-a.file.look:
		}
		text, err := a.file.sum()
		inUse, refused, _, why := a.file.state()
		if err == nil && text == inUse && shared != nil {
			if err := shared.agree(ctx); err != nil && ctx.Err() == nil {
				a.log.Warn("the office's file and that of other machines are not alike", "err", err)
			}
		}
		if err != nil || text == inUse || text == refused && why != nil {
			continue // one that is being put in its place may be away for a moment
		}
		doors = &doorSet{metrics: d.metrics}
		next, err = a.again(ctx, doors.open)
		if err == nil {
			a.log.Info("the office's file has changed and is in use")
			return next, doors, text
		}
		if told != err.Error() && ctx.Err() == nil {
			told = err.Error()
			a.log.Error("the office's file has changed and can't be used: the one before stays in use", "err", err)
		}
		if code := petition.CodeOf(err); code == petition.Invalid || code == petition.Conflict { // any other may go by: it is tried again
			a.file.note(text, err)
		}
	}
}
