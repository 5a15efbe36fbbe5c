package desk_test

import (
	"html"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"dengwen/internal/office"
	"dengwen/petition"
)

var wasOf = regexp.MustCompile(`name="was" value="([^"]*)"`)

func (b *browser) officeText() string {
	b.t.Helper()
	text, err := os.ReadFile(b.stage.officeFile)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

// The head changes a part of the office's data: looked at first, logged, undone; the rest of the
// file stays to the letter.
func TestTheOfficeIsChangedAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk, chief := s.enter("clerk"), s.enter("chief")
	clerk.get("/desk/office")
	if clerk.status != 403 {
		t.Errorf("a clerk changes the office's data: %d", clerk.status)
	}
	before := chief.officeText()
	chief.get("/desk/office?part=settings")
	chief.shows("期限和限度", "yellow_days: 3")
	part := ""
	for _, one := range office.Parts([]byte(before)) {
		if one.Key == "settings" {
			part = one.Text
		}
	}
	form := url.Values{"part": {"settings"}, "was": {wasOf.FindStringSubmatch(chief.page)[1]}, "text": {strings.Replace(part, "yellow_days: 3", "yellow_days: much", 1)}}
	chief.post("/desk/office", form)
	chief.shows(`role="alert"`)
	form.Set("text", strings.Replace(part, "yellow_days: 3", "yellow_days: 5", 1))
	chief.post("/desk/office", form)
	chief.shows("会改这些", "<del>3</del>", "<ins>5</ins>", "就这样改")
	if chief.officeText() != before {
		t.Error("a look changes the file")
	}
	form.Set("put", "1")
	chief.post("/desk/office", form)
	chief.shows("改好了，现在起用新的", "赵平")
	if got := chief.officeText(); got != strings.Replace(before, "yellow_days: 3", "yellow_days: 5", 1) {
		t.Error("the file is not what was written, or more changed than that")
	}
	chief.post("/desk/office", form) // made of the file before
	chief.shows("别人刚才改过单位文件")
	chief.get("/desk/office")
	copyOf := regexp.MustCompile(`name="before" value="([^"]*)"`).FindStringSubmatch(chief.page)[1]
	chief.post("/desk/office/undo", url.Values{"before": {copyOf}})
	if chief.officeText() != before {
		t.Error("undone it is not what it was")
	}
	chief.post("/desk/office/undo", url.Values{"before": {"../../etc/passwd"}})
	if chief.status != 404 {
		t.Errorf("another file as a copy: %d", chief.status)
	}
	chief.get("/desk/office.yaml")
	if chief.page != before {
		t.Error("exported it is another file")
	}
}

// An administrator takes somebody on and hands them a link; nobody else gives roles, the head neither.
func TestPeopleAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	chief, admin := s.enter("chief"), s.enter("admin")
	form := url.Values{"do": {"add"}, "name": {"新来的"}, "unit": {s.town}, "role": {"officer"}}
	chief.get("/desk/office/people")
	chief.shows("黄英")
	chief.hides("添一个人")
	chief.post("/desk/office/people", form)
	if chief.status != 403 {
		t.Errorf("the head gives roles: %d", chief.status)
	}
	admin.post("/desk/office/people", form)
	admin.shows("新来的")
	link := regexp.MustCompile(`<code>([^<]+)</code>`).FindStringSubmatch(admin.page)
	if link == nil {
		t.Fatal("there is no link")
	}
	b := s.stranger()
	b.get(link[1])
	b.post(b.at, nil)
	b.shows("新来的")
	id := regexp.MustCompile(`(?s)>新来的</a></td>.*?name="id" value="([^"]+)"`).FindStringSubmatch(admin.page)[1]
	admin.post("/desk/office/people", url.Values{"do": {"revoke"}, "id": {id}})
	b.get("/desk/")
	if b.at != "/desk/enter" {
		t.Errorf("somebody whose access ended is at %s", b.at)
	}
}

