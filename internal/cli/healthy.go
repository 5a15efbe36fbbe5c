package cli

import (
	"context"
	"fmt"
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
