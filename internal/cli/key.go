package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/internal/seal"
)

type keyCmd struct {
	List   keyListCmd   `cmd:"" default:"1"`
	New    keyNewCmd    `cmd:""`
	Rotate keyRotateCmd `cmd:""`
	Retire keyRetireCmd `cmd:""`
}

type keyNewCmd struct{}

func (keyNewCmd) Run(std streams) error {
	k, err := seal.NewKey()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(std.out, k)
	return err
}

// openKeys are the keys as they stand, and their file: "" where they are in DENGWEN_KEY.
func openKeys(s *config.Settings) (seal.Set, string, error) {
	path := app.KeyPath(s)
	if path != "" {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, "", fault("cli.key.none", nil, "file", path)
		}
	}
	box, err := app.OpenKey(s, app.NewLog(s, io.Discard))
	if err != nil {
		return nil, "", err
	}
	return box.Keys(), path, nil
}

// lockedKeys are the keys in a file that this process alone changes until release.
func lockedKeys(s *config.Settings) (set seal.Set, path string, release func(), err error) {
	if _, path, err = openKeys(s); err != nil {
		return nil, "", nil, err
	}
	if path == "" {
		return nil, "", nil, fault("cli.key.in_environment", nil)
	}
	release, err = seal.Lock(path)
	if errors.Is(err, seal.ErrLocked) {
		return nil, "", nil, fault("cli.key.locked", nil)
	}
	if err != nil {
		return nil, "", nil, fault("cli.key.unwritten", err, "file", path)
	}
	if set, _, err = openKeys(s); err != nil { // as it is now that nobody else writes
		release()
	}
	return set, path, release, err
}

type keyListCmd struct{}

func (keyListCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	set, _, err := openKeys(s)
	if err != nil {
		return err
	}
	return app.WithSealed(ctx, s, app.NewLog(s, std.err), func(a *app.Sealed) error {
		under, err := a.Under(ctx)
		if err != nil {
			return err
		}
		for _, k := range set {
			fmt.Fprintln(std.out, string(k.ID), madeOn(k, sp), sp.say("cli.key.does."+string(k.State)), sp.say("cli.key.count", "Count", under[k.ID]))
			delete(under, k.ID)
		}
		for id, n := range under {
			if id == "" {
				fmt.Fprintln(std.out, sp.say("cli.key.spoilt", "Count", n))
			} else {
				fmt.Fprintln(std.out, string(id), sp.say("cli.key.missing", "Count", n))
			}
		}
		return nil
	})
}

func madeOn(k seal.Key, sp *speech) string {
	if k.Made.IsZero() {
		return sp.say("cli.key.undated")
	}
	return k.Made.Local().Format(time.DateOnly)
}

type keyRotateCmd struct {
	Prepare bool
	Fresh   bool
}

// Run ends when everything is sealed under the newest key. Killed at any moment and run again it
// goes on. Phases: the new key is in the file and opens; every process has read it; it seals;
// every process seals with it; what older keys sealed is sealed anew.
func (c keyRotateCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	set, path, release, err := lockedKeys(s)
	if err != nil {
		return err
	}
	defer release()
	if c.Prepare {
		return c.prepare(set, path, std, sp)
	}
	return app.WithSealed(ctx, s, app.NewLog(s, std.err), func(a *app.Sealed) error {
		r := rotation{a, std, sp, path}
		old, err := r.older(ctx, set)
		if err != nil {
			return err
		}
		if _, prepared := set.Next(); prepared || old == 0 || c.Fresh {
			if set, err = r.advance(ctx, set); err != nil {
				return err
			}
		} else {
			fmt.Fprintln(std.out, sp.say("cli.key.goes_on", "ID", string(set.Sealing().ID), "Count", old))
		}
		return r.reseal(ctx, set)
	})
}

func (c keyRotateCmd) prepare(set seal.Set, path string, std streams, sp *speech) error {
	if _, prepared := set.Next(); !prepared {
		var err error
		if set, err = addKey(set, path); err != nil {
			return err
		}
	}
	k, _ := set.Next()
	fmt.Fprintln(std.out, sp.say("cli.key.added", "ID", string(k.ID), "File", path))
	fmt.Fprintln(std.out, sp.say("cli.key.prepared"))
	return nil
}

func addKey(set seal.Set, path string) (seal.Set, error) {
	set, err := set.WithNext(time.Now())
	if err == nil {
		err = writeKeys(set, path)
	}
	return set, err
}

