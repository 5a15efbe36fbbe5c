package servers

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// process is a running server. It dies with the test binary even when that is
// killed or panics.
type process struct {
	cmd  *exec.Cmd
	out  output
	done chan struct{} // closed when the process has ended
}

// start runs a command; attr may be nil. ready is asked until it answers nil; it
// gets the process id to tell this server from a stranger on the same port.
func start(attr *syscall.SysProcAttr, ready func(pid int) error, path string, args ...string) (*process, error) {
	if attr == nil {
		attr = &syscall.SysProcAttr{}
	}
	dieWithParent(attr)
	p := &process{cmd: exec.Command(path, args...), done: make(chan struct{})}
	p.cmd.Dir = os.TempDir()
	p.cmd.SysProcAttr = attr
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	started := make(chan error)
	go p.run(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	if err := p.await(ready); err != nil {
		p.stop(syscall.SIGKILL)
		return nil, fmt.Errorf("%s did not come up: %w\n%s", path, err, p.out.String())
	}
	return p, nil
}

// run keeps its thread: the kernel's parent-death signal follows the thread that
// forked, and a thread that ends early would take the server with it.
func (p *process) run(started chan<- error) {
	runtime.LockOSThread()
	defer close(p.done)
	err := p.cmd.Start()
	started <- err
	if err == nil {
		_ = p.cmd.Wait()
	}
}

func (p *process) await(ready func(pid int) error) error {
	deadline := time.Now().Add(startTimeout)
	for {
		err := ready(p.cmd.Process.Pid)
		if err == nil || time.Now().After(deadline) {
			return err
		}
		select {
		case <-p.done:
			return fmt.Errorf("ended at once (%s)", p.cmd.ProcessState)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// stop sends a signal and waits for the end; after ten seconds it kills.
func (p *process) stop(sig syscall.Signal) {
	_ = p.cmd.Process.Signal(sig)
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.buf.Len() < 1<<20 {
		o.buf.Write(b)
	}
	return len(b), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}
