package api

import (
	"strings"
	"testing"
)

// A file of keys is refused, or each of its keys has a name, known scopes and a whole hash.
func FuzzKeys(f *testing.F) {
	_, line, err := NewKey("a", []Scope{Citizens}, "")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(line)
	f.Add("# \n\na:citizens,staff:unit:" + strings.Repeat("00", 32))
	f.Add("a:b:c:d")
	f.Add(":::")
	f.Fuzz(func(t *testing.T, text string) {
		keys, err := ParseKeys(text)
		if err != nil {
			return
		}
		for _, k := range keys {
			if k.Name == "" || len(k.Scopes) == 0 || len(k.hash) != 32 {
				t.Errorf("%q has the key %+v", text, k)
			}
		}
	})
}