// Whoever is no leader any more is released from what they led, each time, and the unit is told to name another.
func TestARoleOfLeadingIsTakenAway(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	admin := s.enter("admin")
	form := url.Values{"do": {"add"}, "name": {"周副县长"}, "unit": {"county-gov"}, "role": {"leader", "officer"}}
	admin.post("/desk/office/people", form)
	who := regexp.MustCompile(`(?s)>周副县长</a></td>.*?name="id" value="([^"]+)"`).FindStringSubmatch(admin.page)[1]
	number := s.file("桥垮了一半，拖拉机过不去。")
	s.enter("clerk").move(number, petition.MoveTransfer, map[string]string{"unit": s.town})
	town, chief := s.enter("town"), s.enter("chief")
	town.move(number, petition.MoveAccept, nil)
	form.Set("do", "change")
	form.Set("id", who)
	for round := range 2 {
		form["role"] = []string{"leader", "officer"}
		admin.post("/desk/office/people", form)
		chief.move(number, petition.MoveLead, map[string]string{"officer": who})
		leader, err := s.people.Actor(t.Context(), who)
		if err != nil {
			t.Fatal(err)
		}
		led := func() int {
			p, err := s.service.List(t.Context(), leader, petition.Query{Led: true})
			if err != nil {
				t.Fatal(err)
			}
			return len(p.Items)
		}
		if led() != 1 {
			t.Fatalf("round %d: %s leads %d cases", round, who, led())
		}
		form["role"] = []string{"officer"}
		admin.post("/desk/office/people", form)
		if admin.status != 200 || led() != 0 {
			t.Errorf("round %d: %d, and the case is led by who leads no more", round, admin.status)
		}
		town.get("/desk/cases/" + number)
		town.shows("包案的领导离任或者不再包案，要另请一位")
		told, err := s.service.Notices(t.Context(), "", 500)
		if err != nil {
			t.Fatal(err)
		}
		heads := 0
		for _, n := range told {
			if n.Entry.Move == petition.MoveUnlead && n.Entry.Args["level"] == "head" {
				heads++
			}
		}
		if heads != round+1 {
			t.Errorf("round %d: the heads were told %d times", round, heads)
		}
	}
}

