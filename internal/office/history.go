package office

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"dengwen/petition"
)

// history checks what became of units, places and subjects: names have days, and nothing new
// goes to what is retired.
func (c *checker) history() {
	units, places, subjects := c.o.Units, c.o.Places, c.o.Categories
	for i, u := range units {
		_, into := c.o.Find(u.Into)
		c.past(item{c, "units", i, or(u.Name, u.Code)}, u.Past, u.Code, into)
	}
	for i, l := range places {
		_, into := c.o.Locality(l.Into)
		c.past(item{c, "places", i, or(l.Name, l.Code)}, l.Past, l.Code, into)
	}
	for i, k := range subjects {
		_, into := c.o.Category(k.Into)
		c.past(item{c, "categories", i, or(k.Name, k.Code)}, k.Past, k.Code, into)
		if parent, _ := c.o.Category(k.Parent); parent.Past.Retired != "" && k.Past.Retired == "" {
			item{c, "categories", i, or(k.Name, k.Code)}.fault("retired", "field", "parent", "code", k.Parent)
		}
	}
	c.references()
}

func (c *checker) past(who item, p petition.Past, code string, into bool) {
	last := ""
	for _, f := range p.Was {
		if _, err := time.Parse(time.DateOnly, f.Until); err != nil || f.Until <= last || f.Name == "" {
			who.fault("was", "name", f.Name, "until", f.Until)
		}
		last = f.Until
	}
	if _, err := time.Parse(time.DateOnly, p.Retired); p.Retired != "" && err != nil {
		who.fault("retired_day", "value", p.Retired)
	}
	if p.Into != "" && (!into || p.Into == code || p.Retired == "") {
		who.fault("into", "code", p.Into)
	}
}

// references are the places of the file that send something somewhere now.
func (c *checker) references() {
	o := c.o
	retired := func(code string) bool { u, ok := o.Find(code); return ok && u.Past.Retired != "" }
	for _, ref := range []struct{ field, code string }{
		{"unit", o.Unit}, {"sealed_unit", o.SealedUnit}, {"sealed_above", o.SealedAbove}, {"duty_office", o.DutyOffice},
	} {
		if retired(ref.code) {
			c.fault("retired", "field", ref.field, "code", ref.code)
		}
	}
	for i, l := range o.Places {
		if retired(l.Unit) && l.Past.Retired == "" {
			item{c, "places", i, l.Name}.fault("retired", "field", "unit", "code", l.Unit)
		}
	}
	for i, r := range o.Routing {
		if retired(r.Unit) {
			item{c, "routing", i, r.Unit}.fault("retired", "field", "unit", "code", r.Unit)
		}
	}
}

// Change is one difference between two states of an office's data.
type Change struct {
	List, Code, Name string // units, places, categories, leaders with code and name of the entry; "" for the rest of the file
	Field            string // "" = the whole entry is new (Was "") or gone (Now "")
	Was, Now         string
}

// Compare says what a file changes, in the order of its lists.
func Compare(was, now *petition.Office) []Change {
	a, b := plainOf(was), plainOf(now)
	var out []Change
	for _, list := range []string{"", "units", "places", "categories"} {
		for _, code := range merged(a[list].codes, b[list].codes) {
			x, inWas := a[list].of[code]
			y, inNow := b[list].of[code]
			c := Change{List: list, Code: code, Name: or(y["name"], x["name"])}
			switch {
			case !inWas:
				c.Now = y["name"]
				out = append(out, c)
			case !inNow:
				c.Was = x["name"]
				out = append(out, c)
			default:
				for _, field := range sortedKeys(x, y) {
					if x[field] != y[field] {
						c.Field, c.Was, c.Now = field, x[field], y[field]
						out = append(out, c)
					}
				}
			}
		}
	}
	return out
}

// Lost names what a file would make cases and reports forget: an entry that is gone instead
// of retired, and a name that changed without the one before under was. nil = nothing.
func Lost(changes []Change) []error {
	var lost []error
	kept := map[string]bool{}
	for _, c := range changes {
		if c.Field == "was" {
			kept[c.List+" "+c.Code] = true
		}
	}
	for i, c := range changes {
		switch {
		case c.List != "" && c.Field == "" && c.Now == "":
			lost = append(lost, item{nil, c.List, i, c.Was}.at("gone", "code", c.Code))
		case c.List != "" && c.Field == "name" && !kept[c.List+" "+c.Code]:
			lost = append(lost, item{nil, c.List, i, c.Now}.at("unnamed", "code", c.Code, "was", c.Was, "today", time.Now().Format(time.DateOnly)))
		}
	}
	return lost
}

// entries are a list of a file as plain fields, by code.
type entries struct {
	codes []string
	of    map[string]map[string]string
}

// plainOf reads an office's data back as the file has it. What is not a list with codes is the
// one entry "" of the list "".
func plainOf(o *petition.Office) map[string]entries {
	all := *o
	all.Units = o.AllUnits()
	all.Places = slices.Concat(o.Places, o.Retired.Places)
	all.Categories = slices.Concat(o.Categories, o.Retired.Categories)
	data, err := yaml.Marshal(all)
	var file map[string]any
	if err == nil {
		err = yaml.Unmarshal(data, &file)
	}
	if err != nil {
		panic(err) // it was read from such a file
	}
	out := map[string]entries{}
	for _, list := range []string{"units", "places", "categories"} {
		e := entries{of: map[string]map[string]string{}}
		rows, _ := file[list].([]any)
		for _, row := range rows {
			fields := plainFields(row.(map[string]any))
			e.codes, e.of[fields["code"]] = append(e.codes, fields["code"]), fields
		}
		out[list] = e
		delete(file, list)
	}
	out[""] = entries{codes: []string{""}, of: map[string]map[string]string{"": plainFields(file)}}
	return out
}

func plainFields(row map[string]any) map[string]string {
	fields := map[string]string{}
	for key, v := range row {
		if inner, ok := v.(map[string]any); ok {
			for name, text := range plainFields(inner) {
				fields[key+"."+name] = text
			}
			continue
		}
		text, ok := v.(string)
		if !ok {
			data, _ := json.Marshal(v) // it came from YAML: it can be written
			text = strings.Trim(string(data), `"`)
		}
		if text != "" && text != "null" && text != "[]" && text != "{}" && text != "0" && text != "false" {
			fields[key] = text
		}
	}
	return fields
}

func sortedKeys(a, b map[string]string) []string {
	both := maps.Clone(a)
	maps.Copy(both, b)
	return slices.Sorted(maps.Keys(both))
}

func merged(a, b []string) []string {
	out := slices.Clone(b)
	for _, code := range a {
		if !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}
