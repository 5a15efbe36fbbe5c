package web

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"

	"dengwen/petition"
)

type part struct{ field, name, kind, body string }

func (b *browser) upload(t *testing.T, want int, parts []part, pairs ...string) *http.Response {
	t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	v := b.fields(pairs...)
	if want == 403 {
		v.Set("csrf", "0")
	}
	for name := range v {
		w.WriteField(name, v.Get(name))
	}
	for _, p := range parts {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="%s"; filename="%s"`, p.field, p.name))
		h.Set("Content-Type", p.kind)
		f, err := w.CreatePart(h)
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(p.body))
	}
	w.Close()
	req, _ := http.NewRequest("POST", b.srv.URL+"/say", &buf)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(req, want)
}

func TestFilesAreStoredAndSentTogether(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.upload(t, 200, []part{{"file", "", "application/octet-stream", ""}, {"file", `C:\照片\路.jpg`, "image/jpeg", "pic1"}, {"file", "说.amr", "audio/amr", "snd"}}, "text", "看照片")
	e := b.taken()[0]
	if e.Text != "看照片" || len(e.Media) != 2 {
		t.Fatalf("event = %+v", e)
	}
	m, s := e.Media[0], e.Media[1]
	if m.Kind != "photo" || m.Name != "路.jpg" || !m.Stored || m.Size != 4 || m.Album == "" || s.Kind != "audio" || s.Album != m.Album || s.ID == m.ID {
		t.Errorf("media = %+v", e.Media)
	}
	if string(b.stored[m.ID]) != "pic1" || string(b.stored[s.ID]) != "snd" {
		t.Errorf("stored = %q", b.stored)
	}
	b.shows("照片 路.jpg", "录音 说.amr")
}

func TestFilesThatCannotBeTakenAreNamed(t *testing.T) {
	t.Parallel()
	b := newStage(t, func(c *Config) { c.MaxFiles = 3; c.MaxFile = 1 << 20 }).browser()
	big := strings.Repeat("x", testMaxFile+1)
	b.upload(t, 200, []part{{"file", "大.mp4", "video/mp4", big}, {"file", "坏.exe", "application/exe", "MZ"}, {"file", "好.jpg", "image/jpeg", "ok"}})
	b.shows("大.mp4 太大", "坏.exe 这种格式收不了", "好.jpg")
	if e := b.taken(); len(e) != 1 || len(e[0].Media) != 1 || e[0].Media[0].Name != "好.jpg" {
		t.Errorf("events = %+v", e)
	}
	b.upload(t, 422, []part{{"file", "坏.exe", "application/exe", "MZ"}})
	b.shows("坏.exe 这种格式收不了")
	b.upload(t, 413, []part{{"file", "1", "", "a"}, {"file", "2", "", "a"}, {"file", "3", "", "a"}, {"file", "4", "", "a"}})
	b.upload(t, 413, nil, "text", strings.Repeat("x", maxForm))
	b.setDown(errors.New("no store"))
	b.upload(t, 503, []part{{"file", "好.jpg", "image/jpeg", "ok"}}, "text", "留着")
	b.shows("留着</textarea>")
	if n := len(b.taken()); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestUploadsAreChargedToTheAddress(t *testing.T) {
	t.Parallel()
	b := newStage(t, func(c *Config) { c.Limits.UploadHour = 3000 }).browser()
	b.upload(t, 200, []part{{"file", "a.jpg", "image/jpeg", strings.Repeat("x", 1500)}})
	b.get("/", 200)
	b.upload(t, 429, []part{{"file", "b.jpg", "image/jpeg", strings.Repeat("x", 1500)}})
}

// A file beyond the quota is told by name, and the words go on.
func TestQuotaIsToldByName(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.office.full = petition.Fail(petition.Limited, "file.quota", "minutes", "90")
	b.upload(t, 200, []part{{"file", "路.jpg", "image/jpeg", "pic"}}, "text", "路塌了")
	b.shows("路.jpg 没收下", "90 分钟", "路塌了")
	b.office.full = petition.Fail(petition.Limited, "file.no_room")
	b.upload(t, 200, []part{{"file", "桥.jpg", "image/jpeg", "pic"}}, "text", "桥也塌了")
	b.shows("桥.jpg 没收下", "空间不够", "桥也塌了")
}

// A name that turns the direction of writing, or climbs folders, is shown as what it is.
func TestNamesOfFilesAreShownSafely(t *testing.T) {
	t.Parallel()
	b := newStage(t, nil).browser()
	b.upload(t, 200, []part{{"file", "photo\u202Egnp.exe", "application/octet-stream", "MZ\x90"}, {"file", "../../etc/欠\u2067条.jpg", "image/jpeg", "pic"}}, "text", "看照片")
	b.shows("photognp.exe 这种格式收不了", "照片 欠条.jpg")
	b.hides("\u202E", "\u2067", "..")
}
