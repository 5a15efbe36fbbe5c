// Package exchange writes and reads the files that an office exchanges with the petition system above it
// (Article 21), in columns and codes of the office's data, and lists what differs between a file of that system
// and what is here. Reports on misconduct are in no file.
package exchange

import (
	"maps"
	"slices"
	"strings"

	"dengwen/internal/backlog"
	"dengwen/petition"
)

// columns are those of an office that names none.
var columns = []petition.ExchangeColumn{
	{Field: "number", Name: "信访件编号"}, {Field: "ours", Name: "本地编号"}, {Field: "received", Name: "登记日期"}, {Field: "channel", Name: "信访形式"}, {Field: "class", Name: "信访目的"},
	{Field: "name", Name: "信访人"}, {Field: "phone", Name: "联系电话"}, {Field: "address", Name: "住址"}, {Field: "people", Name: "信访人数"}, {Field: "place", Name: "问题属地"}, {Field: "where", Name: "详细地址"},
	{Field: "subject", Name: "内容分类"}, {Field: "facts", Name: "信访内容"}, {Field: "request", Name: "主要诉求"}, {Field: "unit", Name: "承办单位"}, {Field: "status", Name: "办理状态"}, {Field: "day", Name: "办结日期"},
	{Field: "sender", Name: "转送单位"}, {Field: "due", Name: "反馈期限"},
}

// mapping is between values here and in the file.
type mapping struct {
	office  *petition.Office
	columns []petition.ExchangeColumn
	own     map[string]map[string]string // by field: code of there, code of here
}

func mappingOf(o *petition.Office) mapping {
	m := mapping{office: o, columns: o.Exchange.Columns, own: map[string]map[string]string{}}
	if len(m.columns) == 0 {
		m.columns = columns
	}
	for field, codes := range o.Exchange.Codes {
		m.own[field] = map[string]string{}
		for _, own := range slices.Sorted(maps.Keys(codes)) {
			theirs := codes[own]
			if was := m.own[field][theirs]; was == "" || field == "status" && coarse(petition.Status(own)) == petition.Status(own) {
				m.own[field][theirs] = own
			}
		}
	}
	return m
}

// heads are the names of the columns.
func (m mapping) heads() (all []string) {
	for _, c := range m.columns {
		all = append(all, c.Name)
	}
	return all
}

// named are the names of the columns by field, as backlog.ReadSheet takes them: its number of another system is the
// one of the system above.
func (m mapping) named() map[string]string {
	named := map[string]string{}
	for _, c := range m.columns {
		field := c.Field
		if field == "number" {
			field = "old"
		}
		named[field] = c.Name
	}
	return named
}

// has reports whether a file has a column.
func (m mapping) has(field string) bool {
	return slices.ContainsFunc(m.columns, func(c petition.ExchangeColumn) bool { return c.Field == field })
}

// here is a value of the file as it is called here: the code of its code, or itself.
func (m mapping) here(field, value string) string {
	if own := m.own[field][strings.TrimSpace(value)]; own != "" {
		return own
	}
	return value
}

// coarse is a status among those that systems tell apart: petition.BacklogStatuses.
func coarse(s petition.Status) petition.Status {
	switch s {
	case petition.Waiting, petition.Reviewing, petition.Rereviewing:
		return petition.Accepted
	case petition.Replied, petition.Reviewed, petition.Finished:
		return petition.Closed
	}
	return s
}

// there is a code of here as the file has it: its code, else its name.
func (m mapping) there(field, own string) string {
	if theirs := m.office.Exchange.Codes[field][own]; theirs != "" || own == "" {
		return theirs
	}
	switch field {
	case "status":
		if own := string(coarse(petition.Status(own))); m.office.Exchange.Codes[field][own] != "" {
			return m.office.Exchange.Codes[field][own]
		}
		return backlog.Word(field, string(coarse(petition.Status(own))))
	case "channel":
		if word := backlog.Word(field, own); word != "" {
			return word
		}
		return backlog.Word(field, "portal") // whatever is lodged on a screen
	case "class":
		return backlog.Word(field, own)
	case "unit":
		return m.office.UnitName(own)
	case "subject":
		if c, ok := m.office.Category(own); ok {
			return c.Name
		}
	case "place":
		if l, ok := m.office.Locality(own); ok {
			return l.Name
		}
	}
	return own
}

// cells are a case as a line of the file.
func (m mapping) cells(c petition.Case) (all []string) {
	for _, col := range m.columns {
		all = append(all, m.cell(col.Field, &c))
	}
	return all
}

func (m mapping) cell(field string, c *petition.Case) string {
	f := &c.Filing
	coded := map[string]string{"channel": f.Channel, "class": string(f.Class), "subject": f.Subject, "place": f.Place.Code, "unit": c.Unit, "status": string(c.Status)}
	if own, ok := coded[field]; ok {
		return m.there(field, own)
	}
	number := f.Origin.Number
	if number == "" {
		number = f.Old
	}
	received := petition.Day(c.Received)
	if f.Origin.Date != "" {
		received = f.Origin.Date
	}
	ended := ""
	if n := len(c.Timeline); n > 0 && coarse(c.Status).Ended() {
		ended = petition.Day(c.Timeline[n-1].At)
	}
	return map[string]string{
		"number": number, "ours": c.Number, "received": received, "where": f.Place.Text, "title": f.Title, "facts": f.Facts, "request": f.Request, "people": count(f.People),
		"name": f.Contact.Name, "phone": f.Contact.Phone, "address": f.Contact.Address, "day": ended, "sender": f.Origin.Name, "due": f.Origin.Due,
	}[field]
}
