package attack

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"dengwen/petition"
)

// Programs with keys of their own try the cases, the files and the once-only keys of others.
func TestKeys(t *testing.T) {
	t.Parallel()
	x := begin(t, "DENGWEN_OPEN311=xf.example.cn")
	for name, attack := range map[string]func(*target){
		"beyond the unit": (*target).beyondTheUnit, "ids of nobody's case": (*target).anyCitizen, "idempotency": (*target).replayedKeys, "idempotency after a restart": (*target).restarted, "files": (*target).foreignFiles, "keys that are none": (*target).wrongKeys,
	} {
		t.Run(name, func(t *testing.T) { attack(&target{t, x.p, x.keys}) })
	}
}

// operations are the calls of the description that take an id: method and path.
func (x *target) operations() (all [][2]string) {
	x.Helper()
	var d struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal([]byte(x.send("GET", "/v1/openapi.json", "").text), &d); err != nil {
		x.Fatal(err)
	}
	for path, methods := range d.Paths {
		for method := range methods {
			if strings.Contains(path, "{") {
				all = append(all, [2]string{strings.ToUpper(method), path})
			}
		}
	}
	if len(all) < 12 {
		x.Fatalf("%d calls take an id: is the description read?", len(all))
	}
	return all
}

var parameter = regexp.MustCompile(`\{[a-z]+\}`)

// at is a path with its parameters filled in: the number, then an id.
func at(path, number, id string) string {
	path = strings.Replace(path, "{number}", number, 1)
	path = strings.Replace(path, "{document}", "1.pdf", 1)
	return parameter.ReplaceAllString(path, url.PathEscape(id))
}

// bodyOf is a body that a call reads, move where it takes one.
func bodyOf(path, move string) string {
	switch {
	case strings.Contains(path, "appointment"):
		return `{"day":"x","slot":0}`
	case strings.Contains(path, "/disputes/"):
		return `{"name":"note"}`
	}
	return move
}

const noCase = "ZS26-000001-QX"

// claims are all that a key may say of who acts, for a case of owner's.
func claims(owner string) []petition.Actor {
	return append(slices.Clone(people), petition.Actor{}, citizen(owner), petition.Actor{Owner: owner, Staff: "s-road", Unit: "transport", Roles: []petition.Role{petition.Officer}},
		petition.Actor{Staff: "s-road", Unit: "transport", Roles: []petition.Role{petition.Officer, petition.Admin}}, petition.Actor{Staff: "s-road", Unit: "transport", Roles: []petition.Role{petition.Sealed}}, petition.Actor{Asker: owner, Address: "1.2.3.4"},
		petition.Actor{Staff: "s-road", Roles: []petition.Role{petition.Officer}}, petition.Actor{Staff: "s-nobody", Unit: "transport", Roles: []petition.Role{petition.Head}}, petition.Actor{Unit: "water"})
}

