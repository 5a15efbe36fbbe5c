package web

import (
	"fmt"
	"testing"
)

// One network address holds only so many live pages, however many conversations it
// opens for them; who leaves makes room.
func TestStreamsOfOneAddress(t *testing.T) {
	t.Parallel()
	l := Limits{StreamsConv: 2, StreamsAddr: 3, Streams: 5}
	l.defaults()
	s := newLimits(l).streams
	at := func(conv, addr string) visitor { return visitor{conv: conv, addr: addr} }
	for i := range 3 {
		if !s.acquire(at(fmt.Sprint("web:", i), "192.0.2.1")) {
			t.Fatalf("page %d of the address does not come in", i)
		}
	}
	if s.acquire(at("web:9", "192.0.2.1")) {
		t.Error("a fourth page of one address came in")
	}
	if !s.acquire(at("web:9", "192.0.2.2")) {
		t.Error("another address does not come in")
	}
	s.release(at("web:0", "192.0.2.1"))
	if !s.acquire(at("web:9", "192.0.2.1")) {
		t.Error("the place of who left stays taken")
	}
	if s.acquire(at("web:9", "192.0.2.3")) {
		t.Error("a third page of one conversation came in")
	}
	if s.acquire(at("web:10", "192.0.2.3")) != true || s.acquire(at("web:11", "192.0.2.4")) {
		t.Error("the limit of all together does not hold")
	}
}
