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
	"dengwen/internal/office"
	"dengwen/petition"
)

type noticeCmd struct {
	Number string
	Kind   string
	Seq    int
	Out    string `type:"path"`
	List   bool
}

// Run prints an official document from the store, for staff at the machine.
func (c noticeCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	if c.Number == "" {
		if !c.List {
			return fault("cli.notice.usage", nil)
		}
		for _, k := range petition.DocumentKinds() {
			fmt.Fprintf(std.out, "%-18s %s\n", k, petition.DocumentTitle(k))
		}
		return nil
	}
	return app.WithStore(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		number, ok := petition.ParseNumber(c.Number)
		if !ok {
			return fault("cli.notice.number", nil, "number", c.Number)
		}
		r, err := a.Store.Load(ctx, number)
		if err != nil {
			return err
		}
		if c.List {
			return listDocuments(std, r.Case)
		}
		return c.write(ctx, a, std, r.Case)
	})
}

func listDocuments(std streams, c petition.Case) error {
	for _, e := range c.Timeline {
		for _, k := range petition.DocumentsOf(e, false) {
			fmt.Fprintf(std.out, "%3d  %s  %-18s %s\n", e.Seq, petition.Day(e.At), k, petition.DocumentTitle(k))
		}
	}
	return nil
}

func (c noticeCmd) write(ctx context.Context, a *app.App, std streams, of petition.Case) error {
	form := strings.TrimPrefix(strings.ToLower(filepath.Ext(c.Out)), ".")
	if form != "pdf" && form != "docx" {
		return fault("cli.notice.out", nil)
	}
	seq, kind, err := c.find(of)
	if err != nil {
		return err
	}
	cal, err := office.LoadCalendar(a.Settings.DataDir)
	if err != nil {
		return err
	}
	d, err := petition.NewLaw(a.Office, cal).Fill(of, seq, kind, of.Filing.Contact.Name)
	if err != nil {
		return err
	}
	renderer, err := documents.New(a.Settings.Templates, a.Settings.Fonts)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := renderer.Render(ctx, &b, form, d); err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, b.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write notice: %w", err)
	}
	fmt.Fprintf(std.out, "%s  %s\n", d.Title, c.Out)
	return nil
}

// find is the entry and the kind that are meant.
func (c noticeCmd) find(of petition.Case) (int, string, error) {
	for _, e := range slices.Backward(of.Timeline) {
		if c.Seq != 0 && e.Seq != c.Seq {
			continue
		}
		kinds := petition.DocumentsOf(e, false)
		if c.Kind == "" && c.Seq != 0 && len(kinds) > 0 {
			return e.Seq, kinds[0], nil
		}
		if slices.Contains(kinds, c.Kind) {
			return e.Seq, c.Kind, nil
		}
	}
	return 0, "", fault("cli.notice.none", nil)
}
