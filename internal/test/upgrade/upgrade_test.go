package upgrade_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/roster"
	"dengwen/storage/redis"
	"dengwen/storage/sqlite"
)

func TestMain(m *testing.M) {
	code := servers.Run(m)
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

const fixture = "testdata/upgrade"

// expect is what an earlier program left behind: expect.json.
type expect struct {
	Now         time.Time           `json:"now"` // when it ended
	Cases       map[string]caseWant `json:"cases"`
	People      []roster.Person     `json:"people"`
	Groups      []roster.Binding    `json:"groups"`
	Places      []placeWant         `json:"places"`
	Invite      string              `json:"invite"` // unused yet; of a person
	Consents    []bulletin.Consent  `json:"consents"`
	Notices     []bulletin.Bulletin `json:"notices"` // service notices, newest first
	Files       []fileWant          `json:"files"`
	Notes       []noteWant          `json:"notes"` // of files
	Copies      map[string]string   `json:"copies"`
	Posts       map[string][]string `json:"posts"` // what a page shows, by conversation
	DeadLetters []deadLetterWant    `json:"asides"`
	Events      int                 `json:"events"` // not stepped yet
	Rows        int                 `json:"rows"`   // not performed yet
	Marks       map[string]string   `json:"marks"`  // how far the news was handed on
	Outbox      []rowWant           `json:"outbox"`
	Inbox       []eventWant         `json:"inbox"`
	Told        []eventWant         `json:"told"` // news of cases that were handed on to nobody yet
	Talks       []talkWant          `json:"talks"`
}

type caseWant struct {
	Status  petition.Status `json:"status"`
	Class   petition.Class  `json:"class"`
	Unit    string          `json:"unit"`
	Officer string          `json:"officer,omitempty"`
	Title   string          `json:"title,omitempty"`
	Facts   int             `json:"facts"` // how many characters
	Owner   string          `json:"owner,omitempty"`
	Due     string          `json:"due,omitempty"`
	Entries int             `json:"entries"`
	Last    string          `json:"last,omitempty"` // move of the last entry, and what it says
	Clocks  int             `json:"clocks"`
	Files   int             `json:"files,omitempty"`
	Open    bool            `json:"open,omitempty"`
	Sealed  bool            `json:"sealed,omitempty"`
	Code    string          `json:"code,omitempty"` // query code that opens it
}

type placeWant struct {
	Chat   string `json:"chat"`
	Number string `json:"number"`
	Card   string `json:"card,omitempty"`
	Topic  string `json:"topic,omitempty"`
	Name   string `json:"name,omitempty"`
}

type fileWant struct {
	Number string `json:"number"`
	ID     string `json:"id"`
	Type   string `json:"type"`
	Bytes  int    `json:"bytes"`
}

// noteWant is what is noted of a file in the blob store, of a case's or a loose one.
type noteWant struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"`
	Size     int64     `json:"size"`
	By       string    `json:"by"`
	Original string    `json:"original,omitempty"`
	At       time.Time `json:"at"`
}

func noteOf(f petition.File) noteWant {
	return noteWant{f.ID, f.Kind, f.Size, f.By, f.Original, f.At}
}

type deadLetterWant struct {
	Place string `json:"place"` // what it is sealed to, without its conversation
	ID    string `json:"id"`
	Has   string `json:"has"` // a part of it
}

type rowWant struct {
	Conv string `json:"conv"`
	Key  string `json:"key"`
	Kind string `json:"kind"`           // say, file, do, fetch
	Text string `json:"text,omitempty"` // of a message
	File string `json:"file,omitempty"` // to be fetched
}

type eventWant struct {
	Conv string `json:"conv"`
	ID   string `json:"id"`
	Then string `json:"then,omitempty"` // state of the conversation afterwards
}

