package attack

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/petition"
)

// Somebody sends files that are made to cost memory or time, and more of them than there is room for.
func TestUploads(t *testing.T) {
	t.Parallel()
	x := begin(t, "GOMEMLIMIT=off")
	t.Run("quota", func(t *testing.T) { (&target{t, x.p, x.keys}).quota() })
	t.Run("bombs", func(t *testing.T) { (&target{t, x.p, x.keys}).bombs() })
	t.Run("many at once", func(t *testing.T) { (&target{t, x.p, x.keys}).manyAtOnce() })
	peak := x.peak()
	t.Logf("at most %d MB of memory (VmHWM)", peak)
	if peak > 512 {
		t.Errorf("%d MB of memory", peak)
	}
}

// peak is the most memory that the process had, in MB.
func (x *target) peak() int {
	x.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", x.p.Pid()))
	if err != nil {
		x.Skip("this system does not say how much memory a process had")
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		x.Fatal(err)
	}
	return kb >> 10
}

// zipped is a zip of parts, each packed.
func zipped(parts map[string][]byte) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, body := range parts {
		p, _ := w.Create(name)
		_, _ = p.Write(body)
	}
	_ = w.Close()
	return b.Bytes()
}

// sharing is a zip whose n entries are all one body.
func sharing(n int, body []byte) []byte {
	z := zipped(map[string][]byte{"word/document.xml": body})
	at := bytes.Index(z, []byte("PK\x01\x02"))
	end := bytes.Index(z, []byte("PK\x05\x06"))
	entry, tail := z[at:end], z[end:]
	all := append(bytes.Clone(z[:at]), bytes.Repeat(entry, n)...)
	tail = bytes.Clone(tail)
	binary.LittleEndian.PutUint16(tail[8:], uint16(n))
	binary.LittleEndian.PutUint16(tail[10:], uint16(n))
	binary.LittleEndian.PutUint32(tail[12:], uint32(n*len(entry)))
	return append(all, tail...)
}

func packed(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// box is a box of ISO 14496-12.
func box(kind string, body ...[]byte) []byte {
	all := bytes.Join(body, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(all))), kind...), all...)
}

// chunk is a chunk of PNG.
func chunk(kind string, body []byte) []byte {
	b := append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), kind...)
	b = append(b, body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// hostile are files by name, each small and large inside.
func hostile() map[string][]byte {
	const mb = 1 << 20
	types := []byte(`<Types/>`)
	stream := packed([]byte("7 0 " + strings.Repeat(" ", 200*mb)))
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 60000), 60000)
	infe := box("infe", []byte{2, 0, 0, 0, 0, 1, 0, 0}, []byte("Exif"), []byte{0})
	return map[string][]byte{
		"elements.docx": zipped(map[string][]byte{"[Content_Types].xml": types, "_rels/.rels": []byte("<R>" + strings.Repeat("<Relationship/>", 4*mb) + "</R>")}),
		"nested.docx":   zipped(map[string][]byte{"[Content_Types].xml": types, "_rels/.rels": bytes.Repeat([]byte("<a>"), 15*mb)}),
		"shared.docx":   sharing(4000, bytes.Repeat([]byte("a"), mb/2)),
		"blanks.docx":   zipped(map[string][]byte{"[Content_Types].xml": types, "word/document.xml": bytes.Repeat([]byte(" "), 300*mb)}),
		"paths.xlsx":    zipped(map[string][]byte{"[Content_Types].xml": types, "xl/workbook.xml": bytes.Repeat([]byte(`<x15ac:absPath url="a"`), 2*mb)}),
		"stream.pdf":    []byte(fmt.Sprintf("%%PDF-1.7\n7 0 obj\n<</Type/ObjStm/Filter/FlateDecode/N 1/First 4/Length %d>>stream\n%s\nendstream\nendobj\ntrailer<</Root 1 0 R/Info 7 0 R>>\n", len(stream), stream)),
		"brackets.pdf":  []byte("%PDF-1.7\n7 0 obj" + strings.Repeat("[", 9*mb) + "\ntrailer<</Root 1 0 R/Info 7 0 R>>\n"),
		"items.heic":    append(box("ftyp", []byte("heic")), box("meta", make([]byte, 4), box("iinf", []byte{0, 0, 0, 0, 0, 1}, bytes.Repeat(infe, 900_000)), box("iloc", []byte{0, 0, 0, 0, 0x44, 0, 0, 0}))...),
		"boxes.mp4":     append(box("ftyp", []byte("mp42")), box("moov", bytes.Repeat([]byte{0, 0, 0, 8, 'f', 'r', 'e', 'e'}, 2*mb))...),
		"large.png":     bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(size, 8, 6, 0, 0, 0)), chunk("zTXt", append([]byte("a\x00\x00"), packed(make([]byte, 300*mb))...)), chunk("IDAT", packed(make([]byte, 50*mb))), chunk("IEND", nil)}, nil),
		"comments.jpg":  []byte("\xFF\xD8" + strings.Repeat("\xFF\xFE\x00\x02", 4*mb) + "\xFF\xD9"),
	}
}

