package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"dengwen/internal/config"
	"dengwen/storage/seal"
)

type keyCmd struct{}

func (keyCmd) Run(std streams) error {
	k, err := seal.NewKey()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(std.out, k)
	return err
}

type tableCmd struct {
	Write string `help:"write it into this file, between the lines <!-- settings --> and <!-- /settings -->" type:"path"`
}

func (c tableCmd) Run(std streams) error {
	if c.Write == "" {
		_, err := fmt.Fprint(std.out, config.Table())
		return err
	}
	b, err := os.ReadFile(c.Write)
	if err != nil {
		return fmt.Errorf("read %s: %w", c.Write, err)
	}
	const from, to = "<!-- settings -->\n", "<!-- /settings -->"
	head, rest, ok := strings.Cut(string(b), from)
	_, tail, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no %s … %s", c.Write, strings.TrimSpace(from), to)
	}
	return os.WriteFile(c.Write, []byte(head+from+config.Table()+to+tail), 0o644)
}

type versionCmd struct{}

// Run prints what the build knows of itself: the version or the commit, and its Go.
func (versionCmd) Run(std streams) error {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("this build does not know its version")
	}
	parts := []string{"dengwen", b.Main.Version, b.GoVersion}
	for _, s := range b.Settings {
		if s.Key == "vcs.revision" || s.Key == "vcs.time" {
			parts = append(parts, s.Value)
		}
	}
	_, err := fmt.Fprintln(std.out, strings.Join(parts, " "))
	return err
}

type healthyCmd struct{}

func (healthyCmd) Run(ctx context.Context, s *config.Settings) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	addr := s.Here()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, addr+"/healthz", nil)
	if err != nil {
		return fmt.Errorf("ask %s: %w", addr, err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask %s: %w", addr, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("ask %s: it answers %s", addr, res.Status)
	}
	return nil
}
