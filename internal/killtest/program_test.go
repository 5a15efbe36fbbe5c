package killtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"dengwen/internal/fakeapi"
)

// program is the bot under test: started, killed and started again on the same
// data.
type program struct {
	path string
	env  []string
	addr string
	poll bool
	log  *os.File
	api  *fakeapi.Server

	cmd  *exec.Cmd
	done chan struct{}
}

// buildProgram compiles the program once for all, unless DENGWEN_PROGRAM names one.
func buildProgram(ctx context.Context, dir string) (string, error) {
	if path := os.Getenv("DENGWEN_PROGRAM"); path != "" {
		return path, nil
	}
	path := filepath.Join(dir, "dengwen")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, "dengwen")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build dengwen: %w\n%s", err, out)
	}
	return path, nil
}

// setting is one way to run it.
type setting struct {
	poll  bool
	redis string // URL; "" = conversations in SQLite
}

func newProgram(path, dir, key string, port int, s setting, api *fakeapi.Server) (*program, error) {
	addr := fmt.Sprintf("127.0.0.1:%d", port)
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o700); err != nil {
		return nil, err
	}
	p := &program{path: path, addr: addr, poll: s.poll, log: log, api: api}
	p.env = append(os.Environ(),
		"TELEGRAM_BOT_TOKEN="+api.Token(), "TELEGRAM_API_URL="+api.URL(), "TELEGRAM_PER_SECOND=0",
		"DENGWEN_ADDR="+addr, "DENGWEN_DATA_DIR="+filepath.Join(dir, "data"), "DENGWEN_KEY="+key, "REDIS_URL="+s.redis)
	if !s.poll {
		p.env = append(p.env, "TELEGRAM_WEBHOOK_URL=http://"+addr, "TELEGRAM_WEBHOOK_SECRET=kill-test")
	}
	return p, nil
}

// start starts it and waits until it takes updates.
func (p *program) start(ctx context.Context) error {
	polls := p.api.Counts().Polls
	if err := p.spawn(); err != nil {
		return err
	}
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		select {
		case <-p.done:
			return fmt.Errorf("ended at once: %s", p.tail())
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
		if p.poll && p.api.Counts().Polls > polls || !p.poll && p.api.Hook() != "" && p.listens() {
			return nil
		}
	}
	return errors.New("not ready after two minutes")
}

func (p *program) spawn() error {
	cmd, done := exec.Command(p.path, "serve"), make(chan struct{})
	cmd.Env, cmd.Stdout, cmd.Stderr = p.env, p.log, p.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	begun := make(chan error)
	go func() {
		runtime.LockOSThread() // the parent-death signal follows the thread
		defer close(done)
		err := cmd.Start()
		begun <- err
		if err == nil {
			_ = cmd.Wait()
		}
	}()
	p.cmd, p.done = cmd, done
	return <-begun
}

// end sends a signal and waits for the end of the process.
func (p *program) end(sig syscall.Signal) error {
	if err := p.cmd.Process.Signal(sig); err != nil {
		return fmt.Errorf("it had ended before the signal: %s", p.tail())
	}
	select {
	case <-p.done:
		return nil
	case <-time.After(time.Minute):
		_ = p.cmd.Process.Kill()
		return fmt.Errorf("still there a minute after %s", sig)
	}
}

func (p *program) listens() bool {
	c, err := net.DialTimeout("tcp", p.addr, time.Second)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

// tail is the end of the log.
func (p *program) tail() string {
	text, _ := os.ReadFile(p.log.Name())
	return strings.TrimSpace(string(text[max(0, len(text)-3000):]))
}
