package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dengwen/documents"
	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/petition"
	"dengwen/petition/outreach"
)

type postersCmd struct {
	Out     string   `type:"path" default:"posters"`
	For     string   `enum:"at,days,quiz" default:"at"`
	Form    []string `default:"a4"`
	Place   []string
	Village bool
	Channel []string
	Lang    string
}

// Run prints posters, one file a place and form, into a folder.
func (c postersCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	lang, err := sp.choose(c.Lang)
	if err != nil {
		return err
	}
	if slices.Contains(c.Form, "all") {
		c.Form = documents.PosterForms()
	}
	return app.WithStore(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		spots, err := c.spots(a.Office)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(c.Out, 0o755); err != nil {
			return fmt.Errorf("make a folder for posters: %w", err)
		}
		for _, at := range spots {
			for _, form := range c.Form {
				var b bytes.Buffer
				if err := a.PrintPoster(ctx, &b, outreach.Print{To: outreach.Purpose(c.For), Form: form, Lang: lang, At: at, Channels: c.Channel}); err != nil {
					return err
				}
				name := filepath.Join(c.Out, strings.Join([]string{c.For, form, at.FileName(a.Office), lang}, "-")+".pdf")
				if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
					return fmt.Errorf("write a poster: %w", err)
				}
				fmt.Fprintln(std.out, name)
			}
		}
		return nil
	})
}

// spots are those that the flags name: codes or names of places, none = the whole office alone.
func (c postersCmd) spots(o *petition.Office) (all []outreach.Spot, err error) {
	if len(c.Place) == 0 && !c.Village {
		return []outreach.Spot{{}}, nil
	}
	for _, at := range outreach.Spots(o) {
		wanted := at.Place != "" && len(c.Place) == 0
		for _, name := range c.Place {
			wanted = wanted || at.Place == name || (outreach.Spot{Place: at.Place}).Name(o, "") == name
		}
		if wanted && (at.Village == "" || c.Village) {
			all = append(all, at)
		}
	}
	if len(all) == 0 {
		return nil, petition.Fail(petition.Invalid, "poster.unknown", "value", strings.Join(c.Place, " "))
	}
	return all, nil
}