// Each part of the office's data is changed by a form: looked at, put in its place, undone. A unit that is renamed keeps its
// name before; what is wrong is said; a line of the rota is added and taken out again.
func TestTheOfficeIsChangedByForms(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	chief := s.enter("chief")
	before := chief.officeText()
	was := func() string { return wasOf.FindStringSubmatch(chief.page)[1] }
	for _, part := range []string{"head", "settings", "units", "places", "categories", "routing", "duty", "wordings"} {
		chief.get("/desk/office/edit?part=" + part)
		if chief.status != 200 {
			t.Fatalf("%s: %d", part, chief.status)
		}
		rows := regexp.MustCompile(`href="(/desk/office/edit\?part=`+part+`&amp;n=\d+)"`).FindAllStringSubmatch(chief.page, -1)
		if len(rows) == 0 && part != "head" && part != "settings" {
			t.Errorf("%s: nothing to open", part)
		}
		for i, row := range rows {
			if i > 2 {
				break
			}
			chief.get(strings.ReplaceAll(row[1], "&amp;", "&"))
		}
		form := formOf(chief.page)
		chief.post("/desk/office/edit", form)
		if part == "head" || part == "settings" || len(rows) > 2 {
			chief.shows("和现在的一样")
		}
	}
	chief.get("/desk/office/edit?part=units")
	at := regexp.MustCompile(`part=units&amp;n=(\d+)">柞水县水利局<`).FindStringSubmatch(chief.page)
	chief.get("/desk/office/edit?part=units&n=" + at[1])
	form := formOf(chief.page)
	form.Set("v.name", "柞水县水务局")
	form.Set("v.phone", "0914-4321234")
	chief.post("/desk/office/edit", form)
	chief.shows("<ins>柞水县水务局</ins>", "<del>柞水县水利局</del>", "旧名", "就这样改")
	if chief.officeText() != before {
		t.Error("a look changes the file")
	}
	form.Set("put", "1")
	chief.post("/desk/office/edit", form)
	chief.shows("改好了")
	if text := chief.officeText(); !strings.Contains(text, "was: [{name: 柞水县水利局") || strings.Count(text, "\n") != strings.Count(before, "\n") {
		t.Error("the name before is not kept, or more changed than a line")
	}
	chief.post("/desk/office/edit", form)
	chief.shows("别人刚才改过单位文件")
	chief.get("/desk/office/edit?part=duty&n=0")
	rota := url.Values{"part": {"duty"}, "n": {"0"}, "was": {was()}, "v.days": {"mon", "tue"}, "v.dates": {"一号"}, "v.officers": {"王芳\r\n周强"}, "put": {"1"}}
	chief.post("/desk/office/edit", rota)
	chief.shows("office_file.duty_date", "王芳")
	rota.Set("v.dates", "")
	chief.post("/desk/office/edit", rota)
	if !strings.Contains(chief.officeText(), "- days: [mon, tue]\n    officers: [王芳, 周强]") {
		t.Error("the rota is not in the file")
	}
	chief.get("/desk/office/edit?part=duty&n=0")
	rota.Set("was", was())
	rota.Set("drop", "1")
	chief.post("/desk/office/edit", rota)
	if strings.Contains(chief.officeText(), "[王芳, 周强]") {
		t.Error("the rota's line is not gone")
	}
	units := url.Values{"part": {"units"}, "n": {at[1]}, "was": {was2(chief)}, "drop": {"1"}}
	for k, v := range formOf(unitPage(chief, at[1])) {
		if units[k] == nil {
			units[k] = v
		}
	}
	chief.post("/desk/office/edit", units)
	if !strings.Contains(chief.officeText(), "code: water") {
		t.Error("a unit that cases name was taken out")
	}
	chief.get("/desk/office")
	copies := regexp.MustCompile(`name="before" value="([^"]*)"`).FindAllStringSubmatch(chief.page, -1)
	chief.post("/desk/office/undo", url.Values{"before": {copies[len(copies)-1][1]}})
	if chief.officeText() != before {
		t.Error("undone it is not what it was")
	}
	s.enter("clerk").refusedAt("/desk/office/edit?part=units")
}

// Where leaders receive people is a form like the others; an address that is none is refused, and what was typed stays.
func TestReceptionOfTheOffice(t *testing.T) {
	t.Parallel()
	chief := newStage(t).enter("chief")
	chief.get("/desk/office/edit?part=reception")
	chief.shows("在哪里接访", "县信访局一楼接访室")
	form := formOf(chief.page)
	form.Set("v.reception.place", "县信访局二楼")
	form.Set("v.reception.meeting", "http://meet.example/{id}")
	form.Set("put", "1")
	chief.post("/desk/office/edit", form)
	chief.shows("office_file.meeting", `value="http://meet.example/{id}"`, `value="县信访局二楼"`)
	form.Set("v.reception.meeting", "https://meet.example/{date}/{id}")
	chief.post("/desk/office/edit", form)
	chief.shows("改好了")
	chief.get("/desk/office/edit?part=reception")
	chief.shows(`value="https://meet.example/{date}/{id}"`, `value="县信访局二楼"`)
}

func unitPage(b *browser, n string) string {
	b.get("/desk/office/edit?part=units&n=" + n)
	return b.page
}

func was2(b *browser) string {
	b.get("/desk/office/edit?part=head")
	return wasOf.FindStringSubmatch(b.page)[1]
}

func (b *browser) refusedAt(path string) {
	b.t.Helper()
	b.get(path)
	if b.status != 403 {
		b.t.Errorf("%s: %d", path, b.status)
	}
}

var (
	inputs    = regexp.MustCompile(`<input[^>]*name="([^"]+)"[^>]*>`)
	valueOf   = regexp.MustCompile(` value="([^"]*)"`)
	selects   = regexp.MustCompile(`(?s)<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>`)
	chosen    = regexp.MustCompile(`<option value="([^"]*)" selected>`)
	textareas = regexp.MustCompile(`(?s)<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>`)
)

