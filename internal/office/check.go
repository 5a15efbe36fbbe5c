package office

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"dengwen/petition"
)

// checking gathers what is wrong with one office.
type checking struct {
	o        *petition.Office
	units    map[string]bool
	places   map[string]bool
	subjects map[string]string // code → parent
	faults   []error
	warnings []Warning
}

var (
	prefixForm = regexp.MustCompile(`^[A-HJ-NP-Z]{2}$`) // I and O are left to digits
	codeForm   = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,39}$`)
	kinds      = []string{"office", "town", "department", "vertical", "party", "county", "court", "city"}
)

func check(o *petition.Office) *checking {
	c := &checking{o: o, units: map[string]bool{}, places: map[string]bool{}, subjects: map[string]string{}}
	c.head()
	c.checkUnits()
	c.checkPlaces()
	c.checkCategories()
	c.checkRouting()
	c.checkSettings()
	return c
}

func (c *checking) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf(format, args...))
}

func (c *checking) warn(format string, args ...any) {
	c.warnings = append(c.warnings, Warning(fmt.Sprintf(format, args...)))
}

func (c *checking) head() {
	o := c.o
	if o.Name == "" {
		c.fault("name: the office needs a name")
	}
	if !prefixForm.MatchString(o.Prefix) {
		c.fault("prefix: %q should be two capital letters without I and O, the head of every number", o.Prefix)
	}
	for name, v := range map[string]string{"open": o.Open, "close": o.Close} {
		if _, err := time.Parse("15:04", v); err != nil {
			c.fault("%s: %q is not a time like 08:00", name, v)
		}
	}
	if o.Open >= o.Close {
		c.fault("open: %s is not before close: %s", o.Open, o.Close)
	}
	if o.Example {
		c.warn("this is the example office: its names are not confirmed; check every line and remove example: true")
	}
	for name, v := range map[string]string{"phone": o.Phone, "address": o.Address, "hours": o.Hours} {
		if v == "" {
			c.warn("%s is empty; Article 18 asks the office to publish it", name)
		}
	}
}

func (c *checking) checkUnits() {
	for _, u := range c.o.Units {
		switch {
		case !codeForm.MatchString(u.Code):
			c.fault("units: the code %q should be small letters, digits, dots or hyphens", u.Code)
		case c.units[u.Code]:
			c.fault("units: the code %s is there twice", u.Code)
		case u.Name == "":
			c.fault("units: %s has no name", u.Code)
		case !slices.Contains(kinds, u.Kind):
			c.fault("units: %s has the kind %q; known are %s", u.Code, u.Kind, strings.Join(kinds, ", "))
		}
		c.units[u.Code] = true
	}
	var unchecked []string
	for _, u := range c.o.Units {
		c.unitRef("units: above of "+u.Code, u.Above, true)
		for _, field := range []string{u.Review, u.Rereview} {
			for code := range strings.SplitSeq(field, "|") {
				c.unitRef("units: review of "+u.Code, strings.TrimSpace(code), true)
			}
		}
		if u.Check {
			unchecked = append(unchecked, u.Name)
		}
	}
	c.unitRef("unit", c.o.Unit, false)
	c.unitRef("sealed_unit", c.o.SealedUnit, false)
	if len(unchecked) > 0 {
		c.warn("%d units are marked check: true, their names are not confirmed: %s", len(unchecked), strings.Join(unchecked, "、"))
	}
}

// unitRef checks that a code names a unit.
func (c *checking) unitRef(where, code string, optional bool) {
	if code == "" && optional || c.units[code] {
		return
	}
	if code == "" {
		c.fault("%s: it is missing; name one of the units by its code", where)
		return
	}
	c.fault("%s: there is no unit %s", where, code)
}

func (c *checking) checkPlaces() {
	for _, p := range c.o.Places {
		switch {
		case p.Code == "" || p.Name == "":
			c.fault("places: a place needs a code and a name (%q, %q)", p.Code, p.Name)
		case c.places[p.Code]:
			c.fault("places: the code %s is there twice", p.Code)
		}
		c.places[p.Code] = true
		c.unitRef("places: unit of "+p.Name, p.Unit, false)
		if p.Lat < -90 || p.Lat > 90 || p.Lon < -180 || p.Lon > 180 {
			c.fault("places: %s lies at %v, %v, which is nowhere on earth", p.Name, p.Lat, p.Lon)
		}
	}
	if len(c.o.Places) == 0 {
		c.fault("places: there are none")
	}
}

func (c *checking) checkCategories() {
	for _, s := range c.o.Categories {
		switch _, twice := c.subjects[s.Code]; {
		case !codeForm.MatchString(s.Code):
			c.fault("categories: the code %q should be small letters, digits, dots or hyphens", s.Code)
		case twice:
			c.fault("categories: the code %s is there twice", s.Code)
		case s.Name == "":
			c.fault("categories: %s has no name", s.Code)
		case s.Route < 0 || s.Route > 6:
			c.fault("categories: route of %s is %d; Article 31 has the routes 1 to 6", s.Code, s.Route)
		}
		c.subjects[s.Code] = s.Parent
	}
	for _, s := range c.o.Categories {
		if s.Parent == "" {
			continue
		}
		parent, ok := c.subjects[s.Parent]
		switch {
		case !ok:
			c.fault("categories: %s lies under %s, which is not there", s.Code, s.Parent)
		case parent != "":
			c.fault("categories: %s lies three levels deep; two are the most", s.Code)
		}
	}
	if len(c.o.Categories) == 0 {
		c.fault("categories: there are none")
	}
}

func (c *checking) checkRouting() {
	for i, r := range c.o.Routing {
		where := fmt.Sprintf("routing, rule %d", i+1)
		if _, ok := c.subjects[r.Category]; r.Category != "" && !ok {
			c.fault("%s: there is no category %s", where, r.Category)
		}
		if r.Place != "" && !c.places[r.Place] {
			c.fault("%s: there is no place %s", where, r.Place)
		}
		if r.Unit != "@place" {
			c.unitRef(where, r.Unit, false)
		}
		if r.Unit == c.o.SealedUnit && r.Unit != "" {
			c.warn("%s sends open matters to %s, which is there for sealed reports", where, r.Unit)
		}
	}
}

func (c *checking) checkSettings() {
	s := c.o.Settings
	for name, v := range map[string]int{"yellow_days": s.YellowDays, "nudge_days": s.NudgeDays, "keep_draft_days": s.KeepDraftDays, "max_files": s.MaxFiles} {
		if v < 1 {
			c.fault("settings: %s is %d; it should be 1 or more", name, v)
		}
	}
	if s.MaxFileMB < 1 || s.MaxFileMB > 20 {
		c.fault("settings: max_file_mb is %d; 1 to 20, more a Telegram bot cannot fetch", s.MaxFileMB)
	}
	if s.YellowDay < 1 || s.YellowDay >= 60 {
		c.fault("settings: yellow_day is %d; it should lie within the 60 days of Article 34", s.YellowDay)
	}
}
