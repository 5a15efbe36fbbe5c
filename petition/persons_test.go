package petition_test

import (
	"strings"
	"testing"

	"dengwen/petition"
)

// letterOf is what somebody wrote in a letter.
func (w *world) letterOf(key, name, phone string) string {
	w.t.Helper()
	f := filing(petition.Claim)
	f.Key, f.Owner, f.Channel, f.Contact = key, "", "letter", petition.Contact{Name: name, Phone: phone}
	k, err := w.s.File(w.t.Context(), clerk, f)
	if err != nil {
		w.t.Fatal(err)
	}
	return k.Number
}

// No door can look for a person without a reason: the service refuses it.
func TestAPersonIsLookedForWithAReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.letterOf("l-1", "周大山", "139 0914 0001")
	w.do(clerk, n, m(petition.MoveTransfer, "unit", "transport"))
	find := func(a petition.Actor, words, reason string) ([]petition.Item, error) {
		a.Reason = reason
		p, err := w.s.List(t.Context(), a, petition.Query{Words: words, Order: "new"})
		return p.Items, err
	}
	for _, words := range []string{"周大山", "13909140001", "+86 139 0914 0001", "桥面 周大山", "李某", "欧阳修文"} {
		for _, a := range []petition.Actor{clerk, chief, road, water, admin, {Caller: "sync", Unit: "petition", Roles: []petition.Role{petition.Intake}}} {
			_, err := find(a, words, " ")
			wantError(t, err, petition.Forbidden, "access.why_person")
		}
	}
	for _, words := range []string{"周大山", "13909140001", "桥面 周大山"} {
		for who, want := range map[string]struct {
			petition.Actor
			n int
		}{"the petition office": {clerk, 1}, "the unit that has it": {road, 1}, "another unit": {water, 0}, "an administrator": {admin, 0}} {
			if items, err := find(want.Actor, words, "来电询问"); err != nil || len(items) != want.n {
				t.Errorf("%s finds %d by %q (%v), want %d", who, len(items), words, err, want.n)
			}
		}
	}
	if items, err := find(clerk, "没路 周大山", "来电询问"); err != nil || len(items) != 0 {
		t.Errorf("other words are passed over: %v (%v)", items, err)
	}
	log, err := w.s.Accesses(t.Context(), chief, petition.AccessQuery{Staff: water.Staff})
	if err != nil || len(log.Lines) == 0 || log.Lines[0].Act != petition.ActSearch || log.Lines[0].Reason != "来电询问" {
		t.Errorf("a search that found nothing is not in the log: %+v (%v)", log.Lines, err)
	}
	if items, err := find(clerk, "桥面", ""); err != nil || len(items) != 1 {
		t.Errorf("a matter asks for no reason: %v (%v)", items, err)
	}
}

// What is written like a name asks for a reason, what names a matter does not.
func TestWhatLooksForAPerson(t *testing.T) {
	t.Parallel()
	o := example()
	for _, words := range strings.Fields("王芳 李秀英 张建国 刘德全 欧阳明 司马小红 周大山 吴二娃 0914-4321234 4321234 13991410001 赵老师 陈书记") {
		if !o.LooksForPerson(words) {
			t.Errorf("%q asks for no reason", words)
		}
	}
	for _, words := range strings.Fields("桥面 路灯 低保 拖欠工资 高速路 下梁 营盘镇 曹坪 马路 林权 化粪池 垃圾场 金额 ZS26-0001-KN 48 ZS26-0048 2026 商信转〔2026〕118号 20261120001234567 住建局") {
		if o.LooksForPerson(words) {
			t.Errorf("%q asks for a reason", words)
		}
	}
}
