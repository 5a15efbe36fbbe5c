package spans

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed facilities.txt
var facilityFile string

// facilities are words that names of institutions, works, buildings and their parts end with, by their last character.
var facilities = sync.OnceValue(func() map[rune][][]rune {
	byLast := map[rune][][]rune{}
	for _, word := range strings.Fields(facilityFile) {
		r := []rune(word)
		byLast[r[len(r)-1]] = append(byLast[r[len(r)-1]], r)
	}
	return byLast
})

// facilityEnds is by character how long the longest of those words is that ends there, 0 = none.
func facilityEnds(runes []rune) []int8 {
	ends := make([]int8, len(runes))
	words := facilities()
	for i, r := range runes {
		for _, w := range words[r] {
			if n := len(w); n <= i+1 && n > int(ends[i]) && string(runes[i+1-n:i+1]) == string(w) {
				ends[i] = int8(n)
			}
		}
	}
	return ends
}
