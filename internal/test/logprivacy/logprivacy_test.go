package logprivacy

import (
	"bufio"
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
)

func TestMain(m *testing.M) { faults.Main(m) }

// loud is the log at its loudest.
var loud = []string{"DENGWEN_LOG_LEVEL=debug", "DENGWEN_LOG_FORMAT=json"}

const token = "7301234567:AAH-secret_token-of_this_test"

// Through Telegram and the web page, on the embedded databases.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	all := scripts(t)
	api := faulty(t)
	line := lineTo(t, api)
	p := faults.NewProgram(t, append(loud, faults.Telegram(api, "")...)...)
	p.Set("TELEGRAM_API_URL=" + line.URL)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	sent := play(t, api, all)
	filed(t, api, len(all))
	posts, cookies := browse(t, p.URL, all)
	await(t, p, sent+posts)
	hidden := append(private(all, told(api, len(all))), cookies...)
	line.CloseClientConnections() // what fails now has the token in its address
	line.Close()
	awaitLog(t, p, "telegram: no updates")
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	check(t, "the log", []byte(p.Log()), append(hidden, token))
	kept := files(t, p.Data)
	holds(t, "the data folder", kept, "ZS26-")
	check(t, "the data folder", kept, append(hidden, token))
	t.Logf("%d messages by Telegram, %d by the page; %d secrets looked for in %d bytes of log and %d bytes of data", sent, posts, len(hidden)+1, len(p.Log()), len(kept))
}

// Through Telegram on Redis and PostgreSQL, with Redis gone for a while.
func TestServers(t *testing.T) {
	t.Parallel()
	all := scripts(t)
	api := faulty(t)
	kept := t.TempDir()
	redis := servers.NewRedis(t, "--appendonly", "yes", "--dir", kept)
	database := servers.Postgres(t)
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	p := faults.NewProgram(t, append(loud, "REDIS_URL="+redis.URL, "DATABASE_URL="+database, "DENGWEN_KEY="+key)...)
	p.Set(faults.Telegram(api, p.URL)...)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	sent := play(t, api, all)
	await(t, p, sent)
	filed(t, api, len(all))
	hidden := append(private(all, told(api, len(all))), token)
	v := newVisitor(t, p.URL, 0)
	redis.Stop(syscall.SIGTERM)
	if status := v.say(t, url.Values{"text": {"Redis 没了的时候说的一句话"}}); status != http.StatusServiceUnavailable {
		t.Errorf("without Redis the page answers %d, want %d", status, http.StatusServiceUnavailable)
	}
	hidden = append(hidden, "没了的时候说的一句话", v.cookie, key)
	awaitLog(t, p, "session not found")
	redis.Start(t)
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	check(t, "the log", []byte(p.Log()), hidden)
	written := files(t, kept)
	holds(t, "Redis", written, "tg:700")
	check(t, "Redis", written, hidden)
	rows, n := tables(t, database)
	holds(t, "PostgreSQL", rows, "ZS26-")
	check(t, "PostgreSQL", rows, hidden)
	check(t, "the data folder", files(t, p.Data), hidden)
	t.Logf("%d messages by Telegram; %d secrets looked for in %d bytes of log, %d bytes Redis wrote and %d rows", sent, len(hidden), len(p.Log()), len(written), n)
}

// In the terminal, all transcripts in one breath.
func TestTalk(t *testing.T) {
	t.Parallel()
	all := scripts(t)
	data := filepath.Join(t.TempDir(), "data")
	var lines []string
	for _, s := range all {
		for _, line := range s {
			if !strings.HasPrefix(line, "(") {
				lines = append(lines, strings.ReplaceAll(line, "\n", " "))
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, faults.Binary(t), "talk")
	cmd.Env = append(append(faults.Environment(), loud...), "DENGWEN_DATA_DIR="+data)
	cmd.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("talk: %v\n%s", err, errs.String())
	}
	var codes []string
	for _, f := range codeIn.FindAllStringSubmatch(out.String(), -1) {
		codes = append(codes, f[1])
	}
	hidden := append(secrets(all), codes...)
	check(t, "the log", []byte(errs.String()), hidden)
	kept := files(t, data)
	holds(t, "the data folder", kept, "ZS26-")
	check(t, "the data folder", kept, hidden)
	if len(codes) < 3 {
		t.Errorf("%d petitions were lodged, want some", len(codes))
	}
	t.Logf("%d lines, %d petitions; %d secrets looked for in %d bytes of log and %d bytes of data", len(lines), len(codes), len(hidden), errs.Len(), len(kept))
}

// faulty is a Bot API that fails now and then, for the log to have something to say.
func faulty(t *testing.T) *fakeapi.Server {
	t.Helper()
	api, err := fakeapi.Start(fakeapi.Options{Token: token, FailEvery: 40, FloodEvery: 90, RedeliverEvery: 7})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	return api
}

// lineTo is a way to the Bot API that can be cut.
func lineTo(t *testing.T, api *fakeapi.Server) *httptest.Server {
	t.Helper()
	to, err := url.Parse(api.URL())
	if err != nil {
		t.Fatal(err)
	}
	p := httputil.NewSingleHostReverseProxy(to)
	p.ErrorLog = log.New(io.Discard, "", 0)
	line := httptest.NewServer(p)
	t.Cleanup(line.Close)
	return line
}

// private is what was typed, the codes told and the addresses of the chats.
func private(all []script, codes []string) []string {
	hidden := append(secrets(all), codes...)
	for n := range all {
		hidden = append(hidden, strconv.FormatInt(chatID(n), 10))
	}
	return hidden
}

// await waits until the program has made its turns of so many events.
func await(t *testing.T, p *faults.Program, events int) {
	t.Helper()
	if events < 400 {
		t.Fatalf("only %d messages were sent", events)
	}
	last := 0.0
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if last = counter(t, p, "dengwen_turn_turns_total"); last >= float64(events) {
			return
		}
	}
	t.Fatalf("of %d messages %v were answered", events, last)
}

func counter(t *testing.T, p *faults.Program, name string) float64 {
	t.Helper()
	res, err := http.Get(p.URL + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if v, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			n, err := strconv.ParseFloat(v, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("/metrics has no %s", name)
	return 0
}

func awaitLog(t *testing.T, p *faults.Program, words string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !strings.Contains(p.Log(), words); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the log never said %q: %s", words, p.Tail())
		}
	}
}
