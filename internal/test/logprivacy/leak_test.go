package logprivacy

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// leaks lists what of the secrets stands in a text, as it is or as JSON escapes it.
func leaks(text []byte, secrets []string) (found []string) {
	for _, s := range secrets {
		for _, form := range forms(s) {
			if bytes.Contains(text, form) {
				found = append(found, s)
				break
			}
		}
	}
	return found
}

func forms(s string) [][]byte {
	escaped, _ := json.Marshal(s) // of a string: never fails
	all := [][]byte{[]byte(s), bytes.Trim(escaped, `"`)}
	var ascii strings.Builder // JSON as other writers have it
	for _, r := range s {
		if r < 0x80 {
			ascii.WriteRune(r)
			continue
		}
		ascii.WriteString(`\u` + hex4(r))
	}
	return append(all, []byte(ascii.String()))
}

func hex4(r rune) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15]})
}

func TestLeaksAreFound(t *testing.T) {
	t.Parallel()
	secrets := []string{"下梁镇的路塌了", "13900001234", "never said"}
	for _, log := range []string{
		`{"msg":"got 下梁镇的路塌了 from 13900001234"}`,
		`{"msg":"got \u4e0b\u6881\u9547\u7684\u8def\u584c\u4e86 from 13900001234"}`,
	} {
		if got := leaks([]byte(log), secrets); len(got) != 2 {
			t.Errorf("in %s are found %q", log, got)
		}
	}
}

func check(t *testing.T, where string, text []byte, secrets []string) {
	t.Helper()
	for n, s := range leaks(text, secrets) {
		if n == 10 {
			t.Fatalf("%s: and more", where)
		}
		t.Errorf("%s holds %q", where, s)
	}
}

// holds makes sure that it is the data which is looked at: what needs no seal is in
// there to be read.
func holds(t *testing.T, where string, text []byte, plain string) {
	t.Helper()
	if !bytes.Contains(text, []byte(plain)) {
		t.Errorf("%s holds no %s: is that all of it?", where, plain)
	}
}
