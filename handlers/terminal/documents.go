package terminal

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"dengwen/bot/turn"
)

// save puts what came along with a message, files and official documents, into the
// folder and says where it is.
func (d *Door) save(files []turn.File) string {
	var b strings.Builder
	for i, f := range files {
		path, err := d.saveOne(f, i)
		if err != nil {
			b.WriteString("! " + d.say("not_saved", "Name", clean(f.Name)) + "\n")
			continue
		}
		b.WriteString("  " + d.say("saved", "Name", clean(path)) + "\n")
	}
	return b.String()
}

// saveOne writes one file. A name that is taken by another file gets a number: what
// people send is mostly called photo.jpg.
func (d *Door) saveOne(f turn.File, i int) (string, error) {
	if d.Folder == "" {
		return "", os.ErrInvalid
	}
	name := filepath.Base(f.Name)
	if f.Name == "" || name == "." || name == string(filepath.Separator) {
		name = fmt.Sprintf("%s-%d%s", f.Kind, i+1, extensions[f.Type])
	}
	out, path, err := d.create(name)
	if err != nil {
		return "", err
	}
	if _, err := io.Copy(out, f.Body); err != nil {
		_ = out.Close()
		return "", fmt.Errorf("save file: %w", err)
	}
	return path, out.Close()
}

// create opens a file of that name that is not there yet.
func (d *Door) create(name string) (*os.File, string, error) {
	ending := filepath.Ext(name)
	for n := 1; ; n++ {
		path := filepath.Join(d.Folder, name)
		if n > 1 {
			path = filepath.Join(d.Folder, fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ending), n, ending))
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if !os.IsExist(err) || n == 1000 {
			return f, path, err
		}
	}
}

var extensions = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "audio/ogg": ".ogg", "audio/mpeg": ".mp3", "video/mp4": ".mp4", "application/pdf": ".pdf",
}
