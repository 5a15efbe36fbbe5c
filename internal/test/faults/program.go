package faults

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/servers"
)

// startTimeout is how long a process may take to start or to end on a busy machine.
const startTimeout = 2 * time.Minute

// Program is the bot as a process: started, killed and started again on the same
// data. Not for concurrent use.
type Program struct {
	URL  string // http://127.0.0.1:port
	Data string // the data folder

	path string
	env  []string
	log  *os.File
	cmd  *exec.Cmd
	done chan struct{}
}

// NewProgram makes a process ready to start: on a free port, with a data folder and
// a log of its own. env are settings, NAME=value; what the test's own environment
// sets of them does not count. The process is killed with the test. With -short the
// test is skipped: lives and deaths of whole processes take minutes.
func NewProgram(tb testing.TB, env ...string) *Program {
	tb.Helper()
	if testing.Short() {
		tb.Skip("runs the program as a process, which a short run leaves out")
	}
	dir := tb.TempDir()
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		tb.Fatal(err)
	}
	addr := fmt.Sprintf("127.0.0.1:%d", servers.FreePort(tb))
	p := &Program{URL: "http://" + addr, Data: filepath.Join(dir, "data"), path: Binary(tb), log: log}
	p.env = append(Environment(), "DENGWEN_ADDR="+addr, "DENGWEN_DATA_DIR="+p.Data)
	p.env = append(p.env, env...)
	tb.Cleanup(func() {
		if p.Running() {
			_ = p.cmd.Process.Kill()
			<-p.done
		}
		_ = log.Close()
	})
	return p
}

// Environment is the test's environment without settings of the program.
func Environment() (env []string) {
	for _, v := range os.Environ() {
		switch head, _, _ := strings.Cut(v, "_"); head {
		case "DENGWEN", "TELEGRAM", "REDIS", "DATABASE", "OPENAI", "CASE":
		default:
			env = append(env, v)
		}
	}
	return env
}

// Telegram are the settings that tie a program to a fake Bot API without limits of
// pace; by webhook at hook, or by polling where hook is "".
func Telegram(api *fakeapi.Server, hook string) []string {
	env := []string{"TELEGRAM_BOT_TOKEN=" + api.Token(), "TELEGRAM_API_URL=" + api.URL(), "TELEGRAM_PER_SECOND=0", "DENGWEN_FILINGS_PER_DAY=0"}
	if hook != "" {
		env = append(env, "TELEGRAM_WEBHOOK_URL="+hook, "TELEGRAM_WEBHOOK_SECRET=drill")
	}
	return env
}

// Set adds settings, for the next start.
func (p *Program) Set(env ...string) { p.env = append(p.env, env...) }

// SetData names another data folder, for the next start.
func (p *Program) SetData(dir string) {
	p.Data = dir
	p.Set("DENGWEN_DATA_DIR=" + dir)
}

// SetPath names another build of the program, for the next start.
func (p *Program) SetPath(path string) { p.path = path }

// Command is another command of the program with its settings, to be run.
func (p *Program) Command(args ...string) *exec.Cmd {
	cmd := exec.Command(p.path, args...)
	cmd.Env = p.env
	return cmd
}

// Run runs another command of the program with its settings and answers what it prints.
func (p *Program) Run(args ...string) (string, error) {
	out, err := p.Command(args...).Output()
	if err != nil {
		return "", fmt.Errorf("dengwen %s: %w", strings.Join(args, " "), err)
	}
	return string(out), nil
}

// Spawn starts the process and does not wait.
func (p *Program) Spawn() error {
	if err := p.spawn(); err != nil {
		return fmt.Errorf("start the program: %w", err)
	}
	return nil
}

// Start starts the process and waits until it says that it is ready.
func (p *Program) Start() error {
	if err := p.Spawn(); err != nil {
		return err
	}
	for end := time.Now().Add(startTimeout); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if !p.Running() {
			return fmt.Errorf("ended at once: %s", p.Tail())
		}
		if p.Ready() == http.StatusOK {
			return nil
		}
	}
	return fmt.Errorf("not ready after %v: %s", startTimeout, p.Tail())
}

// Ready is the status of /readyz, 0 when nobody listens.
func (p *Program) Ready() int { return p.status("/readyz") }

// Healthy is the status of /healthz, 0 when nobody listens.
func (p *Program) Healthy() int { return p.status("/healthz") }

func (p *Program) status(path string) int {
	c := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := c.Get(p.URL + path)
	if err != nil {
		return 0
	}
	_ = res.Body.Close()
	return res.StatusCode
}

func (p *Program) spawn() error {
	cmd, done := exec.Command(p.path, "serve"), make(chan struct{})
	cmd.Env, cmd.Stdout, cmd.Stderr = p.env, p.log, p.log
	dieWithParent(cmd)
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

// Running reports whether the process is there.
func (p *Program) Running() bool {
	if p.done == nil {
		return false
	}
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// Pid is the id of the process.
func (p *Program) Pid() int { return p.cmd.Process.Pid }

// Kill ends the process with -9.
func (p *Program) Kill() error {
	_, err := p.end(syscall.SIGKILL)
	return err
}

// Stop asks the process to end, as the machine does, and waits. An exit code that is
// not 0 is an error.
func (p *Program) Stop() error {
	code, err := p.end(syscall.SIGTERM)
	if err == nil && code != 0 {
		err = fmt.Errorf("asked to stop, it ended with code %d: %s", code, p.Tail())
	}
	return err
}

// Signal sends a signal and does not wait.
func (p *Program) Signal(sig syscall.Signal) error { return p.cmd.Process.Signal(sig) }

// Wait waits for the end and answers the exit code, -1 after a signal.
func (p *Program) Wait() (code int, err error) {
	select {
	case <-p.done:
		return p.cmd.ProcessState.ExitCode(), nil
	case <-time.After(startTimeout):
		return 0, errors.New("still there long after the signal")
	}
}

func (p *Program) end(sig syscall.Signal) (code int, err error) {
	if err := p.Signal(sig); err != nil {
		return 0, fmt.Errorf("it had ended before the signal: %s", p.Tail())
	}
	return p.Wait()
}

// Log is everything the process wrote so far, over all its starts.
func (p *Program) Log() string {
	text, err := os.ReadFile(p.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// Tail is the end of the log.
func (p *Program) Tail() string {
	text := p.Log()
	return strings.TrimSpace(text[max(0, len(text)-3000):])
}
