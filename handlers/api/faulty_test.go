package api_test

import (
	"strings"
	"testing"

	"dengwen/handlers/api"

	"github.com/google/uuid"
)

// What is wrong with a request is said by place; what was sent is never repeated.
func TestFaultyRequests(t *testing.T) {
	t.Parallel()
	key, line := newKey(t, "all", "", api.Admin)
	srv := serve(t, api.Config{Cases: service(t, ""), Keys: keys(t, line)})
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		key, where         string
	}{
		"not JSON":                           {"POST", "/v1/cases", `{"geheim": geheim`, 400, "api.request", ""},
		"wrong type":                         {"POST", "/v1/cases", `{"class":"claim","facts":["geheim"]}`, 422, "api.request", "body.facts"},
		"unknown field":                      {"POST", "/v1/cases", `{"class":"claim","facts":"x","text":"geheim"}`, 422, "api.request", "body.text"},
		"unknown field, and what is missing": {"POST", "/v1/cases", `{"class":"claim","text":"geheim"}`, 422, "api.request", "body.text body.facts"},
		"unknown field that is no name":      {"POST", "/v1/cases", `{"class":"claim","facts":"x","Geheim: geheim":1}`, 422, "api.request", "body"},
		"facts missing":                      {"POST", "/v1/cases", `{"class":"claim"}`, 422, "file.facts", "body.facts"},
		"nobody's list":                      {"GET", "/v1/cases", "", 400, "api.missing", "header.Actor-Owner"},
		"field missing":                      {"POST", "/v1/cases", `{"facts":"geheim"}`, 422, "api.request", "body.class"},
		"nothing":                            {"POST", "/v1/cases", ``, 400, "api.request", ""},
		"class that is none":                 {"POST", "/v1/cases", `{"class":"joke","facts":"geheim"}`, 422, "file.class", ""},
		"limit that is none":                 {"GET", "/v1/cases?limit=geheim", ``, 422, "api.request", "query.limit"},
		"limit too large":                    {"GET", "/v1/cases?limit=101", ``, 422, "api.request", "query.limit"},
		"no such call":                       {"GET", "/v1/geheim", ``, 404, "api.no_such_call", ""},
		"wrong method":                       {"DELETE", "/v1/cases/geheim", ``, 404, "api.no_such_call", ""},
		"huge body":                          {"POST", "/v1/cases", `{"class":"claim","facts":"` + strings.Repeat("geheim", 50_000) + `"}`, 413, "api.too_large", ""},
		"two keys":                           {"POST", "/v1/cases", `{"key":"other","class":"claim","facts":"x"}`, 422, "api.two_keys", ""},
	} {
		headers := append(bearer(key), "Idempotency-Key", "k-"+uuid.NewString())
		if name != "nobody's list" {
			headers = append(headers, "Actor-Owner", "tg:1")
		}
		resp, body := ask(t, srv, c.method, c.path, c.body, headers...)
		p := problemOf(t, resp, body)
		if resp.StatusCode != c.status || p.Key != c.key || c.where != "" && !strings.Contains(strings.Join(p.Where, " "), c.where) {
			t.Errorf("%s: %s %+v; want %d %s at %s", name, resp.Status, p, c.status, c.key, c.where)
		}
		if strings.Contains(body, "geheim") {
			t.Errorf("%s: the answer repeats what was sent: %s", name, body)
		}
	}
}
