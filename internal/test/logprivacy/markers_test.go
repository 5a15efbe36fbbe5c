package logprivacy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/seal"
	"dengwen/internal/test/fakewechat"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// marks are words that stand nowhere else, one for each field somebody can write. Fields are
// those of the types and of the table of moves, so that a new one is marked too.
type marks struct {
	t   *testing.T
	all []string
}

func (m *marks) next(field string) string {
	word := fmt.Sprintf("Mk%04dq%sq", len(m.all), strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, field))
	m.all = append(m.all, word)
	return word
}

// plain are fields that hold a code, a state or a date, which need no seal; what they take is
// closed lists of the office's own words.
var plain = map[string]string{
	"Channel": "letter", "Lang": "zh-CN", "Class": "claim", "Subject": "", "Place.Code": "", "About": "", "Urgency": "", "Used": "yes",
	"Received": "", "Origin.Date": "", "Origin.Due": "", "Attachments.ID": "", "Attachments.Kind": "", "Attachments.Type": "", "Attachments.Album": "",
}

// fill marks every text of a struct that is not plain.
func (m *marks) fill(path string, v reflect.Value) {
	for i := range v.NumField() {
		name, f := path+v.Type().Field(i).Name, v.Field(i)
		value, isPlain := plain[name]
		switch {
		case f.Kind() == reflect.Struct:
			m.fill(name+".", f)
		case f.Kind() == reflect.String && isPlain:
			f.SetString(value)
		case f.Kind() == reflect.String && name == "Owner":
			f.SetString("tg:" + m.next(name))
		case f.Kind() == reflect.String:
			f.SetString(m.next(name))
		case f.Kind() == reflect.Slice, f.Kind() == reflect.Bool, f.Kind() == reflect.Int, f.Kind() == reflect.Float64:
		default:
			m.t.Fatalf("nobody knows how to mark %s, a %s", name, f.Kind())
		}
	}
}

// desk is a program with everything it can be asked through.
type desk struct {
	*marks
	p       *faults.Program
	key     string
	places  *places
	account *fakewechat.Server
	leader  string // id of one who may lead hard cases
}

