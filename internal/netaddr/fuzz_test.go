package netaddr_test

import (
	"net/http/httptest"
	"net/netip"
	"testing"

	"dengwen/internal/netaddr"
)

// Whatever stands in X-Forwarded-For: of a neighbour that is not trusted it says nothing, and an
// address is always one address.
func FuzzForwarded(f *testing.F) {
	for _, hops := range []string{"", "203.0.113.7", "1.2.3.4, 127.0.0.1", "[2001:db8::1]:443, ::1", "fe80::1%eth0", ",,,", "garbage, 10.0.0.1", "::ffff:1.2.3.4"} {
		f.Add(hops, "10.0.0.0/8")
	}
	f.Fuzz(func(t *testing.T, hops, networks string) {
		trusted, err := netaddr.Parse(networks)
		if err != nil {
			trusted = nil
		}
		for _, neighbour := range []string{"198.51.100.9:1234", "127.0.0.1:1"} {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = neighbour
			r.Header["X-Forwarded-For"] = []string{hops}
			p := netaddr.Trust(nil, nil)
			got := p.Of(r)
			if neighbour[0] != '1' || neighbour[1] == '9' {
				if got != "198.51.100.9" {
					t.Errorf("%q moves a stranger to %s", hops, got)
				}
			}
			_ = netaddr.Trust(trusted, nil).Of(r)
			if _, err := netip.ParseAddr(got); err != nil {
				if _, err := netip.ParsePrefix(got); err != nil {
					t.Errorf("%q comes from %q", hops, got)
				}
			}
		}
	})
}
