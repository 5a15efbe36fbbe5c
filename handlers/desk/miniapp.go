package desk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/internal/login"
	"dengwen/internal/websession"
)

// An officer whose chat is Telegram's may open the desk there as a Mini App
// (https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app): what Telegram
// says of who opened it is signed with the bot's token. The page reads it from its own address; no
// script of Telegram's is loaded.

// miniAppLife is how old what Telegram signed may be.
const miniAppLife = 5 * time.Minute

// miniApp is the page that Telegram opens.
func (d *Door) miniApp(w http.ResponseWriter, r *http.Request) {
	if d.BotToken == "" {
		http.NotFound(w, r)
		return
	}
	d.show(w, http.StatusOK, "miniapp", entryPage{frame: d.frame(d.namesFor(r))})
}

// enterMiniApp lets in the officer whom Telegram names.
func (d *Door) enterMiniApp(w http.ResponseWriter, r *http.Request) {
	if !d.admit(w, r) {
		return
	}
	n := d.namesFor(r)
	refuse := func() {
		d.show(w, http.StatusForbidden, "closed", entryPage{frame: d.frame(n), Why: n.Text("desk.page.miniapp.wrong")})
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxSignIn)
	user, signed, err := MiniAppUser(r.PostFormValue("data"), d.BotToken, d.Now())
	if err != nil {
		refuse()
		return
	}
	p, ok := d.Roster.Who(r.Context(), "tg:"+strconv.FormatInt(user, 10))
	if !ok {
		refuse()
		return
	}
	once, err := d.Sessions.Once(r.Context(), websession.Session{Kind: websession.Asking}, "miniapp:"+signed)
	if err != nil {
		d.fail(w, r, n, err)
		return
	}
	if !once {
		refuse()
		return
	}
	d.begins(w, r, websession.Session{Staff: p.ID, Proved: d.Now()}, func() { http.Redirect(w, r, "/desk/", http.StatusSeeOther) })
}

// MiniAppUser is the Telegram user whom signed data of a Mini App (WebApp.initData) names, and the
// signature. login.ErrWrong for data that the bot's token did not sign, or signed too long ago.
func MiniAppUser(data, token string, now time.Time) (user int64, signature string, err error) {
	said, err := url.ParseQuery(data)
	if err != nil || token == "" {
		return 0, "", login.ErrWrong
	}
	signature = said.Get("hash")
	var lines []string
	for key, values := range said {
		if len(values) != 1 {
			return 0, "", login.ErrWrong
		}
		if key != "hash" {
			lines = append(lines, key+"="+values[0])
		}
	}
	slices.Sort(lines)
	want := signedBy(signedBy([]byte("WebAppData"), token), strings.Join(lines, "\n"))
	got, err := hex.DecodeString(signature)
	if err != nil || !hmac.Equal(want, got) {
		return 0, "", login.ErrWrong
	}
	at, err := strconv.ParseInt(said.Get("auth_date"), 10, 64)
	if age := now.Sub(time.Unix(at, 0)); err != nil || age > miniAppLife || age < -time.Minute {
		return 0, "", login.ErrWrong
	}
	var who struct {
		ID int64 `json:"id"`
	}
	if json.Unmarshal([]byte(said.Get("user")), &who) != nil || who.ID <= 0 {
		return 0, "", login.ErrWrong
	}
	return who.ID, hex.EncodeToString(got), nil
}

func signedBy(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