// talkWant is a conversation as it was left, a harmless event that has the open question
// asked again, and one that answers it.
type talkWant struct {
	Conv   string                        `json:"conv"`
	State  bot.State                     `json:"state"`
	Step   int                           `json:"step"`
	Lang   string                        `json:"lang"`
	Case   string                        `json:"case,omitempty"`
	Return bot.State                     `json:"return,omitempty"`
	Note   string                        `json:"note,omitempty"`
	Kept   string                        `json:"kept,omitempty"`
	Filed  int                           `json:"filed,omitempty"`
	Draft  *draftWant                    `json:"draft,omitempty"`
	Desks  map[string]bot.OfficerSession `json:"desks,omitempty"`
	Again  bot.Event                     `json:"again"`
	Asked  string                        `json:"asked"` // the question, as it is put again
	Answer bot.Event                     `json:"answer"`
	Then   bot.State                     `json:"then"`            // state afterwards
	Opens  map[string]string             `json:"opens,omitempty"` // what officers have open afterwards
}

type draftWant struct {
	Title string         `json:"title,omitempty"`
	Class petition.Class `json:"class,omitempty"`
	Facts string         `json:"facts,omitempty"`
	Files int            `json:"files,omitempty"`
	Known int            `json:"known"`
	Sent  bool           `json:"sent,omitempty"`
}

func draftOf(d *bot.Draft) *draftWant {
	if d == nil {
		return nil
	}
	return &draftWant{d.Filing.Title, d.Filing.Class, d.Filing.Facts, len(d.Filing.Attachments), len(d.Known), d.Sent}
}

// TestOldData opens the data of an earlier program: everything is there, and every
// conversation goes on where it was left.
func TestOldData(t *testing.T) {
	for _, c := range []struct {
		name string
		open func(t *testing.T, dir string) turn.Store
	}{{"sqlite", oldFile}, {"redis", oldRedis}} {
		t.Run(c.name, func(t *testing.T) {
			var want expect
			raw, err := os.ReadFile(filepath.Join(fixture, "expect.json"))
			check(t, err)
			check(t, json.Unmarshal(raw, &want))
			dir := t.TempDir()
			unpack(t, filepath.Join(fixture, "data"), dir)
			begin := time.Now()
			now := func() time.Time { return want.Now.Add(3*time.Minute + time.Since(begin)) }
			h := open(t, dir, c.open(t, dir), now, "later", turn.Options{
				Sweep: 20 * time.Millisecond, FirstRetry: 10 * time.Millisecond, LastRetry: 100 * time.Millisecond,
			})
			w := &world{program: h, want: want}
			t.Run("cases", w.inside((*world).checkCases))
			t.Run("office", w.inside((*world).checkOffice))
			t.Run("files", w.inside((*world).checkFiles))
			t.Run("notes", w.inside((*world).checkNotes))
			t.Run("waiting", w.inside((*world).checkWaiting))
			h.start()
			t.Run("delivered", w.inside((*world).checkDelivered))
			for _, talk := range want.Talks {
				t.Run(strings.ReplaceAll(talk.Conv, "/", "_")+"/"+string(talk.State), func(t *testing.T) { w.on(t).checkTalk(talk) })
			}
			h.stop()
		})
	}
}

