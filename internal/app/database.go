package app

import (
	"context"
	"net/url"
	"strings"

	"dengwen/internal/config"
	"dengwen/internal/seal"
	"dengwen/storage/cases"
)

// OpenCases opens the case store. Its failure says what to look at; what the driver says
// stands behind it where nothing better is known.
func OpenCases(ctx context.Context, s *config.Settings, box *seal.Box) (*cases.Store, error) {
	store, err := cases.Open(ctx, s.Database(), s.DataDir, box)
	if err == nil {
		return store, nil
	}
	if reason := cases.Reason(err); reason != "" && s.DatabaseURL != "" {
		return nil, fault("cli.database."+reason, err, databaseArgs(s.DatabaseURL)...)
	}
	return nil, fault("cli.open_cases", err)
}

// databaseArgs are the parts of an address that may be shown: no password.
func databaseArgs(address string) []string {
	u, err := url.Parse(address)
	if err != nil {
		u = &url.URL{}
	}
	return []string{"host", u.Host, "user", u.User.Username(), "name", strings.TrimPrefix(u.Path, "/")}
}
