package desk

import (
	"net/http"
	"slices"
	"strings"

	"dengwen/petition"
	"dengwen/petition/telling"
)

type placesPage struct {
	frame
	Told  telling.Wishes
	Kinds []choice
	Robot []choice
	Saved bool
}

// places shows where somebody is told besides the desk and their chat.
func (d *Door) places(v *visit) error {
	p := placesPage{frame: d.inFrame(v, "me"), Told: v.person.Told, Saved: v.r.FormValue("saved") == "1"}
	for _, k := range telling.Kinds() {
		p.Kinds = append(p.Kinds, choice{k, p.T("places.kind." + k), p.Told.Wants(k, false)})
	}
	for _, k := range []string{"wecom", "dingtalk", "feishu"} {
		p.Robot = append(p.Robot, choice{k, p.T("places.robot." + k), k == p.Told.Robot.Kind})
	}
	return d.render(v, "places", "body", p)
}

// setPlaces changes it. An address that is written anew is believed until nothing gets there.
func (d *Door) setPlaces(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxForm)
	if err := v.r.ParseForm(); err != nil {
		return petition.Fail(petition.Invalid, "desk.page.form.large")
	}
	f, w := v.r.PostForm, v.person.Told
	put := func(p *telling.Place, address string) {
		if p.Address != address || !p.Bad.IsZero() {
			*p = telling.Place{Address: address, At: d.Now()}
		}
	}
	phone := strings.TrimSpace(f.Get("phone"))
	if number, ok := telling.Mobile(phone); ok {
		phone = number
	}
	put(&w.Phone, phone)
	put(&w.Mail, strings.TrimSpace(f.Get("mail")))
	if robot := strings.TrimSpace(f.Get("robot")); robot != "" || f.Get("robot_off") == "1" { // it is not shown again, so an empty field keeps it
		put(&w.Robot.Place, robot)
		w.Robot.Kind, w.Robot.Secret = f.Get("robot_kind"), strings.TrimSpace(f.Get("robot_secret"))
	}
	w.From, w.To, w.Kinds = f.Get("from"), f.Get("to"), nil
	for _, k := range telling.Kinds() {
		if slices.Contains(f["kind"], k) {
			w.Kinds = append(w.Kinds, k)
		}
	}
	switch len(w.Kinds) {
	case 0:
		w.Kinds = []string{telling.KindNone}
	case len(telling.Kinds()):
		w.Kinds = nil
	}
	if err := d.Roster.SetTold(v.ctx(), v.person.ID, w); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/desk/me/told?saved=1", http.StatusSeeOther)
	return nil
}
