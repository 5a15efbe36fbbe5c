package petition

import (
	"slices"
	"time"
)

// Duty is one line of the rota: who of a unit is on duty on some days, by the calendar in the
// office's time zone, from midnight to midnight. A line for a date takes the place of those for
// its weekday; without both it is for every day.
type Duty struct {
	Unit        string   `yaml:"unit" json:"unit,omitempty"`               // "" = the petition office
	Days        []string `yaml:"days" json:"days,omitempty"`               // mon, tue, wed, thu, fri, sat, sun
	Dates       []string `yaml:"dates" json:"dates,omitempty"`             // 2026-10-01
	Officers    []string `yaml:"officers" json:"officers,omitempty"`       // names or ids
	Roles       []Role   `yaml:"roles" json:"roles,omitempty"`             // everybody of the unit with one of them
	Substitutes []string `yaml:"substitutes" json:"substitutes,omitempty"` // when none of those is there, by name or id
}

// weekdays are how days are written in a rota, from Sunday on as time.Weekday counts.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Weekdays are the words for days in a rota.
func Weekdays() []string { return slices.Clone(weekdays) }

// OnDuty are the lines of the rota for a unit at a moment; none: everybody of it is.
func (o *Office) OnDuty(unit string, at time.Time) []Duty {
	at = at.In(shanghai)
	var byDate, byDay []Duty
	for _, d := range o.Duty {
		switch {
		case or(d.Unit, o.Unit) != unit:
		case slices.Contains(d.Dates, Day(at)):
			byDate = append(byDate, d)
		case len(d.Dates) == 0 && (len(d.Days) == 0 || slices.Contains(d.Days, weekdays[at.Weekday()])):
			byDay = append(byDay, d)
		}
	}
	if len(byDate) > 0 {
		return byDate
	}
	return byDay
}