func (x *target) bombs() {
	files := hostile()
	var g sync.WaitGroup
	for name, body := range files {
		if len(body) > 20<<20 {
			x.Fatalf("%s has %d bytes: it would be refused for its length", name, len(body))
		}
		for _, door := range []string{"page", "API"} {
			g.Go(func() {
				began := time.Now()
				got := 0
				switch door {
				case "page":
					b := x.browse().get("/")
					got = b.upload("/say", url.Values{"csrf": {b.csrf}, "id": {once()}, "lang": {"zh-CN"}}, map[string][]byte{name: body}).status
				case "API":
					got = x.call("bot", citizen("tg:"+once()), "PUT", "/v1/files/"+once(), string(body), "Attachment-Kind", "document", "Attachment-Name", name).status
				}
				if took := time.Since(began); got >= 500 || took > 40*time.Second {
					x.Errorf("%s at the %s: %d in %v", name, door, got, took.Round(time.Second))
				}
			})
		}
	}
	g.Wait()
	officer, _ := x.enter("petition", "supervisor")
	sheet := "<worksheet><sheetData>" + strings.Repeat(`<row><c r="A1"/><c r="XFD1"/></row>`, 49_000) + "</sheetData></worksheet>"
	book := zipped(map[string][]byte{"[Content_Types].xml": []byte(`<Types/>`), "xl/workbook.xml": []byte(`<workbook><sheets><sheet name="a" sheetId="1"/></sheets></workbook>`), "xl/worksheets/sheet1.xml": []byte(sheet), "xl/sharedStrings.xml": []byte("<sst>" + strings.Repeat("<si><t>a</t></si>", 2<<20) + "</sst>")})
	for name, body := range map[string][]byte{"table.xlsx": book, "elements.xlsx": files["elements.docx"], "table.csv": bytes.Repeat([]byte(strings.Repeat(",", 199)+"\n"), 49_000)} {
		if officer.upload("/desk/import", nil, map[string][]byte{name: body}); officer.status >= 500 {
			x.Errorf("%s to import: %d", name, officer.status)
		}
	}
	if x.p.Ready() != http.StatusOK {
		x.Error("the program is not ready afterwards")
	}
}

// manyAtOnce: sixteen files of 19 MB at the same moment, each from an address of its own.
func (x *target) manyAtOnce() {
	whole := append([]byte("\xFF\xD8\xFF\xDA\x00\x02"), make([]byte, 19<<20)...)
	whole = append(whole, 0xFF, 0xD9)
	began := time.Now()
	taken := x.atOnce(16, func(b *browser) bool {
		b.get("/")
		return b.upload("/say", url.Values{"csrf": {b.csrf}, "id": {once()}, "lang": {"zh-CN"}}, map[string][]byte{"a.jpg": whole}).status == http.StatusOK
	})
	x.Logf("%d of 16 taken in %v", taken, time.Since(began).Round(time.Millisecond))
	if taken == 0 {
		x.Error("no file is taken")
	}
}

// quota: a chat and an address store so many files in a day, whatever ids, keys and cookies they come with.
func (x *target) quota() {
	put := func(key, owner, address string) int {
		return x.call(key, petition.Actor{Owner: owner, Asker: owner, Address: address}, "PUT", "/v1/files/"+once(), "text", "Attachment-Kind", "document", "Attachment-Name", "a.txt").status
	}
	stored := func(n int, one func(i int) int) (taken int) {
		for i := range n {
			if one(i)/100 == 2 {
				taken++
			}
		}
		return taken
	}
	if n := stored(110, func(i int) int { return put([]string{"bot", "bot2", "all"}[i%3], "tg:101", "") }); n != 100 {
		x.Errorf("one chat stored %d files", n)
	}
	if n := stored(320, func(i int) int { return put("bot", fmt.Sprint("tg:", 2000+i/50), "10.7.7.7") }); n != 300 {
		x.Errorf("one address stored %d files", n)
	}
	if put("bot", "tg:102", "10.7.7.8")/100 != 2 {
		x.Error("others are refused too")
	}
}

