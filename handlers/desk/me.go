package desk

import (
	"net/http"
	"slices"
	"time"

	"dengwen/internal/websession"
	"dengwen/petition"
)

type mePage struct {
	frame
	UnitName, Roles string
	Learns          bool // there are courses
	Sessions        []sessionLine
	Passkeys        []passkeyLine
}

type sessionLine struct {
	Device      string
	Began, Used string
	This        bool
}

// me is somebody's own page: who they are here, and where they are signed in.
func (d *Door) me(v *visit) error {
	all, err := d.Sessions.List(v.ctx(), websession.OwnerOfStaff(v.person.ID))
	if err != nil {
		return err
	}
	f := d.inFrame(v, "me")
	p := mePage{frame: f, Learns: d.Courses != nil, UnitName: v.names.Unit(v.person.Unit), Roles: v.names.Roles(v.person.Roles)}
	slices.SortFunc(all, func(a, b websession.Session) int { return b.Used.Compare(a.Used) })
	for _, s := range all {
		if opens(s) {
			continue
		}
		p.Sessions = append(p.Sessions, sessionLine{
			Device: s.Device, Began: f.Day(s.Began) + " " + f.Clock(s.Began), Used: f.Day(s.Used) + " " + f.Clock(s.Used), This: s.Began.Equal(v.session.Began) && s.Kind == v.session.Kind,
		})
	}
	if p.Passkeys, err = d.passkeyLines(v, f); err != nil {
		return err
	}
	return d.render(v, "me", "body", p)
}

// leaveAll ends every session of the officer, this one too.
func (d *Door) leaveAll(v *visit) error {
	if _, err := d.Sessions.EndAll(v.ctx(), websession.OwnerOfStaff(v.person.ID)); err != nil {
		return err
	}
	return d.out(v)
}

// language remembers the language that was chosen on this browser.
func (d *Door) language(v *visit) error {
	lang := v.r.FormValue("lang")
	if !d.Locales.Speaks(lang) {
		return petition.Fail(petition.Invalid, "desk.page.nothing")
	}
	http.SetCookie(v.w, &http.Cookie{Name: languageCookie, Value: lang, Path: "/", MaxAge: int(365 * 24 * time.Hour / time.Second), HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: d.Secure})
	http.Redirect(v.w, v.r, "/desk/", http.StatusSeeOther)
	return nil
}
