package attack

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"dengwen/handlers/api"
	"dengwen/petition"
)

// Somebody plants, steals and replays what lets people in.
func TestSessions(t *testing.T) {
	t.Parallel()
	x := begin(t)
	for name, attack := range map[string]func(*target){
		"a cookie planted at the page": (*target).plantedAtThePage, "a cookie planted at an invitation": (*target).plantedAtAnInvitation, "a cookie planted at the desk": (*target).plantedAtTheDesk,
		"after leaving": (*target).afterLeaving, "after signing out everywhere": (*target).afterSigningOut, "after being revoked": (*target).afterBeingRevoked, "after forgetting": (*target).afterForgetting,
		"links and invitations twice": (*target).twice, "codes again": (*target).codesAgain, "rights that changed": (*target).rightsThatChanged, "another site": (*target).anotherSite, "a case that went": (*target).caseThatWent,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			attack(&target{t, x.p, x.keys})
		})
	}
}

const (
	pageCookie = "dengwen"
	deskCookie = "dengwen_desk"
	madeUp     = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE"
)

// out reports that a browser is shown nothing of an officer's or of a conversation.
func (b *browser) out(what string, words ...string) {
	b.Helper()
	for _, path := range []string{"/", "/posts?after=0", "/desk/", "/desk/cases", "/desk/me", "/desk/cases.csv", "/desk/log"} {
		b.copy().get(path).hides(what+" at "+path, words...)
	}
	c := b.copy()
	if c.post("/say", url.Values{"csrf": {b.csrf}, "id": {once()}, "text": {"I am in"}}); c.status == http.StatusOK {
		b.Errorf("%s: may say something", what)
	}
	for _, path := range []string{"/live", "/desk/live"} {
		r := b.copy()
		req := r.request("GET", path, "", http.NoBody)
		res, err := still.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode == http.StatusOK {
			b.Errorf("%s: %s opens", what, path)
		}
	}
}

func (b *browser) hides(what string, words ...string) {
	b.Helper()
	for _, w := range words {
		if strings.Contains(b.text, w) {
			b.Errorf("%s is shown %q", what, w)
		}
	}
	if strings.HasPrefix(b.header.Get("Content-Type"), "text/html") && b.status == http.StatusOK && strings.Contains(b.text, `action="/desk/me/leave"`) {
		b.Errorf("%s is at the desk", what)
	}
}

func (x *target) plantedAtThePage() {
	victim := x.browse()
	victim.cookies[pageCookie] = madeUp
	victim.get("/")
	if victim.cookies[pageCookie] == madeUp {
		x.Error("a cookie of somebody's own making is taken over")
	}
	victim.say("MARKPLANTED my story").hears("MARKPLANTED")
	attacker := x.browse()
	attacker.cookies[pageCookie] = madeUp
	attacker.out("who planted a cookie", "MARKPLANTED")
	// A session that the server made, planted before anything was said there.
	attacker = x.browse().get("/")
	victim = attacker.copy()
	victim.say("MARKSHARED my story").hears("MARKSHARED")
	attacker.out("who planted a session of their own", "MARKSHARED")
}

var invitationIn = regexp.MustCompile(`/join \S+|join_\S+`)

// invitation is what is said to become an officer of that name.
func (x *target) invitation(unit, name string) string {
	x.Helper()
	out, err := x.p.Run("staff", "invite", "--unit", unit, "--role", "intake", "--name", name)
	if err != nil {
		x.Fatal(err)
	}
	found := invitationIn.FindString(out)
	return "/join " + strings.TrimPrefix(strings.TrimPrefix(found, "/join "), "join_")
}

// staff is the id of the officer of that name.
func (x *target) staff(name string) string {
	x.Helper()
	list, err := x.p.Run("staff", "list")
	if err != nil {
		x.Fatal(err)
	}
	for line := range strings.Lines(list) {
		if strings.Contains(line, name) {
			return strings.Fields(line)[0]
		}
	}
	x.Fatalf("nobody is called %s: %s", name, list)
	return ""
}

// joins makes somebody an officer at the page, who is shown a petition with its words.
func (b *browser) joins(mark string) {
	b.Helper()
	b.say(b.invitation("petition", mark))
	if b.status != http.StatusOK {
		b.Fatalf("join: %d %s", b.status, b.text)
	}
	k := b.lodge("bot", "tg:"+once(), mark+" the road is gone")
	b.get("/")
	b.say(k.Number).hears(mark)
}

func (x *target) plantedAtAnInvitation() {
	attacker := x.browse()
	attacker.say("hello").hears("hello")
	victim := attacker.copy()
	attacker.get("/") // at the same time
	live := attacker.follow("/live")
	victim.joins("MARKJOIN")
	attacker.out("who planted a session at an invitation", "MARKJOIN")
	if text := live.ends(x.T, 10*time.Second); strings.Contains(text, "MARKJOIN") {
		x.Error("who planted a session hears what the officer is told")
	}
}

