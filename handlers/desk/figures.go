package desk

import (
	"net/url"
	"strconv"

	"dengwen/petition"
)

// MayFigures reports whether who is in reads figures and reports.
func (f frame) MayFigures() bool { return f.Me != nil && f.Me.actor.Leads() }

type figuresPage struct {
	frame
	O      petition.Overview
	Whose  string // the unit's name, "" = all cases
	Poll   bool   // this part of a page asks again for itself
	Weeks  []panel
	Lines  []weekLine // behind Weeks, newest first
	Steps  []stepLine
	Fields []panel
	Topics []seriesLine
	Places []panel
	Towns  []seriesLine
	Months []string
	Map    *townMap // nil = the office's data have no points for it

	Top, TopTown int // counts of the highest bars of Fields and Places
}

// waitAgain is after how many seconds a page that is being counted asks again.
const waitAgain = "2"

// figures shows heads what became of the cases of their unit, and the head of the petition
// office what became of all.
func (d *Door) figures(v *visit) error {
	if d.Figures == nil {
		return d.missing(v)
	}
	o, err := d.Figures.Overview(v.ctx(), v.actor)
	if err != nil {
		return petition.Wrap(err, "read figures")
	}
	p := figuresPage{frame: d.inFrame(v, "figures"), O: o}
	if o.Unit != "" {
		p.Whose = v.names.Unit(o.Unit)
	}
	if o.At.IsZero() {
		p.Poll = againLater(v)
		return d.render(v, "figures", "figures", p)
	}
	p.draw()
	return d.render(v, "figures", "figures", p)
}

// againLater has the page ask again soon: a browser by itself, a part of a page by its script,
// which is when it answers true.
func againLater(v *visit) bool {
	if v.r.Header.Get("HX-Request") == "true" {
		return true
	}
	v.w.Header().Set("Refresh", waitAgain)
	return false
}

func (p *figuresPage) draw() {
	n, o := p.N, p.O
	weeks := map[string][]bar{}
	for i, w := range o.Weeks {
		l := weekLine{WeekFigures: w, Received: received(url.Values{}, w.Span), Done: named("done", w.From), Late: named("late", w.From)}
		if i == len(o.Weeks)-1 {
			l.Open = "/desk/cases?open=1"
		}
		title := p.T("figures.span", "From", n.Day(w.From), "To", n.Day(w.To))
		for key, b := range map[string]bar{
			"received": {N: w.Received, Href: l.Received}, "open": {N: w.Open}, "done": {N: w.Done.N, Href: l.Done}, "late": {N: w.Late.N, Href: l.Late},
		} {
			b.Title = title + " · " + strconv.Itoa(b.N)
			weeks[key] = append(weeks[key], b)
		}
		p.Lines = append([]weekLine{l}, p.Lines...)
	}
	for _, key := range []string{"received", "open", "done", "late"} {
		top := highest(weeks[key])
		c := draw(p.T("figures."+key), key, weeks[key], top, 560, 70)
		c.Said = p.T("figures.bar", "Last", c.Said, "Top", top)
		p.Weeks = append(p.Weeks, c)
	}
	for _, s := range o.Steps {
		l := stepLine{StepFigures: s, Name: p.T("figures.first")}
		if s.Status != "" {
			l.Name = n.Status(s.Status)
		}
		p.Steps = append(p.Steps, l)
	}
	scaleSteps(p.Steps)
	for _, m := range o.Months {
		p.Months = append(p.Months, m.From[:7])
	}
	p.Fields, _, p.Top = p.multiples(o.Fields, "", p.subject)
	_, p.Topics, _ = p.multiples(o.Subjects, "subject", p.subject)
	p.Places, p.Towns, p.TopTown = p.multiples(o.Places, "place", p.place)
	p.Map = p.mapOf()
}

func (p *figuresPage) subject(code string) string {
	if code == "" {
		return p.T("figures.unknown")
	}
	return p.N.Subject(code, p.O.To)
}

func (p *figuresPage) place(code string) string {
	if code == "" {
		return p.T("figures.unknown")
	}
	return p.N.Place(petition.Place{Code: code}, p.O.To)
}

