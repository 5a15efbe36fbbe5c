// Package netaddr tells where a request comes from, through the office's own proxies.
package netaddr

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
)

// Proxies are the networks whose X-Forwarded-For is believed.
type Proxies struct {
	trusted []netip.Prefix
	// forward is called once, with the first neighbour that says for whom it asks without being
	// trusted; nil = nobody.
	forward func(ctx context.Context, neighbour string)
	told    atomic.Bool
}

// Loopback is this machine.
func Loopback() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

// Trust makes Proxies of networks besides this machine. untrusted is told once when a neighbour on
// a private network (RFC 1918, RFC 4193) that is not among them sends X-Forwarded-For: it is a
// proxy, and all who come through it count as one.
func Trust(more []netip.Prefix, untrusted func(ctx context.Context, neighbour string)) *Proxies {
	return &Proxies{trusted: append(Loopback(), more...), forward: untrusted}
}

// Parse reads networks or single addresses, divided by commas or blanks.
func Parse(text string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			a, err := netip.ParseAddr(s)
			if err != nil {
				return nil, fmt.Errorf("%q is neither an address nor a network such as 10.0.0.0/8", s)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		if p.Bits() == 0 {
			return nil, fmt.Errorf("%q would believe everybody", s)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// Of is where a request comes from: the connection's other end or, through our own proxies, the
// last hop before them in X-Forwarded-For. What stands further left there anybody may have
// written. An IPv6 address stands for its /64, of which each has 2^64 addresses.
func (p *Proxies) Of(r *http.Request) string {
	a := parse(r.RemoteAddr)
	forwarded := r.Header.Values("X-Forwarded-For")
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	if len(forwarded) > 0 && a.IsPrivate() && !p.trusts(a) && p.forward != nil && p.told.CompareAndSwap(false, true) {
		p.forward(r.Context(), a.String())
	}
	for i := len(hops) - 1; i >= 0 && p.trusts(a); i-- {
		hop := parse(strings.TrimSpace(hops[i]))
		if !hop.IsValid() {
			break
		}
		a = hop
	}
	if a.Is6() {
		net, _ := a.Prefix(64) // every IPv6 address has one
		return net.String()
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

func (p *Proxies) trusts(a netip.Addr) bool {
	for _, net := range p.trusted {
		if net.Contains(a) {
			return true
		}
	}
	return false
}
