package petition

import (
	"maps"
	"slices"
	"strings"
)

// Office is what differs between offices. It is data: one YAML file, read by
// internal/office, with 柞水县 as the worked example.
type Office struct {
	Code       string `yaml:"code" json:"code"`                 // division code, 611026
	Prefix     string `yaml:"prefix" json:"prefix"`             // two letters at the head of every number, ZS
	Name       string `yaml:"name" json:"name"`                 // 柞水县信访局
	County     string `yaml:"county" json:"county"`             // 柞水县
	Example    bool   `yaml:"example" json:"example,omitempty"` // names not checked: banner, no production use
	Unit       string `yaml:"unit" json:"unit"`                 // code of the petition office among Units
	SealedUnit string `yaml:"sealed_unit" json:"sealed_unit"`   // unit that gets reports on misconduct
	// SealedAbove is the unit that gets a report about SealedUnit itself; its named officers
	// work here too. "" = none does: who would lodge one is told where to go.
	SealedAbove string `yaml:"sealed_above" json:"sealed_above,omitempty"`
	// DutyOffice is the unit told of a danger that nobody took in hand; "" = none.
	DutyOffice string `yaml:"duty_office" json:"duty_office,omitempty"`
	Duty       []Duty `yaml:"duty" json:"duty,omitempty"` // who is on duty; none = everybody

	Hours      string      `yaml:"hours" json:"hours"`
	OtherHours Names       `yaml:"other_hours" json:"other_hours,omitempty"` // Hours in other languages
	HoursEn    string      `yaml:"hours_en" json:"-"`                        // the older way to write other_hours: {en: …}
	Open       string      `yaml:"open" json:"open"`                         // opening time, 08:00
	Close      string      `yaml:"close" json:"close"`                       // closing time, 18:00; 24:00 = the end of the day
	Address    string      `yaml:"address" json:"address"`
	Phone      string      `yaml:"phone" json:"phone"` // "" = not configured: say so, never invent
	Lines      Lines       `yaml:"lines" json:"lines"` // other numbers people may need
	Documents  []string    `yaml:"documents" json:"documents,omitempty"`
	Units      []Unit      `yaml:"units" json:"units"`
	Places     []Locality  `yaml:"places" json:"places"`
	Categories []Category  `yaml:"categories" json:"categories"`
	Routing    []RouteTo   `yaml:"routing" json:"routing"`
	Wordings   []Wording   `yaml:"wordings" json:"wordings,omitempty"` // to begin papers and messages with
	Guide      []GuideStep `yaml:"guide" json:"guide,omitempty"`       // the office's own guide (导则), shown beside the step that is made
	Disputes   DisputeData `yaml:"disputes" json:"disputes,omitzero"`
	Reception  Reception   `yaml:"reception" json:"reception,omitzero"`
	Exchange   Exchange    `yaml:"exchange,omitempty" json:"-"` // files exchanged with the system above
	Settings   Settings    `yaml:"settings" json:"settings"`
	Retired    Retired     `yaml:"-" json:"retired,omitzero"` // set by Retire
}

// Reception is what the office's data say of leaders' reception days (Art 18).
type Reception struct {
	Place string `yaml:"place" json:"place,omitempty"` // usual place, offered in forms
	// Meeting is the address template of an online reception, https; {date} and {id} of the day are
	// put in. "" = there is none, and an address is given day by day.
	Meeting string `yaml:"meeting" json:"meeting,omitempty"`
}

// Used reports whether the office's leaders receive people: their days are offered then.
func (r Reception) Used() bool { return r.Place != "" || r.Meeting != "" }

