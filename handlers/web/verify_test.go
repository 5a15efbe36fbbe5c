package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"dengwen/internal/test/invented"
	"dengwen/petition"
	"dengwen/storage/cases"

	"github.com/chromedp/chromedp"
)

// record is a real record with a few cases in it, one of which may be looked up.
type record struct {
	petition.Cases
	store  *cases.Store
	filed  petition.Record
	code   string
	change func(*petition.Proof) // forges what the page is given; nil = nothing
	full   error
}

func (r *record) Look(_ context.Context, a petition.Actor, number, code string) (petition.View, error) {
	n, _ := petition.ParseNumber(number)
	switch {
	case r.full != nil:
		return petition.View{}, r.full
	case n != r.filed.Case.Number || code != r.code || a.Asker == "" || a.Address == "":
		return petition.View{}, petition.Fail(petition.NotFound, "lookup.no_match")
	}
	return petition.View{Number: n, Received: r.filed.Case.Received}, nil
}

func (r *record) Prove(ctx context.Context, number string, first bool) (petition.Proof, error) {
	p, err := r.store.Prove(ctx, number, first)
	if err == nil && r.change != nil {
		r.change(&p)
	}
	return p, err
}

func (r *record) create(t testing.TB, n int) petition.Record {
	t.Helper()
	out, _, err := r.store.Create(t.Context(), fmt.Sprint("key", n), 2026, func(serial int) (petition.Record, []petition.Notice, error) {
		c := petition.Case{
			ID: fmt.Sprint("id-", n), Number: petition.FormatNumber("ZS", 2026, serial), Status: petition.Registered, Unit: "petition", Since: start, Received: start,
			Filing:   petition.Filing{Channel: "web", Class: petition.Claim, Facts: "三组的路塌了"},
			Timeline: []petition.Entry{{Seq: 1, At: start, Move: petition.MoveFile, By: "citizen", To: petition.Registered}},
		}
		return petition.Record{Case: c, Code: []byte{1}, Open: true, Units: []string{"petition"}}, nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// newRecord is a stage whose page /verify shows a real record. Its checkpoint is signed when the test says so.
func newRecord(t testing.TB) (*stage, *record) {
	t.Helper()
	r := &record{code: "7Q4M-29XD"}
	s := newStage(t, func(c *Config) {
		store, err := cases.Open(t.Context(), "", t.TempDir(), c.Box)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		r.store, r.Cases = store, c.Cases
		c.Cases, c.Prove, c.Above = r, r.Prove, func(string) string { return "柞水县人民政府" }
	})
	for n := range 5 {
		r.create(t, n)
	}
	r.filed = r.create(t, 5)
	r.create(t, 6)
	return s, r
}

func (r *record) signed(t testing.TB) {
	t.Helper()
	if text, err := r.store.Checkpoint(t.Context(), start); err != nil || text == "" {
		t.Fatalf("checkpoint %q, %v", text, err)
	}
}

func otherMark(r *record) string { return petition.Mark("dengwen+00000000+AAAA", []byte("another")) }

// verdictOf is the one verdict that the page shows.
func verdictOf(page string) string {
	var out []string
	for _, part := range strings.Split(page, `data-verdict="`)[1:] {
		name, rest, _ := strings.Cut(part, `"`)
		if !strings.HasPrefix(rest, " hidden") {
			out = append(out, name)
		}
	}
	return strings.Join(out, " ")
}

// Without JavaScript the server checks, and says that it was the server.
func TestServerVerifies(t *testing.T) {
	t.Parallel()
	s, r := newRecord(t)
	b := s.browser()
	ask := func(number, code, mark string, status int) string {
		t.Helper()
		b.get("/verify", http.StatusOK)
		b.post("/verify", b.fields("number", number, "code", code, "mark", mark), status)
		return verdictOf(b.page)
	}
	number, mark := r.filed.Case.Number, r.filed.Mark
	if got := ask(number, r.code, mark, http.StatusOK); got != proofNotYet {
		t.Errorf("before a checkpoint: %s", got)
	}
	r.signed(t)
	for want, typed := range map[string]string{proofHolds: strings.ToLower(strings.ReplaceAll(mark, "-", " ")), proofUnmarked: "", proofOther: otherMark(r)} {
		if got := ask(number, r.code, typed, http.StatusOK); got != want {
			t.Errorf("mark %q: %s, want %s", typed, got, want)
		}
	}
	b.shows("这是服务器自己核对的", "柞水县人民政府", "第 6 条，一共 7 条")
	for what, forge := range forgeries(t, r) {
		r.change = forge
		if got := ask(number, r.code, mark, http.StatusOK); got != proofBroken && got != proofOther {
			t.Errorf("%s: %s", what, got)
		}
	}
	r.change = nil

	ask("ZS26-417263-GH", r.code, "", http.StatusNotFound)
	first := notice(b.page)
	ask(number, "2222-2222", mark, http.StatusNotFound)
	if second := notice(b.page); first == "" || first != second {
		t.Errorf("a wrong number is answered %q, a wrong code %q", first, second)
	}
	r.full = petition.Fail(petition.Limited, "lookup.locked", "minutes", "4")
	ask(number, r.code, mark, http.StatusTooManyRequests)
	b.shows("请过 4 分钟")
}

func notice(page string) string {
	_, rest, _ := strings.Cut(page, `id="notice">`)
	text, _, _ := strings.Cut(rest, "</p>")
	return text
}

// forgeries are proofs that do not hold.
func forgeries(t *testing.T, r *record) map[string]func(*petition.Proof) {
	t.Helper()
	other, err := r.store.Prove(t.Context(), r.create(t, 5).Case.Number, true)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]func(*petition.Proof){
		"another content":      func(p *petition.Proof) { p.Content = strings.Repeat("0", 64) },
		"another position":     func(p *petition.Proof) { p.Position-- },
		"a hash left out":      func(p *petition.Proof) { p.Hashes = p.Hashes[1:] },
		"an edited tree":       func(p *petition.Proof) { p.Checkpoint = strings.Replace(p.Checkpoint, "\n7\n", "\n8\n", 1) },
		"another key":          func(p *petition.Proof) { p.Key = "dengwen+00000000+" + strings.Repeat("A", 43) + "=" },
		"no signature":         func(p *petition.Proof) { p.Checkpoint, _, _ = strings.Cut(p.Checkpoint, "\u2014") },
		"no checkpoint at all": func(p *petition.Proof) { p.Checkpoint = "" },
		"a version made later": func(p *petition.Proof) { p.Version, p.Before = 2, other.Content },
	}
}

// The page needs the session's own form, and has a budget.
func TestVerifyIsGuarded(t *testing.T) {
	t.Parallel()
	s, r := newRecord(t)
	b := s.browser()
	b.post("/verify", url.Values{"csrf": {"0"}, "number": {r.filed.Case.Number}, "code": {r.code}}, http.StatusForbidden)
	b.get("/verify", http.StatusOK)
	b.post("/verify", b.fields("number", r.filed.Case.Number, "mark", strings.Repeat("A", 5000)), http.StatusForbidden) // cut off: no csrf
	plain := newStage(t, nil).browser()
	plain.get("/verify", http.StatusNotFound)
}

// The page speaks a language that was added by a folder, with and without a verdict.
func TestVerifySpeaksAnAddedLanguage(t *testing.T) {
	t.Parallel()
	s, r := newRecord(t)
	r.signed(t)
	s.door.Locales, s.door.Above = invented.Catalog(t), nil
	b := s.browser()
	b.get("/verify?lang=bo", http.StatusOK)
	for _, mark := range []string{"", r.filed.Mark, otherMark(r)} {
		b.post("/verify", b.fields("number", r.filed.Case.Number, "code", r.code, "mark", mark, "lang", "bo"), http.StatusOK)
		if left := invented.Left(invented.Shown(b.page), "柞水县信访局", "中文", "English", "dengwen"); len(left) > 0 {
			t.Errorf("mark %q: %q left", mark, left)
		}
	}
}

// The browser works the proof out by itself, and says so; what it finds wrong is not shown as
// holding though the server says it does.
func TestBrowserVerifies(t *testing.T) {
	t.Parallel()
	s, r := newRecord(t)
	r.signed(t)
	for _, size := range [][2]int64{{390, 844}, {1366, 768}} {
		b := s.tab(t, size[0], size[1])
		b.do(chromedp.Navigate(b.srv.URL + verifyLink(r.filed.Case.Number, r.filed.Mark)))
		b.do(chromedp.SendKeys("#code", r.code), chromedp.Click("#verifyhead ~ form button"))
		b.until(`!!document.querySelector('[data-by="browser"]:not([hidden])')`)
		if got := eval[string](b, `document.querySelector('[data-verdict]:not([hidden])').dataset.verdict`); got != proofHolds {
			t.Errorf("%d pixels: %s", size[0], got)
		}
		if bad := eval[string](b, auditVerify); bad != "" {
			t.Errorf("%d pixels:\n%s", size[0], bad)
		}
	}
	b := s.tab(t, 390, 844)
	good, err := r.store.Prove(t.Context(), r.filed.Case.Number, true)
	if err != nil {
		t.Fatal(err)
	}
	for what, forge := range forgeries(t, r) {
		p := good
		p.Hashes = append([]string{}, good.Hashes...)
		forge(&p)
		if got := b.judged(t, r, p, r.filed.Mark); got != "broken browser" && got != "other browser" {
			t.Errorf("%s: %s", what, got)
		}
	}
	if got := b.judged(t, r, good, otherMark(r)); got != "other browser" {
		t.Errorf("the mark of another receipt: %s", got)
	}
	if got := b.judged(t, r, good, r.filed.Mark); got != "holds browser" {
		t.Errorf("what holds: %s", got)
	}
}

// judged is what the script says of a proof while the page says that it holds, and by whom.
func (b *tab) judged(t *testing.T, r *record, p petition.Proof, mark string) string {
	t.Helper()
	b.do(chromedp.Navigate(b.srv.URL + "/verify"))
	b.do(chromedp.SendKeys("#number", r.filed.Case.Number), chromedp.SendKeys("#code", r.code), chromedp.Click("#verifyhead ~ form button"))
	b.until(`!!document.querySelector('[data-by="browser"]:not([hidden])')`)
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	script, err := files.ReadFile("static/verify.js")
	if err != nil {
		t.Fatal(err)
	}
	eval[bool](b, fmt.Sprintf(`(function () {
  const card = document.getElementById('verdict');
  card.setAttribute('data-proof', %s); card.setAttribute('data-mark', %s); card.className = 'card verdict holds';
  card.querySelectorAll('[data-by]').forEach(function (e) { e.hidden = e.dataset.by !== 'server'; });
  return true;
}())`, quoted(string(text)), quoted(mark)))
	eval[bool](b, string(script)+"\ntrue")
	b.until(`!!document.querySelector('[data-by="browser"]:not([hidden]),[data-failed]')`)
	return eval[string](b, `document.querySelector('[data-verdict]:not([hidden])').dataset.verdict + ' ' + document.querySelector('[data-by]:not([hidden])').dataset.by`)
}

func quoted(s string) string { b, _ := json.Marshal(s); return string(b) }

// auditVerify is audit without what only the chat has.
var auditVerify = strings.Replace(strings.Replace(audit, `if (!log) {`, `if (false) {`, 1), `if (!document.querySelector('[role=status]')) {`, `if (false) {`, 1)

// Whatever is typed into the page's form is answered in words, and nothing but the right number, code
// and mark is said to be proved.
func FuzzVerify(f *testing.F) {
	s, r := newRecord(f)
	r.signed(f)
	f.Add(r.filed.Case.Number, r.code, otherMark(r))
	f.Add("ZS26-0001-KN", "\x00", strings.Repeat("字", 9000))
	f.Add("", "", "")
	b := s.browser()
	f.Fuzz(func(t *testing.T, number, code, mark string) {
		form := b.fields("number", number, "code", code, "mark", mark)
		req, err := http.NewRequestWithContext(t.Context(), "POST", b.srv.URL+"/verify", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := b.c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		page, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode >= 500 {
			t.Errorf("%q %q %q: %d, %v", number, code, mark, res.StatusCode, err)
		}
		if strings.Contains(verdictOf(string(page)), proofHolds) {
			t.Errorf("%q %q %q is proved: %s", number, code, mark, verdictOf(string(page)))
		}
	})
}