func newDesk(t *testing.T, env ...string) *desk {
	t.Helper()
	key, line, err := api.NewKey("all", []api.Scope{api.Citizens, api.Staff, api.Sealed, api.Admin, api.Desk}, "")
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{marks: &marks{t: t}, key: key, p: faults.NewProgram(t, append(append(loud, env...), "DENGWEN_API_KEYS="+line)...)}
	var told []string
	d.places, d.account, told = d.tell()
	d.p.Set(told...)
	if err := d.p.Start(); err != nil {
		t.Fatal(err)
	}
	client := api.NewClient(d.p.URL, key, nil)
	for _, a := range d.officers() {
		p := roster.Person{ID: a.Staff, Name: d.next("Name"), Unit: a.Unit, Roles: a.Roles, Joined: time.Now()}
		if err := client.PutPerson(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// call asks the case API as an actor and answers status and body.
func (d *desk) call(a petition.Actor, method, path, body string, headers ...string) (int, []byte) {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.p.URL+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+d.key)
	r.Header.Set("Content-Type", "application/json")
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", d.next("Key"))
	}
	for name, value := range map[string]string{"Actor-Owner": a.Owner, "Actor-Staff": a.Staff, "Actor-Unit": a.Unit, "Actor-Reason": a.Reason} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	for _, role := range a.Roles {
		r.Header.Add("Actor-Roles", string(role))
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return res.StatusCode, text
}

// lodge files a petition with a mark in each of its fields, by a citizen's chat or, as a letter,
// by an officer.
func (d *desk) lodge(class petition.Class, by petition.Actor) (number string, me petition.Actor) {
	d.t.Helper()
	var f petition.Filing
	d.fill("", reflect.ValueOf(&f).Elem())
	f.Class, f.Key = class, "" // which stands in the header
	if f.About = petition.AboutOther; class != petition.Report {
		f.About, f.AboutText = "", ""
	}
	if len(by.Roles) == 0 {
		by.Owner, f.Channel, f.Origin = f.Owner, "api", petition.Origin{}
		file := fmt.Sprint("file-", len(d.all)) // made by the caller's program, and the name of its blob
		if status, text := d.call(by, "PUT", "/v1/files/"+file, d.next("Bytes"), "Attachment-Kind", "document", "Attachment-Name", d.next("FileName")+".txt"); status/100 != 2 {
			d.t.Fatalf("store a file: %d %s", status, text)
		}
		f.Attachments = []petition.Attachment{{ID: file, Kind: "document", Name: d.next("AttachmentName") + ".txt"}}
	} else {
		f.Owner, f.Channel = "", "above" // which alone has words of who passed it on
	}
	body, _ := json.Marshal(f) // strings: never fails
	status, text := d.call(by, "POST", "/v1/cases", string(body))
	var k petition.Ticket
	if err := json.Unmarshal(text, &k); status/100 != 2 || err != nil {
		d.t.Fatalf("lodge: %d %s", status, text)
	}
	if k.Code != "" { // an officer is not told it
		d.all = append(d.all, k.Code, strings.ReplaceAll(k.Code, "-", ""))
	}
	return k.Number, petition.Actor{Owner: by.Owner}
}

// officers are those through whose hands a case goes.
func (d *desk) officers() (all []petition.Actor) {
	for _, o := range []struct {
		unit string
		role petition.Role
	}{
		{"petition", petition.Supervisor}, {"petition", petition.Intake}, {"transport", petition.Head}, {"transport", petition.Officer},
		{"county-gov", petition.Head}, {"county-gov", petition.Officer}, {"city-gov", petition.Head}, {"city-gov", petition.Officer},
		{"discipline", petition.Sealed}, {"city-discipline", petition.Sealed},
	} {
		all = append(all, petition.Actor{Staff: "s-" + o.unit + string(o.role), Unit: o.unit, Roles: []petition.Role{o.role}, Reason: d.next("Reason")})
	}
	return all
}

// textFields are the fields of words that moves of the table have; what classifies a case is codes.
func textFields() map[string]bool {
	all := map[string]bool{}
	for _, s := range petition.Moves() {
		for _, f := range s.Fields {
			if f.Kind == petition.KindText && s.Name != petition.MoveClassify {
				all[string(s.Name)+"."+f.Key] = true
			}
		}
	}
	return all
}

// live moves a case on with marks in every word, what was said least first, and takes what was
// said out of left.
func (d *desk) live(class petition.Class, n int, left map[string]bool) {
	by := petition.Actor{}
	people := d.officers()
	if n%3 == 0 {
		by = people[0]
	}
	number, me := d.lodge(class, by)
	actors := people
	if me.Owner != "" {
		actors = append([]petition.Actor{me}, people...)
	}
	for range 20 {
		moved := false
		for _, a := range actors {
			status, text := d.call(a, "GET", "/v1/cases/"+number, "")
			var v petition.View
			if status != 200 || json.Unmarshal(text, &v) != nil {
				continue
			}
			if d.sign(a, number, v, n, left) {
				moved = true
				continue
			}
			for _, name := range d.inOrder(v, left, n) {
				if d.move(a, number, v, name, n, left) {
					moved = true
					break
				}
			}
		}
		if !moved {
			return
		}
	}
}

// toReviews is the way through the review bodies.
var toReviews = []petition.MoveName{
	petition.MoveTransfer, petition.MoveAccept, petition.MoveReply, petition.MoveDeliver, petition.MoveReceive, petition.MoveReview, petition.MoveReviewReply,
	petition.MoveRereview, petition.MoveRereviewReply,
}

// inOrder puts what has fields without a mark and leaves the case where it is first, then the way
// forward, and what else has such fields last: one of that in each case.
func (d *desk) inOrder(v petition.View, left map[string]bool, n int) []petition.MoveName {
	rank := func(name petition.MoveName) int {
		spec, err := petition.StaffSpecOf(name, v.Class)
		open := err == nil && slices.ContainsFunc(spec.Fields, func(f petition.Field) bool { return left[string(name)+"."+f.Key] })
		switch {
		case name == petition.MoveUnlead && left["plan.text"]: // a plan is made first
			return 9
		case open && (spec.To == "" && name != petition.MoveSimple || len(v.Timeline) > 3+n%12):
			return 0
		case slices.Contains(toReviews, name):
			return 1
		case open:
			return 2
		}
		return 9
	}
	can := slices.DeleteFunc(append(slices.Clone(v.Can), v.Papers...), func(m petition.MoveName) bool { return m.Drafts() || rank(m) == 9 })
	slices.SortStableFunc(can, func(a, b petition.MoveName) int { return rank(a) - rank(b) })
	return can
}

func (d *desk) move(a petition.Actor, number string, v petition.View, name petition.MoveName, n int, left map[string]bool) bool {
	spec := petition.SpecOf
	if len(a.Roles) > 0 {
		spec = petition.StaffSpecOf
	}
	s, err := spec(name, v.Class)
	if err != nil {
		return false
	}
	m := petition.Move{Name: name, Args: map[string]string{}}
	var said []string
	for _, f := range s.Fields {
		switch f.Kind {
		case petition.KindText:
			m.Set(f.Key, d.next(string(name)+f.Key))
			said = append(said, string(name)+"."+f.Key)
		case petition.KindDate:
			m.Date = petition.Day(time.Now().AddDate(0, 0, []int{7, 0, -1, 75}[n%4]))
			if name == petition.MoveDeliver || name == petition.MoveMeeting {
				m.Date = petition.Day(time.Now())
			}
		case petition.KindUnit:
			m.Unit = map[petition.MoveName]string{petition.MoveReview: "county-gov", petition.MoveRereview: "city-gov", petition.MoveRefer: "city-discipline"}[name]
			if m.Unit == "" {
				m.Unit = "transport"
			}
		case petition.KindOfficer:
			m.Officer = "s-other"
			if name == petition.MoveLead {
				m.Officer = d.leader
			}
		case petition.KindChoice:
			m.Args[f.Key] = f.Choices[n%len(f.Choices)]
		case petition.KindStep:
			m.Args[f.Key] = "1"
		case petition.KindNumber:
			m.Args[f.Key] = "5"
		case petition.KindCase:
			m.Args[f.Key] = petition.FormatNumber("ZS", 2020, 1)
		case petition.KindFiles:
		}
	}
	if slices.Contains(v.Papers, name) { // the head issues it
		if slices.ContainsFunc(v.Drafts, func(x petition.Draft) bool { return x.Paper.Name == name }) {
			return false
		}
		m.Name, m.For = petition.MoveSubmit, name
	}
	body, _ := json.Marshal(m) // strings: never fails
	status, _ := d.call(a, "POST", "/v1/cases/"+number+"/moves", string(body))
	if status/100 == 2 {
		for _, f := range said {
			delete(left, f)
		}
	}
	return status/100 == 2
}

// sign issues a paper that waits for this officer, or sends it back with words the first time.
func (d *desk) sign(a petition.Actor, number string, v petition.View, n int, left map[string]bool) bool {
	for _, x := range v.Drafts {
		if !slices.Contains(x.Can, petition.MoveSign) {
			continue
		}
		m := petition.Move{Name: petition.MoveSign, Draft: x.ID, DraftVersion: x.Version}
		if n%5 == 0 && x.Words == "" && left["send_back.text"] {
			m.Name, m.Text = petition.MoveSendBack, d.next("sendback")
			delete(left, "send_back.text")
		}
		body, _ := json.Marshal(m) // strings: never fails
		if status, _ := d.call(a, "POST", "/v1/cases/"+number+"/moves", string(body)); status/100 == 2 {
			return true
		}
	}
	return false
}

// page writes into every field of the page's form, and hands in a file with a caption.
func (d *desk) page() {
	d.t.Helper()
	v := newVisitor(d.t, d.p.URL, 7)
	d.all = append(d.all, v.cookie)
	for _, fields := range []url.Values{
		{"text": {"下梁镇三组的路一下雨就塌，车过不去，请派人修路 " + d.next("story")}}, {"text": {"我叫王" + d.next("name") + "，电话 0914-4327719"}},
		{"text": {d.next("draft")}}, {"command": {"find"}, "args": {d.next("args")}}, {"number": {"ZS26-" + d.next("number")}, "code": {d.next("code")}},
		{"text": {d.next("location")}, "lat": {"33.6851937"}, "lon": {"109.1123719"}}, {"press": {d.next("press")}, "ref": {"x"}},
		{"text": {"/find " + d.next("search")}}, {"text": {"13709143261"}},
	} {
		if status := v.say(d.t, fields); status != http.StatusOK {
			d.t.Errorf("the page answers %d to %v", status, fields)
		}
	}
	d.all = append(d.all, "0914-4327719", "09144327719", "13709143261", "33.6851937", "109.1123719")
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	_ = w.WriteField("csrf", v.csrf)
	_ = w.WriteField("text", d.next("caption"))
	part, err := w.CreateFormFile("file", d.next("upload")+".txt")
	if err != nil {
		d.t.Fatal(err)
	}
	fmt.Fprintln(part, d.next("content"))
	_ = w.Close()
	r, err := http.NewRequestWithContext(d.t.Context(), "POST", d.p.URL+"/say", &form)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Accept", "application/json")
	res, err := v.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	text, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		d.t.Errorf("a file with a caption: %d %s", res.StatusCode, text)
	}
}

// add takes somebody into the roster and answers the id they have there.
func (d *desk) add(unit, role string) string {
	d.t.Helper()
	out, err := d.p.Run("staff", "add", "--name", d.next("Staff"), "--unit", unit, "--role", role)
	id := regexp.MustCompile(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`).FindString(out)
	if err != nil || id == "" {
		d.t.Fatalf("nobody is taken on: %v %s", err, out)
	}
	if link := regexp.MustCompile(`/desk/enter/(\S+)`).FindStringSubmatch(out); link != nil {
		d.all = append(d.all, link[1])
	}
	return id
}

// say writes into every field there is, and shows that it arrived.
func (d *desk) say() {
	d.t.Helper()
	left := textFields()
	total := len(left)
	d.leader = d.add("county-gov", "leader")
	for n := range 28 {
		d.live([]petition.Class{petition.Claim, petition.Claim, petition.Suggestion, petition.Report}[n%4], n, left)
	}
	supervisor := d.officers()[0]
	d.call(supervisor, "POST", "/v1/searches", `{"words":"`+d.next("words")+`"}`)
	d.page()
	d.chat(d.account)
	head, town := d.enter("petition", "supervisor", "admin"), d.enter("transport", "officer")
	head.reason()
	head.work(append(head.imports(), "/desk/", "/desk/office/people"), "/desk/cases", "/desk/views", "/desk/export", "/desk/new", "/desk/bulk", "/desk/me/login", "/desk/office/people", "/desk/cases/N/do/note", "/desk/import/N")
	town.work([]string{"/desk/", "/desk/cases"}, "/desk/cases/N/drafts")
	d.t.Logf("%d marks; of %d fields of words of moves %d were written, not %v", len(d.all), total, total-len(left), left)
	if len(left) > total/5 { // some wait for a time that does not pass here
		d.t.Errorf("too few fields of moves were written")
	}
	if _, text := d.call(supervisor, "GET", "/v1/cases?limit=100", ""); len(leaks(text, d.all)) == 0 {
		d.t.Error("no mark comes back in a list: was anything stored?")
	}
}

// metrics is what the program tells of itself.
func (d *desk) metrics() []byte {
	d.t.Helper()
	res, err := http.Get(d.p.URL + "/metrics")
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return text
}

// No mark of any field stands in the data folder (SQLite with WAL and shared memory, files), the
// temporary files, the log at debug or the metrics, while the program runs and after it.
func TestMarkersEmbedded(t *testing.T) {
	t.Parallel()
	temporary := t.TempDir()
	d := newDesk(t, "TMPDIR="+temporary)
	d.say()
	running := files(t, d.p.Data)
	check(t, "the metrics", d.metrics(), d.all)
	check(t, "a backup", d.backups(), d.all)
	holds(t, "what units are told", d.places.told, "ZS")
	check(t, "what units are told", d.places.told, slices.DeleteFunc(slices.Clone(d.all), func(mark string) bool { return strings.HasSuffix(mark, "qBoxq") })) // whom mail is to
	if err := d.p.Stop(); err != nil {
		t.Error(err)
	}
	holds(t, "the data folder", running, "SQLite format 3")
	check(t, "the data folder under the running program", running, d.all)
	check(t, "the data folder", files(t, d.p.Data), d.all)
	check(t, "temporary files", files(t, temporary), d.all)
	check(t, "the log", []byte(d.p.Log()), d.all)
}

// Nor in Redis or PostgreSQL.
func TestMarkersServers(t *testing.T) {
	t.Parallel()
	kept := t.TempDir()
	redis := servers.NewRedis(t, "--appendonly", "yes", "--dir", kept)
	database := servers.Postgres(t)
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, "REDIS_URL="+redis.URL, "DATABASE_URL="+database, "DENGWEN_KEY="+key)
	d.say()
	check(t, "a backup", d.backups(), d.all)
	if err := d.p.Stop(); err != nil {
		t.Error(err)
	}
	rows, n := tables(t, database)
	check(t, fmt.Sprintf("PostgreSQL, %d rows", n), rows, d.all)
	written := files(t, kept)
	holds(t, "Redis", written, "web:")
	check(t, "Redis", written, d.all)
	check(t, "the data folder", files(t, d.p.Data), d.all)
	check(t, "the log", []byte(d.p.Log()), d.all)
}
