package documents

import (
	"bytes"
	"fmt"
	"io"

	"github.com/signintech/gopdf"
)

// Merge writes one PDF of the pages of others, in their order, each page of its own size: what is printed in one go. It is not an official
// document itself; PDF/A and what files say of themselves stay with the single ones.
func Merge(w io.Writer, files [][]byte) (err error) {
	defer func() {
		if r := recover(); r != nil { // the reader of pages has no other way to say that a file is none
			err = fmt.Errorf("merge documents: %v", r)
		}
	}()
	var all gopdf.GoPdf
	all.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	// The importer tells files apart by the address of their reader: all are held at once, or a later file could get the address of one
	// before it, and the pages of that one.
	sources := make([]io.ReadSeeker, len(files))
	for i, file := range files {
		if !bytes.HasPrefix(file, []byte("%PDF-")) {
			return fmt.Errorf("merge documents: the %d. is no PDF", i+1)
		}
		sources[i] = bytes.NewReader(file)
		sizes := all.GetStreamPageSizes(&sources[i])
		for page := 1; page <= len(sizes); page++ {
			size := gopdf.Rect{W: sizes[page][mediaBox]["w"], H: sizes[page][mediaBox]["h"]}
			all.AddPageWithOption(gopdf.PageOption{PageSize: &size})
			all.UseImportedTemplate(all.ImportPageStream(&sources[i], page, mediaBox), 0, 0, size.W, size.H)
		}
	}
	if _, err := all.WriteTo(w); err != nil {
		return fmt.Errorf("merge documents: %w", err)
	}
	return nil
}

const mediaBox = "/MediaBox"