func (x *target) plantedAtTheDesk() {
	out, err := x.p.Run("staff", "add", "--name", "Planted", "--unit", "petition", "--role", "intake")
	if err != nil {
		x.Fatal(err)
	}
	attacker, _ := x.enter("water", "officer") // a session of their own, planted
	victim := x.browse()
	victim.cookies[deskCookie] = attacker.cookies[deskCookie]
	victim.post(linkIn.FindString(out), nil)
	if victim.get("/desk/me"); !strings.Contains(victim.text, "Planted") {
		x.Errorf("who enters by a link is not themselves: %d", victim.status)
	}
	if attacker.get("/desk/me"); strings.Contains(attacker.text, "Planted") {
		x.Error("the planted session is now the officer's")
	}
	made := x.browse()
	for _, name := range []string{deskCookie, pageCookie, "__Host-" + deskCookie, "dengwen_desk_key"} {
		made.cookies[name] = madeUp
	}
	made.out("a cookie of somebody's own making")
	crossed := x.browse() // the token of one door at the other
	crossed.cookies[pageCookie], crossed.cookies[deskCookie] = victim.cookies[deskCookie], x.browse().get("/").cookies[pageCookie]
	crossed.get("/desk/").hides("a token of the page at the desk", "Planted")
	if crossed.get("/posts?after=0"); crossed.status == http.StatusOK {
		x.Error("a token of the desk opens a conversation")
	}
}

func (x *target) afterLeaving() {
	b := x.browse()
	b.say("MARKLEFT my story").hears("MARKLEFT")
	thief, live := b.copy(), b.copy().follow("/live")
	b.post("/leave", url.Values{"csrf": {b.csrf}})
	thief.out("who kept the cookie of somebody who left", "MARKLEFT")
	live.ends(x.T, 10*time.Second)
	officer, _ := x.enter("petition", "supervisor")
	thief, live = officer.copy(), officer.copy().follow("/desk/live")
	officer.post("/desk/me/leave", nil)
	thief.out("who kept an officer's cookie")
	live.ends(x.T, 10*time.Second)
}

func (x *target) afterSigningOut() {
	page := x.browse()
	page.joins("MARKEVERYWHERE")
	id := x.staff("MARKEVERYWHERE")
	var desks []*browser
	for range 2 {
		link, err := x.p.Run("staff", "desk", id)
		if err != nil {
			x.Fatal(err)
		}
		b := x.browse()
		if b.post(linkIn.FindString(link), nil); b.header.Get("Location") != "/desk/" {
			x.Fatalf("not let in: %d", b.status)
		}
		desks = append(desks, b)
	}
	second, here := desks[1].copy().follow("/desk/live"), page.copy().follow("/live")
	thieves := []*browser{page.copy(), desks[0].copy(), desks[1].copy()}
	desks[0].post("/desk/me/leave-all", nil)
	for _, thief := range thieves {
		thief.out("after signing out everywhere", "MARKEVERYWHERE")
	}
	second.ends(x.T, 10*time.Second)
	here.ends(x.T, 10*time.Second)
}

func (x *target) afterBeingRevoked() {
	page := x.browse()
	page.joins("MARKREVOKED")
	desk, id := x.enter("petition", "intake")
	k := x.lodge("bot", "tg:"+once(), "MARKREVOKEDTOO the road is gone")
	if desk.get("/desk/cases/" + k.Number); !strings.Contains(desk.text, "MARKREVOKEDTOO") {
		x.Fatalf("the officer is not shown the case: %d", desk.status)
	}
	atPage, atDesk, ofCase := page.copy().follow("/live"), desk.copy().follow("/desk/live"), desk.copy().follow("/desk/live?case="+k.Number)
	for _, id := range []string{id, x.staff("MARKREVOKED")} {
		if _, err := x.p.Run("staff", "revoke", id); err != nil {
			x.Fatal(err)
		}
	}
	time.Sleep(2500 * time.Millisecond) // a process of its own revoked them: others look each two seconds
	x.lodge("bot", "tg:"+once(), "MARKREVOKEDNEW another road is gone")
	page.out("who was revoked", "MARKREVOKED")
	desk.out("who was revoked", "MARKREVOKED")
	if desk.get("/desk/cases/" + k.Number); strings.Contains(desk.text, "MARKREVOKED") {
		x.Error("who was revoked reads the case")
	}
	for what, s := range map[string]*stream{"page": atPage, "desk": atDesk, "case": ofCase} {
		if strings.Contains(s.ends(x.T, 15*time.Second), "MARKREVOKEDNEW") {
			x.Errorf("the open %s tells who was revoked of new cases", what)
		}
	}
}

