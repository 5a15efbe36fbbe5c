package scrub

import (
	"bytes"
	"net/http"
	"path"
	"slices"
	"strings"
)

// taken are the media types that are taken, with the endings that tell files inside
// a common container apart.
var taken = []string{
	"image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "application/pdf", "audio/ogg", "audio/mpeg", "audio/wave", "audio/amr",
	"audio/mp4", "video/mp4", "video/webm", "video/quicktime", "text/plain",
}

// Endings are those that names of files that are taken have, for whoever asks before sending one;
// what a file is, Sniff tells by its bytes.
func Endings() []string {
	return strings.Fields(".jpg .jpeg .jfif .png .gif .webp .heic .heif .avif .pdf .doc .docx .xls .xlsx .ofd .txt .csv .md .log" +
		" .ogg .oga .opus .mp3 .wav .amr .m4a .mp4 .m4v .3gp .3gpp .webm .mov .qt")
}

// Sniff looks at the bytes; what a file calls itself decides only between kinds of
// the same container.
func Sniff(head []byte, name string) (string, bool) {
	kind, _, _ := strings.Cut(http.DetectContentType(head), ";")
	ext := strings.ToLower(path.Ext(name))
	switch {
	case kind == "application/ogg":
		kind = "audio/ogg"
	case bytes.HasPrefix(head, []byte("#!AMR")):
		kind = "audio/amr"
	case len(head) > 12 && string(head[4:8]) == "ftyp":
		kind = isoMedia(string(head[8:12]))
	case kind == "application/zip" && zipped[ext] != "":
		return zipped[ext], true
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) && (ext == ".doc" || ext == ".xls"):
		return "application/msword", true
	}
	return kind, slices.Contains(taken, kind)
}

var zipped = map[string]string{
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".ofd":  "application/ofd",
}

func isoMedia(brand string) string {
	switch {
	case strings.HasPrefix(brand, "M4A"):
		return "audio/mp4"
	case brand == "qt  ":
		return "video/quicktime"
	case slices.Contains([]string{"heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif"}, brand):
		return "image/heic"
	}
	return "video/mp4"
}
