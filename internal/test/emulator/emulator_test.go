package emulator

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
)

const token = "123456:TEST"

func TestMain(m *testing.M) { faults.Main(m) }

// The whole main job, by both ways in and on both conversation stores.
func TestMainJob(t *testing.T) {
	emulator, program := installed(t), faults.Binary(t)
	for name, webhook := range map[string]bool{"webhook, Redis": true, "polling, SQLite": false} {
		t.Run(name, func(t *testing.T) {
			url := startEmulator(t, emulator)
			s := startShim(t, url)
			redis := ""
			if webhook {
				redis = servers.Redis(t)
			}
			startBot(t, program, s, webhook, redis)
			mainJob(t, url)
			if s.down > 0 {
				t.Errorf("%d updates were not taken", s.down)
			}
		})
	}
}

func mainJob(t *testing.T, url string) {
	neighbour := func(id int64) *person { return &person{t: t, url: url, id: id, seen: map[int64]string{}} }
	p := neighbour(77)
	p.Talk("/start", "^您好")
	p.Talk("下梁镇的路一下雨就塌，车过不去，请派人来修", "(?s)我读到的是.*下梁镇.*公开")
	p.TalkWith(map[string]any{"caption": "就是这里", "photo": []any{
		map[string]any{"file_id": "P1", "file_unique_id": "a", "width": 90, "height": 60},
		map[string]any{"file_id": "P2", "file_unique_id": "b", "width": 900, "height": 600}}}, "附件：1 个")
	number, code := ticket(t, p.Talk("[提交]", "^.*登记好了"))
	p.Talk("[看进度]", "(?s)^"+number+".*已登记")
	p.Talk("/my", number)

	other := neighbour(78)
	wrong := other.Talk(number+" "+"AAAA-AAAA", "对不上")
	if unknown := other.Talk("ZS26-9999-99 AAAA-AAAA", "对不上"); unknown != wrong {
		t.Errorf("a wrong code is answered\n%s\nand a wrong number\n%s", wrong, unknown)
	}
	other.Talk(number+" "+code, "(?s)^"+number+".*已登记")

	p.Talk("[补充]", "补充什么")
	p.Talk("昨天又塌了一截", "按［发送］")
	p.Talk("[发送]", "补充上去了")
	p.Talk("[撤回]", "撤回")
}

var numberAndCode = regexp.MustCompile(`编号 (\S+)\s+查询码 ([0-9A-Z]{4}-[0-9A-Z]{4})`)

func ticket(t *testing.T, text string) (number, code string) {
	t.Helper()
	f := numberAndCode.FindStringSubmatch(text)
	if f == nil {
		t.Fatalf("no number and code in %q", text)
	}
	return f[1], f[2]
}

// installed is the folder that the emulator is installed in.
func installed(t *testing.T) string {
	t.Helper()
	return servers.NPM(t, filepath.Join(faults.Root(t), ".cache"), "serve.js")
}

func startEmulator(t *testing.T, dir string) string {
	t.Helper()
	port := servers.FreePort(t)
	run(t, dir, nil, "node", "serve.js", fmt.Sprint(port))
	addr := fmt.Sprintf("127.0.0.1:%d", port)
	until(t, "the emulator listens", func() bool { return listens(addr) })
	return "http://" + addr
}

func startShim(t *testing.T, emulator string) *shim {
	t.Helper()
	s := &shim{emulator: emulator}
	srv := httptest.NewServer(s)
	s.self = srv.URL
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	return s
}

func startBot(t *testing.T, program string, s *shim, webhook bool, redis string) {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	addr := fmt.Sprintf("127.0.0.1:%d", servers.FreePort(t))
	env := []string{"TELEGRAM_BOT_TOKEN=" + token, "TELEGRAM_API_URL=" + s.self, "DENGWEN_ADDR=" + addr,
		"DENGWEN_DATA_DIR=" + t.TempDir(), "DENGWEN_KEY=" + key, "REDIS_URL=" + redis, "TELEGRAM_PER_SECOND=0", "DENGWEN_FILINGS_PER_DAY=0"}
	if webhook {
		env = append(env, "TELEGRAM_WEBHOOK_URL=http://"+addr, "TELEGRAM_WEBHOOK_SECRET=emulated")
	}
	run(t, ".", env, program, "serve")
	until(t, "the bot is ready", func() bool {
		resp, err := http.Get("http://" + addr + "/readyz")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == 200 && s.hooked() == webhook
	})
}

// run runs a program until the test ends, and shows what it printed if that failed.
func run(t *testing.T, dir string, env []string, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		cancel()
		t.Fatalf("start %s: %v", name, err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s printed:\n%s", filepath.Base(name), out.String())
		}
	})
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited a minute until %s", what)
		}
	}
}

func listens(addr string) bool {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}
