package petition

// few is the count below which what is public shows no figure (Art 18 asks for
// openness, PIPL 25 for nobody to be recognised).
const few = 5

// Hidden stands in the place of a figure that is too small to be public.
const Hidden = "<5"

// TooFew reports whether a count is too small to be public: one to four.
func TooFew(n int) bool { return n > 0 && n < few }

// Masked stands where a larger figure would give a hidden one away.
const Masked = "*"

// PublicShare writes a share for the public: a numerator or denominator below five is
// not shown, and with it no percentage can be computed.
func PublicShare(s Share) string {
	switch {
	case s.Of == 0:
		return "—"
	case s.Of < few:
		return Hidden
	case TooFew(s.N):
		return Hidden + "/" + itoa(s.Of)
	}
	return itoa(s.N) + "/" + itoa(s.Of)
}

// PublicCounts writes counts that add up to a public total. A count from one to four is
// hidden; if it were the only one, the total would give it away, so the next
// smallest is hidden with it.
func PublicCounts(counts []int) []string {
	out, hidden := make([]string, len(counts)), 0
	for i, n := range counts {
		out[i] = itoa(n)
		if TooFew(n) {
			out[i] = Hidden
			hidden++
		}
	}
	if hidden != 1 {
		return out
	}
	next := -1
	for i, n := range counts {
		if n >= few && (next < 0 || n < counts[next]) {
			next = i
		}
	}
	if next >= 0 {
		out[next] = Masked
	}
	return out
}
