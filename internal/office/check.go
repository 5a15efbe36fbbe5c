package office

import (
	"fmt"
	"maps"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/petition"
)

// checker gathers faults and warnings; it never stops at the first.
type checker struct {
	o        *petition.Office
	faults   []error
	warnings []error
}

// fault notes what refuses the file, in the sentence office.key; args are name, value pairs.
func (c *checker) fault(key string, args ...string) {
	c.faults = append(c.faults, because(key, args...))
}

func (c *checker) warn(key string, args ...string) {
	c.warnings = append(c.warnings, because(key, args...))
}

func because(key string, args ...string) error {
	return petition.Fail(petition.Invalid, "office_file."+key, args...)
}

// item is one entry of a list of the file: what is wrong with it is said with its place and name.
type item struct {
	*checker
	list string
	n    int
	name string
}

func (i item) fault(key string, args ...string) { i.faults = append(i.faults, i.at(key, args...)) }

func (i item) warn(key string, args ...string) { i.warnings = append(i.warnings, i.at(key, args...)) }

func (i item) at(key string, args ...string) error {
	e := petition.Fail(petition.Invalid, "office_file.at", "list", i.list, "number", strconv.Itoa(i.n+1), "name", i.name)
	e.Err = because(key, args...)
	return e
}

func (c *checker) all() {
	c.head()
	c.units()
	c.places()
	c.categories()
	c.routing()
	c.duty()
	c.settings()
	c.history()
	c.wordings()
	c.guide()
	c.disputes()
	c.exchange()
}

