package mail

import (
	"strings"
	"testing"
)

// The address of a mail server is refused without its password, or names a host, a port and a sender.
func FuzzServer(f *testing.F) {
	for _, s := range []string{"smtps://u:p@h:465?from=a@b", "smtp://h?from=a@b", "smtp://[::1]:99999999999999999999?from=@", "smtps://u%40x:secret@h", "smtp://u:secret@h:0?from=a%0d%0ab@c", "://"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		s, err := ParseServer(address)
		if err != nil {
			if len(s.Password) > 8 && strings.Contains(err.Error(), s.Password) {
				t.Errorf("the error holds the password: %v", err)
			}
			return
		}
		if s.Host == "" || s.Port < 1 || s.Port > 65535 || !strings.Contains(s.From, "@") || strings.ContainsAny(s.Host+s.From+s.User, "\r\n") {
			t.Errorf("%q is %+v", address, s)
		}
	})
}
