package app

import (
	"testing"

	"dengwen/handlers/api"
)

// A key of Open311 lodges there and nowhere else, and no other key does but an administrator's.
func TestKeysOfOpen311(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unit   string
		scopes []api.Scope
		may    bool
	}{
		{"", []api.Scope{api.Open311}, true},
		{"", []api.Scope{api.Admin}, true},
		{"", []api.Scope{api.Citizens, api.Staff, api.Sealed, api.Desk, api.Broadcast}, false},
		{"transport", []api.Scope{api.Open311}, false},
	} {
		key, line, err := api.NewKey("program", c.scopes, c.unit)
		if err != nil {
			t.Fatal(err)
		}
		keys, err := api.ParseKeys(line)
		if err != nil {
			t.Fatal(err)
		}
		if name, may := keys.Holder(key, api.Open311); may != c.may || may && name != "program" {
			t.Errorf("%v of unit %q: %q, %t", c.scopes, c.unit, name, may)
		}
		if _, may := keys.Holder(key+"x", api.Open311); may {
			t.Error("a wrong key may lodge")
		}
	}
}
