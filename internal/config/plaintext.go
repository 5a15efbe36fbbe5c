package config

import (
	"net/netip"
	"net/url"
	"strings"
)

// Plaintext names the settings by which something goes to another machine without TLS, where
// whoever is on the way reads passwords and tokens.
func (s *Settings) Plaintext() (names []string) {
	for _, a := range []struct{ name, address string }{
		{"REDIS_URL", s.RedisURL}, {"DATABASE_URL", s.DatabaseURL}, {"CASE_API_URL", s.CaseAPI}, {"TELEGRAM_API_URL", s.TelegramAPI},
		{"OPENAI_BASE_URL", s.OpenAIBase}, {"DENGWEN_BLOB_URL", s.BlobURL},
	} {
		u, err := url.Parse(a.address)
		if err == nil && a.address != "" && plaintext(u) && !here(u.Hostname()) {
			names = append(names, a.name)
		}
	}
	return names
}

func plaintext(u *url.URL) bool {
	switch u.Scheme {
	case "http", "redis":
		return true
	case "postgres", "postgresql":
		mode := u.Query().Get("sslmode")
		return mode == "" || mode == "disable" || mode == "allow" || mode == "prefer"
	case "s3":
		return u.Query().Get("tls") == "false"
	}
	return false
}

// here reports this machine: a name of it, a loopback address, or a socket, which has no host.
func here(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "" || strings.EqualFold(host, "localhost") || err == nil && a.Unmap().IsLoopback()
}
