package classify

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
)

// split deals the examples into folds: whole groups, each category spread evenly over the folds, in an order that
// the seed alone decides. The examples must be tidy.
func split(examples []Example, folds int, seed uint64) []int {
	type dealt struct {
		group, category string
		key             uint64
	}
	first := map[string]int{}
	var all []dealt
	for i, e := range examples {
		if _, ok := first[e.Group]; !ok {
			first[e.Group] = i
			all = append(all, dealt{e.Group, e.Category, hash(strconv.FormatUint(seed, 10) + "/" + e.Group)})
		}
	}
	slices.SortFunc(all, func(a, b dealt) int {
		return cmp.Or(cmp.Compare(a.category, b.category), cmp.Compare(a.key, b.key), cmp.Compare(a.group, b.group))
	})
	foldOf := map[string]int{}
	for i, d := range all {
		foldOf[d.group] = i % folds
	}
	out := make([]int, len(examples))
	for i, e := range examples {
		out[i] = foldOf[e.Group]
	}
	return out
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	sum := h.Sum64()
	sum ^= sum >> 33
	sum *= 0xff51afd7ed558ccd
	return sum ^ sum>>33
}

func only(examples []Example, folds []int, fold int) []Example {
	var out []Example
	for i, e := range examples {
		if folds[i] == fold {
			out = append(out, e)
		}
	}
	return out
}

func except(examples []Example, folds []int, fold int) []Example {
	var out []Example
	for i, e := range examples {
		if folds[i] != fold {
			out = append(out, e)
		}
	}
	return out
}

func groups(examples []Example) int {
	seen := map[string]bool{}
	for _, e := range examples {
		seen[e.Group] = true
	}
	return len(seen)
}
