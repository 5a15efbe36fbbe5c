package api

import "strings"

// sample is what the description page calls an operation with, to be copied into a shell.
type sample struct {
	path    string   // with everything filled in
	headers []string // Name: value
	body    string   // JSON, or @name of a file to send as it is
	save    bool     // the answer is a file
}

const (
	asCitizen = "Actor-Owner: tg:123"
	once      = "Idempotency-Key: my-4711"
)

// samples are by the id of their operation. Cases, files and notices in them are invented.
func samples() map[string]sample {
	asOfficer := []string{"Actor-Staff: c1", "Actor-Unit: petition", "Actor-Roles: intake"}
	with := func(more ...string) []string { return append(more, asOfficer...) }
	return map[string]sample{
		"file":             {path: "/v1/cases", headers: []string{asCitizen, once}, body: `{"class":"claim","facts":"三组的路一下雨就塌，请把路修好"}`},
		"look":             {path: "/v1/cases/ZS26-0417-3K", headers: []string{"Query-Code: 7Q4M-29XD"}},
		"list":             {path: "/v1/cases?order=new&limit=20", headers: []string{asCitizen}},
		"search":           {path: "/v1/searches", headers: with(), body: `{"words":"修路","open":true}`},
		"move":             {path: "/v1/cases/ZS26-0417-3K/moves", headers: with(once), body: `{"name":"transfer","unit":"transport"}`},
		"check":            {path: "/v1/cases/ZS26-0417-3K/check", headers: with(), body: `{"name":"reply","text":"经查属实，10 月底前修好。"}`},
		"proof":            {path: "/v1/cases/ZS26-0417-3K/proof", headers: []string{asCitizen}},
		"document":         {path: "/v1/cases/ZS26-0417-3K/documents/7.pdf", headers: []string{asCitizen}, save: true},
		"attach":           {path: "/v1/files/0199f3aa-7bbb", headers: []string{asCitizen, "Attachment-Kind: photo", "Attachment-Name: road.jpg"}, body: "@road.jpg"},
		"open":             {path: "/v1/cases/ZS26-0417-3K/files/0199f3aa-7bbb", headers: []string{asCitizen}, save: true},
		"accesses":         {path: "/v1/accesses?number=ZS26-0417-3K", headers: []string{"Actor-Staff: c1", "Actor-Unit: petition", "Actor-Roles: rights"}},
		"week":             {path: "/v1/week?of=late", headers: []string{"Actor-Staff: c1", "Actor-Unit: petition", "Actor-Roles: supervisor"}},
		"notices":          {path: "/v1/notices?limit=100"},
		"forget":           {path: "/v1/forget", body: `{"owner":"tg:123"}`},
		"office":           {path: "/v1/office"},
		"checkpoints":      {path: "/v1/checkpoints"},
		"broadcast":        {path: "/v1/broadcasts", headers: []string{once}, body: `{"text":"国庆期间信访局照常值班，1 日、2 日上午接待。"}`},
		"broadcasts":       {path: "/v1/broadcasts"},
		"broadcast-status": {path: "/v1/broadcasts/latest"},
		"broadcast-stop":   {path: "/v1/broadcasts/latest/stop"},
		"desk":             {path: "/v1/desk/people", body: `{"unit":"petition"}`},
	}
}

// curl is the call as a command; $KEY is an API key in the caller's shell.
func (c sample) curl(method, server string, open bool) string {
	command := "curl -X " + method
	if c.save {
		command += " -OJ"
	}
	parts := []string{command + " '" + server + c.path + "'"}
	if !open {
		parts = append(parts, `-H "Authorization: Bearer $KEY"`)
	}
	for _, h := range c.headers {
		parts = append(parts, "-H '"+h+"'")
	}
	if strings.HasPrefix(c.body, "@") {
		parts = append(parts, "-H 'Content-Type: application/octet-stream'", "--data-binary "+c.body)
	} else if c.body != "" {
		parts = append(parts, "-H 'Content-Type: application/json'", "-d '"+c.body+"'")
	}
	return strings.Join(parts, " \\\n  ")
}
