package terminal

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// papers saves the official documents of a message and says where they are.
func (d *Door) papers(ctx context.Context, say bot.Say) string {
	var b strings.Builder
	for _, p := range say.Papers {
		path, err := d.save(ctx, say.About, p)
		if err != nil {
			b.WriteString("! " + fmt.Sprintf(d.w.notSaved, clean(p.Name)) + "\n")
			continue
		}
		b.WriteString("  " + fmt.Sprintf(d.w.saved, clean(path)) + "\n")
	}
	return b.String()
}

func (d *Door) save(ctx context.Context, number string, p bot.Paper) (string, error) {
	paper, ok := petition.ParsePaper(p.ID)
	if d.Folder == "" || d.Cases == nil || !ok {
		return "", os.ErrInvalid
	}
	body, at, err := d.Cases.Document(ctx, petition.Actor{Owner: d.Conv, Asker: d.Conv}, number, p.Code, paper)
	if err != nil {
		return "", err
	}
	defer body.Close()
	path := filepath.Join(d.Folder, filepath.Base(at.Name))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return "", err
	}
	if _, err = io.Copy(f, body); err != nil {
		_ = f.Close()
		return "", fmt.Errorf("save document: %w", err)
	}
	return path, f.Close()
}