// Unit is a body that may hold a case. Kind decides its review body (Art 35, 36):
// town, department, vertical, party, county, court.
type Unit struct {
	Code     string   `yaml:"code" json:"code"`
	Name     string   `yaml:"name" json:"name"`
	Names    Names    `yaml:"names" json:"names,omitempty"`
	NameEn   string   `yaml:"name_en" json:"-"` // the older way to write names: {en: …}
	Short    []string `yaml:"short" json:"short,omitempty"`
	Kind     string   `yaml:"kind" json:"kind"`
	Above    string   `yaml:"above" json:"above,omitempty"`       // body one level up: common superior
	Review   string   `yaml:"review" json:"review,omitempty"`     // names the review body (Art 35)
	Rereview string   `yaml:"rereview" json:"rereview,omitempty"` // names the re-review body (Art 36)
	Phone    string   `yaml:"phone" json:"phone,omitempty"`
	Address  string   `yaml:"address" json:"address,omitempty"`
	Organ    string   `yaml:"organ" json:"organ,omitempty"` // 机关代字 of its outgoing register; "" = its papers carry the case number alone
	// FirstNumber is where that register goes on from one that was kept before, 〔2026〕57号: the first
	// number given here in that year. "" = a year begins with 1.
	FirstNumber string `yaml:"first_number" json:"first_number,omitempty"`
	Check       bool   `yaml:"check" json:"check,omitempty"` // name not confirmed: check before use
	// SelfApproval lets who wrote a paper of this unit sign it as well, as its head: for a unit
	// of one person. The paper and the record say so.
	SelfApproval bool `yaml:"self_approval" json:"self_approval,omitempty"`
	Past         `yaml:",inline"`
}

// Locality is a town or subdistrict with its villages and common short names.
type Locality struct {
	Code     string      `yaml:"code" json:"code"`
	Name     string      `yaml:"name" json:"name"`
	Names    Names       `yaml:"names" json:"names,omitempty"`
	NameEn   string      `yaml:"name_en" json:"-"` // the older way to write names: {en: …}
	Short    []string    `yaml:"short" json:"short,omitempty"`
	Unit     string      `yaml:"unit" json:"unit"` // unit that serves it
	Villages []string    `yaml:"villages" json:"villages,omitempty"`
	Lat      float64     `yaml:"lat" json:"lat,omitempty"` // seat, rough; 0 = unknown
	Lon      float64     `yaml:"lon" json:"lon,omitempty"`
	Area     [][]float64 `yaml:"area,omitempty" json:"-"` // its outline for the map of figures: longitude and latitude of each corner, without holes
	Past     `yaml:",inline"`
}

// Category is one subject; Parent is "" on the first level. Words are words of
// everyday speech that point to it.
type Category struct {
	Code   string   `yaml:"code" json:"code"`
	Parent string   `yaml:"parent" json:"parent,omitempty"`
	Name   string   `yaml:"name" json:"name"`
	Names  Names    `yaml:"names" json:"names,omitempty"`
	NameEn string   `yaml:"name_en" json:"-"` // the older way to write names: {en: …}
	Words  []string `yaml:"words" json:"words,omitempty"`
	// WordsEn are English ones in small letters, for what is written in English.
	WordsEn []string `yaml:"words_en" json:"words_en,omitempty"`
	Route   int      `yaml:"route" json:"route,omitempty"` // usual Art 31 route, 0 = none
	Hint    string   `yaml:"hint" json:"hint,omitempty"`   // key of a sentence on another route's clock
	Past    `yaml:",inline"`
}

// Exchange is how files look that are exchanged with the petition system above (Art 21).
type Exchange struct {
	Sender  string                       `yaml:"sender"`  // who passes matters on by them
	Columns []ExchangeColumn             `yaml:"columns"` // in the order of the file; none = those that come with the program
	Codes   map[string]map[string]string `yaml:"codes"`   // by field (ExchangeCoded): code of here, code of there; without one the name stands in the file
}

// ExchangeColumn is a column of an exchange file.
type ExchangeColumn struct {
	Field string `yaml:"field"` // one of ExchangeFields
	Name  string `yaml:"name"`
}

// ExchangeFields are what a column of an exchange file can be: number is the one of the system above, ours that of
// this office.
func ExchangeFields() []string {
	return []string{"number", "ours", "received", "channel", "class", "subject", "place", "where", "title", "facts", "request", "people", "name", "phone", "address", "unit", "status", "day", "outcome", "sender", "due"}
}

// ExchangeCoded are the fields that may be written in the codes of the system above.
func ExchangeCoded() []string {
	return []string{"channel", "class", "subject", "place", "unit", "status"}
}

