package extract

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"

	"dengwen/assist/normalize"
)

// regionsFile names every province, city and county of China, a line each: its division code, its
// name and its short name.
//
//go:embed regions.txt
var regionsFile string

type region struct{ code, name string }

// regions are by the first two characters of a name; a short name counts for provinces and cities,
// and for the counties of one city among each other (see outside).
var regions = sync.OnceValue(func() map[string][]region {
	all := map[string][]region{}
	for line := range strings.Lines(regionsFile) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 3 || strings.HasPrefix(line, "#") {
			continue
		}
		for _, name := range f[1:] {
			if name = normalize.Text(name); utf8.RuneCountInString(name) >= 2 {
				all[firstTwo(name)] = append(all[firstTwo(name)], region{f[0], name})
			}
		}
	}
	return all
})

// outside is the region that a place begins with and that the office of division code own does
// not lie in; none where the place may be the office's.
func outside(place Slot, town Slot, own string) Slot {
	said := normalize.Text(place.Value)
	if len(own) < 6 || town.Found() || utf8.RuneCountInString(said) < 2 {
		return Slot{}
	}
	var best region
	for _, r := range regions()[firstTwo(said)] {
		if !strings.HasPrefix(said, r.name) || len(r.name) <= len(best.name) {
			continue
		}
		county := !strings.HasSuffix(r.code, "00")
		short := !strings.ContainsAny(lastOf(r.name), "省市县区旗州盟")
		if county && short && r.code[:4] != own[:4] {
			continue // short names of counties are common words elsewhere
		}
		best = r
	}
	if best.name == "" || strings.HasPrefix(own, strings.TrimRight(best.code, "0")) {
		return Slot{}
	}
	return Slot{Value: best.name, Confidence: place.Confidence, From: place.From}
}

func lastOf(s string) string {
	_, n := utf8.DecodeLastRuneInString(s)
	return s[len(s)-n:]
}
