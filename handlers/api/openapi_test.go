package api_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dengwen/handlers/api"

	"go.yaml.in/yaml/v3"
)

// document is the part of OpenAPI that the checks look at.
type document struct {
	OpenAPI string `json:"openapi"`
	Info    struct {
		Title, Version, Description string
		License                     map[string]string
	}
	Servers []struct{ URL string }
	Tags    []struct{ Name, Description string }
	Paths   map[string]map[string]struct {
		OperationID string
		Summary     string
		Description string
		Tags        []string
		Security    []map[string][]string
		Parameters  []struct {
			Name, In, Description string
			Required              bool
			Schema                map[string]any
		}
		RequestBody *struct{ Content map[string]any }
		Responses   map[string]struct {
			Description string
			Content     map[string]any
		}
	}
	Components struct {
		Schemas         map[string]map[string]any
		SecuritySchemes map[string]map[string]any
	}
}

func description(t *testing.T) (document, string) {
	t.Helper()
	srv := serve(t, api.Config{Cases: service(t, ""), Public: "https://cases.example"})
	resp, body := ask(t, srv, "GET", "/v1/openapi.json", "")
	if resp.StatusCode != 200 {
		t.Fatalf("openapi.json: %s", resp.Status)
	}
	var d document
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		t.Fatal(err)
	}
	return d, body
}

func TestDescription(t *testing.T) {
	t.Parallel()
	d, _ := description(t)
	if !strings.HasPrefix(d.OpenAPI, "3.1") || d.Info.Title == "" || d.Info.Version == "" || d.Info.Description == "" || d.Info.License == nil {
		t.Errorf("openapi %s, info %+v", d.OpenAPI, d.Info)
	}
	if len(d.Servers) != 1 || d.Servers[0].URL != "https://cases.example" {
		t.Errorf("servers %+v", d.Servers)
	}
	if d.Components.SecuritySchemes["key"]["scheme"] != "bearer" {
		t.Errorf("security schemes %+v", d.Components.SecuritySchemes)
	}
	var ids []string
	for path, item := range d.Paths {
		for method, op := range item {
			ids = append(ids, op.OperationID)
			name := method + " " + path
			if op.Summary == "" || op.Description == "" || len(op.Tags) != 1 || len(op.Security) != 1 {
				t.Errorf("%s lacks summary, description, one tag or security: %+v", name, op)
			}
			if !slices.ContainsFunc(d.Tags, func(tag struct{ Name, Description string }) bool { return tag.Name == op.Tags[0] }) {
				t.Errorf("%s has the unknown tag %s", name, op.Tags[0])
			}
			for _, p := range op.Parameters {
				if p.Description == "" || p.Schema["type"] == nil || p.In == "path" && !p.Required {
					t.Errorf("%s: parameter %s: %+v", name, p.Name, p)
				}
			}
			success := false
			for status, r := range op.Responses {
				success = success || status[0] == '2'
				if status[0] != '2' && r.Content["application/problem+json"] == nil {
					t.Errorf("%s: answer %s is no problem document", name, status)
				}
			}
			if !success {
				t.Errorf("%s has no good answer", name)
			}
		}
	}
	slices.Sort(ids)
	if want := "accesses attach check checkpoints document file forget list look move notices office open proof search week"; strings.Join(ids, " ") != want {
		t.Errorf("operations %v, want %s", ids, want)
	}
}

// Every reference must lead somewhere, and every schema must be used.
func TestDescriptionReferences(t *testing.T) {
	t.Parallel()
	d, text := description(t)
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`"#/components/schemas/([^"]+)"`).FindAllStringSubmatch(text, -1) {
		used[m[1]] = true
		if d.Components.Schemas[m[1]] == nil {
			t.Errorf("reference to %s, which is not there", m[1])
		}
	}
	for name, s := range d.Components.Schemas {
		if !used[name] {
			t.Errorf("schema %s is used nowhere", name)
		}
		if s["type"] != "object" {
			t.Errorf("schema %s has type %v", name, s["type"])
		}
	}
	if required := d.Components.Schemas["Filing"]["required"]; !slices.Equal(required.([]any), []any{"class"}) {
		t.Errorf("a filing needs %v", required)
	}
}

func TestDescriptionAsYAML(t *testing.T) {
	t.Parallel()
	srv := serve(t, api.Config{Cases: service(t, "")})
	resp, body := ask(t, srv, "GET", "/v1/openapi.yaml", "")
	var d map[string]any
	if err := yaml.Unmarshal([]byte(body), &d); err != nil || resp.StatusCode != 200 || d["paths"] == nil {
		t.Errorf("openapi.yaml: %s, %v", resp.Status, err)
	}
}

func TestDocsPage(t *testing.T) {
	t.Parallel()
	srv := serve(t, api.Config{Cases: service(t, ""), PerAddress: 100})
	resp, body := ask(t, srv, "GET", "/v1/docs", "")
	if resp.StatusCode != 200 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		t.Fatalf("docs: %s, %v", resp.Status, resp.Header)
	}
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") {
		t.Errorf("policy %q", csp)
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		target := m[1]
		switch {
		case strings.HasPrefix(target, "#"):
			if !strings.Contains(body, `id="`+target[1:]+`"`) {
				t.Errorf("link to %s leads nowhere", target)
			}
		case strings.HasPrefix(target, "/v1/"):
			if r, _ := ask(t, srv, "GET", target, ""); r.StatusCode != 200 {
				t.Errorf("%s: %s", target, r.Status)
			}
		default:
			t.Errorf("the page loads or links %s", target)
		}
	}
	for _, want := range []string{"/v1/cases/{number}/moves", "Idempotency-Key", "Lodge a petition", "lang=\"en\"", "verbatim"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(body, "<script") {
		t.Error("the page runs a script")
	}
}
