package deploy

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
)

// Asked to end in the middle of its work, the program finishes what it has begun and
// ends with 0; nothing that was taken is lost, and what comes meanwhile comes again.
func TestStopFinishesTurns(t *testing.T) {
	t.Parallel()
	api, err := fakeapi.Start(fakeapi.Options{Delay: 200 * time.Millisecond}) // turns take long
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	at := faults.Places{Redis: servers.Redis(t)}
	if at.Key, err = seal.NewKey(); err != nil {
		t.Fatal(err)
	}
	p := faults.NewProgram(t, "REDIS_URL="+at.Redis, "DENGWEN_KEY="+at.Key)
	p.Set(faults.Telegram(api, p.URL)...)
	at.Data = p.Data
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	crowd := faults.Gather(t, api, 40)
	for round := range 3 {
		until(t, fmt.Sprintf("messages after start %d", round+1), moreSends(api, 30))
		begin := time.Now()
		if err := p.Stop(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("it took %v to end, DENGWEN_STOP_WAIT is 20 s", took)
		}
		if strings.Contains(p.Log(), "finish turns in hand") {
			t.Errorf("turns were given up: %s", p.Tail())
		}
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
	}
	crowd.Home()
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	sum := crowd.Check(at)
	if sum.Doubled > 0 {
		t.Errorf("%d numbers were told twice, though every end was orderly", sum.Doubled)
	}
	t.Log("3 orderly restarts,", sum)
}

// moreSends tells whether so many more messages than now were sent.
func moreSends(api *fakeapi.Server, more int64) func() bool {
	from := api.Counts().Sends
	return func() bool { return api.Counts().Sends >= from+more }
}

func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited a minute for %s", what)
		}
	}
}

// Healthy is whoever lives, ready who can work: without Redis the one and not the
// other, and with Redis back both.
func TestReadyAndHealthy(t *testing.T) {
	t.Parallel()
	redis := servers.NewRedis(t)
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	p := faults.NewProgram(t, "REDIS_URL="+redis.URL, "DENGWEN_KEY="+key)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	if got := p.Healthy(); got != http.StatusOK {
		t.Errorf("healthz is %d", got)
	}
	if err := healthy(t, p.URL); err != nil {
		t.Errorf("dengwen healthy: %v", err)
	}
	redis.Stop(syscall.SIGTERM)
	if got := p.Ready(); got != http.StatusServiceUnavailable {
		t.Errorf("without Redis readyz is %d, want 503", got)
	}
	if got := p.Healthy(); got != http.StatusOK {
		t.Errorf("without Redis healthz is %d: whoever restarts it for that cures nothing", got)
	}
	redis.Start(t)
	until(t, "readyz with Redis back", func() bool { return p.Ready() == http.StatusOK })
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if err := healthy(t, p.URL); err == nil {
		t.Error("dengwen healthy finds a program well that has ended")
	}
}

// healthy runs the image's health check, which must cost next to nothing: it runs
// every ten seconds and is given three.
func healthy(t *testing.T, url string) error {
	t.Helper()
	cmd := exec.Command(faults.Binary(t), "healthy")
	cmd.Env = append(faults.Environment(), "DENGWEN_ADDR="+strings.TrimPrefix(url, "http://"))
	err := cmd.Run()
	if cost := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(); cost > 500*time.Millisecond {
		t.Errorf("the health check takes %v of a processor", cost)
	}
	return err
}

// The first run needs nothing but a place for its data, and says where it is.
func TestFirstRunSaysWhereItIs(t *testing.T) {
	t.Parallel()
	p := faults.NewProgram(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.Log(), p.URL) {
		t.Errorf("it does not print its address %s: %s", p.URL, p.Tail())
	}
	res, err := http.Get(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("the page answers %s", res.Status)
	}
	info, err := os.Stat(p.Data)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the data folder is open to others: %v %v", info, err)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
}
