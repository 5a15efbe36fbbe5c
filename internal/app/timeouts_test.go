package app

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Whoever announces a body and never sends it does not keep the connection, whether
// the door reads it or not.
func TestNobodyWaitsForABodyForEver(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/unread", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	mux.HandleFunc("/read", func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err == nil {
			t.Error("read a body that was never sent")
		}
	})
	at := serveBriefly(t, timeouts(mux, 100*time.Millisecond, time.Minute))
	for _, path := range []string{"/unread", "/read"} {
		c := dial(t, at)
		fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", path)
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Errorf("%s: still open: %v", path, err)
		}
	}
}

// Whoever does not read does not keep it either; a page without an end, which says
// itself how long it waits, is not cut off.
func TestNobodyWaitsForAReaderForEver(t *testing.T) {
	t.Parallel()
	stuck := make(chan error, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("/big", func(w http.ResponseWriter, _ *http.Request) {
		_, err := io.CopyN(w, zeros{}, 1<<30)
		stuck <- err
	})
	mux.HandleFunc("/live", func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
		select {
		case <-r.Context().Done():
			t.Error("the live page was ended")
		case <-time.After(400 * time.Millisecond): // longer than anybody else is given
		}
		fmt.Fprint(w, "on")
	})
	at := serveBriefly(t, timeouts(mux, 100*time.Millisecond, 200*time.Millisecond))
	fmt.Fprint(dial(t, at), "GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
	select {
	case err := <-stuck:
		if err == nil {
			t.Error("a gigabyte went to somebody who reads nothing")
		}
	case <-time.After(30 * time.Second):
		t.Error("it still waits for the reader")
	}
	c := dial(t, at)
	fmt.Fprint(c, "GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, err := io.ReadAll(res.Body); string(b) != "on" || err != nil {
		t.Errorf("live: %q, %v", b, err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

func serveBriefly(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// dial opens a connection that gives up after ten seconds.
func dial(t *testing.T, at string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	return c
}