func writeKeys(set seal.Set, path string) error {
	if err := set.WriteFile(path); err != nil {
		return fault("cli.key.unwritten", err, "file", path)
	}
	return nil
}

type rotation struct {
	*app.Sealed
	std  streams
	sp   *speech
	path string
}

// older counts what keys other than the one that seals have sealed.
func (r rotation) older(ctx context.Context, set seal.Set) (n int, err error) {
	under, err := r.Under(ctx)
	for id, count := range under {
		if id != set.Sealing().ID {
			n += count
		}
	}
	return n, err
}

// advance has the next key seal, in every process.
func (r rotation) advance(ctx context.Context, set seal.Set) (seal.Set, error) {
	k, prepared := set.Next()
	if !prepared {
		var err error
		if set, err = addKey(set, r.path); err != nil {
			return set, err
		}
		k, _ = set.Next()
		fmt.Fprintln(r.std.out, r.sp.say("cli.key.added", "ID", string(k.ID), "File", r.path))
	}
	if err := r.wait(ctx, k.ID, false); err != nil {
		return set, err
	}
	set = set.Advanced()
	if err := writeKeys(set, r.path); err != nil {
		return set, err
	}
	return set, r.wait(ctx, k.ID, true)
}

// wait gives the processes of this machine time to read the file again, and waits for those of
// others until they have the key, or seal with it.
func (r rotation) wait(ctx context.Context, id seal.ID, sealing bool) error {
	told := ""
	for pause := 2 * seal.Refresh; ; pause = seal.Refresh {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
		names, err := r.Lacking(ctx, id, sealing)
		if err != nil || len(names) == 0 {
			return err
		}
		if now := strings.Join(names, ", "); now != told && pause == seal.Refresh { // they say it every other second
			told = now
			fmt.Fprintln(r.std.err, r.sp.say("cli.key.waits", "Count", len(names), "Names", now, "File", r.path))
		}
	}
}

// passes: what a process sealed with an older key after a pass went by is found by the next.
const passes = 3

func (r rotation) reseal(ctx context.Context, set seal.Set) error {
	left, bad := 0, 0
	for range passes {
		var err error
		if left, err = r.older(ctx, set); err != nil {
			return err
		}
		if left <= bad {
			break
		}
		bar, done := newBar(r.std.err), 0
		show := bar.percents(r.sp.say("cli.key.doing"), left)
		bad, err = r.Reseal(ctx, func(n int) { done += n; show(done) })
		bar.end()
		if err != nil {
			return err
		}
	}
	id := string(set.Sealing().ID)
	if left > 0 {
		return errors.New(r.sp.say("cli.key.left", "ID", id, "Count", left))
	}
	fmt.Fprintln(r.std.out, "✓ "+r.sp.say("cli.key.done", "ID", id))
	for _, k := range set {
		if k.State == seal.Opens {
			fmt.Fprintln(r.std.out, r.sp.say("cli.key.may_retire", "ID", string(k.ID)))
		}
	}
	return nil
}

type keyRetireCmd struct {
	ID string `arg:""`
}

func (c keyRetireCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	set, path, release, err := lockedKeys(s)
	if err != nil {
		return err
	}
	defer release()
	id := seal.ID(c.ID)
	rest, err := set.Without(id)
	switch {
	case errors.Is(err, seal.ErrNoSuchKey):
		return fault("cli.key.unknown", nil, "id", c.ID)
	case errors.Is(err, seal.ErrInUse):
		return fault("cli.key.in_use", nil, "id", c.ID)
	case err != nil:
		return err
	}
	return app.WithSealed(ctx, s, app.NewLog(s, std.err), func(a *app.Sealed) error {
		under, err := a.Under(ctx)
		if err != nil {
			return err
		}
		if n := under[id]; n > 0 {
			return fault("cli.key.still", nil, "id", c.ID, "count", fmt.Sprint(n))
		}
		if names, err := a.Lacking(ctx, set.Sealing().ID, true); err != nil || len(names) > 0 {
			return errors.Join(err, fault("cli.key.lagging", nil, "id", c.ID, "names", strings.Join(names, ", ")))
		}
		if err := writeKeys(rest, path); err != nil {
			return err
		}
		fmt.Fprintln(std.out, "✓ "+sp.say("cli.key.retired", "ID", c.ID))
		if err := a.Compact(ctx); err != nil {
			return fault("cli.key.uncompacted", err)
		}
		return nil
	})
}