// beyondTheUnit: whatever a key of one unit says of who acts, at every call that takes the number of a case or an id
// another unit's case is answered word for word like one that is not there.
func (x *target) beyondTheUnit() {
	file := once()
	if got := x.store("bot", citizen("tg:9"), file, "MARKFILE"); got.status/100 != 2 {
		x.Fatalf("store: %d %s", got.status, got.text)
	}
	k := x.lodge("bot", "tg:9", "MARKWATER the pipe leaks", file)
	x.to(k.Number, "water")
	version := x.version(k.Number)
	n := 0
	for _, op := range x.operations() {
		for _, who := range claims("tg:9") {
			for _, code := range []string{"", k.Code} {
				ask := func(number, id string) string {
					body := ""
					if op[0] != "GET" && op[0] != "DELETE" {
						body = bodyOf(op[1], fmt.Sprintf(`{"name":"note","text":"x","code":%q}`, code))
					}
					got := x.call("transport", who, op[0], at(op[1], number, id), body, "Idempotency-Key", once(), "Query-Code", code, "Attachment-Kind", "document", "Attachment-Name", "a.txt")
					if strings.Contains(got.text, "MARK") || strings.Contains(got.text, k.Code) {
						x.Errorf("%v as %+v is told %s", op, who, got.text)
					}
					return strings.ReplaceAll(fmt.Sprint(got.status, got.text), number, "N")
				}
				n++
				if there, none := ask(k.Number, file), ask(noCase, once()); strings.Contains(op[1], "{number}") && there != none {
					x.Errorf("%v as %+v: %s, of a case that is not there %s", op, who, there, none)
				}
			}
		}
	}
	for _, path := range []string{"/v1/cases?limit=100", "/v1/notices?limit=500", "/v1/untold", "/v1/accesses", "/v1/week", "/v1/broadcasts", "/v1/webhooks"} {
		for _, who := range claims("tg:9") {
			n++
			if got := x.call("transport", who, "GET", path, ""); strings.Contains(got.text, "MARK") || strings.Contains(got.text, k.Number) {
				x.Errorf("%s as %+v shows the case: %s", path, who, got.text)
			}
		}
	}
	if now := x.version(k.Number); now != version {
		x.Errorf("the case was changed: version %d, was %d", now, version)
	}
	x.Logf("%d requests", n)
}

func (x *target) version(number string) (n int) {
	x.Helper()
	var v petition.View
	got := x.call("all", people[1], "GET", "/v1/cases/"+number, "", "Actor-Reason", "work")
	if err := json.Unmarshal([]byte(got.text), &v); err != nil || got.status != http.StatusOK {
		x.Fatalf("look: %d %s", got.status, got.text)
	}
	return int(v.Version)
}

// anyCitizen: a program of citizens sees no case of another chat's, and who has an Open311 key none at all.
func (x *target) anyCitizen() {
	k := x.lodge("bot", "tg:21", "MARKMINE a wall fell")
	for _, op := range x.operations() {
		if !strings.Contains(op[1], "{number}") {
			continue
		}
		for _, key := range []string{"bot2", "open"} {
			ask := func(number string) string {
				got := x.call(key, citizen("tg:22"), op[0], at(op[1], number, once()), bodyOf(op[1], `{"name":"supplement","text":"x"}`), "Idempotency-Key", "x", "Query-Code", "AAAA-2222")
				return strings.ReplaceAll(fmt.Sprint(got.status, got.text), number, "N")
			}
			if there, none := ask(k.Number), ask(noCase); there != none || strings.Contains(there, "MARK") {
				x.Errorf("%v by %s: %s, of a case that is not there %s", op, key, there, none)
			}
		}
	}
	for _, path := range []string{"/open311/v2/requests/%s.json", "/open311/v2/requests/%s.xml", "/open311/v2/tokens/%s.json", "/open311/v2/requests.json?service_request_id=%s"} {
		there, none := x.send("GET", fmt.Sprintf(path, k.Number), ""), x.send("GET", fmt.Sprintf(path, noCase), "")
		if there.status != none.status || strings.ReplaceAll(there.text, k.Number, noCase) != none.text {
			x.Errorf("%s: %d %s, of a case that is not there %d %s", path, there.status, there.text, none.status, none.text)
		}
	}
}

