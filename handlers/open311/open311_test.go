package open311_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"dengwen/handlers/open311"
	"dengwen/internal/netaddr"
	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/locales"
	"dengwen/petition"

	"github.com/google/uuid"
)

// world is the interface over the real case service and a store in memory.
type world struct {
	t     *testing.T
	svc   *petition.Service
	store *memory.Memory
	at    time.Time
	h     http.Handler
}

const key = "dw_test"

func newWorld(t *testing.T, change ...func(*open311.Config)) *world {
	t.Helper()
	w := &world{t: t, store: memory.NewMemory(), at: time.Date(2026, 8, 3, 2, 0, 0, 0, time.UTC)}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	o, now := office.Example(), func() time.Time { return w.at }
	hash := func(purpose, value string) []byte {
		sum := sha256.Sum256([]byte(purpose + "\x00" + value))
		return sum[:]
	}
	w.svc = petition.NewService(w.store, o, petition.DefaultCalendar(), hash, now, uuid.NewString, new(memory.Blobs)).WithFilings(20, 20)
	c := open311.Config{
		Jurisdiction: "zhashui.example", Public: "https://xf.example", Office: o, Locales: words, File: w.svc.File, Published: w.svc.Published, Find: w.svc.FindPublished,
		Misconduct: func(_ context.Context, text string) (may, is bool, err error) {
			return strings.Contains(text, "一半"), strings.Contains(text, "回扣"), nil
		},
		Key: func(k string) (string, bool) { return "city-app", k == key },
		Now: now, Log: slog.New(slog.DiscardHandler), Proxies: netaddr.Trust(nil, nil), Reads: 1e9, Posts: 1e9,
	}
	for _, do := range change {
		do(&c)
	}
	d, err := open311.New(c)
	if err != nil {
		t.Fatal(err)
	}
	w.h = d.Handler()
	return w
}

func (w *world) call(method, path string, form url.Values, headers ...string) (int, string) {
	w.t.Helper()
	w.at = w.at.Add(time.Millisecond)
	r := httptest.NewRequest(method, open311.Path+path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, r)
	want := "application/json; charset=utf-8"
	if strings.Contains(path, ".xml") {
		want = "text/xml; charset=utf-8"
	}
	if got := rec.Header().Get("Content-Type"); got != want && rec.Code != http.StatusNotFound {
		w.t.Errorf("%s %s has the type %q, not %q", method, path, got, want)
	}
	return rec.Code, rec.Body.String()
}

// get answers a JSON list.
func (w *world) get(path string) (list []map[string]any) {
	w.t.Helper()
	status, body := w.call("GET", path, nil)
	if status != http.StatusOK {
		w.t.Fatalf("GET %s: %d %s", path, status, body)
	}
	if err := json.Unmarshal([]byte(body), &list); err != nil {
		w.t.Fatalf("GET %s: %v: %s", path, err, body)
	}
	return list
}

func ordinary() url.Values {
	return url.Values{
		"api_key": {key}, "service_code": {"transport.roads"}, "description": {"桥面塌了一半，拖拉机过不去。我叫王秀兰，电话 139 1234 5678，xiulan@example.cn。"}, "address_string": {"下梁镇老庵寺村口"},
		"lat": {"33.605"}, "long": {"109.16"}, "first_name": {"秀兰"}, "last_name": {"王"}, "phone": {"13912345678"}, "email": {"xiulan@example.cn"},
		"attribute[public]": {"yes"}, "attribute[request]": {"请把桥修好"}, "attribute[town]": {"611026102"}, "attribute[class]": {"claim"},
	}
}

// lodge posts a form and answers the number.
func (w *world) lodge(form url.Values, headers ...string) string {
	w.t.Helper()
	status, body := w.call("POST", "requests.json", form, headers...)
	var list []map[string]any
	if err := json.Unmarshal([]byte(body), &list); err != nil || status != http.StatusOK || len(list) != 1 {
		w.t.Fatalf("POST requests: %d %s", status, body)
	}
	if list[0]["token"] != nil {
		w.t.Error("a number and a token were answered together")
	}
	return list[0]["service_request_id"].(string)
}

