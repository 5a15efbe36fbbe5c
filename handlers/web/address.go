package web

import (
	"net/http"
	"net/netip"
	"strings"
)

// address is where a visitor comes from: the connection's other end or, through our
// own proxies, the last hop before them in X-Forwarded-For. What stands further left
// there may be forged. An IPv6 visitor is their /64, of which each has
// 2^64 addresses.
func (d *Door) address(r *http.Request) string {
	a := parse(r.RemoteAddr)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && d.isProxy(a); i-- {
		hop := parse(strings.TrimSpace(hops[i]))
		if !hop.IsValid() {
			break
		}
		a = hop
	}
	if a.Is6() {
		p, _ := a.Prefix(64) // every IPv6 address has one
		return p.String()
	}
	return a.String()
}

// parse reads an address with or without a port; the zero Addr when it is neither.
func parse(s string) netip.Addr {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

func (d *Door) isProxy(a netip.Addr) bool {
	for _, p := range d.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
