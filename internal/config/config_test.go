package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/locales"
)

func good() config.Settings {
	return config.Settings{Addr: "127.0.0.1:8080", TelegramAPI: "https://api.telegram.org"}
}

func TestValidateJoinsAllFaults(t *testing.T) {
	t.Parallel()
	s := good()
	if err := s.Validate(); err != nil {
		t.Fatalf("the defaults are refused: %v", err)
	}
	s.Addr = "8080"
	s.RedisURL = "http://user:hunter2@cache"
	s.WebhookURL = "https://bot.example/telegram/webhook"
	s.CaseAPI = "https://cases.example"
	err := s.Validate()
	if err == nil {
		t.Fatal("four faults were accepted")
	}
	words, lerr := locales.New()
	if lerr != nil {
		t.Fatal(lerr)
	}
	said := app.Explain(words, "en", err)
	for _, want := range []string{"DENGWEN_ADDR", "REDIS_URL", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "CASE_API_KEY"} {
		if !strings.Contains(said, want) {
			t.Errorf("the faults do not name %s: %s", want, said)
		}
	}
	if strings.Contains(err.Error()+said, "hunter2") {
		t.Error("a fault repeats a password")
	}
}

func TestReadSecretFiles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte("123:abc\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"TELEGRAM_BOT_TOKEN_FILE": path}
	get := func(k string) (string, bool) { v, ok := env[k]; return v, ok }
	set := func(k, v string) error { env[k] = v; return nil }
	if err := config.ReadSecretFiles(get, set); err != nil {
		t.Fatal(err)
	}
	if env["TELEGRAM_BOT_TOKEN"] != "123:abc" {
		t.Errorf("token = %q", env["TELEGRAM_BOT_TOKEN"])
	}
	if err := config.ReadSecretFiles(get, set); err == nil {
		t.Error("NAME and NAME_FILE together were accepted")
	}
	env["TELEGRAM_BOT_TOKEN"] = "" // as compose files leave it
	if err := config.ReadSecretFiles(get, set); err != nil || env["TELEGRAM_BOT_TOKEN"] != "123:abc" {
		t.Errorf("with an empty name: %q, %v", env["TELEGRAM_BOT_TOKEN"], err)
	}
}

func TestDatabasePasswordFromItsOwnSetting(t *testing.T) {
	t.Parallel()
	s := config.Settings{DatabaseURL: "postgres://dengwen@db:5432/dengwen?sslmode=disable", DatabasePass: "a/b@c"}
	if got, want := s.Database(), "postgres://dengwen:a%2Fb%40c@db:5432/dengwen?sslmode=disable"; got != want {
		t.Errorf("address = %s, want %s", got, want)
	}
}

func TestAnAddressThatListensEverywhereIsNotWhereToGo(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"0.0.0.0:8080": "http://127.0.0.1:8080", ":8080": "http://127.0.0.1:8080", "[::]:80": "http://127.0.0.1:80",
		"127.0.0.1:8080": "http://127.0.0.1:8080", "10.1.2.3:80": "http://10.1.2.3:80", "dengwen:80": "http://dengwen:80",
	} {
		s := config.Settings{Addr: addr}
		if s.Public() != want || s.Here() != want {
			t.Errorf("%s is open at %s", addr, s.Public())
		}
		if s.PublicURL = "https://example.org/"; s.Public() != "https://example.org" || s.Here() != want {
			t.Errorf("%s with a public address: %s, %s", addr, s.Public(), s.Here())
		}
	}
}