// RouteTo is one routing rule: category × place → unit. "" matches any; the first
// rule that matches wins; a category matches its children.
type RouteTo struct {
	Category string `yaml:"category" json:"category,omitempty"`
	Place    string `yaml:"place" json:"place,omitempty"`
	Unit     string `yaml:"unit" json:"unit"` // "@place" = the unit that serves the place
}

// Settings are the numbers that the law leaves open or marks uncertain.
type Settings struct {
	YellowDays     int `yaml:"yellow_days" json:"yellow_days"`         // yellow at this many days left (3)
	YellowDay      int `yaml:"yellow_day" json:"yellow_day"`           // or from this day of the handling period (45)
	NudgeDays      int `yaml:"nudge_days" json:"nudge_days"`           // one nudge per this many days (7)
	SuggestionDays int `yaml:"suggestion_days" json:"suggestion_days"` // the office's own target, not statutory (15)
	KeepDraftDays  int `yaml:"keep_draft_days" json:"keep_draft_days"` // drafts and sessions (30)
	KeepCaseYears  int `yaml:"keep_case_years" json:"keep_case_years"` // case files; 0 = by the archive schedule
	MaxFiles       int `yaml:"max_files" json:"max_files"`             // per petition (20)
	MaxFileMB      int `yaml:"max_file_mb" json:"max_file_mb"`         // per file (20)
	SimpleAccept   int `yaml:"simple_accept" json:"simple_accept"`     // working days to accept or refuse (3)
	SimpleReply    int `yaml:"simple_reply" json:"simple_reply"`       // working days to the opinion (10)
	DecideDays     int `yaml:"decide_days" json:"decide_days"`         // working days to answer an objection (5)
	DeliverDays    int `yaml:"deliver_days" json:"deliver_days"`       // working days to deliver a reply (5)
	ProgressDays   int `yaml:"progress_days" json:"progress_days"`     // days between progress notes on a report (30)
	LeadDays       int `yaml:"lead_days" json:"lead_days"`             // days between progress notes of a leader (7)
	SupplementDays int `yaml:"supplement_days" json:"supplement_days"` // days a citizen is asked to answer in; nothing lapses (15)
	ConfirmDays    int `yaml:"confirm_days" json:"confirm_days"`       // days to object to an answer that has no review (15)

	UnclaimedMinutes  int  `yaml:"untaken_minutes" json:"untaken_minutes"`         // working minutes until a case nobody took is brought up (120)
	UrgentHeadMinutes int  `yaml:"urgent_head_minutes" json:"urgent_head_minutes"` // until the head is told of a danger nobody took in hand (5)
	UrgentDutyMinutes int  `yaml:"urgent_duty_minutes" json:"urgent_duty_minutes"` // until the supervisor and the duty office are (10)
	NoticesMonth      int  `yaml:"notices_month" json:"notices_month"`             // service notices in 30 days at most, as citizens are promised (4)
	AnyHour           bool `yaml:"any_hour" json:"any_hour,omitempty"`             // staff are told outside office hours too
}

// Names are what something is called in other languages, by their tags.
type Names map[string]string

// in is what it is called in a language, of a name in the office's own.
func (n Names) in(lang, name string) string { return or(n[lang], name) }

// all are a name and those in other languages.
func (n Names) all(name string) []string {
	return append([]string{name}, slices.Sorted(maps.Values(n))...)
}

// fold puts a name that was written the older way where the others are.
func (n *Names) fold(english *string) {
	if *english != "" && (*n)["en"] == "" {
		if *n == nil {
			*n = Names{}
		}
		(*n)["en"] = *english
	}
	*english = ""
}

// FoldNames puts names that were written the older way, one for English alone, where the
// others are. Whoever reads an office's file calls it once.
func (o *Office) FoldNames() {
	o.OtherHours.fold(&o.HoursEn)
	for i := range o.Units {
		o.Units[i].Names.fold(&o.Units[i].NameEn)
	}
	for i := range o.Places {
		o.Places[i].Names.fold(&o.Places[i].NameEn)
	}
	for i := range o.Categories {
		o.Categories[i].Names.fold(&o.Categories[i].NameEn)
	}
}

// NameIn is the petition office's name in a language ("zh-CN", "en"); the one in its own
// where there is no other.
func (o *Office) NameIn(lang string) string {
	u, _ := o.Find(o.Unit)
	return u.Names.in(lang, o.Name)
}

