package scrub

import "testing"

// heads are the first bytes of a file of each ending that is offered.
var heads = map[string]string{
	".jpg": "\xff\xd8\xff\xe0", ".jpeg": "\xff\xd8\xff\xe1", ".jfif": "\xff\xd8\xff\xe0", ".png": "\x89PNG\r\n\x1a\n", ".gif": "GIF89a",
	".webp": "RIFF\x00\x00\x00\x00WEBPVP8 ", ".heic": "\x00\x00\x00\x18ftypheic\x00", ".heif": "\x00\x00\x00\x18ftypmif1\x00", ".avif": "\x00\x00\x00\x18ftypavif\x00",
	".pdf": "%PDF-1.7", ".doc": "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ".xls": "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
	".docx": "PK\x03\x04", ".xlsx": "PK\x03\x04", ".ofd": "PK\x03\x04", ".txt": "今年欠的工资", ".csv": "姓名,钱", ".md": "# 经过", ".log": "8:00",
	".ogg": "OggS\x00", ".oga": "OggS\x00", ".opus": "OggS\x00", ".mp3": "ID3\x03", ".wav": "RIFF\x00\x00\x00\x00WAVE", ".amr": "#!AMR\n", ".m4a": "\x00\x00\x00\x18ftypM4A \x00",
	".mp4": "\x00\x00\x00\x18ftypisom\x00", ".m4v": "\x00\x00\x00\x18ftypM4V \x00", ".3gp": "\x00\x00\x00\x18ftyp3gp4\x00", ".3gpp": "\x00\x00\x00\x18ftyp3gp5\x00",
	".webm": "\x1aE\xdf\xa3", ".mov": "\x00\x00\x00\x14ftypqt  \x00", ".qt": "\x00\x00\x00\x14ftypqt  \x00",
}

// What is offered before sending is taken afterwards.
func TestEndingsAreTaken(t *testing.T) {
	t.Parallel()
	if len(Endings()) != len(heads) {
		t.Errorf("%d endings, %d heads", len(Endings()), len(heads))
	}
	for _, ending := range Endings() {
		if kind, ok := Sniff([]byte(heads[ending]), "a"+ending); !ok || heads[ending] == "" {
			t.Errorf("%s is offered and then refused as %q", ending, kind)
		}
	}
}
