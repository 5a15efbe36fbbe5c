package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
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
	path string     // "" = of DENGWEN_API_KEYS, which do not change
	mu   sync.Mutex // of text and the file
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

// add makes a key and writes its line behind the others of the file. The key itself is kept nowhere.
func (k *apiKeys) add(name string, scopes []api.Scope, unit string) (string, error) {
	key, line, err := api.NewKey(name, scopes, unit)
	if err != nil {
		return "", err
	}
	return key, k.rewrite(func(text string) string {
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		return text + line + "\n"
	})
}

// remove takes the line of a key out of the file: it opens nothing from now on.
func (k *apiKeys) remove(name string) error {
	return k.rewrite(func(text string) string {
		var left strings.Builder
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(strings.TrimSpace(line), name+":") {
				left.WriteString(line)
			}
		}
		return left.String()
	})
}

// rewrite changes the file; it writes beside and renames, so that a crash leaves no half file.
func (k *apiKeys) rewrite(change func(text string) string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	text, err := readText(k.path)
	if err != nil {
		return err
	}
	text = change(text)
	if _, err := api.ParseKeys(text); err != nil {
		return err
	}
	if err := errors.Join(os.WriteFile(k.path+".new", []byte(text), 0o600), os.Rename(k.path+".new", k.path)); err != nil {
		return fmt.Errorf("write the file of API keys: %w", err)
	}
	return k.parse(text)
}

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
		err := k.reread(log)
		switch {
		case err == nil:
			told = ""
		case told != err.Error():
			told = err.Error()
			log.Error("API keys stay as they were", "err", err)
		}
	}
}

func (k *apiKeys) reread(log *slog.Logger) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	text, err := readText(k.path)
	if err != nil || text == k.text {
		return err
	}
	if err := k.parse(text); err != nil {
		return err
	}
	log.Info("API keys changed", "count", len(k.Now()))
	return nil
}

func readText(path string) (string, error) {
	b, err := os.ReadFile(path)
	return string(b), err
}
