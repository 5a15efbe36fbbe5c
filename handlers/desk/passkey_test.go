package desk_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"dengwen/handlers/desk"
	"dengwen/internal/login"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// A passkey is added with one press, lets in with one press, is listed, and lets nobody in once it is
// taken away. The device is Chromium's own virtual one.
func TestPasskeys(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	b := s.tab("town", 1366, 768)
	if _, err := chromedp.Call(b.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	device := webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}}
	if _, err := chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, device); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate(s.server.URL+"/desk/me/login"), chromedp.Click(`[data-passkey=add] button`))
	b.until(`location.pathname === '/desk/me' && document.querySelectorAll('form[action$="/passkey/drop"]').length === 1`)
	enter := func() {
		t.Helper()
		b.do(chromedp.Click(`form[action="/desk/me/leave"] button`))
		b.until(`location.pathname === '/desk/enter'`)
		b.do(chromedp.Click(`[data-passkey=enter] button`))
	}
	enter()
	b.until(`location.pathname === '/desk/' && document.querySelector('.who').textContent === '李军'`)
	b.do(chromedp.Navigate(s.server.URL + "/desk/me"))
	enter()
	b.until(`location.pathname === '/desk/'`)
	b.do(chromedp.Navigate(s.server.URL+"/desk/me"), chromedp.Click(`form[action$="/passkey/drop"] button`))
	b.until(`document.querySelector('[data-passkey=prove]') !== null`)
	b.do(chromedp.Click(`[data-passkey=prove] button`))
	b.until(`location.pathname === '/desk/me' && document.querySelectorAll('form[action$="/passkey/drop"]').length === 1`)
	b.do(chromedp.Click(`form[action$="/passkey/drop"] button`))
	b.until(`location.pathname === '/desk/me' && !document.querySelector('form[action$="/passkey/drop"]')`)
	enter()
	b.until(`location.pathname === '/desk/enter' && !document.querySelector('[data-passkey=enter] [role=alert]').hidden`)
}

// What no passkey of here answered lets nobody in, and what was asked is answered once.
func TestPasskeysOfOthers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	b := s.stranger()
	b.send("/desk/enter/passkey", "application/json", `{}`)
	if b.status != http.StatusForbidden {
		t.Errorf("nothing was asked: %d", b.status)
	}
	b.send("/desk/enter/passkey/begin", "application/json", "")
	b.shows(`"userVerification":"required"`, `"rpId":"localhost"`)
	for range 2 {
		b.send("/desk/enter/passkey", "application/json", `{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","userHandle":"dG93bg"}}`)
		if b.status != http.StatusForbidden {
			t.Errorf("made up: %d", b.status)
		}
	}
	town := s.enter("town")
	town.send("/desk/me/passkey", "application/json", `{}`)
	if town.status != http.StatusConflict {
		t.Errorf("a passkey that was not asked for: %d", town.status)
	}
	town.send("/desk/me/passkey/begin", "application/json", "")
	town.send("/desk/me/passkey", "application/json", `{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"AA"}}`)
	if town.status != http.StatusUnprocessableEntity {
		t.Errorf("made up: %d", town.status)
	}
	town.get("/desk/me")
	town.hides("/passkey/drop")
}

// Whoever does nothing but what writes the session uses it all the same.
func TestWritingASessionIsUsingIt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	town := s.enter("town")
	for range 3 {
		s.now.Add(int64(20 * time.Minute))
		town.send("/desk/me/passkey/begin", "application/json", "")
		if town.status != http.StatusOK || town.at != "/desk/me/passkey/begin" {
			t.Fatalf("%d at %s", town.status, town.at)
		}
	}
}

