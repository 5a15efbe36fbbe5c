package cli

import (
	"context"

	"dengwen/internal/app"
	"dengwen/internal/config"
)

type serveCmd struct{}

// Run serves until ctx ends; see serve.
func (serveCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	return app.Serve(ctx, s, app.NewLog(s, std.err), std.out)
}
