// Package webpage is what pages of every door share: their own files, named by what they hold, and
// the headers of every answer.
package webpage

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// Assets are a page's own files. Their address carries a hash of what they hold, so that a
// browser may keep them for ever.
type Assets struct {
	Prefix string // of the address of each, /web/1f3a90cc0b12/
	hash   string
	files  map[string]asset
}

// asset is one file, as it is and compressed with gzip.
type asset struct{ plain, gzipped []byte }

// Bundle is several files that are served as one, in this order.
type Bundle struct {
	Name  string
	Files []string
}

// NewAssets reads the files that a pattern of fs.Glob names, and puts bundles of them together. They
// are served below the path at, which ends with a slash.
func NewAssets(from fs.FS, pattern, at string, bundles ...Bundle) (*Assets, error) {
	names, err := fs.Glob(from, pattern)
	if err != nil {
		return nil, fmt.Errorf("list page files: %w", err)
	}
	a, sum := &Assets{files: map[string]asset{}}, sha256.New()
	for _, name := range names {
		b, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, fmt.Errorf("read page file: %w", err)
		}
		a.files[path.Base(name)] = asset{b, gzipped(b)}
		sum.Write(b)
	}
	for _, b := range bundles {
		var whole []byte
		for _, name := range b.Files {
			whole = append(append(whole, a.files[name].plain...), '\n')
		}
		a.files[b.Name] = asset{whole, gzipped(whole)}
	}
	a.hash = hex.EncodeToString(sum.Sum(nil)[:6])
	a.Prefix = at + a.hash + "/"
	return a, nil
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // a level there is
	z.Write(b)                                              // into memory: cannot fail
	z.Close()
	return out.Bytes()
}

// ServeHTTP answers a request whose path has the values hash and name.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	f, ok := a.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	if r.PathValue("hash") == a.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("Content-Type", types[path.Ext(name)])
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.gzipped
	}
	w.Write(body)
}

var types = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

// Gzipped is a file as it goes over the line, nil for one there is not.
func (a *Assets) Gzipped(name string) []byte { return a.files[name].gzipped }
