package cli

import (
	"context"
	"net/http"
	"time"

	"dengwen/internal/config"
)

type healthyCmd struct{}

func (healthyCmd) Run(ctx context.Context, s *config.Settings) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	addr := s.Here()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, addr+"/healthz", nil)
	if err != nil {
		return fault("cli.healthy.away", err, "address", addr)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fault("cli.healthy.away", err, "address", addr)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fault("cli.healthy.ill", nil, "address", addr, "status", res.Status)
	}
	return nil
}
