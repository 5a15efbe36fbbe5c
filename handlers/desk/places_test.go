package desk_test

import (
	"net/url"
	"testing"
)

// An officer says where else to be told, of what and when not; an address that is none is refused, and a
// robot's is not shown again.
func TestPlacesAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	town := s.enter("town")
	town.get("/desk/me")
	town.shows("/desk/me/told")
	for _, bad := range []url.Values{{"phone": {"0914-4321234"}}, {"mail": {"nobody"}}, {"from": {"22:00"}}, {"robot": {"https://127.0.0.1/x"}, "robot_kind": {"wecom"}}, {"robot": {"https://oapi.dingtalk.com/x"}, "robot_kind": {"wecom"}}} {
		town.post("/desk/me/told", bad)
		if town.status != 422 {
			t.Errorf("%v: %d", bad, town.status)
		}
	}
	town.post("/desk/me/told", url.Values{"phone": {"139 1234-5678"}, "mail": {"li@xf.example.cn"}, "robot": {"https://oapi.dingtalk.com/robot/send?access_token=hush"}, "robot_kind": {"dingtalk"}, "from": {"22:00"}, "to": {"07:00"}, "kind": {"new", "periods"}})
	town.shows("13912345678", "li@xf.example.cn", `value="22:00"`, "记下了")
	town.hides("hush")
	p, err := s.people.Person(t.Context(), "town")
	if err != nil || !p.Told.Robot.Open() || !p.Told.Wants("new", false) || p.Told.Wants("steps", false) || !p.Told.Wants("steps", true) {
		t.Errorf("%+v, %v", p.Told, err)
	}
	town.post("/desk/me/told", url.Values{"phone": {"13912345678"}})
	if p, err = s.people.Person(t.Context(), "town"); err != nil || !p.Told.Robot.Open() || p.Told.Mail.Open() || p.Told.Wants("new", false) {
		t.Errorf("%+v, %v", p.Told, err)
	}
}
