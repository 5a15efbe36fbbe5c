package papers

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"dengwen/documents"
	"dengwen/petition"
)

// asked says that everything is to be checked: what a program is needed for fails without it.
var asked = os.Getenv("DENGWEN_PAPERS")

// needs skips a test whose program is not installed, and fails where the check was asked for.
func needs(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if asked != "" {
			t.Fatalf("make papers needs %s", program)
		}
		t.Skipf("%s is not installed", program)
	}
}

// hanazono is where Debian keeps the face with the ideographs of Ext B to F.
const hanazono = "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"

// render writes every document of every variant as a form into a folder and answers the
// files by the name of document and variant.
func render(t *testing.T, form, to string) map[string]petition.Document {
	t.Helper()
	faces := t.TempDir()
	if b, err := os.ReadFile(hanazono); err == nil {
		if err := os.WriteFile(filepath.Join(faces, "rare.ttf"), b, 0o600); err != nil {
			t.Fatal(err)
		}
	} else if asked != "" {
		t.Fatal("make papers needs fonts-hanazono")
	} else {
		t.Skip("fonts-hanazono is not installed")
	}
	r, err := documents.New("", faces)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]petition.Document{}
	for _, v := range variants {
		papers := newLives(t, v, petition.DefaultCalendar()).all()
		papers["mediation"] = agreementOf(t, v)
		papers["leader_week"] = petition.LedWeek{Leader: "zhou", From: "2026-08-03", To: "2026-08-09", Cases: []petition.LedCase{{
			Item:   petition.Item{Number: "ZS26-0001-KN", Title: "桥面塌了", Unit: "transport"},
			Events: []petition.LedEvent{{Day: "2026-08-05", Move: petition.MoveProgress, Unit: "transport", Text: v.long}},
		}}}.Paper(newLives(t, v, petition.DefaultCalendar()).law.Office, v.person, "2026-08-10")
		for _, kind := range petition.DocumentKinds() {
			if _, ok := papers[kind]; !ok {
				t.Errorf("no life has a %s", kind)
			}
		}
		for kind, d := range papers {
			var b bytes.Buffer
			if err := r.Render(t.Context(), &b, form, d); err != nil {
				t.Fatal(err)
			}
			name := kind + "-" + v.name
			all[name] = d
			if err := os.WriteFile(filepath.Join(to, name+"."+form), b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}

// folder is where files go: the folder that was asked for, or a passing one.
func folder(t *testing.T) string {
	t.Helper()
	if asked == "" {
		return t.TempDir()
	}
	if err := os.MkdirAll(asked, 0o755); err != nil {
		t.Fatal(err)
	}
	return asked
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// text is what a reader copies from a file, page by page.
func text(t *testing.T, file string) []string {
	t.Helper()
	return strings.Split(strings.TrimSuffix(run(t, "pdftotext", "-layout", file, "-"), "\f"), "\f")
}

func words(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, s)
}

// sorted are the characters of a page in one order: pdftotext reads cells of a table that stand
// a fraction of a point apart now across and now down.
func sorted(page string) string {
	c := []rune(words(page))
	slices.Sort(c)
	return string(c)
}

// Every character that a document says can be copied and searched for as itself: those of
// a part stand in the text in their order, and no stand-in or radical came in for another.
func TestEveryCharacterCanBeCopied(t *testing.T) {
	needs(t, "pdftotext")
	to := folder(t)
	for name, d := range render(t, "pdf", to) {
		var lines strings.Builder // without page numbers, which stand between the halves of a paragraph
		for _, page := range text(t, filepath.Join(to, name+".pdf")) {
			lines.WriteString(pageNumber.ReplaceAllString(page, ""))
		}
		got := words(lines.String())
		for _, c := range got {
			if c == '〓' || c == unicode.ReplacementChar || c >= 0x2e80 && c <= 0x2fdf || c >= 0xe000 && c <= 0xf8ff {
				t.Errorf("%s: %U came out", name, c)
			}
		}
		for _, part := range petition.PartsOf(d.Kind) {
			for line := range strings.SplitSeq(d.Values[part.Key], "\n") {
				if !tabled[d.Kind] && !strings.Contains(got, words(line)) {
					t.Errorf("%s: %s is not found in one piece: %s", name, part.Key, line)
				}
			}
		}
		if needsName(d) && !strings.Contains(got, d.Values["name"]) {
			t.Errorf("%s does not name %s", name, d.Values["name"])
		}
	}
}

var pageNumber = regexp.MustCompile(`(?m)^\s*—\s*\d+\s*—\s*$`)

// tabled are kinds whose parts stand in cells, which a reader copies line by line across.
var tabled = map[string]bool{"receipt": true, "delivery": true, "hearing_record": true, "lead_sheet": true}

// needsName: the supervision letter, the objection, reports and what is said of a hard case are about a case and name nobody.
func needsName(d petition.Document) bool {
	return !slices.Contains([]string{"supervision", "objection", "completion", "urgent_report", "lead_sheet", "strike_report"}, d.Kind)
}

// Preflight is the checker of Apache PDFBox for PDF/A-1b.
func TestPreflight(t *testing.T) {
	needs(t, "java")
	jars := "/usr/share/java/"
	if _, err := os.Stat(jars + "preflight.jar"); err != nil {
		if asked != "" {
			t.Fatal("make papers needs libpdfbox2-java")
		}
		t.Skip("libpdfbox2-java is not installed")
	}
	to := folder(t)
	files := []string{"-cp", strings.Join([]string{jars + "preflight.jar", jars + "pdfbox2.jar", jars + "fontbox2.jar", jars + "xmpbox.jar", jars + "commons-logging.jar",
		jars + "javax.activation.jar", jars + "jaxb-api.jar", jars + "commons-io.jar"}, ":"), "testdata/Preflight.java"}
	for name := range render(t, "pdf", to) {
		files = append(files, filepath.Join(to, name+".pdf"))
	}
	for line := range strings.Lines(run(t, "java", files...)) {
		if !strings.HasSuffix(strings.TrimSpace(line), "valid") {
			t.Error(line)
		}
	}
}

// Pages are pictures to look at.
func TestPictures(t *testing.T) {
	if asked == "" {
		t.Skip("make papers draws pictures")
	}
	needs(t, "pdftoppm")
	to := folder(t)
	for name := range render(t, "pdf", to) {
		run(t, "pdftoppm", "-r", "60", "-png", filepath.Join(to, name+".pdf"), filepath.Join(to, name))
	}
}
