package app

import (
	"errors"
	"fmt"
	"strings"

	"dengwen/locales"
	"dengwen/petition"
)

// Explain puts a refusal into the words that people in chat read, in both languages.
func (a *App) Explain(err error) error {
	var e *petition.Error
	if !errors.As(err, &e) || a.Locales == nil || !a.Locales.Has(e.Key) {
		return Explain(err)
	}
	return fmt.Errorf("%s / %s", a.Locales.Say(locales.Chinese, e.Key, e.Args), a.Locales.Say(locales.English, e.Key, e.Args))
}

// Explain puts a refusal into its key and arguments, where no catalog is loaded.
func Explain(err error) error {
	var e *petition.Error
	if !errors.As(err, &e) || e.Key == "" {
		return err
	}
	var args []string
	for k, v := range e.Args {
		args = append(args, k+" "+v)
	}
	return fmt.Errorf("refused: %s %s", e.Key, strings.Join(args, ", "))
}
