package desk_test

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"dengwen/handlers/desk"
	"dengwen/petition"
)

// No data but what the bot's token signed names a user, however it is written.
func FuzzMiniApp(f *testing.F) {
	now := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	good := initData(botToken, opened(now, `{"id":4711,"first_name":"军"}`))
	said, err := url.ParseQuery(good)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{good, good + "&x=", strings.ToUpper(good), strings.ReplaceAll(good, "&", ";"), "hash=" + said.Get("hash"), "%00", good[:40] + "\n" + good[40:]} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data string) {
		user, _, err := desk.MiniAppUser(data, botToken, now)
		if err != nil {
			return
		}
		again, err := url.ParseQuery(data)
		again.Set("hash", strings.ToLower(again.Get("hash"))) // hexadecimal either way
		if err != nil || user != 4711 || !reflect.DeepEqual(again, said) {
			t.Errorf("%q names %d", data, user)
		}
	})
}

// What a browser answers for a passkey, whatever it is, lets nobody in and adds none.
func FuzzPasskey(f *testing.F) {
	f.Add(`{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","userHandle":"dG93bg"}}`)
	f.Add(`{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0","attestationObject":"o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUA"}}`)
	f.Add(`{"response":{"attestationObject":"` + strings.Repeat("n", 4000) + `"}}`)
	f.Add(`[]`)
	s := newStage(f)
	town, n := s.enter("town"), 0
	f.Fuzz(func(t *testing.T, answer string) {
		s.t = t
		if n++; n%500 == 0 { // a session ends after twelve hours
			town = s.enter("town")
		}
		s.now.Add(int64(10 * time.Second)) // the way in admits one request in two seconds
		town.send("/desk/me/passkey/begin", "application/json", "")
		town.send("/desk/me/passkey", "application/json", answer)
		if town.status != http.StatusUnprocessableEntity {
			t.Errorf("%q is added: %d", answer, town.status)
		}
		out := s.stranger()
		out.send("/desk/enter/passkey/begin", "application/json", "")
		out.send("/desk/enter/passkey", "application/json", answer)
		if out.status != http.StatusForbidden {
			t.Errorf("%q lets in: %d", answer, out.status)
		}
	})
}

// Whatever a signed-in officer sends to whatever address of the desk is answered in words, and changes
// nothing that is not theirs to change.
func FuzzForms(f *testing.F) {
	s := newStage(f)
	number := s.file("村口的路灯坏了一个月。")
	town := s.enter("town")
	paths := []string{
		"/desk/cases", "/desk/cases.csv", "/desk/cases/N", "/desk/cases/N/do/note", "/desk/cases/N/do/transfer", "/desk/cases/N/drafts", "/desk/cases/N/beside/N", "/desk/cases/N/files/x/original", "/desk/reason",
		"/desk/typed", "/desk/typed/drop", "/desk/bulk", "/desk/views", "/desk/views/x/drop", "/desk/batches/x/stop", "/desk/import", "/desk/import/x", "/desk/export", "/desk/new", "/desk/figures",
		"/desk/reports", "/desk/reports.xlsx", "/desk/me/login", "/desk/me/login/confirm", "/desk/me/passkey/drop", "/desk/me/language", "/desk/office", "/desk/office/undo", "/desk/office/people", "/desk/log",
	}
	for i := range paths {
		f.Add(byte(i), "unit=a&words=%E8%B7%AF&f.text=x&number=N&of=open%3D1&every=1&move=note&key=k&draft=1&step=sign&id=AA", "application/x-www-form-urlencoded")
		f.Add(byte(i), "--x\r\nContent-Disposition: form-data; name=file; filename=\"../\x00=1.xlsx\"\r\n\r\nPK\x03\x04\r\n--x--", "multipart/form-data; boundary=x")
	}
	f.Fuzz(func(t *testing.T, at byte, body, kind string) {
		if strings.ContainsAny(kind, "\r\n\x00") {
			t.Skip()
		}
		path := strings.ReplaceAll(paths[int(at)%len(paths)], "N", number)
		for _, method := range []string{"GET", "POST"} {
			address := path
			if method == "GET" {
				address += "?" + url.PathEscape(body)
			}
			r, err := http.NewRequestWithContext(t.Context(), method, town.server.URL+address, strings.NewReader(strings.ReplaceAll(body, "N", number)))
			if err != nil {
				t.Skip(err)
			}
			r.Header = http.Header{"Content-Type": {kind}, "Origin": {town.server.URL}}
			res, err := town.client.Do(r)
			if err != nil {
				t.Skip(err) // a header that no client sends
			}
			_ = res.Body.Close()
			if res.StatusCode >= 500 {
				t.Errorf("%s %s %q %q: %d", method, address, kind, body, res.StatusCode)
			}
		}
		v, err := s.service.Look(t.Context(), petition.System(), number, "")
		if err != nil || len(v.Timeline) != 1 {
			t.Fatalf("a town that does not see the case changed it: %d entries, %v", len(v.Timeline), err)
		}
	})
}
