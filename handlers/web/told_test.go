package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	exampleoffice "dengwen/internal/office"
	"dengwen/internal/test/invented"
	fakes "dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/telling"
)

func newToldStage(t *testing.T) (*stage, *fakes.Wishes) {
	t.Helper()
	wishes := fakes.NewWishes()
	s := newStage(t, func(c *Config) {
		id := func() string { return "w-1" }
		cases := petition.NewService(fakes.NewMemory(), exampleoffice.Example(), petition.DefaultCalendar(), c.Box.Hash, c.Now, id, new(fakes.Blobs))
		c.Cases, c.Ways = cases, []string{telling.SMS, telling.Mail}
		c.Citizens = telling.NewCitizens(wishes, cases, func(way string, agreed bool) string { return way }, c.Now, id)
	})
	return s, wishes
}

// On the page somebody agrees by writing a number, chooses hours, and takes it back; a number that gets no
// messages and hours that are none are refused with a sentence.
func TestToldPage(t *testing.T) {
	t.Parallel()
	s, _ := newToldStage(t)
	b := s.browser()
	b.get("/", http.StatusOK)
	if !strings.Contains(b.page, `href="/told"`) {
		t.Error("the first page does not lead there")
	}
	b.get("/told", http.StatusOK)
	if strings.Contains(b.page, `value="stop-sms"`) || strings.Contains(b.page, `name="from"`) {
		t.Error("offers to stop what was never agreed to")
	}
	b.post("/told", b.fields("do", "save", "sms", "0914-4321234", "mail", ""), http.StatusUnprocessableEntity)
	if !strings.Contains(b.page, "这不是能收短信的手机号") {
		t.Errorf("a telephone without messages: %s", invented.Shown(b.page))
	}
	b.post("/told", b.fields("do", "save", "sms", "139 1234 5678", "mail", "lan@mail.example.cn"), http.StatusOK)
	for _, want := range []string{"139****5678", "l***@mail.example.cn", `value="stop-sms"`} {
		if !strings.Contains(b.page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if first := regexp.MustCompile(`(?s)<form method="post" action="/told">.*?<button class="(main|key)"( form=)?`).FindStringSubmatch(b.page); first == nil || first[2] == "" {
		t.Error("the key Enter takes a consent back")
	}
	if strings.Contains(b.page, "13912345678") {
		t.Error("the number is shown whole")
	}
	b.post("/told", b.fields("do", "save", "want", "answers", "from", "21:30", "to", ""), http.StatusUnprocessableEntity)
	b.post("/told", b.fields("do", "save", "want", "answers", "from", "21:30", "to", "06:30"), http.StatusOK)
	if !strings.Contains(b.page, `value="21:30"`) || !strings.Contains(b.page, `value="answers" selected`) {
		t.Error("hours and kinds are not kept")
	}
	b.post("/told", b.fields("do", "stop-sms"), http.StatusOK)
	if strings.Contains(b.page, "139****5678") || !strings.Contains(b.page, "l***@") {
		t.Error("one consent is for one channel")
	}
	other := s.browser()
	other.get("/told", http.StatusOK)
	if strings.Contains(other.page, "l***@") {
		t.Error("another browser sees it")
	}
}

// The link in a mail ends mail with one press, from wherever it is opened and by mail programs, without
// saying whose it was; looking at it ends nothing.
func TestMailLink(t *testing.T) {
	t.Parallel()
	s, wishes := newToldStage(t)
	b := s.browser()
	b.get("/told", http.StatusOK)
	b.post("/told", b.fields("do", "save", "sms", "13912345678", "mail", "lan@mail.example.cn"), http.StatusOK)
	other := s.browser()
	other.get("/told/w-1", http.StatusOK)
	unknown := s.browser()
	unknown.get("/told/w-9", http.StatusOK)
	if strings.ReplaceAll(unknown.page, "w-9", "w-1") != other.page {
		t.Error("the page tells which ids there are")
	}
	if c, err := wishes.WishesByID(t.Context(), "w-1"); err != nil || !c.Mail.Open() {
		t.Fatalf("looking ended it: %+v, %v", c, err)
	}
	other.post("/told/w-1", map[string][]string{"List-Unsubscribe": {"One-Click"}}, http.StatusOK)
	unknown.post("/told/w-9", nil, http.StatusOK)
	if strings.ReplaceAll(unknown.page, "w-9", "w-1") != other.page {
		t.Error("the answer tells which ids there are")
	}
	if c, err := wishes.WishesByID(t.Context(), "w-1"); err != nil || c.Mail.Address != "" || !c.Phone.Open() {
		t.Errorf("after the press: %+v, %v", c, err)
	}
}

// The page speaks a language that was added by a folder.
func TestToldSpeaksAnAddedLanguage(t *testing.T) {
	t.Parallel()
	s, _ := newToldStage(t)
	s.door.Locales = invented.Catalog(t)
	b := s.browser()
	b.get("/told?lang=bo", http.StatusOK)
	b.post("/told", b.fields("do", "save", "sms", "13912345678", "lang", "bo"), http.StatusOK)
	page := b.page
	b.get("/told/w-1?lang=bo", http.StatusOK)
	if left := invented.Left(invented.Shown(page+b.page), "柞水县信访局", "中文", "English"); len(left) > 0 {
		t.Errorf("%q left", left)
	}
}
