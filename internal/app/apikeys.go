package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/config"
)

// apiKeysEvery is how often the file with the API keys is looked at: a key that was taken out of it
// opens nothing for longer.
const apiKeysEvery = time.Second

// apiKeys are the keys that the case API takes.
type apiKeys struct {
	path string // "" = of DENGWEN_API_KEYS, which do not change
	text string
	keys atomic.Pointer[api.Keys]
}

// openAPIKeys reads the keys of DENGWEN_API_KEYS or of its file.
func openAPIKeys(s *config.Settings) (*apiKeys, error) {
	k := &apiKeys{path: s.APIKeysFile, text: s.APIKeys}
	name := "DENGWEN_API_KEYS"
	var err error
	if k.path != "" {
		name += "_FILE"
		k.text, err = readText(k.path)
	}
	if err == nil {
		err = k.parse(k.text)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return k, nil
}

// APIKeys are the keys that the case API takes as of now.
func APIKeys(s *config.Settings) (api.Keys, error) {
	k, err := openAPIKeys(s)
	if err != nil {
		return nil, err
	}
	return k.Now(), nil
}

// Now is the keys as of apiKeysEvery ago.
func (k *apiKeys) Now() api.Keys { return *k.keys.Load() }

func (k *apiKeys) parse(text string) error {
	keys, err := api.ParseKeys(text)
	if err == nil {
		k.text = text
		k.keys.Store(&keys)
	}
	return err
}

// follow reads the file again until ctx ends. A file that is gone or can't be read leaves the keys
// as they were, and is told once.
func (k *apiKeys) follow(ctx context.Context, log *slog.Logger) error {
	if k.path == "" {
		return nil
	}
	tick, told := time.NewTicker(apiKeysEvery), ""
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		text, err := readText(k.path)
		if err == nil && text != k.text {
			if err = k.parse(text); err == nil {
				log.Info("API keys changed", "count", len(k.Now()))
			}
		}
		switch {
		case err == nil:
			told = ""
		case told != err.Error():
			told = err.Error()
			log.Error("API keys stay as they were", "err", err)
		}
	}
}

func readText(path string) (string, error) {
	b, err := os.ReadFile(path)
	return string(b), err
}
