package receipt

// adler is the Adler-32 (RFC 1950) of whole rows. Most bytes of a row are 0 and do not
// have to be looked at.
type adler struct{ a, b, rows uint32 }

const adlerMod = 65521

// row takes in a row: the sum of its bytes, and the sum of each as often as the row goes
// on from there.
func (s *adler) row(sum, late uint32) {
	s.b = (s.b + rowBytes*s.a + late) % adlerMod
	s.a = (s.a + sum) % adlerMod
	s.rows++
}

// again takes in n rows equal to the one above: nothing but the filter's byte.
func (s *adler) again(n int) {
	a, b, k := uint64(s.a), uint64(s.b), uint64(n)
	s.b = uint32((b + k*rowBytes*(a+up) + rowBytes*up*(k*(k-1)/2)) % adlerMod)
	s.a = uint32((a + k*up) % adlerMod)
	s.rows += uint32(n)
}

// follow takes in the rows of another one, which come behind.
func (s *adler) follow(t adler) {
	before := (s.a + adlerMod - 1) % adlerMod
	s.b = (s.b + t.b + t.rows*rowBytes%adlerMod*before%adlerMod) % adlerMod
	s.a = (before + t.a) % adlerMod
	s.rows += t.rows
}

func (s *adler) value() uint32 { return s.b<<16 | s.a }