func (x *target) afterForgetting() {
	b := x.browse()
	b.say("MARKFORGET 下梁镇三组的路一下雨就塌。").hears("MARKFORGET")
	thief, live := b.copy(), b.copy().follow("/live")
	b.say("/forget").hears("确定吗")
	was := b.cookies[pageCookie]
	b.say("删除")
	for end := time.Now().Add(10 * time.Second); strings.Contains(b.get("/").text, "MARKFORGET") || b.cookies[pageCookie] == was; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			x.Fatal("what was said is still shown after it was forgotten, or the token is the same")
		}
	}
	b.say("MARKAFTER 桥上的栏杆也断了。").hears("MARKAFTER")
	thief.out("who kept the cookie of somebody who was forgotten", "MARKAFTER", "MARKFORGET")
	if text := live.ends(x.T, 10*time.Second); strings.Contains(text, "MARKAFTER") {
		x.Error("an open page tells what is said after it was forgotten")
	}
}

func (x *target) twice() {
	out, err := x.p.Run("staff", "add", "--name", "Once", "--unit", "petition", "--role", "intake")
	if err != nil {
		x.Fatal(err)
	}
	link := linkIn.FindString(out)
	for range 3 { // looks use up nothing
		x.browse().get(link)
	}
	in := x.atOnce(8, func(b *browser) bool { return b.post(link, nil).header.Get("Location") == "/desk/" })
	again := x.browse().post(link, nil)
	if in != 1 || again.header.Get("Location") == "/desk/" {
		x.Errorf("a link lets in %d of eight, and again later: %v", in, again.header.Get("Location"))
	}
	join := x.invitation("petition", "Twice")
	k := x.lodge("bot", "tg:"+once(), "MARKTWICE the road is gone")
	var all []*browser
	for range 6 {
		all = append(all, x.browse().get("/"))
	}
	var g sync.WaitGroup
	for _, b := range all {
		g.Go(func() { b.say(join) })
	}
	g.Wait()
	officers := 0
	for _, b := range all {
		if b.get("/"); b.csrf == "" {
			continue
		}
		if b.say(k.Number); b.status != http.StatusOK {
			continue
		}
		for range 20 {
			if b.get("/posts?after=0"); strings.Contains(b.text, "MARKTWICE") {
				officers++
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	if officers != 1 {
		x.Errorf("an invitation makes %d officers of six at once", officers)
	}
	late := x.browse()
	late.say(join)
	if late.get("/"); late.say(k.Number).status == http.StatusOK {
		time.Sleep(time.Second)
		late.get("/posts?after=0").hides("who uses an invitation again", "MARKTWICE")
	}
}

// atOnce has so many browsers do the same at once, and counts those that get through.
func (x *target) atOnce(n int, do func(*browser) bool) int {
	var g sync.WaitGroup
	var in atomic.Int64
	for range n {
		g.Go(func() {
			if do(x.browse()) {
				in.Add(1)
			}
		})
	}
	g.Wait()
	return int(in.Load())
}

const password = "apricots ripen in May 2026"

func (x *target) codesAgain() {
	officer, _ := x.enter("petition", "intake")
	name := once()
	officer.post("/desk/me/login", url.Values{"name": {name}, "password": {password}})
	found := regexp.MustCompile(`(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}`).FindString(officer.text)
	if found == "" {
		x.Fatalf("no secret is shown: %d %.500s", officer.status, officer.text)
	}
	code := func(off time.Duration) string {
		c, err := totp.GenerateCode(strings.ReplaceAll(found, " ", ""), time.Now().Add(off))
		if err != nil {
			x.Fatal(err)
		}
		return c
	}
	for time.Now().Second()%30 > 20 { // not at the end of a code's half minute
		time.Sleep(time.Second)
	}
	before, now, next := code(-30*time.Second), code(0), code(30*time.Second)
	officer.post("/desk/me/login/confirm", url.Values{"code": {before}})
	enter := func(b *browser, code string) bool {
		return b.post("/desk/enter", url.Values{"name": {name}, "password": {password}, "code": {code}}).header.Get("Location") == "/desk/"
	}
	if enter(x.browse(), before) {
		x.Error("the code that confirmed lets in")
	}
	if in := x.atOnce(6, func(b *browser) bool { return enter(b, next) }); in != 1 {
		x.Errorf("a code lets in %d of six at once", in)
	}
	for what, old := range map[string]string{"the same": next, "that of the step before": now, "the one before that": before} {
		if enter(x.browse(), old) {
			x.Errorf("after a code, %s lets in", what)
		}
	}
}

func (x *target) rightsThatChanged() {
	b, id := x.enter("water", "head")
	k := x.lodge("bot", "tg:"+once(), "MARKRIGHTS the pipe leaks")
	x.to(k.Number, "water")
	if b.get("/desk/cases/" + k.Number); !strings.Contains(b.text, "MARKRIGHTS") {
		x.Fatalf("the officer is not shown the case: %d", b.status)
	}
	live := b.copy().follow("/desk/live?case=" + k.Number)
	admin, _ := x.enter("petition", "supervisor", "admin")
	admin.get("/desk/office/people")
	admin.post("/desk/office/people", url.Values{"do": {"change"}, "id": {id}, "person": {id}, "unit": {"transport"}, "roles": {"officer"}, "role": {"officer"}})
	if b.get("/desk/me"); strings.Contains(b.text, "水利") {
		root := api.NewClient(x.p.URL, x.keys["all"], nil)
		p, err := root.Person(x.Context(), id)
		if err != nil {
			x.Fatal(err)
		}
		p.Unit = "transport"
		if err := root.PutPerson(x.Context(), p); err != nil {
			x.Fatal(err)
		}
	}
	time.Sleep(2500 * time.Millisecond)
	if b.get("/desk/cases/" + k.Number); strings.Contains(b.text, "MARKRIGHTS") {
		x.Error("who went to another unit reads the case of the unit before")
	}
	for range 2 { // that something changed at the moment itself may still be told
		if got := x.call("water", people[3], "POST", "/v1/cases/"+k.Number+"/moves", `{"name":"note","text":"x"}`, "Idempotency-Key", once()); got.status != http.StatusOK {
			x.Fatalf("note: %d %s", got.status, got.text)
		}
		time.Sleep(2500 * time.Millisecond)
	}
	b.post("/desk/me/leave", nil)
	if text := live.ends(x.T, 10*time.Second); strings.Count(text, "event: case") > 1 { // the transfer itself may be told
		x.Errorf("who went to another unit is told of the case of the unit before: %q", text)
	}
}

// caseThatWent: whoever had a case open hears no more of it once it has gone where they see nothing of it.
func (x *target) caseThatWent() {
	b, _ := x.enter("water", "officer")
	k := x.lodge("bot", "tg:"+once(), "MARKWENT the pipe leaks")
	x.to(k.Number, "water")
	live := b.copy().follow("/desk/live?case=" + k.Number)
	move := func(key string, who petition.Actor, body string) {
		x.Helper()
		if got := x.call(key, who, "POST", "/v1/cases/"+k.Number+"/moves", body, "Idempotency-Key", once()); got.status != http.StatusOK {
			x.Fatalf("%s: %d %s", body, got.status, got.text)
		}
		time.Sleep(2500 * time.Millisecond)
	}
	move("all", people[1], `{"name":"seal","text":"a report after all"}`)
	for range 2 {
		move("all", petition.Actor{Staff: "s-sealed", Unit: "discipline", Roles: []petition.Role{petition.Sealed}, Reason: "work"}, `{"name":"note","text":"x"}`)
	}
	b.post("/desk/me/leave", nil)
	if n := strings.Count(live.ends(x.T, 10*time.Second), "event: case"); n > 1 {
		x.Errorf("a case that was sealed is told of %d times", n)
	}
}

// anotherSite: forms and frames of another site do nothing.
func (x *target) anotherSite() {
	officer, _ := x.enter("petition", "supervisor", "admin")
	page := x.browse()
	page.say("my story").hears("my story")
	for _, path := range []string{"/desk/me/leave", "/desk/me/leave-all", "/desk/office/people", "/desk/export", "/desk/bulk", "/desk/reason", "/desk/me/login", "/desk/office/keys", "/desk/office/webhooks", "/desk/enter", "/leave", "/say", "/verify", "/open/x"} {
		for _, headers := range [][2]string{{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}} {
			b := officer.copy()
			if !strings.HasPrefix(path, "/desk") {
				b = page.copy()
			}
			r := b.request("POST", path, "application/x-www-form-urlencoded", strings.NewReader("name=x&reason=work"))
			r.Header.Del("Origin")
			r.Header.Set(headers[0], headers[1])
			b.ask(r)
			if b.status != http.StatusForbidden && b.status != http.StatusNotFound && !(path == "/verify" && b.status < 300) {
				x.Errorf("%s with %v: %d", path, headers, b.status)
			}
		}
	}
	if officer.get("/desk/"); officer.status != http.StatusOK || officer.header.Get("X-Frame-Options") != "DENY" && !strings.Contains(officer.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		x.Errorf("the desk may stand in another site's frame: %d", officer.status)
	}
	if page.get("/posts?after=0"); page.status != http.StatusOK {
		x.Errorf("another site ended the conversation: %d", page.status)
	}
}
