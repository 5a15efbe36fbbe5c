package petition_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"dengwen/petition"
)

// The name of a file is shown as one line that says its ending truly, and is no path.
func FuzzFileName(f *testing.F) {
	for _, s := range []string{"a.pdf", "../../etc/passwd", `C:\x\y.doc`, "photo\u202egpj.exe", "a\x00b\n.txt", strings.Repeat("长", 300) + ".jpg", ".", "..", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name := petition.FileName(s)
		if strings.ContainsAny(name, "/\\") || !utf8.ValidString(name) || petition.FileName(name) != name {
			t.Errorf("%q is kept as %q, then %q", s, name, petition.FileName(name))
		}
		for _, r := range name {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Errorf("%q is kept as %q", s, name)
			}
		}
	})
}
