package receipt

import "math/bits"

// huffman is the code of one symbol, ready to be written lowest bit first.
type huffman struct {
	bits uint32
	n    uint
}

// codeLengths is how long the code of each symbol is, a letter each ("a" = 1 bit): the
// Huffman code of what forty receipts, Chinese and English, are made of.
const codeLengths = "" +
	"bfdhlgghijkkiiiifghikjjjjmmmkkkjfigikjjjjmlllkkkhiigijjjjllmkjkk" +
	"hmlllllmlmllmlllgijjmhiijmmmmlmmgijjmigijmmmmlmmhjjkmiihfijjmikk" +
	"hkjjmjjjfhijmjjjhmmlmmmmjjgimjjjglmlmmlmjiihmijjflllmlmmllllmmmm" +
	"ijjjkmllijjiigiihkkkkllmjjjikhgigjkkklmmkjiilihhfijihkkjihgglhff" +
	"leffgghhhghhhhhhihhijijfhhijke"

// canonical gives codes of these lengths, RFC 1951 3.2.2.
func canonical(lengths string) []huffman {
	codes, next := make([]huffman, len(lengths)), uint32(0)
	for n := uint(1); n < 16; n++ {
		for i := range lengths {
			if uint(lengths[i]-'a')+1 == n {
				codes[i] = huffman{bits.Reverse32(next) >> (32 - n), n}
				next++
			}
		}
		next <<= 1
	}
	return codes
}

// lengthOrder is the order in which a block tells how it writes code lengths, RFC 1951
// 3.2.7. Of these lengths we write 1 to 15: 8 in three bits, the others in four.
var lengthOrder = [19]byte{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

const lengthLengths = "dddddddcddddddd"

// blockHead begins the last block of a stream: the codes it is written in, and one
// distance.
func (s *squeezer) blockHead() {
	s.put(0b101, 3) // the last block, codes of its own
	s.put(uint64(len(codeLengths)-257), 5)
	s.put(0, 5) // one distance
	s.put(19-4, 4)
	for _, i := range lengthOrder {
		n := uint64(0)
		if i > 0 && i < 16 {
			n = uint64(lengthLengths[i-1]-'a') + 1
		}
		s.put(n, 3)
	}
	codes := canonical(lengthLengths)
	for _, n := range []byte(codeLengths + "a") {
		c := codes[n-'a']
		s.put(uint64(c.bits), c.n)
	}
}