// HoursIn is when people are received, in a language, as Office.NameIn.
func (o *Office) HoursIn(lang string) string { return o.OtherHours.in(lang, o.Hours) }

// NameIn is the unit's name in a language, as Office.NameIn.
func (u Unit) NameIn(lang string) string { return u.Names.in(lang, u.Name) }

// AllNames are the unit's names in all languages, without short ones.
func (u Unit) AllNames() []string { return u.Names.all(u.Name) }

// NameIn is the place's name in a language, as Office.NameIn.
func (l Locality) NameIn(lang string) string { return l.Names.in(lang, l.Name) }

// AllNames are the place's names in all languages, without short ones.
func (l Locality) AllNames() []string { return l.Names.all(l.Name) }

// NameIn is the subject's name in a language, as Office.NameIn.
func (c Category) NameIn(lang string) string { return c.Names.in(lang, c.Name) }

// AllNames are the subject's names in all languages.
func (c Category) AllNames() []string { return c.Names.all(c.Name) }

// superiors are the units above one, the nearest first.
func (o *Office) superiors(code string) (all []string) {
	for u, ok := o.Find(code); ok && u.Above != "" && !slices.Contains(all, u.Above); u, ok = o.Find(u.Above) {
		all = append(all, u.Above)
	}
	return all
}

// Find is the unit of a code, retired or not; false when the office never had one.
func (o *Office) Find(code string) (Unit, bool) {
	for _, all := range [][]Unit{o.Units, o.Retired.Units} {
		for _, u := range all {
			if u.Code == code {
				return u, true
			}
		}
	}
	return Unit{}, false
}

// UnitName is the unit's name; a code the office does not know (any more) stays.
func (o *Office) UnitName(code string) string {
	if u, ok := o.Find(code); ok {
		return u.Name
	}
	return code
}

// Category finds a subject by its code, retired or not.
func (o *Office) Category(code string) (Category, bool) {
	for _, all := range [][]Category{o.Categories, o.Retired.Categories} {
		for _, c := range all {
			if c.Code == code {
				return c, true
			}
		}
	}
	return Category{}, false
}

// Locality finds a place by its code, retired or not.
func (o *Office) Locality(code string) (Locality, bool) {
	for _, all := range [][]Locality{o.Places, o.Retired.Places} {
		for _, l := range all {
			if l.Code == code {
				return l, true
			}
		}
	}
	return Locality{}, false
}

// Route says which unit a matter goes to by the office's data. A report goes to the
// sealed unit whatever its subject; a matter no rule knows stays with the petition
// office.
func (o *Office) Route(class Class, subject, place string) string {
	if class == Report {
		return o.SealedUnit
	}
	subject, place = o.current(subject, place)
	for _, r := range o.Routing {
		if r.Place != "" && r.Place != place || !o.within(subject, r.Category) {
			continue
		}
		if r.Unit != "@place" {
			return r.Unit
		}
		if l, ok := o.Locality(place); ok && l.Unit != "" {
			return l.Unit
		}
	}
	return o.Unit
}

// within reports whether a subject is the category or lies beneath it; "" holds all.
func (o *Office) within(subject, category string) bool {
	for range 10 { // two levels are usual; a loop in the data must not hang a filing
		if category == "" || subject == category {
			return true
		}
		c, ok := o.Category(subject)
		if !ok || c.Parent == "" {
			return false
		}
		subject = c.Parent
	}
	return false
}

// ReviewBodies are the bodies a unit's reply may be taken to (Art 35), the usual one
// first. Where the data names several, the petitioner chooses.
func (o *Office) ReviewBodies(handler string) []Unit {
	u, _ := o.Find(handler)
	return o.bodies(u.Review, u.Above)
}

// RereviewBodies are those for the re-review after the reviewer's reply (Art 36).
func (o *Office) RereviewBodies(handler, reviewer string) []Unit {
	u, _ := o.Find(handler)
	r, _ := o.Find(reviewer)
	if u.Review != "" && firstCode(u.Review) != reviewer {
		return o.bodies(r.Review, r.Above) // the petitioner chose another reviewer
	}
	return o.bodies(u.Rereview, r.Above)
}

