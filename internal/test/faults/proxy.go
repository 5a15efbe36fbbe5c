package faults

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Line is how a Proxy treats what passes through it.
type Line int32

// The lines a Proxy can have.
const (
	Clear  Line = iota // everything passes at once
	Cut                // connections are closed, new ones too
	Silent             // connections stay open and nothing passes
	Slow               // every piece passes late
	Halved             // now and then half of a piece passes and its connection is closed
)

const (
	slowBy    = 150 * time.Millisecond // a piece on a Slow line
	halfEvery = 7                      // pieces on a Halved line
	pieceSize = 16 << 10               // bytes
)

// Proxy is a TCP proxy before servers of one kind, whose line can be disturbed. It
// dials from its client's own address, so that limits by address still tell clients
// apart. A new connection goes to the next server that answers. Safe for concurrent use.
type Proxy struct {
	Addr string // host:port to connect to

	targets []string
	next    atomic.Int64
	pieces  atomic.Int64

	mu      sync.Mutex
	line    Line
	changed chan struct{} // closed and replaced with every change of line
	open    map[net.Conn]bool
}

// NewProxy serves on a free loopback port until the test ends. targets are host:port.
func NewProxy(tb testing.TB, targets ...string) *Proxy {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &Proxy{Addr: l.Addr().String(), targets: targets, changed: make(chan struct{}), open: map[net.Conn]bool{}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	tb.Cleanup(func() {
		_ = l.Close()
		p.Set(Cut)
	})
	return p
}

// Set changes the line, for connections that are open too.
func (p *Proxy) Set(l Line) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line = l
	close(p.changed)
	p.changed = make(chan struct{})
	if l == Cut {
		for c := range p.open {
			_ = c.Close()
		}
	}
}

func (p *Proxy) now() (Line, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.line, p.changed
}

func (p *Proxy) serve(client net.Conn) {
	defer client.Close()
	if !p.keep(client) {
		return
	}
	defer p.drop(client)
	server := p.dial(client.RemoteAddr())
	if server == nil {
		return
	}
	defer server.Close()
	if !p.keep(server) {
		return
	}
	defer p.drop(server)
	var both sync.WaitGroup
	both.Go(func() { p.copy(server, client) })
	both.Go(func() { p.copy(client, server) })
	both.Wait()
}

// keep notes an open connection, false where the line is cut.
func (p *Proxy) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.line == Cut {
		return false
	}
	p.open[c] = true
	return true
}

func (p *Proxy) drop(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, c)
}

func (p *Proxy) dial(from net.Addr) net.Conn {
	d := net.Dialer{Timeout: 2 * time.Second}
	if a, ok := from.(*net.TCPAddr); ok {
		d.LocalAddr = &net.TCPAddr{IP: a.IP}
	}
	for range p.targets {
		c, err := d.Dial("tcp", p.targets[int(p.next.Add(1))%len(p.targets)])
		if err == nil {
			return c
		}
	}
	return nil
}

// copy passes pieces on until either side ends; then both do, as a broken line's.
func (p *Proxy) copy(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	b := make([]byte, pieceSize)
	for {
		n, err := from.Read(b)
		if n > 0 && !p.pass(to, b[:n]) {
			return
		}
		if err != nil {
			return
		}
	}
}

func (p *Proxy) pass(to net.Conn, piece []byte) bool {
	line, changed := p.now()
	for line == Silent {
		<-changed
		line, changed = p.now()
	}
	switch {
	case line == Cut:
		return false
	case line == Slow:
		time.Sleep(slowBy)
	case line == Halved && p.pieces.Add(1)%halfEvery == 0:
		_, _ = to.Write(piece[:len(piece)/2])
		return false
	}
	_, err := to.Write(piece)
	return err == nil
}