// What somebody sends in is no page of the desk's: a browser of an officer shows none of it as one.
func TestFilesAreNoPages(t *testing.T) {
	t.Parallel()
	x := begin(t)
	officer, _ := x.enter("petition", "intake")
	const script = `<script>alert(1)</script>`
	taken := 0
	for name, text := range map[string]string{
		"a.html": "<!DOCTYPE html><html>" + script + "</html>", "a.jpg": "<html>" + script + "</html>", "a.txt": "<html>" + script,
		"a.svg": `<svg xmlns="http://www.w3.org/2000/svg">` + script + `</svg>`, "a.xml": `<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>`,
		"a.gif": "GIF89a/*" + script + "*/=1;alert(1)", "a.pdf": "%PDF-1.4\n" + script,
	} {
		for _, kind := range []string{"document", "photo"} {
			id := once()
			got := x.call("bot", citizen("tg:7"), "PUT", "/v1/files/"+id, text, "Attachment-Kind", kind, "Attachment-Name", name)
			if got.status/100 == 4 {
				continue // not taken at all
			}
			taken++
			k := x.lodge("bot", "tg:7", "a road", id)
			for _, path := range []string{"/desk/cases/" + k.Number + "/files/" + id, "/desk/cases/" + k.Number + "/files/" + id + "?save=1"} {
				officer.get(path)
				kind, inline := officer.header.Get("Content-Type"), strings.HasPrefix(officer.header.Get("Content-Disposition"), "inline")
				markup := strings.Contains(kind, "html") || strings.Contains(kind, "xml") || strings.HasPrefix(kind, "text/")
				if officer.status != http.StatusOK || markup || inline && kind == "application/octet-stream" {
					t.Errorf("%s as %s: %d, %q, inline %v", name, kind, officer.status, kind, inline)
				}
				if officer.header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(officer.header.Get("Content-Security-Policy"), "default-src 'none'") {
					t.Errorf("%s: a browser may make of it what it likes: %v", name, officer.header)
				}
			}
		}
	}
	if taken == 0 {
		t.Error("nothing was taken")
	}
}

// Nobody else on the machine reads the key or the data, and a key that they might is refused.
func TestModes(t *testing.T) {
	t.Parallel()
	x := begin(t)
	x.lodge("bot", "tg:1", "a road")
	x.store("bot", citizen("tg:1"), once(), "text")
	key := ""
	err := filepath.WalkDir(x.p.Data, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return nil // a log of SQLite that has gone
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", strings.TrimPrefix(path, x.p.Data), info.Mode().Perm())
		}
		if strings.Contains(filepath.Base(path), "key") {
			key = path
		}
		return nil
	})
	if err != nil || key == "" {
		t.Fatalf("no key file was found: %v", err)
	}
	if err := x.p.Stop(); err != nil {
		t.Fatal(err)
	}
	refused := func(what string) {
		t.Helper()
		cmd := x.p.Command("serve")
		out := &bytes.Buffer{}
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		select {
		case err := <-done:
			if err == nil || !strings.Contains(out.String(), "chmod") && !strings.Contains(out.String(), "key") {
				t.Errorf("%s: %v, %.300s", what, err, out)
			}
		case <-time.After(15 * time.Second):
			_ = cmd.Process.Kill()
			t.Errorf("with %s the program starts", what)
		}
	}
	for _, mode := range []fs.FileMode{0o666, 0o644, 0o640, 0o604, 0o620, 0o602, 0o660} {
		if err := os.Chmod(key, mode); err != nil {
			t.Fatal(err)
		}
		refused(fmt.Sprintf("a key file of mode %v", mode))
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	text, err := os.ReadFile(key)
	if err == nil {
		err = os.WriteFile(elsewhere, text, 0o600)
	}
	if err == nil {
		err = os.Chmod(elsewhere, 0o644)
	}
	if err == nil {
		err = os.Remove(key)
	}
	if err == nil {
		err = os.Symlink(elsewhere, key)
	}
	if err != nil {
		t.Fatal(err)
	}
	refused("a link to a key file that others read")
}
