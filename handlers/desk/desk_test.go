package desk_test

import (
	"bufio"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"dengwen/handlers/desk"
	"dengwen/internal/websession"
	"dengwen/petition"

	"github.com/pquerna/otp/totp"
)

// A claim goes from the intake clerk to the town and is taken there, through pages alone.
func TestACaseIsWorkedInTheBrowser(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("村口的路灯坏了一个月，晚上老人摔倒了两次。")
	clerk, town := s.enter("clerk"), s.enter("town")
	clerk.get("/desk/")
	clerk.shows(number, "还没有人接")
	town.get("/desk/cases/" + number)
	if town.status != http.StatusNotFound {
		t.Errorf("the town sees a case that it was never sent: %d", town.status)
	}
	clerk.get("/desk/cases/" + number)
	clerk.shows("村口的路灯坏了一个月", "转送", "现在办不了的", "第 22 条")
	clerk.move(number, petition.MoveTransfer, map[string]string{"unit": s.town, "text": "请按职责办理。"})
	clerk.shows("已办：转送", "待受理")
	town.find("路灯", "")
	if town.at != "/desk/cases/"+number {
		t.Errorf("the only case found is not opened: %s", town.at)
	}
	town.move(number, petition.MoveTake, nil)
	town.shows("李军")
	town.get("/desk/")
	town.shows("正在办的", number)
}

func TestWhoIsNotIn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("水管漏水没有人修。")
	out := s.stranger()
	for _, path := range []string{"/desk", "/desk/", "/desk/cases", "/desk/cases/" + number, "/desk/cases/" + number + "/do/note", "/desk/me", "/desk/cases/" + number + "/files/x"} {
		out.get(path)
		if out.at != "/desk/enter" {
			t.Errorf("%s leads a stranger to %s", path, out.at)
		}
		out.hides(number, "水管漏水")
	}
	out.post("/desk/cases/"+number+"/do/note", url.Values{"f.text": {"x"}})
	if out.at != "/desk/enter" {
		t.Errorf("a stranger's move leads to %s", out.at)
	}
}

// A link opens the desk once, by a press and not by a look, and not for who has left.
func TestALinkOpensOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	path := s.link("clerk")
	first, second := s.stranger(), s.stranger()
	first.get(path)
	first.get(path)
	first.shows("黄英")
	first.post(path, nil)
	if first.at != "/desk/" {
		t.Fatalf("the link leads to %s", first.at)
	}
	second.post(path, nil)
	if second.status != http.StatusNotFound {
		t.Errorf("a used link answers %d", second.status)
	}
	second.get("/desk/")
	if second.at != "/desk/enter" {
		t.Errorf("a used link opened %s", second.at)
	}
	late := s.link("clerk")
	s.now.Add(int64(16 * time.Minute))
	second.get(late)
	if second.status != http.StatusNotFound {
		t.Errorf("a link of sixteen minutes ago answers %d", second.status)
	}
	if _, err := desk.Link(t.Context(), s.people, s.sessions, websession.DeskLink, "gone"); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("who has left gets a link: %v", err)
	}
}

func TestWhoIsRevokedIsOut(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	town := s.enter("town")
	if _, err := s.people.Leave(t.Context(), petition.System(), "town"); err != nil {
		t.Fatal(err)
	}
	town.get("/desk/cases")
	if town.at != "/desk/enter" {
		t.Errorf("a revoked officer is shown %s", town.at)
	}
}

func TestAnotherSitesFormIsRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("路烂了。")
	clerk := s.enter("clerk")
	r, _ := http.NewRequest("POST", s.server.URL+"/desk/cases/"+number+"/do/note", strings.NewReader("f.text=x"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://elsewhere.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := clerk.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("another site's form is answered %d", res.StatusCode)
	}
}

// The contact opens with a reason alone, and the reason is in the access log.
func TestAContactOpensWithAReason(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("低保停了三个月。")
	clerk := s.enter("clerk")
	clerk.get("/desk/cases/" + number)
	clerk.hides("王秀兰", "13800138000")
	clerk.get("/desk/cases/" + number + "?reason=" + url.QueryEscape("别的网页写的"))
	clerk.hides("王秀兰", "13800138000")
	clerk.post("/desk/reason", url.Values{"about": {number}, "reason": {"打电话核实情况"}})
	clerk.shows("王秀兰", "13800138000")
	s.now.Add(int64(29 * time.Minute))
	clerk.get("/desk/cases/" + number)
	clerk.shows("王秀兰")
	s.now.Add(int64(2 * time.Minute))
	clerk.get("/desk/cases/" + number)
	clerk.hides("王秀兰", "13800138000")
	log, err := s.service.Accesses(t.Context(), petition.Actor{Staff: "chief", Unit: s.office.Unit, Roles: []petition.Role{petition.Supervisor}}, petition.AccessQuery{Number: number})
	if err != nil {
		t.Fatal(err)
	}
	said := false
	for _, x := range log.Lines {
		said = said || x.Act == petition.ActContact && x.Reason == "打电话核实情况" && x.Door == "desk" && x.Staff == "clerk"
		if x.Act == petition.ActContact && x.Reason == "" {
			t.Errorf("the log says of a page without the contact that it was opened: %+v", x)
		}
	}
	if !said {
		t.Errorf("the log does not say why: %+v", log.Lines)
	}
}

