package desk

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dengwen/internal/naming"
	"dengwen/petition"
)

// whyValid is how long one reason serves for the same case.
const whyValid = 30 * time.Minute

// maxReason bounds the form by which a reason is given, in bytes.
const maxReason = 8 << 10

// whyChoices are the likely reasons, named desk.why.<name>.
var whyChoices = []string{"handle", "call", "verify", "supervise"}

// whyForm asks why an officer wants something.
type whyForm struct {
	frame
	About, Ask string
	Likely     []string
}

type whyPage struct {
	frame
	Form *whyForm
}

// whyForm asks why, in the words of desk.page.why.<what>, about a case.
func (d *Door) whyForm(f frame, about, what string) *whyForm {
	w := &whyForm{frame: f, About: about, Ask: f.T("why."+what, "Number", about)}
	for _, c := range whyChoices {
		w.Likely = append(w.Likely, f.N.Text("desk.why."+c))
	}
	return w
}

// reasonsSince is how old a reason may be. What is sent by a form that was opened with a reason is
// not refused, and lost, because somebody wrote on it for longer.
func (d *Door) reasonsSince(r *http.Request) time.Time {
	if r.Method == http.MethodPost {
		return time.Time{}
	}
	return d.Now().Add(-whyValid)
}

// orAsk asks for the reason that a request lacked; any other error is left as it is.
func (d *Door) orAsk(v *visit, err error) error {
	var refused *petition.Error
	if !errors.As(err, &refused) || refused.Key != "access.why" {
		return err
	}
	f := d.inFrame(v, "ledger")
	return d.write(v.w, http.StatusForbidden, "why", "frame", whyPage{f, d.whyForm(f, v.r.PathValue("number"), "report")})
}

// giveReason remembers for a while why somebody wants something, and leads there.
func (d *Door) giveReason(v *visit) error {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, maxReason)
	about, text := v.r.PostFormValue("about"), strings.TrimSpace(v.r.PostFormValue("reason"))
	if about == "" || len(about) > 400 || text == "" {
		return petition.Fail(petition.Invalid, "access.why")
	}
	if err := d.Sessions.Change(v.ctx(), v.session.Give(about, naming.Clip(text, 200), d.Now())); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/desk/cases/"+url.PathEscape(about), http.StatusSeeOther)
	return nil
}