func (o *Office) bodies(codes, otherwise string) []Unit {
	var out []Unit
	for _, code := range append(splitCodes(codes), otherwise) {
		u, ok := o.Find(o.Successor(code))
		if ok && (code != otherwise || len(out) == 0) {
			out = append(out, u)
		}
	}
	return out
}

// splitCodes reads "gov|city-traffic".
func splitCodes(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '|' || r == ' ' || r == ',' })
}

func firstCode(s string) string {
	if c := splitCodes(s); len(c) > 0 {
		return c[0]
	}
	return ""
}

// codes are those of bodies, as splitCodes reads them.
func codes(units []Unit) string {
	var s []string
	for _, u := range units {
		s = append(s, u.Code)
	}
	return strings.Join(s, "|")
}

// names are bodies as an answer names them.
func names(units []Unit) string {
	var s []string
	for _, u := range units {
		s = append(s, u.Name)
	}
	return strings.Join(s, phrase("or"))
}

// DefaultSettings are the numbers an office starts with. Where a national or
// provincial document gives one, it is that; the rest are the office's own.
func DefaultSettings() Settings {
	return Settings{
		YellowDays: 3, YellowDay: 45, NudgeDays: 7, SuggestionDays: 15, KeepDraftDays: 30,
		MaxFiles: 20, MaxFileMB: 20, SimpleAccept: 3, SimpleReply: 10,
		DecideDays: 5, DeliverDays: 5, ProgressDays: 30, LeadDays: 7, SupplementDays: 15, ConfirmDays: 15,
		UnclaimedMinutes: 120, NoticesMonth: 4, UrgentHeadMinutes: 5, UrgentDutyMinutes: 10,
	}
}

// Filled puts the default where a setting is 0. KeepCaseYears stays: 0 means by the
// archive schedule.
func (s Settings) Filled() Settings {
	d := DefaultSettings()
	for _, p := range []struct {
		have *int
		want int
	}{
		{&s.YellowDays, d.YellowDays}, {&s.YellowDay, d.YellowDay}, {&s.NudgeDays, d.NudgeDays},
		{&s.SuggestionDays, d.SuggestionDays}, {&s.KeepDraftDays, d.KeepDraftDays},
		{&s.MaxFiles, d.MaxFiles}, {&s.MaxFileMB, d.MaxFileMB},
		{&s.SimpleAccept, d.SimpleAccept}, {&s.SimpleReply, d.SimpleReply},
		{&s.DecideDays, d.DecideDays}, {&s.DeliverDays, d.DeliverDays}, {&s.ProgressDays, d.ProgressDays}, {&s.LeadDays, d.LeadDays},
		{&s.SupplementDays, d.SupplementDays}, {&s.ConfirmDays, d.ConfirmDays},
		{&s.UrgentHeadMinutes, d.UrgentHeadMinutes}, {&s.UrgentDutyMinutes, d.UrgentDutyMinutes},
		{&s.UnclaimedMinutes, d.UnclaimedMinutes}, {&s.NoticesMonth, d.NoticesMonth},
	} {
		if *p.have == 0 {
			*p.have = p.want
		}
	}
	return s
}

// Lines are telephone numbers beside the office's own that the conversation names.
// They are data because an office may have numbers of its own, and numbers change.
type Lines struct {
	Discipline string `yaml:"discipline" json:"discipline"` // reports on officials (12388)
	LegalAid   string `yaml:"legal_aid" json:"legal_aid"`   // legal aid (12348)
	Youth      string `yaml:"youth" json:"youth"`           // young people (12355)
	Mind       string `yaml:"mind" json:"mind"`             // somebody to listen (12356)
	Hotline    string `yaml:"hotline" json:"hotline"`       // government hotline (12345)
}

// Filled puts the nationwide number where an office names none. Check them before
// use; none is confirmed here.
func (l Lines) Filled() Lines {
	for _, f := range []struct {
		have *string
		want string
	}{
		{&l.Discipline, "12388"}, {&l.LegalAid, "12348"}, {&l.Youth, "12355"}, {&l.Mind, "12356"}, {&l.Hotline, "12345"},
	} {
		if *f.have == "" {
			*f.have = f.want
		}
	}
	return l
}