func with(form url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func TestWhatIsLodgedIsAnOrdinaryPetition(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	number := w.lodge(ordinary())
	r, err := w.store.Load(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	f := r.Case.Filing
	if f.Channel != petition.Open311 || f.Class != petition.Claim || !f.Public || f.Subject != "transport.roads" || f.Place.Code != "611026102" || f.Place.Lat != 33.605 || f.Request != "请把桥修好" || f.Contact.Name != "王秀兰" || f.Contact.Phone != "13912345678" || r.Case.Status != petition.Registered {
		t.Errorf("lodged as %+v", f)
	}
	if again := w.lodge(ordinary()); again != number {
		t.Errorf("the same form is %s and %s", number, again)
	}
	if other := w.lodge(with(ordinary(), "description", "路灯不亮。")); other == number {
		t.Error("another description was taken for the same petition")
	}
	first := w.lodge(ordinary(), "Idempotency-Key", "17")
	if second := w.lodge(ordinary(), "Idempotency-Key", "17"); second != first || first == number {
		t.Errorf("under one Idempotency-Key %s and %s, without it %s", first, second, number)
	}
	if status, body := w.call("POST", "requests.json", with(ordinary(), "description", "别的事"), "Idempotency-Key", "17"); status != http.StatusBadRequest {
		t.Errorf("a key used for another petition: %d %s", status, body)
	}
}

func TestPublicIsWhatWasAgreedTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := w.lodge(ordinary())
	closed := w.lodge(with(ordinary(), "attribute[public]", "no", "description", "我家的低保停了"))
	chat := petition.Filing{Key: "1", Owner: "tg:1", Channel: "telegram", Class: petition.Claim, Subject: "transport.roads", Place: petition.Place{Code: "611026102", Text: "王秀兰家门口", Lat: 1, Lon: 1}, Title: "王秀兰的路", Facts: "王秀兰家门口的路", Public: true}
	told, err := w.svc.File(t.Context(), petition.Actor{Owner: "tg:1"}, chat)
	if err != nil {
		t.Fatal(err)
	}
	chat.Key, chat.Class, chat.About = "2", petition.Report, "transport"
	report, err := w.svc.File(t.Context(), petition.Actor{Owner: "tg:1"}, chat)
	if err != nil {
		t.Fatal(err)
	}
	all, shown := w.get("requests.json"), map[string]map[string]any{}
	for _, one := range all {
		shown[one["service_request_id"].(string)] = one
	}
	if len(all) != 2 || shown[open] == nil || shown[told.Number] == nil {
		t.Fatalf("published are %v", all)
	}
	for _, hidden := range []string{closed, report.Number, "ZS26-0000-00"} {
		for _, path := range []string{"requests/", "tokens/"} {
			if status, _ := w.call("GET", path+hidden+".json", nil); status != http.StatusNotFound {
				t.Errorf("%s%s is %d", path, hidden, status)
			}
		}
		if list := w.get("requests.json?service_request_id=" + hidden); len(list) != 0 {
			t.Errorf("%s is listed by its number: %v", hidden, list)
		}
	}
	for _, path := range []string{"requests.json", "requests.xml", "servicerequestupdates.json", "requests/" + open + ".xml", "requests/" + told.Number + ".json"} {
		_, body := w.call("GET", path, nil)
		for _, private := range []string{"王秀兰", "1234", "xiulan", "tg:1", "低保停了", "家门口", "请把桥修好"} {
			if strings.Contains(body, private) {
				t.Errorf("%s says %s: %s", path, private, body)
			}
		}
	}
	if about := shown[open]["description"]; !strings.Contains(about.(string), "桥面塌了一半") {
		t.Errorf("what may be public is not: %v", about)
	}
	if about := shown[told.Number]["description"]; about != "道路交通 下梁镇" && !strings.Contains(about.(string), "下梁镇") || shown[told.Number]["lat"] != nil {
		t.Errorf("of a petition in a chat %v is said", shown[told.Number])
	}
}

// A day that rests on a year whose holidays are not published says so.
func TestAProvisionalDaySaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		at   time.Time
		says bool
	}{{w.at, false}, {time.Date(2036, 8, 4, 2, 0, 0, 0, time.UTC), true}} {
		w.at = c.at
		number := w.lodge(with(ordinary(), "description", "桥面塌了一半，"+c.at.Format(time.DateOnly)))
		one := w.get("requests/" + number + ".json")[0]
		if one["expected_datetime"] == nil || strings.Contains(one["service_notice"].(string), "暂定") != c.says {
			t.Errorf("on %v: %v", c.at, one)
		}
	}
}

func TestMisconductIsSentTheSealedWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, form := range map[string]url.Values{
		"by its subject": with(ordinary(), "service_code", "discipline.bribery"),
		"by its class":   with(ordinary(), "attribute[class]", "report"),
		"by its words":   with(ordinary(), "description", "镇长收了修桥的回扣"),
		"perhaps":        with(ordinary(), "attribute[class]", ""), // whoever lodged it was not asked
	} {
		status, body := w.call("POST", "requests.json", form)
		if status != http.StatusBadRequest || !strings.Contains(body, "https://xf.example") || !strings.Contains(body, "12388") {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	for _, s := range w.get("services.json") {
		if code := s["service_code"].(string); strings.HasPrefix(code, "discipline") {
			t.Errorf("%s is offered", code)
		}
	}
	if all, err := w.svc.List(t.Context(), petition.Actor{Staff: "x", Roles: []petition.Role{petition.Admin}}, petition.Query{}); err != nil || len(all.Items) != 0 {
		t.Errorf("lodged all the same: %v, %v", all.Items, err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		method, path string
		form         url.Values
		status       int
	}{
		"no key":              {"POST", "requests.xml", with(ordinary(), "api_key", ""), 403},
		"a wrong key":         {"POST", "requests.xml", with(ordinary(), "api_key", "x"), 403},
		"no form":             {"POST", "requests.xml", nil, 400},
		"no subject":          {"POST", "requests.xml", with(ordinary(), "service_code", ""), 400},
		"an unknown subject":  {"POST", "requests.xml", with(ordinary(), "service_code", "x"), 400},
		"no description":      {"POST", "requests.xml", with(ordinary(), "description", " "), 400},
		"a long description":  {"POST", "requests.xml", with(ordinary(), "description", strings.Repeat("桥", 4001)), 400},
		"half a position":     {"POST", "requests.xml", with(ordinary(), "lat", ""), 400},
		"no number":           {"POST", "requests.xml", with(ordinary(), "lat", "NaN"), 400},
		"a file's address":    {"POST", "requests.xml", with(ordinary(), "media_url", "file:///etc/passwd"), 400},
		"no class":            {"POST", "requests.xml", with(ordinary(), "attribute[class]", "x"), 400},
		"an unknown town":     {"POST", "requests.xml", with(ordinary(), "attribute[town]", "1"), 400},
		"no such service":     {"GET", "services/x.xml", nil, 404},
		"no such call":        {"GET", "x.xml", nil, 404},
		"no format":           {"GET", "services", nil, 404},
		"an update":           {"POST", "servicerequestupdates.xml", ordinary(), 404},
		"another place":       {"GET", "services.xml?jurisdiction_id=x", nil, 404},
		"another place, sent": {"POST", "requests.xml", with(ordinary(), "jurisdiction_id", "x"), 404},
		"no date":             {"GET", "requests.xml?start_date=x", nil, 400},
		"a long time":         {"GET", "requests.xml?start_date=2026-01-01T00:00:00Z&end_date=2026-08-01T00:00:00Z", nil, 400},
		"backwards":           {"GET", "requests.xml?start_date=2026-08-02T00:00:00Z&end_date=2026-08-01T00:00:00Z", nil, 400},
		"no status":           {"GET", "requests.xml?status=x", nil, 400},
		"no page":             {"GET", "requests.xml?page=0", nil, 400},
	} {
		status, body := w.call(c.method, c.path, c.form)
		var faults struct {
			XMLName xml.Name `xml:"errors"`
			Error   []struct {
				Code        string `xml:"code"`
				Description string `xml:"description"`
			} `xml:"error"`
		}
		if err := xml.Unmarshal([]byte(body), &faults); err != nil || status != c.status || len(faults.Error) != 1 || faults.Error[0].Description == "" || strings.Contains(faults.Error[0].Description, "open311.") {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}

func TestListsAreFiltered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.lodge(ordinary())
	w.at = w.at.AddDate(0, 0, 100)
	var light string
	for _, subject := range []string{"transport.roads", "transport.roads", "economy.energy"} {
		w.at = w.at.Add(time.Hour)
		light = w.lodge(with(ordinary(), "service_code", subject, "description", w.at.String()))
	}
	count := func(path string, want int) {
		t.Helper()
		if got := w.get(path); len(got) != want {
			t.Errorf("%s has %d requests, not %d", path, len(got), want)
		}
	}
	count("requests.json", 3)
	count("requests.json?service_code=economy.energy", 1)
	count("requests.json?service_code=economy.energy,transport.roads", 3)
	count("requests.json?status=closed", 0)
	count("requests.json?status=open,closed", 3)
	count("requests.json?start_date=2026-08-01T00:00:00%2B08:00", 1)
	count("requests.json?start_date=2026-08-01T00:00:00+08:00&end_date=2026-08-03T10:00:01+08:00", 1)
	count("requests.json?start_date=2026-08-01T00:00:00Z&end_date=2026-08-03T01:59:59Z", 0)
	count("requests.json?page_size=2", 2)
	count("requests.json?page_size=2&page=2", 1)
	count("requests.json?page_size=2&page=3", 0)
	count("requests.json?service_request_id="+old+","+light+"&status=closed", 2)
	count("requests/"+old+".json", 1)
	if id := w.get("tokens/" + old + ".json"); id[0]["service_request_id"] != old {
		t.Errorf("the token is %v", id)
	}
	chief := petition.Actor{Staff: "chief", Unit: "petition", Roles: []petition.Role{petition.Supervisor}}
	if _, err := w.svc.Do(t.Context(), chief, light, petition.Move{Name: petition.MoveTransfer, Unit: "power", Key: "1"}); err != nil {
		t.Fatal(err)
	}
	updates := w.get("servicerequestupdates.json")
	last := updates[len(updates)-1]
	if len(updates) != 4 || last["service_request_id"] != light || last["status"] != "OPEN" || !strings.Contains(last["description"].(string), "供电") {
		t.Errorf("updates are %v", updates)
	}
	count("servicerequestupdates.json?start_date=2026-08-01T00:00:00Z&end_date=2026-08-04T00:00:00Z", 1)
}

func TestStrangersHaveBudgets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *open311.Config) { c.Reads, c.Posts = 1, 1 })
	for n := range 130 {
		status, body := w.call("GET", "services.xml", nil)
		if want := map[bool]int{true: 200, false: 429}[n < 120]; status != want {
			t.Fatalf("call %d is %d: %s", n, status, body)
		}
	}
	w.at = w.at.Add(time.Minute)
	if status, _ := w.call("GET", "services.xml", nil); status != 200 {
		t.Errorf("a minute later it is %d", status)
	}
	w = newWorld(t)
	for n := range 21 {
		status, body := w.call("POST", "requests.xml", with(ordinary(), "description", strings.Repeat("桥", n+1)))
		if want := map[bool]int{true: 200, false: 429}[n < 20]; status != want {
			t.Fatalf("petition %d from one address is %d: %s", n, status, body)
		}
	}
	w.at = w.at.Add(time.Hour)
	body := strings.NewReader(strings.Repeat("a=b&", 200_000))
	r := httptest.NewRequest("POST", open311.Path+"requests.xml", body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	if w.h.ServeHTTP(rec, r); rec.Code != http.StatusBadRequest {
		t.Errorf("a body of 800 KB is %d", rec.Code)
	}
}