// initData is what Telegram hands to a Mini App, signed as it says
// (https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app).
func initData(token string, said url.Values) string {
	var lines []string
	for _, key := range []string{"auth_date", "query_id", "user"} { // in alphabetical order
		if said.Has(key) {
			lines = append(lines, key+"="+said.Get(key))
		}
	}
	secret := hmac.New(sha256.New, []byte("WebAppData"))
	secret.Write([]byte(token))
	sum := hmac.New(sha256.New, secret.Sum(nil))
	sum.Write([]byte(strings.Join(lines, "\n")))
	said.Set("hash", hex.EncodeToString(sum.Sum(nil)))
	return said.Encode()
}

func opened(at time.Time, user string) url.Values {
	return url.Values{"auth_date": {strconv.FormatInt(at.Unix(), 10)}, "query_id": {"AAHdF6IQAAAAAN0XohDhrOrc"}, "user": {user}}
}

// What Telegram signed names its user; a byte changed, another bot, an old or a doubled field does not.
func TestWhatTelegramSigned(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	// Computed once with openssl: HMAC-SHA256 under HMAC-SHA256("WebAppData", "1:test").
	fixed := "query_id=q&user=%7B%22id%22%3A4711%7D&auth_date=" + strconv.FormatInt(now.Unix(), 10) + "&hash=" + "39cdc0bcd4eb07875d267beb535987e7bae333bf2e2f734a48c455c48e7eae41"
	if user, _, err := desk.MiniAppUser(fixed, botToken, now); err != nil || user != 4711 {
		t.Errorf("%d, %v", user, err)
	}
	good := initData(botToken, opened(now, `{"id":4711,"first_name":"军"}`))
	if user, _, err := desk.MiniAppUser(good, botToken, now.Add(4*time.Minute)); err != nil || user != 4711 {
		t.Errorf("%d, %v", user, err)
	}
	for name, data := range map[string]string{
		"changed":     strings.Replace(good, "4711", "4712", 1),
		"other bot":   initData("2:other", opened(now, `{"id":4711}`)),
		"old":         initData(botToken, opened(now.Add(-6*time.Minute), `{"id":4711}`)),
		"to come":     initData(botToken, opened(now.Add(time.Hour), `{"id":4711}`)),
		"doubled":     good + "&user=" + url.QueryEscape(`{"id":1}`),
		"nobody":      initData(botToken, opened(now, `{}`)),
		"no user":     initData(botToken, url.Values{"auth_date": {strconv.FormatInt(now.Unix(), 10)}}),
		"no hash":     opened(now, `{"id":4711}`).Encode(),
		"no text":     "",
		"bad escapes": "%zz",
	} {
		if user, _, err := desk.MiniAppUser(data, botToken, now); !errors.Is(err, login.ErrWrong) {
			t.Errorf("%s: %d, %v", name, user, err)
		}
	}
	if _, _, err := desk.MiniAppUser(initData("", opened(now, `{"id":4711}`)), "", now); !errors.Is(err, login.ErrWrong) {
		t.Error("without a bot the empty token signs")
	}
}

// A bound officer opens the desk in Telegram, once for each time they open it; nobody else does.
func TestTheDeskInTelegram(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	now := time.Unix(0, s.now.Load())
	data := initData(botToken, opened(now, `{"id":4711}`))
	b := s.stranger()
	b.get("/desk/telegram")
	b.shows(`name="data"`)
	b.post("/desk/enter/telegram", url.Values{"data": {data}})
	if b.at != "/desk/" || !regexp.MustCompile(`class="who"[^>]*>李军<`).MatchString(b.page) {
		t.Errorf("%d at %s", b.status, b.at)
	}
	again := s.stranger()
	again.post("/desk/enter/telegram", url.Values{"data": {data}})
	if again.status != http.StatusForbidden {
		t.Errorf("the same a second time: %d at %s", again.status, again.at)
	}
	for _, user := range []string{`{"id":4712}`, `{"id":0}`} {
		again.post("/desk/enter/telegram", url.Values{"data": {initData(botToken, opened(now, user))}})
		if again.status != http.StatusForbidden {
			t.Errorf("%s: %d", user, again.status)
		}
	}
}