// replayedKeys: an Idempotency-Key means nothing in another's hands, at another call or with another body.
func (x *target) replayedKeys() {
	key, body := once(), filing("MARKONCE a tree fell")
	file := func(caller, owner, body string) answer {
		return x.call(caller, citizen(owner), "POST", "/v1/cases", body, "Idempotency-Key", key)
	}
	first := file("bot", "tg:31", body)
	var k petition.Ticket
	if err := json.Unmarshal([]byte(first.text), &k); err != nil || k.Number == "" {
		x.Fatalf("%d %s", first.status, first.text)
	}
	if again := file("bot", "tg:31", body); again.text != first.text {
		x.Errorf("the same again: %d %s, first %s", again.status, again.text, first.text)
	}
	leaks := func(what string, got answer) {
		x.Helper()
		if strings.Contains(got.text, k.Number) || strings.Contains(got.text, k.Code) {
			x.Errorf("%s is told the ticket: %d %s", what, got.status, got.text)
		}
	}
	for what, got := range map[string]answer{"another key": file("bot2", "tg:31", body), "another chat": file("bot", "tg:32", body), "a key of everything": file("all", "tg:31", body), "a key of a unit": x.call("water", people[3], "POST", "/v1/cases", strings.Replace(body, `"api"`, `"letter"`, 1), "Idempotency-Key", key)} {
		if leaks(what, got); got.status != http.StatusCreated {
			x.Errorf("%s: %d %s", what, got.status, got.text)
		}
	}
	if got := file("bot", "tg:31", filing("something else")); got.status != http.StatusConflict {
		x.Errorf("another body: %d %s", got.status, got.text)
	} else {
		leaks("another body", got)
	}
	other := x.lodge("bot", "tg:31", "another thing")
	move := func(number, body string) answer {
		return x.call("bot", citizen("tg:31"), "POST", "/v1/cases/"+number+"/moves", body, "Idempotency-Key", key)
	}
	const more = `{"name":"supplement","text":"more"}`
	if got := move(other.Number, more); got.status != http.StatusOK {
		x.Errorf("the key of a filing at a move: %d %s", got.status, got.text)
	} else {
		leaks("a move", got)
	}
	before := x.version(other.Number)
	if got := move(other.Number, more); got.status != http.StatusOK || x.version(other.Number) != before {
		x.Errorf("the same move again: %d, version %d, was %d", got.status, x.version(other.Number), before)
	}
	if got := move(other.Number, `{"name":"supplement","text":"other words"}`); got.status != http.StatusConflict {
		x.Errorf("another move: %d %s", got.status, got.text)
	}
	if got := x.call("bot2", citizen("tg:32"), "POST", "/v1/cases/"+other.Number+"/moves", more, "Idempotency-Key", key); got.status != http.StatusNotFound {
		x.Errorf("a move of another chat replayed: %d %s", got.status, got.text)
	}
	for name, bad := range map[string]string{"none": "", "long": strings.Repeat("k", 100_000)} {
		if got := x.call("bot", citizen("tg:31"), "POST", "/v1/cases", body, "Idempotency-Key", bad); got.status < 400 || got.status >= 500 {
			x.Errorf("%s: %d", name, got.status)
		}
	}
	var g sync.WaitGroup
	var all sync.Map
	at := once()
	for range 8 {
		g.Go(func() {
			got := x.call("bot", citizen("tg:33"), "POST", "/v1/cases", body, "Idempotency-Key", at)
			all.Store(got.text, got.status)
		})
	}
	g.Wait()
	n := 0
	all.Range(func(text, status any) bool { n++; return true })
	if n != 1 {
		x.Errorf("eight at once are told %d tickets", n)
	}
}

// restarted: what an Idempotency-Key belongs to is known after a restart.
func (x *target) restarted() {
	key, body := once(), filing("MARKLATER a bridge shakes")
	file := func(caller, body string) answer {
		return x.call(caller, citizen("tg:41"), "POST", "/v1/cases", body, "Idempotency-Key", key)
	}
	first := file("bot", body)
	if err := x.p.Kill(); err != nil {
		x.Fatal(err)
	}
	if err := x.p.Start(); err != nil {
		x.Fatal(err)
	}
	if again := file("bot", body); first.status != http.StatusCreated || again.text != first.text {
		x.Errorf("after a restart: %d %s, first %d %s", again.status, again.text, first.status, first.text)
	}
	if got := file("bot", filing("something else")); got.status != http.StatusConflict {
		x.Errorf("another body after a restart: %d %s", got.status, got.text)
	}
	if got := file("bot2", body); got.text == first.text {
		x.Error("another key is told the ticket after a restart")
	}
}

