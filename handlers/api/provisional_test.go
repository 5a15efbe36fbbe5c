package api_test

import (
	"encoding/json"
	"slices"
	"testing"

	"dengwen/handlers/api"
	"dengwen/internal/test/provisional"
	"dengwen/petition"
)

// Where no calendar is published, every last day of a period that is answered says beside itself that it is provisional.
func TestDaysThatAreProvisional(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, new(petition.Calendar), func(k *keyring) { k.add("office", "", api.Citizens, api.Staff) })
	accepted, waits := w.lodge("x:1", "A", petition.Claim, "transport"), w.lodge("x:1", "B", petition.Claim, "transport")
	road := petition.Actor{Staff: "road", Unit: "transport", Roles: []petition.Role{petition.Officer, petition.Head}}
	if _, err := w.svc.Do(t.Context(), road, accepted.Number, petition.Move{Name: petition.MoveAccept}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.svc.Do(t.Context(), road, accepted.Number, petition.Move{Name: petition.MoveSubmit, For: petition.MoveExtend, Text: "情况复杂"}); err != nil {
		t.Fatal(err)
	}
	head := officerOf("transport", "road", "officer,head")
	owner := []string{"Actor-Owner", "x:1"}
	w.at = w.at.AddDate(0, 0, 7)
	marked := 0
	for _, call := range []struct {
		path string
		as   []string
	}{
		{"/v1/cases", head}, {"/v1/cases/" + accepted.Number, head}, {"/v1/cases/" + waits.Number, head}, {"/v1/notices", nil}, {"/v1/week?of=soon", head}, {"/v1/cases", owner},
		{"/v1/cases/" + accepted.Number, owner},
	} {
		status, text := w.call("office", "GET", call.path, "", call.as...)
		if status != 200 {
			t.Errorf("%s: %d %s", call.path, status, text)
			continue
		}
		var body any
		if err := json.Unmarshal([]byte(text), &body); err != nil {
			t.Fatal(err)
		}
		marked += due(t, call.path, body)
	}
	if marked < 8 {
		t.Errorf("only %d days seen", marked)
	}
	if days := provisional.Computed(w.view(accepted.Number)); !slices.Contains(days, w.view(accepted.Number).Due) {
		t.Errorf("the days looked for are %v", days)
	}
}

func (w *world) view(number string) petition.View {
	w.t.Helper()
	v, err := w.svc.Look(w.t.Context(), petition.System(), number, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// due looks through an answer for last days, and counts those that are marked.
func due(t *testing.T, path string, body any) (marked int) {
	switch v := body.(type) {
	case []any:
		for _, one := range v {
			marked += due(t, path, one)
		}
	case map[string]any:
		if day, _ := v["due"].(string); day != "" {
			if v["provisional"] == true || v["provisional"] == "yes" {
				marked++
			} else {
				t.Errorf("%s: %s is not marked in %v", path, day, v)
			}
		}
		for _, one := range v {
			marked += due(t, path, one)
		}
	}
	return marked
}