// multiples are small charts on one scale, and the table behind them. key is by what a list
// selects the cases, "" = it cannot.
func (p *figuresPage) multiples(all []petition.Series, key string, name func(string) string) (panels []panel, lines []seriesLine, top int) {
	for _, s := range all {
		for _, c := range s.Counts {
			top = max(top, c)
		}
	}
	for _, s := range all {
		l := seriesLine{Name: name(s.Code)}
		var bars []bar
		for i, c := range s.Counts {
			b := bar{N: c, Title: p.Months[i] + " · " + strconv.Itoa(c)}
			if key != "" && s.Code != "" && c > 0 {
				b.Href = received(url.Values{key: {s.Code}}, p.O.Months[i])
			}
			bars, l.Total = append(bars, b), l.Total+c
		}
		l.Cells = bars
		lines = append(lines, l)
		panels = append(panels, draw(l.Name, "received", bars, top, 160, 48))
	}
	return panels, lines, top
}

// received is the address of a list of what was received within a time.
func received(q url.Values, in petition.Span) string {
	q.Set("from", in.From)
	q.Set("to", in.To)
	q.Set("order", "new")
	return "/desk/cases?" + q.Encode()
}

// named is the address of the cases of a figure that a list cannot select.
func named(of, week string) string {
	q := url.Values{"of": {of}}
	if week != "" {
		q.Set("week", week)
	}
	return "/desk/figures/cases?" + q.Encode()
}

// Named is named for a template, of what has no weeks.
func (p figuresPage) Named(of string) string { return named(of, "") }

// Share shows numerator and denominator beside the percentage.
func (p figuresPage) Share(s petition.Share) string { return share(s) }

func share(s petition.Share) string {
	percent, ok := s.Percent()
	if !ok {
		return "—"
	}
	return strconv.Itoa(s.N) + "/" + strconv.Itoa(s.Of) + " (" + strconv.FormatFloat(percent, 'f', 1, 64) + "%)"
}

// HrefUnit is the list of a unit's cases.
func (p figuresPage) HrefUnit(code string) string {
	return "/desk/cases?" + url.Values{"unit": {code}}.Encode()
}

// RepeatedOf is the share of repetitions in what was received.
func (p figuresPage) RepeatedOf() petition.Share {
	return petition.Share{N: p.O.Repeated.N, Of: p.O.Received.N}
}

type weekLine struct {
	petition.WeekFigures
	Received, Open, Done, Late string // addresses of the cases, "" = none
}

type stepLine struct {
	petition.StepFigures
	Name        string
	Long, Short int // widths of the bars of 300: P90, median
}

func scaleSteps(all []stepLine) {
	top := 1
	for _, s := range all {
		top = max(top, s.P90)
	}
	for i := range all {
		all[i].Long, all[i].Short = max(1, all[i].P90*300/top), max(1, all[i].Median*300/top)
	}
}

type seriesLine struct {
	Name  string
	Cells []bar
	Total int
}

type namedPage struct {
	frame
	Title string
	Cases petition.Counted
}

// namedCases shows the cases of a figure that a list cannot select.
func (d *Door) namedCases(v *visit) error {
	if d.Figures == nil {
		return d.missing(v)
	}
	of, week := v.r.FormValue("of"), v.r.FormValue("week")
	c, err := d.Figures.Named(v.ctx(), v.actor, of, week)
	if err != nil {
		return petition.Wrap(err, "read the cases of a figure")
	}
	p := namedPage{frame: d.inFrame(v, "figures"), Cases: c}
	p.Title = p.T("figures." + of)
	if week != "" {
		p.Title += " · " + p.T("figures.week", "Day", v.names.Day(week))
	}
	return d.render(v, "named", "body", p)
}

// bar is one count in a chart, with the address of its cases.
type bar struct {
	N           int
	Href, Title string
	X, Y, W, H  int
}

// panel is one chart of bars.
type panel struct {
	Title, Tone   string
	Said          string // the count of the last bar
	Bars          []bar
	Width, Height int // of the picture; the bars stand on its bottom
}

func highest(bars []bar) int {
	top := 0
	for _, b := range bars {
		top = max(top, b.N)
	}
	return top
}

func draw(title, tone string, bars []bar, top, width, height int) panel {
	p := panel{Title: title, Tone: tone, Width: width, Height: height, Said: strconv.Itoa(bars[len(bars)-1].N)}
	step := width / len(bars)
	for i, b := range bars {
		b.X, b.W = i*step+1, step-2
		if b.N > 0 {
			b.H = max(2, b.N*height/max(top, 1))
		}
		b.Y = height - b.H
		p.Bars = append(p.Bars, b)
	}
	return p
}

// notYet answers a file of figures that are still being counted.
func notYet(v *visit) error {
	v.w.Header().Set("Retry-After", waitAgain)
	return petition.Fail(petition.Conflict, "figures.counting")
}
