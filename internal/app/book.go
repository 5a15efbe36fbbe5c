package app

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"dengwen/handlers/api"
	"dengwen/handlers/desk"
	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/petition"
)

// Book is the office's file of the settings, with its history in the data folder.
func Book(s *config.Settings) office.Book {
	return office.Book{Path: s.Office, Folder: filepath.Join(s.DataDir, "office")}
}

// deskBook is Book for the desk.
func (a *App) deskBook() *desk.OfficeBook {
	b := Book(a.Settings)
	b.Held = func(ctx context.Context, o *petition.Office) error { return CheckUnits(ctx, a.Store, o) }
	return &desk.OfficeBook{
		Keys: a.deskKeys(), Calendar: a.Settings.DataDir,
		Book:    b,
		Explain: func(lang string, err error) string { return Explain(a.Locales, lang, err) },
		Check:   runCheck,
		InUse:   a.file.await,
	}
}

// deskKeys are the API keys for the desk; nil where they are not in a file.
func (a *App) deskKeys() *desk.APIKeys {
	if a.apiKeys.path == "" {
		return nil
	}
	keys := &desk.APIKeys{
		List: func() (all []desk.APIKey) {
			for _, k := range a.apiKeys.Now() {
				one := desk.APIKey{Name: k.Name, Unit: k.Unit}
				for _, s := range k.Scopes {
					one.Scopes = append(one.Scopes, string(s))
				}
				all = append(all, one)
			}
			return all
		},
		Make: func(k desk.APIKey) (string, error) {
			var scopes []api.Scope
			for _, s := range k.Scopes {
				scopes = append(scopes, api.Scope(s))
			}
			return a.apiKeys.add(k.Name, scopes, k.Unit)
		},
		Revoke: a.apiKeys.remove,
	}
	for _, s := range api.Scopes() {
		keys.Scopes = append(keys.Scopes, string(s))
	}
	return keys
}

// checkWithin bounds what dengwen check takes: it asks other machines.
const checkWithin = time.Minute

// runCheck is what dengwen check says, run beside this process with the same settings.
func runCheck(r *http.Request, lang string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(r.Context(), checkWithin)
	defer cancel()
	cmd := exec.CommandContext(ctx, self, append([]string{"check"}, settingsOf(os.Args)...)...)
	cmd.Env = append(os.Environ(), "LANG="+lang, "LC_ALL="+lang)
	out, err := cmd.CombinedOutput()
	if len(out) > 0 {
		err = nil // it found faults, and says which
	}
	return string(out), err
}

// settingsOf are the arguments behind the command, which are settings: those of serve have no others.
func settingsOf(args []string) []string {
	if len(args) > 1 && args[1] != "" && args[1][0] != '-' {
		return args[2:]
	}
	return args[1:]
}