func oldFile(t *testing.T, dir string) turn.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, "conversations.db"))
	check(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func oldRedis(t *testing.T, _ string) turn.Store {
	t.Helper()
	url := servers.Redis(t)
	loadRedis(t, url, filepath.Join(fixture, "redis.jsonl.gz"))
	s, err := redis.Open(t.Context(), url)
	check(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// unpack copies the data folder; what is compressed there is not here.
func unpack(t *testing.T, from, to string) {
	t.Helper()
	check(t, filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		at := filepath.Join(to, strings.TrimSuffix(name, ".gz"))
		if d.IsDir() {
			return os.MkdirAll(at, 0o700)
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		var in io.Reader = f
		if strings.HasSuffix(name, ".gz") {
			if in, err = gzip.NewReader(f); err != nil {
				return err
			}
		}
		body, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		return os.WriteFile(at, body, 0o600)
	}))
}

type world struct {
	*program
	want expect
}

func (w *world) on(t *testing.T) *world {
	h := w.program
	h.t = t
	return &world{h, w.want}
}

func (w *world) inside(f func(*world)) func(*testing.T) {
	return func(t *testing.T) { f(w.on(t)) }
}

// same compares through JSON, as everything here is stored.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	g, _ := json.Marshal(got)
	x, _ := json.Marshal(want)
	if string(g) != string(x) {
		t.Errorf("%s:\ngot  %s\nwant %s", what, g, x)
	}
}

func caseOf(r petition.Record) caseWant {
	c := r.Case
	w := caseWant{
		Status: c.Status, Class: c.Filing.Class, Unit: c.Unit, Officer: c.Officer, Title: c.Filing.Title, Facts: len([]rune(c.Filing.Facts)),
		Owner: c.Filing.Owner, Due: r.Due, Entries: len(c.Timeline), Clocks: len(c.Clocks), Files: len(r.Files), Open: r.Open, Sealed: r.Sealed,
	}
	if n := len(c.Timeline); n > 0 {
		w.Last = strings.TrimSpace(string(c.Timeline[n-1].Move) + " " + c.Timeline[n-1].Text)
	}
	return w
}

func (w *world) checkCases() {
	have := numbers(w.t, w.store)
	if len(have) != len(w.want.Cases) {
		w.t.Errorf("%d cases, want %d", len(have), len(w.want.Cases))
	}
	for _, number := range sortedKeys(w.want.Cases) {
		want := w.want.Cases[number]
		r, err := w.store.Load(w.t.Context(), number)
		if err != nil {
			w.t.Errorf("%s: %v", number, err)
			continue
		}
		got := caseOf(r)
		got.Code = want.Code
		same(w.t, number, got, want)
		if want.Code == "" {
			continue
		}
		v, err := w.cases.Look(w.t.Context(), petition.Actor{Asker: "tg:70000"}, number, want.Code)
		if err != nil || v.Status != want.Status {
			w.t.Errorf("%s does not open with its code: %v", number, err)
		}
	}
}

func (w *world) checkOffice() {
	ctx := w.t.Context()
	people, err := w.roster.People(ctx, "")
	check(w.t, err)
	same(w.t, "people", people, w.want.People)
	groups, err := w.store.Bindings(ctx, "")
	check(w.t, err)
	same(w.t, "groups", groups, w.want.Groups)
	for _, p := range w.want.Places {
		got := placeWant{Chat: p.Chat, Number: p.Number}
		at, err := w.roster.Place(ctx, p.Chat, p.Number)
		check(w.t, err)
		got.Card, got.Topic, got.Name = at.Card, at.Topic, p.Name // a topic is named anew where its state is not known
		same(w.t, "place of "+p.Number, got, p)
	}
	for _, c := range w.want.Consents {
		got, err := w.bulletins.Consent(ctx, c.Chat)
		check(w.t, err)
		same(w.t, "consent", got, c)
	}
	n, err := w.bulletins.Agreed(ctx)
	check(w.t, err)
	same(w.t, "consents", n, len(w.want.Consents))
	notices, err := w.bulletins.Past(ctx, 60)
	check(w.t, err)
	same(w.t, "service notices", notices, w.want.Notices)
	for _, name := range sortedKeys(w.want.Copies) {
		got, err := w.store.Copy(ctx, name)
		check(w.t, err)
		same(w.t, "copy", got, w.want.Copies[name])
	}
	if p, err := w.roster.Join(ctx, w.want.Invite, "tg:5999", "新同事"); err != nil || p.Unit == "" {
		w.t.Errorf("an invitation is lost: %v", err)
	}
}

func (w *world) checkFiles() {
	for _, f := range w.want.Files {
		r, err := w.store.Load(w.t.Context(), f.Number)
		check(w.t, err)
		body, at, err := w.cases.Open(w.t.Context(), petition.Actor{Owner: r.Case.Filing.Owner}, f.Number, f.ID)
		if err != nil {
			w.t.Errorf("file %s of %s: %v", f.ID, f.Number, err)
			continue
		}
		b, err := io.ReadAll(body)
		_ = body.Close()
		check(w.t, err)
		same(w.t, "file", fileWant{f.Number, at.ID, at.Type, len(b)}, f)
	}
}

// checkNotes: whose a file is, and whether its bytes as they came lie apart.
func (w *world) checkNotes() {
	for _, want := range w.want.Notes {
		got, err := w.store.Files(w.t.Context(), []string{want.ID})
		check(w.t, err)
		if len(got) != 1 {
			w.t.Errorf("nothing is noted of file %s", want.ID)
			continue
		}
		same(w.t, "note of a file", noteOf(got[0]), want)
	}
}

// checkWaiting looks at what nobody has stepped or performed, before anybody does.
func (w *world) checkWaiting() {
	ctx := w.t.Context()
	d, err := w.conv.Depth(ctx, w.now())
	check(w.t, err)
	same(w.t, "events, rows, dead letters", []int{d.Events, d.Rows, d.DeadLetters}, []int{w.want.Events, w.want.Rows, len(w.want.DeadLetters)})
	for _, name := range sortedKeys(w.want.Marks) {
		at, err := w.conv.Mark(ctx, name)
		check(w.t, err)
		same(w.t, "mark "+name, at, w.want.Marks[name])
	}
	letters, err := w.conv.DeadLetters(ctx, 100)
	check(w.t, err)
	for _, want := range w.want.DeadLetters {
		i := slices.IndexFunc(letters, func(a turn.DeadLetter) bool { return a.ID == want.ID })
		if i < 0 {
			w.t.Errorf("%s is not a dead letter any more", want.ID)
			continue
		}
		plain, err := w.box.Open(letters[i].Body, "turn:"+letters[i].Conv+":"+want.Place)
		if err != nil || !strings.Contains(string(plain), want.Has) {
			w.t.Errorf("%s does not open: %v", want.ID, err)
		}
	}
	mail, ok := w.conv.(turn.Mailbox)
	if !ok {
		w.t.Fatal("the store keeps no mail")
	}
	for _, conv := range sortedKeys(w.want.Posts) {
		posts, err := mail.Since(ctx, conv, 0, 100)
		check(w.t, err)
		same(w.t, "posts of "+conv, w.texts(conv, posts), w.want.Posts[conv])
	}
}

// texts opens what a page shows.
func (w *world) texts(conv string, posts []turn.MailboxItem) (out []string) {
	for _, p := range posts {
		plain, err := w.box.Open(p.Body, "mail:"+conv+":"+p.Key)
		check(w.t, err)
		var e struct {
			Say *bot.Say `json:"say"`
		}
		check(w.t, json.Unmarshal(plain, &e))
		if e.Say != nil {
			out = append(out, e.Say.Text)
		}
	}
	return out
}

// checkDelivered: what waited is delivered, once each; a filing gets its number; what
// was taken in is stepped.
func (w *world) checkDelivered() {
	w.settle()
	for _, r := range w.want.Outbox {
		var got []sent
		for _, s := range w.post.all() {
			if s.conv == r.Conv && (s.key == r.Key || strings.HasPrefix(s.key, "done:"+r.Key+"/")) {
				got = append(got, s)
			}
		}
		switch {
		case r.Kind == "say" && (len(got) != 1 || got[0].say.Text != r.Text):
			w.t.Errorf("%s %s was delivered %d times: %v", r.Conv, r.Key, len(got), got)
		case r.Kind == "file" && !slices.ContainsFunc(got, func(s sent) bool { return s.say.Receipt != nil && s.say.Receipt.Number != "" }):
			w.t.Errorf("the filing of %s got no number: %v", r.Conv, got)
		case r.Kind == "fetch":
			notes, err := w.store.Files(w.t.Context(), []string{r.File})
			if err != nil || len(notes) != 1 {
				w.t.Errorf("the file of %s was not fetched: %v", r.Conv, err)
			}
		case r.Kind == "do" && len(got) == 0:
			w.t.Errorf("the move of %s is not told: %v", r.Conv, got)
		}
	}
	for _, e := range w.want.Inbox {
		_, after, ok := w.took(e.ID)
		if !ok {
			w.t.Errorf("%s of %s was not stepped", e.ID, e.Conv)
		}
		same(w.t, "after "+e.ID, string(after.State), e.Then)
	}
	for _, e := range w.want.Told {
		if n := len(w.post.from(e.Conv, e.ID)); n == 0 {
			w.t.Errorf("%s was not told %s", e.Conv, e.ID)
		}
	}
	twice := map[string]int{}
	for _, s := range w.post.all() {
		if twice[s.conv+" "+s.key]++; twice[s.conv+" "+s.key] > 1 {
			w.t.Errorf("%s %s was delivered twice", s.conv, s.key)
		}
	}
}

// settle waits until the notices are handed on too.
func (w *world) settle() {
	for end := time.Now().Add(10 * time.Second); ; {
		if time.Now().After(end) {
			w.t.Fatal("the marks of the news do not move on")
		}
		w.run.Wake()
		time.Sleep(50 * time.Millisecond)
		w.waitIdle()
		last := ""
		for _, mark := range []string{"notices", "notices-office"} {
			at, err := w.conv.Mark(context.Background(), mark)
			check(w.t, err)
			left, err := w.cases.Notices(context.Background(), at, 1)
			check(w.t, err)
			if len(left) > 0 {
				last = left[0].ID
			}
		}
		if last == "" {
			return
		}
	}
}

func (w *world) checkTalk(want talkWant) {
	name := strings.ReplaceAll(want.Conv, "/", "_")
	id := "tg:again-" + name
	before, _ := w.hear(want.Conv, id, want.Again)
	got := talkOf(before)
	got.Conv, got.Again, got.Answer, got.Then, got.Opens = want.Conv, want.Again, want.Answer, want.Then, want.Opens
	got.Asked = w.asked(want.Conv, id)
	same(w.t, "left and asked again", got, want)
	_, after := w.hear(want.Conv, "tg:answer-"+name, want.Answer)
	same(w.t, "goes on", string(after.State), string(want.Then))
	same(w.t, "desks go on", opens(after), want.Opens)
}

func (w *world) hear(conv, id string, e bot.Event) (before, after bot.Session) {
	e.ID = id
	w.tell(conv, e)
	w.waitIdle()
	before, after, ok := w.took(id)
	if !ok {
		w.t.Fatalf("%s was not stepped", id)
	}
	return before, after
}

var code = regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}(-[0-9A-Z]{2})?\b`)

// asked is the last that was said to an event: the open question. Query codes in it are
// left out.
func (w *world) asked(conv, id string) string {
	all := w.post.from(conv, id)
	if len(all) == 0 {
		return ""
	}
	return code.ReplaceAllStringFunc(all[len(all)-1].say.Text, func(c string) string {
		if len(c) == len("7Q4M-29XD") {
			return "(code)"
		}
		return c // a number
	})
}

func talkOf(s bot.Session) talkWant {
	t := talkWant{State: s.State, Step: s.Step, Lang: s.Lang, Case: s.Case, Return: s.Return, Filed: len(s.Filed), Draft: draftOf(s.Draft)}
	if s.Note != nil {
		t.Note = fmt.Sprintf("%s + %d", s.Note.Text, len(s.Note.Files))
	}
	if s.Kept != nil {
		t.Kept = s.Kept.Text
	}
	for id, d := range s.Officers {
		if t.Desks == nil {
			t.Desks = map[string]bot.OfficerSession{}
		}
		t.Desks[id] = asBefore(*d)
	}
	return t
}

// asBefore numbers the open question of a letter as it was numbered when the data were written.
func asBefore(d bot.OfficerSession) bot.OfficerSession {
	if d.Open == "letter" {
		d.Field, d.Key = slices.Index([]string{"channel", "received", "class", "facts", "request", "name", "phone", "address", "end"}, d.Key), ""
	}
	return d
}

func opens(s bot.Session) (out map[string]string) {
	for id, d := range s.Officers {
		if out == nil {
			out = map[string]string{}
		}
		out[id] = fmt.Sprintf("%s %d %s", d.Open, asBefore(*d).Field, d.Case)
	}
	return out
}