// formOf is what the form of an entry of the office's data would send as it stands.
func formOf(page string) url.Values {
	page = page[strings.Index(page, `action="/desk/office/edit"`):]
	page = page[:strings.Index(page, "</form>")]
	form := url.Values{}
	for _, m := range inputs.FindAllStringSubmatch(page, -1) {
		value := ""
		if v := valueOf.FindStringSubmatch(m[0]); v != nil {
			value = v[1]
		}
		if !strings.Contains(m[0], `type="checkbox"`) || strings.Contains(m[0], " checked") {
			form.Add(m[1], html.UnescapeString(value))
		}
	}
	for _, m := range selects.FindAllStringSubmatch(page, -1) {
		value := ""
		if v := chosen.FindStringSubmatch(m[2]); v != nil {
			value = v[1]
		}
		form.Add(m[1], value)
	}
	for _, m := range textareas.FindAllStringSubmatch(page, -1) {
		form.Add(m[1], html.UnescapeString(m[2]))
	}
	return form
}

// An administrator makes a key, which is shown once, and takes it back; both are in the log without it. Nobody else does.
func TestAPIKeysAreMadeAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.enter("chief").refusedAt("/desk/office/keys")
	admin := s.enter("admin")
	form := url.Values{"do": {"make"}, "name": {"hotline"}, "scope": {"citizens"}, "unit": {s.town}}
	admin.post("/desk/office/keys", form)
	admin.shows("<code>dw_secret</code>", "hotline", "替群众交件")
	admin.get("/desk/office/keys")
	admin.shows("hotline")
	admin.hides("dw_secret")
	admin.post("/desk/office/keys", form)
	if admin.status != 400 && admin.status != 422 {
		t.Errorf("a second key of one name: %d", admin.status)
	}
	admin.post("/desk/office/keys", url.Values{"do": {"revoke"}, "name": {"hotline"}})
	admin.hides(">hotline<")
	admin.get("/desk/office")
	admin.shows("接口密钥 hotline")
	admin.hides("dw_secret")
}

// Days off are looked at, then computed by; what is no day is said.
func TestTheCalendarIsChangedAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.enter("clerk").refusedAt("/desk/office/calendar")
	chief := s.enter("chief")
	chief.get("/desk/office/calendar?year=2026")
	chief.shows("2026-10-01")
	off := textareas.FindAllStringSubmatch(chief.page, -1)
	form := url.Values{"year": {"2026"}, "notice": {"国办发明电〔2025〕7号"}, "off": {off[0][2] + "\n2026-12-31"}, "work": {off[1][2]}}
	chief.post("/desk/office/calendar", form)
	chief.shows("＋2026-12-31", "就这样改")
	form.Set("put", "1")
	chief.post("/desk/office/calendar", form)
	chief.shows("改好了", "2026-12-31")
	form.Set("off", "三十一号")
	chief.post("/desk/office/calendar", form)
	chief.shows(`role="alert"`)
	chief.get("/desk/office")
	chief.shows("节假日 2026 放假")
}

// An administrator gives somebody another name, unit and roles; cases stay with the unit.
func TestSomebodyGoesToAnotherUnit(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	n := s.file("村口的路灯坏了一个月，晚上老人摔倒了两次。")
	s.enter("clerk").move(n, petition.MoveTransfer, map[string]string{"unit": s.town, "text": "请办理。"})
	s.enter("town").move(n, petition.MoveAccept, nil)
	admin := s.enter("admin")
	admin.get("/desk/office/people?id=town")
	admin.shows("改这个人")
	form := url.Values{"do": {"change"}, "id": {"town"}, "name": {"李军军"}, "unit": {"water"}, "role": {"officer"}}
	admin.post("/desk/office/people", form)
	admin.shows("李军军")
	v, err := s.service.Look(t.Context(), petition.System(), n, "")
	if err != nil || v.Unit != s.town || v.Officer == "town" {
		t.Errorf("the case is with %s of %s: %v", v.Officer, v.Unit, err)
	}
	chief := s.enter("chief")
	chief.post("/desk/office/people", form)
	if chief.status != 403 {
		t.Errorf("the head changes people: %d", chief.status)
	}
}
