// Package scrub tells what a file is by its bytes and takes out of it what device and
// program wrote into it: place, time, owner, author. It reads bytes in memory and knows
// neither cases nor stores.
package scrub

import "dengwen/petition"

// Formats are the formats the case service takes.
func Formats() petition.Scrub { return petition.Scrub{Sniff: Sniff, Cleans: Cleans, Clean: Clean} }

// maxUnpacked is how much the parts of one file may unpack to, bytes.
const maxUnpacked = 64 << 20

func Cleans(kind string) bool {
	switch kind {
	case "image/jpeg", "image/png", "image/webp", "image/heic", "video/mp4", "video/quicktime", "audio/mp4",
		"application/pdf", "application/msword", zipped[".docx"], zipped[".xlsx"], zipped[".ofd"]:
		return true
	}
	return false
}

// Clean takes out of a file what does not belong to it: place, time, device and owner
// (EXIF, XMP, IPTC), author and program, comments, and whatever hangs on behind its end.
// A picture or film that can't be read is an error. A document is never spoilt: what
// could not be taken out of it safely stays, and traces says so.
func Clean(kind string, b []byte) (out []byte, traces bool, err error) {
	switch kind {
	case "image/jpeg":
		out, err = cleanJPEG(b)
	case "image/png":
		out, err = cleanPNG(b)
	case "image/webp":
		out, err = cleanWebP(b)
	case "image/heic":
		out, err = cleanHEIC(b)
	case "video/mp4", "video/quicktime", "audio/mp4":
		out, traces, err = cleanFilm(b)
	case "application/pdf":
		out, traces = cleanPDF(b)
	case zipped[".docx"], zipped[".xlsx"]:
		out, traces = cleanOffice(b)
	default:
		out, traces = b, kind == "application/msword" || kind == zipped[".ofd"]
	}
	return out, traces, err
}
