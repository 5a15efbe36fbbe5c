package open311_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

// field is what GeoReport v2 says of one field of an answer.
type field struct {
	kind   string // text, truth, number, moment, list
	must   bool   // it is there and not null
	of     shape  // of the lines of a list
	values []string
}

type shape map[string]field

// What GeoReport v2 says of its answers (wiki.open311.org/GeoReport_v2), and of FixMyStreet's extension.
var (
	ofService = shape{
		"service_code": {kind: "text", must: true}, "service_name": {kind: "text", must: true}, "description": {kind: "text"}, "metadata": {kind: "truth", must: true},
		"type": {kind: "text", must: true, values: []string{"realtime", "batch", "blackbox"}}, "keywords": {kind: "text"}, "group": {kind: "text"},
	}
	ofValue     = shape{"key": {kind: "text", must: true}, "name": {kind: "text", must: true}}
	ofAttribute = shape{
		"variable": {kind: "truth", must: true}, "code": {kind: "text", must: true}, "required": {kind: "truth", must: true}, "datatype_description": {kind: "text"},
		"datatype": {kind: "text", must: true, values: []string{"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}},
		"order":    {kind: "number"}, "description": {kind: "text"}, "values": {kind: "list", of: ofValue},
	}
	ofDefinition = shape{"service_code": {kind: "text", must: true}, "attributes": {kind: "list", must: true, of: ofAttribute}}
	ofRequest    = shape{
		"service_request_id": {kind: "text", must: true}, "status": {kind: "text", must: true, values: []string{"open", "closed"}}, "status_notes": {kind: "text"},
		"service_name": {kind: "text"}, "service_code": {kind: "text", must: true}, "description": {kind: "text"}, "agency_responsible": {kind: "text"}, "service_notice": {kind: "text"},
		"requested_datetime": {kind: "moment", must: true}, "updated_datetime": {kind: "moment"}, "expected_datetime": {kind: "moment"},
		"address": {kind: "text"}, "address_id": {kind: "text"}, "zipcode": {kind: "text"}, "lat": {kind: "number"}, "long": {kind: "number"}, "media_url": {kind: "text"},
	}
	ofUpdate = shape{
		"update_id": {kind: "text", must: true}, "service_request_id": {kind: "text", must: true}, "status": {kind: "text", must: true, values: []string{"OPEN", "CLOSED"}},
		"updated_datetime": {kind: "moment", must: true}, "description": {kind: "text", must: true},
	}
	ofEndpoint  = shape{"specification": {kind: "text", must: true}, "url": {kind: "text", must: true}, "changeset": {kind: "moment", must: true}, "type": {kind: "text", must: true, values: []string{"production", "test"}}, "formats": {kind: "list", must: true}}
	ofDiscovery = shape{"changeset": {kind: "moment", must: true}, "contact": {kind: "text", must: true}, "key_service": {kind: "text", must: true}, "endpoints": {kind: "list", must: true, of: ofEndpoint}}
)

// faults says what of a value does not fit.
func (s shape) faults(at string, v any) (all []string) {
	one, ok := v.(map[string]any)
	if !ok {
		return []string{at + " is no object"}
	}
	for name, f := range s {
		v, there := one[name]
		if f.must && (!there || v == nil) {
			all = append(all, at+"."+name+" is missing")
		}
		if v != nil {
			all = append(all, f.faults(at+"."+name, v)...)
		}
	}
	for name := range one {
		if _, known := s[name]; !known {
			all = append(all, at+"."+name+" is not of the specification")
		}
	}
	return all
}

func (f field) faults(at string, v any) (all []string) {
	fits := false
	switch v := v.(type) {
	case string:
		_, err := time.Parse(time.RFC3339, v)
		fits = f.kind == "text" && (len(f.values) == 0 || slices.Contains(f.values, v)) || f.kind == "moment" && err == nil
	case bool:
		fits = f.kind == "truth"
	case float64:
		fits = f.kind == "number"
	case []any:
		fits = f.kind == "list"
		for i, one := range v {
			if f.of != nil {
				all = append(all, f.of.faults(fmt.Sprintf("%s[%d]", at, i), one)...)
			}
		}
	}
	if !fits {
		all = append(all, fmt.Sprintf("%s is %v", at, v))
	}
	return all
}

// names are the elements of an XML text, each once, and its root.
func names(t *testing.T, text string) (root string, all []string) {
	t.Helper()
	in := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := in.Token()
		if err == io.EOF {
			return root, all
		}
		if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if begins, ok := token.(xml.StartElement); ok {
			if root == "" {
				root = begins.Name.Local
			} else if !slices.Contains(all, begins.Name.Local) {
				all = append(all, begins.Name.Local)
			}
		}
	}
}

func TestAnswersAreAsTheSpecificationSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	number := w.lodge(ordinary())
	w.lodge(with(ordinary(), "description", "路灯不亮", "lat", "", "long", ""))
	for path, c := range map[string]struct {
		of         shape
		list       bool
		root, line string
	}{
		"services":                 {ofService, true, "services", "service"},
		"services/transport.roads": {ofDefinition, false, "service_definition", "attribute"},
		"requests":                 {ofRequest, true, "service_requests", "request"},
		"requests/" + number:       {ofRequest, true, "service_requests", "request"},
		"servicerequestupdates":    {ofUpdate, true, "service_request_updates", "request_update"},
		"discovery":                {ofDiscovery, false, "discovery", "endpoint"},
	} {
		_, body := w.call("GET", path+".json", nil)
		var v any
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		lines := []any{v}
		if c.list {
			lines, _ = v.([]any)
		}
		if len(lines) == 0 {
			t.Errorf("%s answers nothing: %s", path, body)
		}
		for i, one := range lines {
			for _, fault := range c.of.faults(fmt.Sprintf("%s[%d]", path, i), one) {
				t.Error(fault)
			}
		}
		_, text := w.call("GET", path+".xml", nil)
		root, elements := names(t, text)
		if root != c.root || !slices.Contains(elements, c.line) {
			t.Errorf("%s as XML is <%s> of %v", path, root, elements)
		}
		for name, f := range c.of {
			if f.must && !slices.Contains(elements, name) {
				t.Errorf("%s as XML lacks %s", path, name)
			}
		}
	}
}
