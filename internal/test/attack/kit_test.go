package attack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/petition/roster"
)

func TestMain(m *testing.M) { faults.Main(m) }

// ids make what is sent once.
var ids atomic.Int64

func once() string { return fmt.Sprintf("once-%08d", ids.Add(1)) }

// target is the program that is attacked.
type target struct {
	*testing.T
	p    *faults.Program
	keys map[string]string // API keys, by name
}

// keyring are the keys that programs of others have, by name: scopes and unit.
var keyring = map[string]struct {
	unit   string
	scopes []api.Scope
}{
	"bot": {"", []api.Scope{api.Citizens}}, "bot2": {"", []api.Scope{api.Citizens}}, "all": {"", []api.Scope{api.Citizens, api.Staff, api.Sealed, api.Admin, api.Desk, api.Broadcast}},
	"transport": {"transport", []api.Scope{api.Citizens, api.Staff, api.Sealed, api.Admin, api.Desk, api.Broadcast}}, "water": {"water", []api.Scope{api.Citizens, api.Staff}},
	"open": {"", []api.Scope{api.Open311}}, "own": {"", []api.Scope{api.Citizens, api.Staff, api.OwnOfficers}},
}

// people are officers that the roster knows.
var people = []petition.Actor{
	{Staff: "s-intake", Unit: "petition", Roles: []petition.Role{petition.Intake}}, {Staff: "s-super", Unit: "petition", Roles: []petition.Role{petition.Supervisor}},
	{Staff: "s-road", Unit: "transport", Roles: []petition.Role{petition.Officer}}, {Staff: "s-water", Unit: "water", Roles: []petition.Role{petition.Officer}},
	{Staff: "s-sealed", Unit: "discipline", Roles: []petition.Role{petition.Sealed}},
}