// A report on misconduct is opened for a reason alone.
func TestAReportOpensWithAReason(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ticket, err := s.service.File(t.Context(), petition.Actor{Owner: "web:2", Asker: "web:2"}, petition.Filing{
		Key: "report", Owner: "web:2", Channel: "web", Class: petition.Report, Facts: "所长收了两条烟。",
	})
	if err != nil {
		t.Fatal(err)
	}
	named := s.enter("named")
	page := "/desk/cases/" + ticket.Number
	named.get(page)
	if named.hides("两条烟"); named.status != 403 {
		t.Errorf("without a reason: %d", named.status)
	}
	named.get("/desk/live?case=" + ticket.Number)
	if named.status != 403 {
		t.Errorf("its changes without a reason: %d", named.status)
	}
	named.post("/desk/reason", url.Values{"about": {ticket.Number}, "reason": {"按职责办理"}})
	named.shows("两条烟")
	s.now.Add(int64(time.Minute))
	named.move(ticket.Number, petition.MoveNote, map[string]string{"text": "先核对票据。"})
	named.shows("先核对票据")
	clerk := s.enter("clerk")
	clerk.get("/desk/live?case=" + ticket.Number)
	if clerk.status != 404 {
		t.Errorf("who does not see the report follows it: %d", clerk.status)
	}
	clerk.post("/desk/reason", url.Values{"about": {ticket.Number}, "reason": {"想看"}})
	if clerk.hides("两条烟"); clerk.status != 404 {
		t.Errorf("a reason opens a report to who may not see it: %d", clerk.status)
	}
}

// What was refused comes back with its words and why; who was second is told who was first.
func TestARefusedMoveLosesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("欠薪八千元。")
	clerk, chief := s.enter("clerk"), s.enter("chief")
	path := "/desk/cases/" + number + "/do/transfer"
	clerk.get(path)
	form := url.Values{}
	for _, f := range hidden.FindAllStringSubmatch(clerk.page[strings.Index(clerk.page, `id="form"`):], -1) {
		form.Set(f[1], f[2])
	}
	chief.move(number, petition.MoveNote, map[string]string{"text": "先打过电话。"})
	form.Set("f.unit", s.town)
	form.Set("f.text", "写了很久的话")
	clerk.post(path, form)
	clerk.shows("写了很久的话", "赵平", `role="alert"`)
	clerk.get("/desk/cases/" + number)
	clerk.shows("先打过电话", "待转送")
}

// The same form sent twice does the same thing once.
func TestAMoveSentTwiceIsMadeOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("邻居占道。")
	clerk := s.enter("clerk")
	form := url.Values{"key": {"one-key"}, "f.text": {"记一笔"}}
	for range 2 {
		clerk.post("/desk/cases/"+number+"/do/note", form)
	}
	if n := strings.Count(clerk.page, "记一笔"); n != 1 {
		t.Errorf("the note stands there %d times", n)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	one, two := s.file("第一件。"), s.file("第二件。")
	clerk := s.enter("clerk")
	clerk.move(two, petition.MoveTransfer, map[string]string{"unit": s.town, "text": "请办理。"})
	form := url.Values{"move": {"transfer"}, "number": {one, two}}
	clerk.post("/desk/bulk", form)
	clerk.shows(one, two, "f.unit")
	form.Set("said", "1")
	form.Set("key", "batch")
	form.Set("f.unit", s.town)
	form.Set("f.text", "请按职责办理。")
	clerk.post("/desk/bulk", form)
	clerk.shows("办成 1 件，没办成 1 件", two)
	clerk.get("/desk/cases/" + one)
	clerk.shows("待受理")
}

