package cli

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
)

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
