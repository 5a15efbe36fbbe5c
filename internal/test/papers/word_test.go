package papers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// fontconfig gives LibreOffice the faces the PDF is set in under the names the DOCX asks for,
// which no machine of ours has: so the two differ in nothing but the program that lays out.
const fontconfig = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>%s</dir><dir>/usr/share/fonts</dir><cachedir>%s</cachedir>%s</fontconfig>`

const alias = `<match target="pattern"><test name="family"><string>%s</string></test><edit name="family" mode="assign" binding="same"><string>%s</string></edit></match>`

// writer is LibreOffice with a home of its own.
type writer struct{ home, conf string }

func newWriter(t *testing.T) writer {
	t.Helper()
	home := t.TempDir()
	fonts, err := filepath.Abs("../../fonts")
	if err != nil {
		t.Fatal(err)
	}
	var same strings.Builder
	for _, a := range [][2]string{{"仿宋_GB2312", "Noto Serif SC"}, {"方正小标宋简体", "Noto Serif SC SemiBold"}, {"黑体", "Noto Sans SC"}, {"楷体_GB2312", "Noto Serif SC"}} {
		fmt.Fprintf(&same, alias, a[0], a[1])
	}
	o := writer{home, filepath.Join(home, "fonts.conf")}
	if err := os.WriteFile(o.conf, fmt.Appendf(nil, fontconfig, fonts, filepath.Join(home, "cache"), same.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return o
}

// convert turns files into files of another form in a folder.
func (o writer) convert(t *testing.T, form, to string, files ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "soffice", append([]string{"--headless", "-env:UserInstallation=file://" + o.home + "/profile", "--convert-to", form, "--outdir", to}, files...)...)
	c.Env = append(os.Environ(), "HOME="+o.home, "FONTCONFIG_FILE="+o.conf, "LC_ALL=C.UTF-8")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
}

// unread is what LibreOffice 7.4 does although the DOCX says it is not wanted: spaces between
// ideographs and letters (w:autoSpaceDE), marks that hang over the margin (w:overflowPunct). It
// is taken out of its own form.
var unread = strings.NewReplacer(`style:text-autospace="ideograph-alpha"`, `style:text-autospace="none"`,
	`style:punctuation-wrap="hanging"`, `style:punctuation-wrap="simple"`)

// The DOCX says what the PDF says, page by page.
func TestWordAndPDFAgree(t *testing.T) {
	needs(t, "soffice")
	needs(t, "pdftotext")
	to := folder(t)
	word := filepath.Join(to, "word")
	if err := os.MkdirAll(word, 0o755); err != nil {
		t.Fatal(err)
	}
	all := render(t, "docx", to)
	render(t, "pdf", to)
	var files, own []string
	for name := range all {
		files = append(files, filepath.Join(to, name+".docx"))
		own = append(own, filepath.Join(word, name+".fodt"))
	}
	o := newWriter(t)
	o.convert(t, "fodt", word, files...)
	for _, file := range own {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(unread.Replace(string(b))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o.convert(t, "pdf", word, own...)
	for name := range all {
		pdf, docx := text(t, filepath.Join(to, name+".pdf")), text(t, filepath.Join(word, name+".pdf"))
		if len(pdf) != len(docx) {
			t.Errorf("%s has %d pages as PDF, %d as DOCX", name, len(pdf), len(docx))
			continue
		}
		if a, b := sorted(strings.Join(pdf, "")), sorted(strings.Join(docx, "")); a != b {
			t.Errorf("%s says something else as DOCX:\nPDF  %s\nDOCX %s", name, words(strings.Join(pdf, "")), words(strings.Join(docx, "")))
			continue
		}
		for i := range pdf {
			a, b := sorted(pdf[i]), sorted(docx[i])
			rows := tabled[all[name].Kind] || all[name].Kind == "agreement" // its signatures stand in cells
			if a != b && !(rows && abs(len([]rune(a))-len([]rune(b))) <= aRow) {
				t.Errorf("%s, page %d:\nPDF  %s\nDOCX %s", name, i+1, words(pdf[i]), words(docx[i]))
			}
		}
	}
}

// aRow is how many characters of a table may stand on the page before or after: LibreOffice ends
// some lines of a cell earlier, so that a row at the foot of a page finds room there or not.
const aRow = 60

func abs(n int) int { return max(n, -n) }