var (
	division = regexp.MustCompile(`^[0-9]{6}$`)
	prefix   = regexp.MustCompile(`^[A-HJ-NP-Z]{2}$`) // I and O look like digits
	code     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,58}$`)
	kinds    = []string{"office", "town", "department", "vertical", "party", "county", "city", "province", "court"}
	handling = []string{"office", "town", "department", "vertical"} // their replies can be reviewed
)

// Kinds are the kinds of units there are.
func Kinds() []string { return slices.Clone(kinds) }

func (c *checker) head() {
	o := c.o
	if !division.MatchString(o.Code) {
		c.fault("code", "value", o.Code)
	}
	if !prefix.MatchString(o.Prefix) {
		c.fault("prefix", "value", o.Prefix)
	}
	for name, v := range map[string]string{"name": o.Name, "county": o.County, "hours": o.Hours} {
		if strings.TrimSpace(v) == "" {
			c.fault("empty", "field", name)
		}
	}
	open, err1 := petition.ParseClock(o.Open)
	shut, err2 := petition.ParseClock(o.Close)
	if err1 != nil || err2 != nil || open >= shut {
		c.fault("hours", "open", o.Open, "close", o.Close)
	}
	if m := o.Reception.Meeting; m != "" {
		if u, err := url.Parse(strings.NewReplacer("{date}", "2026-01-01", "{id}", "1").Replace(m)); err != nil || u.Scheme != "https" || u.Host == "" {
			c.fault("meeting", "value", m)
		}
	}
	c.known("unit", o.Unit)
	c.known("sealed_unit", o.SealedUnit)
	if o.SealedUnit != "" && o.SealedUnit == o.Unit {
		c.fault("sealed_same")
	}
	if !o.Example && o.Phone == "" {
		c.warn("phone")
	}
	if !o.Example && o.Address == "" {
		c.warn("address")
	}
	if o.Example {
		c.warn("example")
	}
}

// known says that a code must be that of a unit.
func (c *checker) known(what, code string) {
	if code == "" {
		c.fault("empty", "field", what)
	} else if _, ok := c.o.Find(code); !ok {
		c.fault("unit", "field", what, "code", code)
	}
}

// known is checker.known of an entry's unit.
func (i item) known(code string) {
	if code == "" {
		i.fault("empty", "field", "unit")
	} else if _, ok := i.o.Find(code); !ok {
		i.fault("unit", "field", "unit", "code", code)
	}
}

func (c *checker) units() {
	seen := map[string]bool{}
	for i, u := range c.o.Units {
		who := item{c, "units", i, or(u.Name, u.Code)}
		if !code.MatchString(u.Code) {
			who.fault("letters", "code", u.Code)
		}
		if seen[u.Code] {
			who.fault("twice", "code", u.Code)
		}
		seen[u.Code] = true
		if strings.TrimSpace(u.Name) == "" {
			who.fault("name")
		}
		if !slices.Contains(kinds, u.Kind) {
			who.fault("kind", "kind", u.Kind, "kinds", strings.Join(kinds, " "))
		}
		if _, _, ok := petition.ParseFirstNumber(u.FirstNumber); u.FirstNumber != "" && (!ok || strings.TrimSpace(u.Organ) == "") {
			who.fault("first_number", "value", u.FirstNumber)
		}
		c.chain(who, u)
		if !c.o.Example && u.Check {
			who.warn("check")
		}
		if !c.o.Example && u.Phone == "" && slices.Contains(handling, u.Kind) {
			who.warn("unit_phone")
		}
	}
	c.sealedAbove()
}

// sealedAbove checks where a report about the unit that gets reports goes.
func (c *checker) sealedAbove() {
	o := c.o
	if o.SealedAbove != "" {
		c.known("sealed_above", o.SealedAbove)
		if o.SealedAbove == o.SealedUnit || o.SealedAbove == o.Unit {
			c.fault("sealed_above_same")
		}
		return
	}
	sealed, _ := o.Find(o.SealedUnit)
	above, ok := o.Find(sealed.Above)
	switch {
	case !ok:
		c.warn("sealed_above", "name", sealed.Name)
	case above.Address == "" && above.Phone == "":
		c.warn("sealed_above_where", "name", sealed.Name, "above", above.Name)
	}
}

// chain checks who stands above a unit and who reviews it.
func (c *checker) chain(who item, u petition.Unit) {
	for what, codes := range map[string]string{"above": u.Above, "review": u.Review, "rereview": u.Rereview} {
		for one := range strings.FieldsFuncSeq(codes, func(r rune) bool { return r == '|' }) {
			if _, ok := c.o.Find(strings.TrimSpace(one)); !ok {
				who.fault("unknown_unit", "field", what, "code", one)
			}
			if one == u.Code {
				who.fault("itself", "field", what)
			}
		}
	}
	if slices.Contains(handling, u.Kind) && u.Review == "" {
		who.fault("review")
	}
	if slices.Contains(handling, u.Kind) && u.Rereview == "" {
		who.fault("rereview")
	}
	at := u
	for n := 0; at.Above != ""; n++ {
		next, ok := c.o.Find(at.Above)
		if !ok {
			return
		}
		if n > len(c.o.Units) {
			who.fault("above_circle")
			return
		}
		at = next
	}
}

func (c *checker) places() {
	seen := map[string]bool{}
	if len(c.o.Places) == 0 {
		c.fault("no_places")
	}
	for i, p := range c.o.Places {
		who := item{c, "places", i, or(p.Name, p.Code)}
		if !code.MatchString(p.Code) || seen[p.Code] {
			who.fault("bad_code", "code", p.Code)
		}
		seen[p.Code] = true
		if strings.TrimSpace(p.Name) == "" {
			who.fault("name")
		}
		who.known(p.Unit)
		if p.Lat < -90 || p.Lat > 90 || p.Lon < -180 || p.Lon > 180 {
			who.fault("degrees", "lat", fmt.Sprint(p.Lat), "lon", fmt.Sprint(p.Lon))
		}
		if !outline(p.Area) {
			who.fault("area")
		}
	}
}

func (c *checker) categories() {
	seen := map[string]bool{}
	if len(c.o.Categories) == 0 {
		c.fault("no_categories")
	}
	for i, k := range c.o.Categories {
		who := item{c, "categories", i, or(k.Name, k.Code)}
		if !code.MatchString(k.Code) || seen[k.Code] {
			who.fault("bad_code", "code", k.Code)
		}
		seen[k.Code] = true
		if strings.TrimSpace(k.Name) == "" {
			who.fault("name")
		}
		if k.Route < 0 || k.Route > 6 {
			who.fault("route", "route", strconv.Itoa(k.Route))
		}
		c.parents(who, k)
	}
}

func (c *checker) parents(who item, k petition.Category) {
	for n := 0; k.Parent != ""; n++ {
		next, ok := c.o.Category(k.Parent)
		if !ok {
			who.fault("parent", "code", k.Parent)
			return
		}
		if n > 0 {
			who.fault("parent_circle")
			return
		}
		k = next
	}
}

func (c *checker) routing() {
	for i, r := range c.o.Routing {
		who := item{c, "routing", i, r.Unit}
		if _, ok := c.o.Category(r.Category); r.Category != "" && !ok {
			who.fault("category", "code", r.Category)
		}
		if _, ok := c.o.Locality(r.Place); r.Place != "" && !ok {
			who.fault("place", "code", r.Place)
		}
		if r.Unit != "@place" {
			who.known(r.Unit)
		}
		if r.Unit == c.o.SealedUnit && r.Unit != "" {
			who.warn("sealed_route")
		}
	}
}

// duty checks the rota: a unit with one has somebody on it every day of the week.
func (c *checker) duty() {
	if c.o.DutyOffice != "" {
		c.known("duty_office", c.o.DutyOffice)
	} else if !c.o.Example {
		c.warn("duty_office")
	}
	covered := map[string]map[string]bool{}
	for i, d := range c.o.Duty {
		unit := or(d.Unit, c.o.Unit)
		who := item{c, "duty", i, unit}
		who.known(unit)
		if len(d.Officers)+len(d.Roles) == 0 {
			who.fault("duty_nobody")
		}
		for _, r := range d.Roles {
			if !slices.Contains(petition.Roles(), r) {
				who.fault("duty_role", "role", string(r))
			}
		}
		for _, day := range d.Dates {
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				who.fault("duty_date", "value", day)
			}
		}
		days := d.Days
		if len(d.Days)+len(d.Dates) == 0 {
			days = petition.Weekdays()
		}
		if covered[unit] == nil {
			covered[unit] = map[string]bool{}
		}
		for _, day := range days {
			if !slices.Contains(petition.Weekdays(), day) {
				who.fault("duty_day", "value", day, "days", strings.Join(petition.Weekdays(), " "))
			}
			covered[unit][day] = true
		}
	}
	for _, unit := range slices.Sorted(maps.Keys(covered)) {
		for _, day := range petition.Weekdays() {
			if !covered[unit][day] {
				c.warn("duty_gap", "name", c.o.UnitName(unit), "day", day)
			}
		}
	}
}

func (c *checker) settings() {
	s := c.o.Settings
	for _, n := range []struct {
		name          string
		value, lo, hi int
	}{
		{"yellow_days", s.YellowDays, 1, 14}, {"yellow_day", s.YellowDay, 1, 59}, {"nudge_days", s.NudgeDays, 1, 60},
		{"suggestion_days", s.SuggestionDays, 1, 365}, {"keep_draft_days", s.KeepDraftDays, 1, 365}, {"keep_case_years", s.KeepCaseYears, 0, 100},
		{"max_files", s.MaxFiles, 1, 100}, {"max_file_mb", s.MaxFileMB, 1, 20},
		{"simple_accept", s.SimpleAccept, 1, 15}, {"simple_reply", s.SimpleReply, 1, 60}, {"decide_days", s.DecideDays, 1, 15},
		{"deliver_days", s.DeliverDays, 1, 30}, {"progress_days", s.ProgressDays, 1, 90}, {"lead_days", s.LeadDays, 1, 31}, {"supplement_days", s.SupplementDays, 1, 90},
		{"confirm_days", s.ConfirmDays, 1, 90}, {"notices_month", s.NoticesMonth, 1, 31},
		{"urgent_head_minutes", s.UrgentHeadMinutes, 1, 60}, {"urgent_duty_minutes", s.UrgentDutyMinutes, 1, 120},
	} {
		if n.value < n.lo || n.value > n.hi {
			c.fault("range", "name", n.name, "value", strconv.Itoa(n.value), "low", strconv.Itoa(n.lo), "high", strconv.Itoa(n.hi))
		}
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// outline reports whether an area has none, or at least three corners that are places on earth.
func outline(area [][]float64) bool {
	for _, at := range area {
		if len(at) != 2 || !(math.Abs(at[0]) <= 180) || !(math.Abs(at[1]) <= 90) { // a number that is none is refused too
			return false
		}
	}
	return len(area) == 0 || len(area) >= 3
}
