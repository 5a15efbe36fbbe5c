package netaddr_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"dengwen/internal/netaddr"
)

func TestOf(t *testing.T) {
	t.Parallel()
	more, err := netaddr.Parse("10.1.0.0/16, 192.0.2.9 fd00:7::/64")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	proxies := netaddr.Trust(more, func(_ context.Context, neighbour string) { told = append(told, neighbour) })
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.7:4000", "", "203.0.113.7"},
		{"203.0.113.7:4000", "198.51.100.1", "203.0.113.7"}, // not our proxy: not believed
		{"127.0.0.1:4000", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:4000", "10.9.9.9, 198.51.100.1", "198.51.100.1"}, // the left one anybody can write
		{"127.0.0.1:4000", "198.51.100.1, 127.0.0.1", "198.51.100.1"},
		{"127.0.0.1:4000", "198.51.100.1, 10.1.4.4", "198.51.100.1"}, // two of our own
		{"10.1.2.3:4000", "198.51.100.1", "198.51.100.1"},
		{"192.0.2.9:4000", "198.51.100.1", "198.51.100.1"},
		{"192.0.2.8:4000", "198.51.100.1", "192.0.2.8"},
		{"[fd00:7::2]:4000", "198.51.100.1", "198.51.100.1"},
		{"10.2.0.1:4000", "198.51.100.1", "10.2.0.1"},
		{"10.2.0.2:4000", "198.51.100.1", "10.2.0.2"},
		{"127.0.0.1:4000", "nonsense", "127.0.0.1"},
		{"[::ffff:203.0.113.7]:4000", "", "203.0.113.7"},
		{"[2001:db8:1:2:3:4:5:6]:4000", "", "2001:db8:1:2::/64"},
		{"[::1]:4000", "[2001:db8:1:2::9]:55", "2001:db8:1:2::/64"},
	} {
		r, _ := http.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := proxies.Of(r); got != c.want {
			t.Errorf("%s through %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
	if !slices.Equal(told, []string{"10.2.0.1"}) { // once, and nobody on the open net
		t.Errorf("proxies that are not trusted: %v", told)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"x", "10.0.0.0/99", "0.0.0.0/0", "::/0", "10.0.0.1:80"} {
		if _, err := netaddr.Parse(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if got, err := netaddr.Parse(""); err != nil || len(got) > 0 {
		t.Errorf("nothing: %v, %v", got, err)
	}
}
