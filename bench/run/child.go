package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
)

const hookSecret = "bench-secret"

// child is a program that runs while something is measured.
type child struct {
	cmd  *exec.Cmd
	url  string // of Redis
	dir  string
	done chan struct{}
	log  *os.File
}

// start runs a program in a folder of its own. Its output goes to a file there.
func start(env []string, name string, args ...string) (*child, error) {
	dir, err := os.MkdirTemp("", "dengwen-bench-")
	if err != nil {
		return nil, err
	}
	out, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.Command(name, args...), dir: dir, done: make(chan struct{}), log: out}
	c.cmd.Dir, c.cmd.Stdout, c.cmd.Stderr = dir, out, out
	c.cmd.Env = append(os.Environ(), env...)
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	begun := make(chan error)
	go func() {
		runtime.LockOSThread() // the parent-death signal follows the thread
		defer close(c.done)
		err := c.cmd.Start()
		begun <- err
		if err == nil {
			_ = c.cmd.Wait()
		}
	}()
	if err := <-begun; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return c, nil
}

func (c *child) pid() int { return c.cmd.Process.Pid }

func (c *child) stop() {
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.done:
	case <-time.After(30 * time.Second):
		_ = c.cmd.Process.Kill()
		<-c.done
	}
	_ = c.log.Close()
	_ = os.RemoveAll(c.dir)
}

// ready waits until ok answers true.
func (c *child) ready(ctx context.Context, ok func() bool) error {
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		select {
		case <-c.done:
			text, _ := os.ReadFile(c.log.Name())
			return fmt.Errorf("ended at once: %s", bytes.TrimSpace(text))
		default:
		}
		if ok() {
			return nil
		}
	}
	return errors.New("not ready after 60 s")
}

func startRedis(ctx context.Context) (*child, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(addr)
	c, err := start(nil, "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
	if err != nil {
		return nil, err
	}
	c.url = "redis://" + addr + "/0"
	return c, c.ready(ctx, func() bool { return listens(addr) })
}

// startBot runs the program under test against the fake Bot API.
func startBot(ctx context.Context, o options, c setup, api *fakeapi.Server, redis string) (*child, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	program := filepath.Join(o.out, c.bot)
	env := []string{"API_URL=" + api.URL(), "BOT_TOKEN=" + api.Token(), "MODE=" + c.way, "LISTEN=" + addr, "SECRET=" + hookSecret, "REDIS_URL=" + redis}
	var args []string
	if c.bot == "dengwen" {
		args = []string{"serve"}
		if env, err = dengwenEnv(c, api, addr, redis); err != nil {
			return nil, err
		}
	}
	bot, err := start(env, program, args...)
	if err != nil {
		return nil, err
	}
	if c.bot == "limit" {
		api.SetWebhook("http://"+addr+"/", hookSecret)
	}
	err = bot.ready(ctx, func() bool {
		if c.way == "poll" {
			return api.Counts().Polls > 0
		}
		return api.Hook() != "" && listens(addr)
	})
	if err != nil {
		bot.stop()
	}
	return bot, err
}

func dengwenEnv(c setup, api *fakeapi.Server, addr, redis string) ([]string, error) {
	key, err := seal.NewKey()
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	env := []string{
		"TELEGRAM_BOT_TOKEN=" + api.Token(), "TELEGRAM_API_URL=" + api.URL(), "TELEGRAM_PER_SECOND=0", "DENGWEN_FILINGS_PER_DAY=0", "REDIS_URL=" + redis,
		"DENGWEN_ADDR=" + addr, "DENGWEN_DATA_DIR=data", "DENGWEN_KEY=" + key, "DENGWEN_LOG_LEVEL=warn",
	}
	if c.way == "webhook" {
		env = append(env, "TELEGRAM_WEBHOOK_URL=http://"+addr, "TELEGRAM_WEBHOOK_SECRET="+hookSecret)
	}
	return env, nil
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return "127.0.0.1:" + strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

func listens(addr string) bool {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}
