package attack

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/test/faults"
)

// trap is a server to which others lead, and what came to it.
type trap struct {
	*httptest.Server
	mu   sync.Mutex
	came []string
}

func newTrap(t *testing.T) *trap {
	x := &trap{}
	x.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.came = append(x.came, r.Method+" "+r.URL.String()+", Referer "+r.Referer()+", "+r.Header.Get("Authorization"))
	}))
	t.Cleanup(x.Close)
	return x
}

// leads is a platform that answers everything by leading to the trap, and what it was asked.
func (x *trap) leads(t *testing.T, status int) (address string, asked func() int) {
	var mu sync.Mutex
	n := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		n++
		mu.Unlock()
		http.Redirect(w, r, x.URL+"/stolen"+r.URL.Path, status)
	}))
	t.Cleanup(s.Close)
	return s.URL, func() int { mu.Lock(); defer mu.Unlock(); return n }
}

// Whatever the program calls may lead elsewhere: it goes nowhere, with its secrets or without.
func TestRedirects(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			trap, asked := newTrap(t), map[string]func() int{}
			at := func(name string) (address string) {
				address, asked[name] = trap.leads(t, status)
				return address
			}
			key, line, err := api.NewKey("all", []api.Scope{api.Citizens, api.Staff, api.Sealed, api.Admin, api.Desk}, "")
			if err != nil {
				t.Fatal(err)
			}
			p := faults.NewProgram(t, "DENGWEN_API_KEYS="+line, "TELEGRAM_BOT_TOKEN=1:SECRET", "TELEGRAM_API_URL="+at("Telegram"), "OPENAI_API_KEY=SECRET", "OPENAI_BASE_URL="+at("model")+"/v1",
				"WECHAT_APPID=wx", "WECHAT_SECRET=SECRET", "WECHAT_TOKEN=SECRET", "WECHAT_AES_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "WECHAT_API_URL="+at("WeChat"),
				"DENGWEN_WEBHOOK_NETWORKS=127.0.0.0/8", "DENGWEN_TELL=petition wecom "+at("robot")+"/send?key=SECRET",
				"DENGWEN_SMS=kind: http\nurl: "+at("SMS")+"/send?key=SECRET\nheaders: {X-Key: SECRET}\nbody: '{\"to\":{{json .Phone}},\"text\":{{json .Text}}}'\nsuccess: {field: code, value: '0'}")
			if out, err := p.Run("webhook", "add", at("webhook")+"/SECRET"); err != nil {
				t.Fatal(err, out)
			}
			if err := p.Spawn(); err != nil {
				t.Fatal(err)
			}
			for end := time.Now().Add(time.Minute); p.Healthy() != http.StatusOK; time.Sleep(20 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal(p.Tail())
				}
			}
			x := &target{t, p, map[string]string{"all": key}}
			officer, _ := x.enter("petition", "intake")
			officer.post("/desk/me/told", url.Values{"phone": {"13912345678"}, "kind": {"new", "words"}})
			x.lodge("all", "tg:1", "路坏了")
			x.browse().say("下梁镇三组的路一下雨就塌，车过不去，请派人来修。")
			_, _ = p.Command("check").CombinedOutput() // faults are what it finds here
			for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
				left := 0
				for _, n := range asked {
					if n() == 0 {
						left++
					}
				}
				if left == 0 {
					break
				}
			}
			for name, n := range asked {
				if n() == 0 {
					t.Errorf("%s was not called: nothing was tried", name)
				}
			}
			trap.mu.Lock()
			defer trap.mu.Unlock()
			for _, came := range trap.came {
				t.Errorf("a redirect was followed: %s", came)
			}
		})
	}
}

// A bot whose case API is led elsewhere takes the people's words nowhere.
func TestRedirectedCases(t *testing.T) {
	t.Parallel()
	trap := newTrap(t)
	address, asked := trap.leads(t, http.StatusTemporaryRedirect)
	c := api.NewClient(address, "SECRET", nil)
	if _, err := c.Look(t.Context(), citizen("tg:1"), "ZS26-000001-QX", "AAAA-2222"); err == nil {
		t.Error("a redirect is no case")
	}
	if _, err := c.Forget(t.Context(), "tg:1"); err == nil {
		t.Error("a redirect is no answer")
	}
	if asked() != 2 || len(trap.came) > 0 {
		t.Errorf("asked %d times, followed: %v", asked(), trap.came)
	}
}
