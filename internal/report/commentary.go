package report

import (
	"dengwen/petition"
)

// DraftTitle stands above a commentary: that it is a draft.
func (p Printer) DraftTitle() string { return p.w("report.draft") }

// telling is by how many cases something must have changed to be mentioned: fewer say nothing.
const telling = 5

// Commentary is a draft of what the figures say, in plain sentences that follow from them by rules: what came and was answered, what
// rose and fell, what was late, and what people said. Whoever sends the report looks it over. None for the public, whose figures are
// partly hidden.
func (p Printer) Commentary() (all []string) {
	if !p.Inner {
		return nil
	}
	add := func(s string) {
		if s != "" {
			all = append(all, s)
		}
	}
	add(p.beside("filed", func(y petition.YearFigures) int { return y.Filed }))
	add(p.beside("answered", func(y petition.YearFigures) int { return y.Answered }))
	add(p.changes("fields", petition.FieldCodes, func(y petition.YearFigures) map[string]int { return y.Fields }, p.field))
	add(p.changes("places", petition.PlaceCodes, func(y petition.YearFigures) map[string]int { return y.Places }, p.place))
	add(p.late("notice", func(u petition.UnitFigures) petition.Share { return u.Notice }))
	add(p.late("answer", func(u petition.UnitFigures) petition.Share { return u.Answer }))
	add(p.opinions())
	return all
}

// beside is a figure with what it was in the time before and in that of the year before.
func (p Printer) beside(key string, of func(petition.YearFigures) int) string {
	now := of(p.Periods[0].Year)
	s := p.w("report.draft."+key, "Count", now)
	for i, f := range p.Periods[1:] {
		was := of(f.Year)
		way := "same"
		switch {
		case now > was:
			way = "more"
		case now < was:
			way = "less"
		}
		s += p.w("report.draft."+way, "Than", p.w([]string{"report.draft.before", "report.draft.year_before"}[i]), "Was", was, "By", max(now-was, was-now))
	}
	return s + p.w("report.draft.stop")
}

// changes is what most cases were about, and what rose and fell most since the time before, in the order of the office's data where
// two are alike; "" where there is nothing.
func (p Printer) changes(key string, codes petition.Codes, of func(petition.YearFigures) map[string]int, name func(string) string) string {
	have := p.pick(of)
	now := have[0]
	most, rose, fell := "", "", ""
	change := func(string) int { return 0 }
	if len(have) > 1 {
		change = func(code string) int { return now[code] - have[1][code] }
	}
	for _, code := range petition.InOrder(p.Office, codes, union(have)) {
		if code == "" {
			continue
		}
		if now[code] > 0 && (most == "" || now[code] > now[most]) {
			most = code
		}
		if d := change(code); d >= telling && (rose == "" || d > change(rose)) {
			rose = code
		}
		if d := change(code); d <= -telling && (fell == "" || d < change(fell)) {
			fell = code
		}
	}
	if most == "" {
		return ""
	}
	s := p.w("report.draft."+key, "Name", name(most), "Count", now[most])
	if rose != "" {
		s += p.w("report.draft.rose", "Name", name(rose), "Was", have[1][rose], "Now", now[rose])
	}
	if fell != "" {
		s += p.w("report.draft.fell", "Name", name(fell), "Was", have[1][fell], "Now", now[fell])
	}
	return s + p.w("report.draft.stop")
}

// late is how many of a kind of period were kept, and in which units some were not, in the order of the office's data.
func (p Printer) late(key string, of func(petition.UnitFigures) petition.Share) string {
	var sum petition.Share
	units := ""
	for _, u := range p.Periods[0].Units {
		share := of(u)
		sum.N, sum.Of = sum.N+share.N, sum.Of+share.Of
		if n := share.Of - share.N; n > 0 {
			if units != "" {
				units += p.w("desk.comma")
			}
			units += p.w("report.draft.unit", "Unit", p.unit(u.Unit), "Count", n)
		}
	}
	if sum.Of == 0 {
		return ""
	}
	s := p.w("report.draft."+key, "Share", p.share(sum))
	if units != "" {
		s += p.w("report.draft.late", "Count", sum.Of-sum.N, "Units", units)
	}
	return s + p.w("report.draft.stop")
}

// opinions is what petitioners said of answers, and how many were opened again.
func (p Printer) opinions() string {
	var rated, satisfied, again petition.Share
	for _, u := range p.Periods[0].Units {
		rated.N, rated.Of = rated.N+u.Rated.N, rated.Of+u.Rated.Of
		satisfied.N, satisfied.Of = satisfied.N+u.Satisfied.N, satisfied.Of+u.Satisfied.Of
		again.N, again.Of = again.N+u.Reopened.N, again.Of+u.Reopened.Of
	}
	if rated.Of == 0 {
		return ""
	}
	s := p.w("report.draft.opinions", "Rated", p.share(rated), "Satisfied", p.share(satisfied))
	if again.Of > 0 {
		s += p.w("report.draft.again", "Reopened", p.share(again))
	}
	return s + p.w("report.draft.stop")
}
