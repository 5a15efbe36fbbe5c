package cases

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"

	"dengwen/internal/seal"
	"dengwen/petition"
)

// words finds sealed text by its words: every two neighbouring characters are kept
// as a keyed hash of four bytes, the first of one block of AES-256 over them. Two are
// right for Chinese, where most words have two characters and nothing separates
// them. Without the key nobody can compute or guess a hash; who holds the database
// learns only how often pairs occur. Two pairs may share a hash: what is found is
// opened and compared.
type words struct{ block cipher.Block }

func newWords(box *seal.Box) words {
	block, err := aes.NewCipher(box.Hash("words", "key of pairs"))
	if err != nil { // 32 bytes are a key
		panic("cases: " + err.Error())
	}
	return words{block}
}

// texts are what a search looks through, folded.
func texts(c petition.Case) []string {
	f := c.Filing
	var out []string
	for _, t := range []string{c.Number, f.Title, f.Facts, f.Request, f.Place.Text} {
		out = append(out, fold(t))
	}
	return out
}

func fold(s string) string { return strings.ToLower(s) }

// split is the folded words of a query.
func split(query string) []string { return strings.Fields(fold(query)) }

// match reports whether every word occurs in one of the texts.
func match(texts, words []string) bool {
	for _, w := range words {
		if !occurs(texts, w) {
			return false
		}
	}
	return true
}

func occurs(texts []string, word string) bool {
	for _, t := range texts {
		if strings.Contains(t, word) {
			return true
		}
	}
	return false
}

// pairs hashes the neighbouring characters of folded texts: sorted, each once. Those
// with a blank are left out: no word holds one.
func (w words) pairs(texts []string) []uint32 {
	var out []uint32
	in, sum := make([]byte, aes.BlockSize), make([]byte, aes.BlockSize)
	for _, t := range texts {
		last := ' '
		for _, r := range t {
			if !unicode.IsSpace(last) && !unicode.IsSpace(r) {
				binary.BigEndian.PutUint32(in, uint32(last))
				binary.BigEndian.PutUint32(in[4:], uint32(r))
				w.block.Encrypt(sum, in)
				out = append(out, binary.BigEndian.Uint32(sum))
			}
			last = r
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ofQuery hashes the pairs of what is looked for.
func (w words) ofQuery(folded []string) (pairs []int64) {
	for _, p := range w.pairs(folded) {
		pairs = append(pairs, int64(p))
	}
	return pairs
}

// slipSize is how many bytes a slip takes for a pair.
const slipSize = 4

// slip writes sorted pairs one after the other.
func slip(pairs []uint32) []byte {
	b := make([]byte, 0, slipSize*len(pairs))
	for _, p := range pairs {
		b = binary.BigEndian.AppendUint32(b, p)
	}
	return b
}

// onSlip reports whether a slip holds every pair.
func onSlip(slip []byte, pairs []int64) bool {
	n := len(slip) / slipSize
	for _, p := range pairs {
		low, high := 0, n
		for low < high {
			if mid := (low + high) / 2; int64(binary.BigEndian.Uint32(slip[slipSize*mid:])) < p {
				low = mid + 1
			} else {
				high = mid
			}
		}
		if low == n || int64(binary.BigEndian.Uint32(slip[slipSize*low:])) != p {
			return false
		}
	}
	return true
}
