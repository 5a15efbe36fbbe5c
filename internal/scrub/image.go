package scrub

import (
	"bytes"
	"encoding/binary"
	"errors"
)

var errPicture = errors.New("not a whole picture")

// Segments and chunks that stay are moved together in place: what is written never
// overtakes what is still to be read.

// cleanJPEG keeps of the application segments only what colours depend on: JFIF
// (APP0), colour profiles (APP2 ICC) and Adobe's transform (APP14), and of what the camera
// wrote which way up it is. What stands behind the end mark goes.
func cleanJPEG(bud *budget, b []byte) ([]byte, bool, error) {
	if len(b) < 4 || b[0] != 0xFF || b[1] != 0xD8 {
		return nil, false, errPicture
	}
	out := b[:2]
	for i := 2; i+4 <= len(b); {
		if b[i] != 0xFF {
			return nil, false, errPicture
		}
		marker := b[i+1]
		if marker == 0xFF { // fill byte
			i++
			continue
		}
		if marker == 0xD9 { // whatever stands behind it
			break
		}
		if !lengthy(marker) {
			return nil, false, errPicture
		}
		end := i + 2 + int(binary.BigEndian.Uint16(b[i+2:]))
		if end < i+4 || end > len(b) {
			return nil, false, errPicture
		}
		if err := bud.spend(end - i); err != nil {
			return nil, false, err
		}
		if keepSegment(marker, b[i+4:end]) {
			out = append(out, b[i:end]...)
		} else if way := orientation(marker, b[i+4:end]); way > 1 {
			out = append(out, oriented(way)...)
		}
		i = end
		if marker == 0xDA {
			scan := scanLength(b[i:])
			if err := bud.spend(scan); err != nil {
				return nil, false, err
			}
			out = append(out, b[i:i+scan]...)
			i += scan
			if i+2 <= len(b) && b[i+1] == 0xD9 {
				return append(out, 0xFF, 0xD9), false, nil
			}
		}
	}
	return append(out, 0xFF, 0xD9), false, nil // or cut off by a bad line; viewers show what is there
}

// lengthy reports a marker that a length follows (ITU-T T.81, B.1.1.3). What stands behind
// another one is no segment, and could hide anything in it.
func lengthy(marker byte) bool { return marker > 1 && (marker < 0xD0 || marker > 0xD9) }

func keepSegment(marker byte, body []byte) bool {
	switch {
	case marker == 0xFE: // comment
		return false
	case marker == 0xE2:
		return bytes.HasPrefix(body, []byte("ICC_PROFILE"))
	case marker >= 0xE0 && marker <= 0xEF:
		return marker == 0xE0 || marker == 0xEE
	}
	return true
}

// orientation is which way up a picture is to be shown, 1 to 8 (Exif 2.32, 4.6.4, tag 0x0112), by
// a segment of what the camera wrote; 0 where it does not say.
func orientation(marker byte, body []byte) byte {
	tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
	if marker != 0xE1 || !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		if way := order.Uint16(entries[8:]); order.Uint16(entries) == 0x0112 && way >= 1 && way <= 8 {
			return byte(way)
		}
		entries = entries[12:]
	}
	return 0
}

// oriented is a segment that says which way up a picture is, and nothing else. No segment that says
// so is shorter.
func oriented(way byte) []byte {
	return []byte("\xFF\xE1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(rune(way)) + "\x00\x00\x00\x00\x00\x00")
}

// scanLength is how far the coded picture goes: to the next marker that is neither a
// stuffed byte nor a restart.
func scanLength(b []byte) int {
	for i := 0; i+1 < len(b); i++ {
		if m := b[i+1]; b[i] == 0xFF && m != 0 && m != 0xFF && (m < 0xD0 || m > 0xD7) {
			return i
		}
	}
	return len(b)
}

func cleanPNG(bud *budget, b []byte) ([]byte, bool, error) {
	if len(b) < 8 || string(b[:8]) != "\x89PNG\r\n\x1a\n" {
		return nil, false, errPicture
	}
	out := b[:8]
	for i := 8; i+12 <= len(b); {
		n := int64(binary.BigEndian.Uint32(b[i:])) + 12
		if int64(i)+n > int64(len(b)) {
			return nil, false, errPicture
		}
		end := i + int(n)
		if err := bud.spend(end - i); err != nil {
			return nil, false, err
		}
		last := string(b[i+4:i+8]) == "IEND"
		switch string(b[i+4 : i+8]) {
		case "eXIf", "tEXt", "zTXt", "iTXt", "tIME":
		default:
			out = append(out, b[i:end]...)
		}
		if last {
			return out, false, nil
		}
		i = end
	}
	return nil, false, errPicture
}

func cleanWebP(bud *budget, b []byte) ([]byte, bool, error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WEBP" {
		return nil, false, errPicture
	}
	out := b[:12]
	total := min(int64(binary.LittleEndian.Uint32(b[4:]))+8, int64(len(b)))
	for i := int64(12); i+8 <= total; {
		n := int64(binary.LittleEndian.Uint32(b[i+4:]))
		end := i + 8 + n + n%2
		if end > total {
			return nil, false, errPicture
		}
		if err := bud.spend(int(end - i)); err != nil {
			return nil, false, err
		}
		switch string(b[i : i+4]) {
		case "EXIF", "XMP ":
		case "VP8X":
			if n > 0 {
				b[i+8] &^= 0x0C // no EXIF, no XMP
			}
			out = append(out, b[i:end]...)
		default:
			out = append(out, b[i:end]...)
		}
		i = end
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, false, nil
}