// An open page hears of a colleague's change, and of the end of its session.
func TestAnOpenPageIsTold(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("河里的水发黑。")
	clerk, chief := s.enter("clerk"), s.enter("chief")
	events := make(chan string, 20)
	res, err := clerk.client.Get(s.server.URL + "/desk/live?case=" + number)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	go func() {
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if event, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				events <- event
			}
		}
		close(events)
	}()
	await := func(want string) {
		t.Helper()
		for end := time.After(10 * time.Second); ; {
			select {
			case event, open := <-events:
				if event == want {
					return
				}
				if !open {
					t.Fatalf("the connection ended before %q", want)
				}
			case <-end:
				t.Fatalf("no %q in ten seconds", want)
			}
		}
	}
	await("ping")
	chief.get("/desk/cases/" + number)
	chief.shows("也开着这一件的：黄英")
	chief.move(number, petition.MoveNote, map[string]string{"text": "我去看过了。"})
	await("case")
	if _, err := s.people.Leave(t.Context(), petition.System(), "clerk"); err != nil {
		t.Fatal(err)
	}
	await("left")
}

// With a name, a password and a code somebody signs in without a link; what is wrong says not what.
func TestSigningIn(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk := s.enter("clerk")
	clerk.post("/desk/me/login", url.Values{"name": {"huang"}, "password": {"123456"}})
	clerk.shows("太容易猜到", `value="huang"`)
	clerk.post("/desk/me/login", url.Values{"name": {"huang"}, "password": {"五月的杏子熟了满山坡都是"}})
	found := regexp.MustCompile(`<code>([A-Z2-7 ]+)</code>`).FindStringSubmatch(clerk.page)
	if found == nil || !strings.Contains(clerk.page, "<svg") {
		t.Fatalf("no secret: %s", clerk.page)
	}
	secret := strings.ReplaceAll(found[1], " ", "")
	code := func() string {
		c, err := totp.GenerateCode(secret, time.Unix(0, s.now.Load()))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	clerk.post("/desk/me/login/confirm", url.Values{"code": {"000000"}})
	clerk.shows("验证码不对", found[1])
	clerk.post("/desk/me/login/confirm", url.Values{"code": {code()}})
	clerk.shows("您现在用“huang”登录")
	s.now.Add(int64(time.Minute))
	in := s.stranger()
	for _, wrong := range []url.Values{
		{"name": {"huang"}, "password": {"五月的杏子熟了满山坡"}, "code": {code()}},
		{"name": {"nobody"}, "password": {"五月的杏子熟了满山坡都是"}, "code": {code()}},
		{"name": {"huang"}, "password": {"五月的杏子熟了满山坡都是"}, "code": {"1"}},
	} {
		in.post("/desk/enter", wrong)
		in.shows("有不对的")
		if in.status != http.StatusForbidden {
			t.Errorf("%v is answered %d", wrong, in.status)
		}
	}
	right := url.Values{"name": {"Huang"}, "password": {"五月的杏子熟了满山坡都是"}, "code": {code()}}
	in.post("/desk/enter", right)
	in.shows("黄英")
	if in.at != "/desk/" {
		t.Errorf("signing in leads to %s", in.at)
	}
	again := s.stranger()
	again.post("/desk/enter", right)
	if again.status != http.StatusForbidden {
		t.Errorf("a code opened twice: %d", again.status)
	}
	for range 12 {
		again.post("/desk/enter", url.Values{"name": {"huang"}, "password": {"x"}, "code": {"1"}})
	}
	again.shows("太多次")
}

// How somebody signs in is changed by who has just shown who they are: whoever finds a session open is asked for
// the password, and led on once it is right.
func TestSigningInIsChangedByItsOwner(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk := s.enter("clerk")
	const first, second = "五月的杏子熟了满山坡都是", "六月的麦子黄了三十里川道"
	clerk.post("/desk/me/login", url.Values{"name": {"huang"}, "password": {first}})
	secret := strings.ReplaceAll(regexp.MustCompile(`<code>([A-Z2-7 ]+)</code>`).FindStringSubmatch(clerk.page)[1], " ", "")
	code, err := totp.GenerateCode(secret, time.Unix(0, s.now.Load()))
	if err != nil {
		t.Fatal(err)
	}
	clerk.post("/desk/me/login/confirm", url.Values{"code": {code}})
	clerk.shows("您现在用“huang”登录") // entered by a link just now
	s.now.Add(int64(11 * time.Minute))
	for path, form := range map[string]url.Values{
		"/desk/me/login": {"name": {"huang"}, "password": {second}}, "/desk/me/login/remove": {}, "/desk/me/passkey/begin": {}, "/desk/me/passkey": {}, "/desk/me/passkey/drop": {"id": {"AA"}},
	} {
		clerk.post(path, form)
		clerk.shows("请再证明一次是您本人", "现在的密码", "/desk 要一个新链接")
		if clerk.status != http.StatusForbidden {
			t.Errorf("%s by an open session: %d", path, clerk.status)
		}
	}
	clerk.get("/desk/me/login")
	clerk.shows("请再证明一次是您本人")
	clerk.hides(`name="code"`)
	clerk.post("/desk/me/prove", url.Values{"password": {second}, "back": {"/desk/me/login"}})
	clerk.shows("密码不对", `value="/desk/me/login"`)
	clerk.post("/desk/me/login/remove", nil)
	clerk.shows("请再证明一次是您本人")
	clerk.post("/desk/me/prove", url.Values{"password": {first}, "back": {"https://evil.example/"}})
	if clerk.at != "/desk/me" {
		t.Errorf("led to %s", clerk.at)
	}
	clerk.get("/desk/me/login")
	clerk.shows("您现在用“huang”登录")
	s.now.Add(int64(11 * time.Minute))
	for range 11 {
		clerk.post("/desk/me/prove", url.Values{"password": {second}})
	}
	clerk.shows("太多次")
	again := s.enter("clerk") // who forgot the password asks for a link
	again.post("/desk/me/login/remove", nil)
	again.shows("设好以后，不用再要链接")
	town := s.enter("town") // who has neither only has a link
	s.now.Add(int64(11 * time.Minute))
	town.get("/desk/me/login")
	town.shows("设好以后，不用再要链接")
}

// A letter is written down with what a reader found in it, and goes on like any other case.
// What a superior passed on is found by the superior's own number, and by who wrote, for a reason.
func TestWhatWasPassedOnIsFound(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk := s.enter("clerk")
	form := url.Values{"key": {"k"}, "channel": {"above"}, "class": {"claim"}, "received": {"2026-11-20"}, "facts": {"村里的桥塌了半边。"}, "name": {"周大明"}, "mail": {"daming@mail.example.cn"}, "origin_number": {"商信转〔2026〕118号"}}
	clerk.post("/desk/new", form)
	clerk.shows(`role="alert"`, "商信转〔2026〕118号")
	form.Set("origin_name", "商洛市信访局")
	form.Set("origin_due", "2026-12-20")
	clerk.post("/desk/new", form)
	clerk.shows("上级转送", "商洛市信访局", "商信转〔2026〕118号", "向来文单位报结果")
	number := regexp.MustCompile(`ZS26-[0-9A-Z-]+`).FindString(clerk.at)
	v, err := s.service.Look(t.Context(), petition.Actor{Staff: "clerk", Unit: s.office.Unit, Roles: []petition.Role{petition.Intake}, Reason: "回电"}, number, "")
	if err != nil || v.Contact == nil || v.Contact.Mail != "daming@mail.example.cn" {
		t.Errorf("the address of a mailbox that was registered: %+v, %v", v.Contact, err)
	}
	clerk.find("商信转[2026]118号", "")
	clerk.shows("村里的桥塌了半边")
	clerk.find("周大明", "")
	list := clerk.at
	clerk.shows("为什么要找", `name="words" value="周大明"`)
	clerk.hides("村里的桥塌了半边")
	clerk.find("周大明", "来电询问")
	clerk.shows("村里的桥塌了半边")
	for range 2 {
		s.now.Add(int64(20 * time.Minute))
		clerk.get("/desk/")
	}
	clerk.get(strings.Replace(list, "/desk/cases", "/desk/cases.csv", 1))
	if clerk.status != 403 {
		t.Errorf("a list of a person's cases is handed out though nobody has said why for half an hour: %d", clerk.status)
	}
}

func TestALetterIsRegistered(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk := s.enter("clerk")
	clerk.get("/desk/new")
	form := url.Values{}
	for _, f := range hidden.FindAllStringSubmatch(clerk.page, -1) {
		form.Set(f[1], f[2])
	}
	for key, value := range map[string]string{"channel": "letter", "received": "2026-11-20", "class": "claim", "facts": "村里的桥塌了半边，孩子上学要绕五里路。", "name": "周大明", "read": "1"} {
		form.Set(key, value)
	}
	clerk.post("/desk/new", form)
	clerk.shows("读出来的填在右边了", "桥塌了", `value="`+s.office.Places[1].Code+`" selected`, "修桥", "周大明")
	form.Del("read")
	form.Set("received", "2027-01-01")
	clerk.post("/desk/new", form)
	clerk.shows(`role="alert"`, "桥塌了半边", "周大明")
	form.Set("received", "2026-11-20")
	for range 2 { // pressed twice
		clerk.post("/desk/new", form)
	}
	clerk.shows("桥塌了半边", "待转送", "来信")
	clerk.hides("周大明")
	clerk.get("/desk/cases?channel=letter")
	if n := strings.Count(clerk.page, "data-row"); n != 1 {
		t.Errorf("%d letters are listed", n)
	}
}
