package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
)

// think is a citizen's pause before each message; warm is what citizens talk before they are measured.
const (
	think = 5 * time.Second
	warm  = 10 * time.Second
)

// program is the bot under test and the Bot API it talks to.
type program struct {
	path    string
	env     []string
	address string
	api     *fakeapi.Server
	serve   *exec.Cmd
}

// start fills the data folder where that was not done, and starts the program.
func start(ctx context.Context, o options) (*program, error) {
	address, err := freeAddr()
	if err != nil {
		return nil, err
	}
	p := &program{path: o.program, address: address}
	p.env = append(os.Environ(), "DENGWEN_DATA_DIR="+o.data, "DENGWEN_ADDR="+address, "DENGWEN_LOG_LEVEL=warn")
	if o.database != "" {
		key, err := keyFile(o.data)
		if err != nil {
			return nil, err
		}
		p.env = append(p.env, "DATABASE_URL="+o.database, "DENGWEN_KEY_FILE="+key)
	}
	if err := p.fill(o); err != nil {
		return nil, err
	}
	if p.api, err = fakeapi.Start(fakeapi.Options{}); err != nil {
		return nil, err
	}
	p.serve = p.command("serve")
	p.serve.Env = append(p.env, "TELEGRAM_BOT_TOKEN="+p.api.Token(), "TELEGRAM_API_URL="+p.api.URL(), "TELEGRAM_PER_SECOND=0", "DENGWEN_FILINGS_PER_DAY=0")
	p.serve.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.serve.Start(); err != nil {
		p.api.Close()
		return nil, fmt.Errorf("start the program: %w", err)
	}
	if err := p.ready(ctx); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// keyFile is the key of a data folder, made where there is none: beside PostgreSQL the program makes none itself.
func keyFile(folder string) (string, error) {
	path := filepath.Join(folder, "key")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	key, err := seal.NewKey()
	if err != nil {
		return "", err
	}
	return path, os.WriteFile(path, []byte(key), 0o600)
}

func (p *program) command(args ...string) *exec.Cmd {
	c := exec.Command(p.path, args...)
	c.Env, c.Stderr = p.env, os.Stderr
	return c
}

func (p *program) fill(o options) error {
	notes := filepath.Join(o.data, "filled")
	if _, err := os.Stat(notes); err == nil {
		return nil
	}
	began := time.Now()
	if err := p.command("demo", "--cases", fmt.Sprint(o.cases)).Run(); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	fmt.Printf("%d cases in %v\n", o.cases, time.Since(began).Round(time.Second))
	return os.WriteFile(notes, []byte(fmt.Sprint(o.cases)), 0o600)
}

func (p *program) ready(ctx context.Context) error {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for ; ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		r, err := http.Get("http://" + p.address + "/readyz")
		if err != nil {
			continue
		}
		_ = r.Body.Close()
		if r.StatusCode == http.StatusOK && p.api.Counts().Polls > 0 {
			fmt.Printf("ready after %v\n", time.Since(began).Round(time.Millisecond))
			return nil
		}
	}
	return fmt.Errorf("the program is not ready: %w", ctx.Err())
}

func (p *program) stop() error {
	p.api.Close()
	err := p.serve.Process.Signal(syscall.SIGTERM)
	_ = p.serve.Wait() // it was told to end
	return err
}

// citizens lets so many talk to the bot for the measured time.
func (p *program) citizens(ctx context.Context, o options) (turns, error) {
	script, err := fakeapi.LoadScript(o.script)
	if err != nil {
		return turns{}, err
	}
	first := 5_000_000_000 + time.Now().Unix()%1_000_000*10_000 // chats nobody used before in this folder
	r := p.api.Drive(ctx, fakeapi.Load{Script: script, Citizens: o.citizens, Warm: warm, Measure: o.measure, Think: think, FirstChat: first}, nil)
	if r.Failed > 0 {
		return turns{}, fmt.Errorf("%d conversations failed: %s", r.Failed, strings.Join(r.Samples, "; "))
	}
	return turns{r}, nil
}

// turns are what citizens waited for.
type turns struct{ fakeapi.Report }

func (t turns) String() string {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return fmt.Sprintf("%.0f turns/s, p50 %.1f ms, p95 %.1f ms, %d petitions", float64(t.Steps)/t.Seconds, ms(t.Latency.P50), ms(t.Latency.P95), t.Completed)
}

// admit takes on so many officers and lets them in.
func (p *program) admit(n int) (all []*officer, err error) {
	for i := range max(n, 1) {
		out, err := p.command("staff", "add", "--name", fmt.Sprintf("officer %d", i), "--unit", "petition", "--role", "intake").Output()
		if err != nil {
			return nil, fmt.Errorf("take on an officer: %w", err)
		}
		o, err := p.enter(strings.TrimSpace(strings.SplitN(string(out), "\n", 2)[0]))
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

var number = regexp.MustCompile(`/desk/cases/([A-Z]{2}\d{2}-\d+-[A-Z0-9]{2})`)

func (p *program) enter(link string) (*officer, error) {
	u, err := url.Parse(link)
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	o := &officer{client: &http.Client{Jar: jar}, base: "http://" + p.address}
	for tries := 0; ; tries++ { // the way in admits a few at once from one address
		r, err := o.client.Post(o.base+u.Path, "application/x-www-form-urlencoded", nil)
		if err != nil {
			return nil, err
		}
		_ = r.Body.Close()
		if r.StatusCode == http.StatusOK {
			break
		}
		if r.StatusCode != http.StatusTooManyRequests || tries == 60 {
			return nil, fmt.Errorf("not let in: %s", r.Status)
		}
		time.Sleep(time.Second)
	}
	page, err := o.get("/desk/cases")
	if err != nil {
		return nil, err
	}
	if m := number.FindSubmatch(page); m != nil {
		o.number = string(m[1])
	}
	return o, nil
}

var memory = regexp.MustCompile(`(VmRSS|VmHWM|RssAnon):\s+(\d+) kB`)

// printMemory says what the program holds now, at most, and without the pages of its file.
func (p *program) printMemory(when string) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.serve.Process.Pid))
	if err != nil {
		return
	}
	var parts []string
	for _, m := range memory.FindAllSubmatch(status, -1) {
		kb := 0
		_, _ = fmt.Sscan(string(m[2]), &kb)
		parts = append(parts, fmt.Sprintf("%s %d MB", m[1], kb*1024/1_000_000))
	}
	fmt.Printf("memory, %s: %s\n", when, strings.Join(parts, ", "))
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