// begin starts the program with settings of its own.
func begin(t *testing.T, env ...string) *target {
	t.Helper()
	x := &target{T: t, keys: map[string]string{}}
	var lines []string
	for name, k := range keyring {
		key, line, err := api.NewKey(name, k.scopes, k.unit)
		if err != nil {
			t.Fatal(err)
		}
		x.keys[name], lines = key, append(lines, line)
	}
	x.p = faults.NewProgram(t, append(env, "DENGWEN_API_KEYS="+strings.Join(lines, "\n"))...)
	if os.Getenv("DENGWEN_ATTACK_STORES") != "" {
		x.p.Set("REDIS_URL="+servers.Redis(t), "DATABASE_URL="+servers.Postgres(t), "DENGWEN_KEY_FILE="+x.keyFile())
	}
	if err := x.p.Start(); err != nil {
		t.Fatal(err)
	}
	root := api.NewClient(x.p.URL, x.keys["all"], nil)
	for _, a := range people {
		if err := root.PutPerson(t.Context(), roster.Person{ID: a.Staff, Name: a.Staff, Unit: a.Unit, Roles: a.Roles, Joined: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

// keyFile is a file with a key in the data folder, where the program makes one itself if its stores are embedded.
func (x *target) keyFile() string {
	x.Helper()
	key, err := seal.NewKey()
	if err == nil {
		err = os.MkdirAll(x.p.Data, 0o700)
	}
	path := filepath.Join(x.p.Data, "dengwen.key")
	if err == nil {
		err = os.WriteFile(path, []byte(key), 0o600)
	}
	if err != nil {
		x.Fatal(err)
	}
	return path
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	text   string
}

// still follows no redirect.
var still = &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// send sends a request; headers are name, value pairs.
func (x *target) send(method, path, body string, headers ...string) answer {
	x.Helper()
	r, err := http.NewRequestWithContext(x.Context(), method, x.p.URL+path, strings.NewReader(body))
	if err != nil {
		x.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return x.do(still, r)
}

func (x *target) do(c *http.Client, r *http.Request) answer {
	x.Helper()
	res, err := c.Do(r)
	if err != nil {
		x.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		x.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(text)}
}

// as are the headers by which a key says for whom it acts.
func (x *target) as(key string, a petition.Actor) []string {
	h := []string{"Authorization", "Bearer " + x.keys[key], "Content-Type", "application/json"}
	for _, one := range [][2]string{{"Actor-Owner", a.Owner}, {"Actor-Asker", a.Asker}, {"Actor-Address", a.Address}, {"Actor-Staff", a.Staff}, {"Actor-Unit", a.Unit}, {"Actor-Reason", a.Reason}} {
		if one[1] != "" {
			h = append(h, one[0], one[1])
		}
	}
	for _, r := range a.Roles {
		h = append(h, "Actor-Roles", string(r))
	}
	return h
}

// call calls the case API with a key for somebody.
func (x *target) call(key string, a petition.Actor, method, path, body string, headers ...string) answer {
	x.Helper()
	return x.send(method, path, body, append(x.as(key, a), headers...)...)
}

func citizen(owner string) petition.Actor { return petition.Actor{Owner: owner, Asker: owner} }

// lodge files a petition by a key for a chat, with files that it stored.
func (x *target) lodge(key, owner, words string, files ...string) petition.Ticket {
	x.Helper()
	got := x.call(key, citizen(owner), "POST", "/v1/cases", filing(words, files...), "Idempotency-Key", once())
	var k petition.Ticket
	if err := json.Unmarshal([]byte(got.text), &k); err != nil || got.status != http.StatusCreated {
		x.Fatalf("lodge: %d %s", got.status, got.text)
	}
	return k
}

func filing(words string, files ...string) string {
	f := map[string]any{"class": "claim", "facts": words, "channel": "api"}
	var all []map[string]string
	for _, id := range files {
		all = append(all, map[string]string{"id": id, "kind": "document", "name": "a.txt"})
	}
	if all != nil {
		f["attachments"] = all
	}
	b, _ := json.Marshal(f) // strings: never fails
	return string(b)
}

// store stores a file by a key for somebody.
func (x *target) store(key string, a petition.Actor, id, words string) answer {
	x.Helper()
	return x.call(key, a, "PUT", "/v1/files/"+id, words, "Attachment-Kind", "document", "Attachment-Name", "a.txt")
}

// to hands a case to a unit.
func (x *target) to(number, unit string) {
	x.Helper()
	got := x.call("all", people[0], "POST", "/v1/cases/"+number+"/moves", `{"name":"transfer","unit":"`+unit+`"}`, "Idempotency-Key", once())
	if got.status != http.StatusOK {
		x.Fatalf("transfer: %d %s", got.status, got.text)
	}
}

// browser is somebody at the page or at the desk. It follows no redirect.
type browser struct {
	*target
	from    string // network address, as the proxy on this machine says
	cookies map[string]string
	csrf    string
	answer
}

var addresses atomic.Int64

// browse is a browser from an address of its own.
func (x *target) browse() *browser {
	n := addresses.Add(1)
	return &browser{target: x, from: fmt.Sprintf("198.18.%d.%d", n>>8, n&255), cookies: map[string]string{}}
}

// copy is another browser with the same cookies: whoever has stolen, or planted, them.
func (b *browser) copy() *browser {
	c := b.browse()
	for name, value := range b.cookies {
		c.cookies[name] = value
	}
	c.csrf = b.csrf
	return c
}

func (b *browser) request(method, path, kind string, body io.Reader) *http.Request {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, b.p.URL+path, body)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", b.from)
	if method != http.MethodGet {
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Origin", b.p.URL)
	}
	if path == "/say" || strings.HasPrefix(path, "/posts") {
		r.Header.Set("Accept", "application/json")
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return r
}

func (b *browser) ask(r *http.Request) *browser {
	b.Helper()
	res, err := still.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	b.answer = answer{res.StatusCode, res.Header, string(text)}
	for _, c := range res.Cookies() {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	if found := csrfIn.FindStringSubmatch(b.text); found != nil {
		b.csrf = found[1]
	}
	return b
}

var csrfIn = regexp.MustCompile(`data-csrf="([^"]+)"`)

func (b *browser) get(path string) *browser {
	b.Helper()
	return b.ask(b.request("GET", path, "", http.NoBody))
}

func (b *browser) post(path string, form url.Values) *browser {
	b.Helper()
	return b.ask(b.request("POST", path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode())))
}

// say types something at the page.
func (b *browser) say(text string) *browser {
	b.Helper()
	if b.csrf == "" {
		b.get("/")
	}
	return b.post("/say", url.Values{"csrf": {b.csrf}, "id": {once()}, "lang": {"zh-CN"}, "text": {text}})
}

// upload sends files with a form.
func (b *browser) upload(path string, fields url.Values, files map[string][]byte) *browser {
	b.Helper()
	body, kind := form(b.T, fields, files)
	return b.ask(b.request("POST", path, kind, bytes.NewReader(body)))
}

func form(t *testing.T, fields url.Values, files map[string][]byte) (body []byte, kind string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name := range fields {
		_ = m.WriteField(name, fields.Get(name))
	}
	for name, content := range files {
		part, err := m.CreatePart(textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="file"; filename=%q`, name)}, "Content-Type": {"application/octet-stream"}})
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	_ = m.Close()
	return b.Bytes(), m.FormDataContentType()
}

// hears waits until the page shows words, and answers all that it shows then.
func (b *browser) hears(pattern string) string {
	b.Helper()
	re := regexp.MustCompile(pattern)
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(30 * time.Millisecond) {
		if b.get("/posts?after=0"); b.status == http.StatusOK && re.MatchString(b.text) {
			return b.text
		}
		if b.status == http.StatusTooManyRequests {
			time.Sleep(time.Second)
		}
		if time.Now().After(end) {
			b.Fatalf("the page does not show %q: %d %s", pattern, b.status, wordsIn.FindAllString(strings.ReplaceAll(b.text, `\n`, " "), -1))
		}
	}
}

// wordsIn are the words of the bubbles of the page, as they stand in JSON.
var wordsIn = regexp.MustCompile(`[^\x00-\x7f][^<\\]*`)

// enter is an officer at the desk, by a link.
func (x *target) enter(unit string, roles ...string) (b *browser, id string) {
	x.Helper()
	args := []string{"staff", "add", "--name", "Officer of " + unit, "--unit", unit}
	for _, r := range roles {
		args = append(args, "--role", r)
	}
	out, err := x.p.Run(args...)
	if err != nil {
		x.Fatal(err)
	}
	b = x.browse()
	if b.post(linkIn.FindString(out), nil); b.header.Get("Location") != "/desk/" {
		x.Fatalf("not let in: %d %.300s", b.status, b.text)
	}
	return b, idIn.FindString(strings.ReplaceAll(out, linkIn.FindString(out), ""))
}

var (
	linkIn = regexp.MustCompile(`/desk/enter/\S+`)
	idIn   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Za-z_-]{16,}`)
)

// telegram ties a program to a fake Bot API.
func telegram(t *testing.T) (*fakeapi.Server, []string) {
	t.Helper()
	s, err := fakeapi.Start(fakeapi.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, faults.Telegram(s, "")
}

// stream is a live connection: what came of it, and whether it is over.
type stream struct {
	over chan struct{}
	text *bytes.Buffer
}

// follow opens a live connection, which must begin.
func (b *browser) follow(path string) *stream {
	b.Helper()
	res, err := (&http.Client{}).Do(b.request("GET", path, "", http.NoBody))
	if err != nil {
		b.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		b.Fatalf("%s is not open: %d", path, res.StatusCode)
	}
	s := &stream{over: make(chan struct{}), text: &bytes.Buffer{}}
	go func() {
		defer close(s.over)
		defer res.Body.Close()
		_, _ = io.Copy(s.text, res.Body)
	}()
	return s
}

// ends waits for the end of a live connection and answers what came.
func (s *stream) ends(t *testing.T, within time.Duration) string {
	t.Helper()
	select {
	case <-s.over:
		return s.text.String()
	case <-time.After(within):
		t.Errorf("a live connection goes on after %v", within)
		return ""
	}
}