// foreignFiles: the id of another's file opens nothing, in whatever it is named, and nothing is written over it.
func (x *target) foreignFiles() {
	mine, theirs := citizen("tg:51"), citizen("tg:52")
	file := once()
	if got := x.store("bot", mine, file, "MARKBYTES of mine"); got.status/100 != 2 {
		x.Fatalf("store: %d %s", got.status, got.text)
	}
	k := x.lodge("bot", mine.Owner, "a paper", file)
	x.to(k.Number, "water")
	named := `{"name":"%s","text":"x","files":[{"id":"` + file + `","kind":"document","name":"a.txt"}]}`
	theirCase := x.lodge("bot2", theirs.Owner, "another thing")
	x.to(theirCase.Number, "transport")
	own := petition.Actor{Staff: "w-1", Unit: "transport", Roles: []petition.Role{petition.Officer}}
	ownFile := once()
	x.store("transport", people[2], ownFile, "of the officer")
	x.store("own", own, ownFile+"o", "of the officer's program")
	x.store("bot2", theirs, ownFile+"t", "of the citizen")
	for what, got := range map[string]answer{ // what is refused below is refused for whose file it is
		"a note":         x.call("transport", people[2], "POST", "/v1/cases/"+theirCase.Number+"/moves", strings.Replace(fmt.Sprintf(named, "note"), file, ownFile, 1), "Idempotency-Key", once()),
		"another's note": x.call("own", own, "POST", "/v1/cases/"+theirCase.Number+"/moves", strings.Replace(fmt.Sprintf(named, "note"), file, ownFile+"o", 1), "Idempotency-Key", once()),
		"an addition":    x.call("bot2", theirs, "POST", "/v1/cases/"+theirCase.Number+"/moves", strings.Replace(fmt.Sprintf(named, "supplement"), file, ownFile+"t", 1), "Idempotency-Key", once()),
		"a filing":       x.call("bot2", theirs, "POST", "/v1/cases", filing("steal", ownFile+"t"), "Idempotency-Key", once()),
	} {
		if got.status/100 != 2 {
			x.Errorf("one's own file in %s: %d %s", what, got.status, got.text)
		}
	}
	for what, got := range map[string]answer{
		"a filing":                  x.call("bot2", theirs, "POST", "/v1/cases", filing("steal", file), "Idempotency-Key", once()),
		"a filing of the same key":  x.call("bot", theirs, "POST", "/v1/cases", filing("steal", file), "Idempotency-Key", once()),
		"an addition":               x.call("bot2", theirs, "POST", "/v1/cases/"+theirCase.Number+"/moves", fmt.Sprintf(named, "supplement"), "Idempotency-Key", once()),
		"an officer's note":         x.call("transport", people[2], "POST", "/v1/cases/"+theirCase.Number+"/moves", fmt.Sprintf(named, "note"), "Idempotency-Key", once()),
		"an answer as a draft":      x.call("transport", people[2], "POST", "/v1/cases/"+theirCase.Number+"/moves", strings.Replace(fmt.Sprintf(named, "draft"), `"text"`, `"for":"reply","text"`, 1), "Idempotency-Key", once()),
		"an answer to be signed":    x.call("transport", people[2], "POST", "/v1/cases/"+theirCase.Number+"/moves", strings.Replace(fmt.Sprintf(named, "submit"), `"text"`, `"for":"reply","text"`, 1), "Idempotency-Key", once()),
		"a note of another program": x.call("own", own, "POST", "/v1/cases/"+theirCase.Number+"/moves", fmt.Sprintf(named, "note"), "Idempotency-Key", once()),
		"a letter":                  x.call("transport", people[2], "POST", "/v1/cases", strings.Replace(filing("steal", file), `"api"`, `"letter"`, 1), "Idempotency-Key", once()),
	} {
		if got.status < 400 || got.status >= 500 || strings.Contains(got.text, "MARK") {
			x.Errorf("named in %s: %d %s", what, got.status, got.text)
		}
	}
	for _, id := range []string{file, url.PathEscape("../" + file), file + ".raw", file + "%00", file + "%2eraw"} {
		for key, who := range map[string]petition.Actor{"bot2": theirs, "transport": people[2]} {
			got := x.call(key, who, "GET", "/v1/cases/"+theirCase.Number+"/files/"+id, "")
			if got.status != http.StatusNotFound && got.status != http.StatusUnprocessableEntity {
				x.Errorf("%s opens %s: %d %s", key, id, got.status, got.text)
			}
		}
	}
	for _, id := range []string{file, file + ".raw", file + ".RAW", file + "%2Fraw", file + "/raw", file + "%00", url.PathEscape("../" + file), url.PathEscape("./" + file), strings.ToUpper(file), file + "%20"} {
		for key, who := range map[string]petition.Actor{"bot2": theirs, "bot": theirs, "transport": people[2], "all": people[1]} {
			_ = x.store(key, who, id, "OVERWRITTEN")
		}
	}
	got := x.call("bot", mine, "GET", "/v1/cases/"+k.Number+"/files/"+file, "")
	if !strings.Contains(got.text, "MARKBYTES") {
		x.Errorf("the file is now %d %s", got.status, got.text)
	}
	desk, _ := x.enter("water", "officer")
	desk.post("/desk/cases/"+k.Number+"/files/"+file+"/original", url.Values{"reason": {"work"}})
	if !strings.Contains(desk.text, "MARKBYTES") {
		x.Errorf("the file as it came is now %d %.300s", desk.status, desk.text)
	}
	road, _ := x.enter("transport", "officer")
	for _, number := range []string{k.Number, theirCase.Number} {
		for _, path := range []string{"/desk/cases/" + number + "/files/" + file, "/desk/cases/" + number + "/files/" + file + "/original"} {
			if road.get(path); strings.Contains(road.text, "MARK") {
				x.Errorf("the desk of another unit opens %s", path)
			}
			if road.post(path, url.Values{"reason": {"work"}}); strings.Contains(road.text, "MARK") {
				x.Errorf("the desk of another unit opens %s as it came", path)
			}
		}
	}
	road.post("/desk/cases/"+theirCase.Number+"/do/note", url.Values{"f.text": {"x"}, "kept": {file}, "files": {file}, "file": {file}})
	if road.get("/desk/cases/" + theirCase.Number); strings.Contains(road.text, file) {
		x.Error("a form of the desk names another's file")
	}
	form := url.Values{"api_key": {x.keys["open"]}, "service_code": {"roads"}, "description": {"a hole"}, "media_url": {file}, "attachments": {file}, "attribute[attachments]": {file}}
	if got := x.send("POST", "/open311/v2/requests.json", form.Encode(), "Content-Type", "application/x-www-form-urlencoded"); strings.Contains(got.text, "MARK") {
		x.Errorf("Open311: %d %s", got.status, got.text)
	}
}

// wrongKeys: keys that are none shut nothing for others at the same address, nor does a key without a scope.
func (x *target) wrongKeys() {
	limited := 0
	for range 40 {
		if got := x.send("GET", "/v1/cases", "", "Authorization", "Bearer dw_"+strings.Repeat("A", 43)); got.status == http.StatusTooManyRequests {
			limited++
		}
		_ = x.send("POST", "/open311/v2/requests.json", url.Values{"api_key": {"dw_guess"}, "service_code": {"x"}, "description": {"x"}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	}
	if limited < 20 {
		x.Errorf("of 40 wrong keys at once %d are limited", limited)
	}
	for _, path := range []string{"/v1/office", "/v1/checkpoints", "/open311/v2/services.json"} {
		if got := x.send("GET", path, ""); got.status != http.StatusOK {
			x.Errorf("%s is shut for others: %d", path, got.status)
		}
	}
	if got := x.call("bot", citizen("tg:1"), "GET", "/v1/cases", ""); got.status != http.StatusOK {
		x.Errorf("a program with its key is shut out: %d %s", got.status, got.text)
	}
}
