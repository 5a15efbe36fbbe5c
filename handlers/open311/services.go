package open311

import (
	"encoding/xml"
	"slices"
	"strings"

	"dengwen/petition"
)

// service is a subject that can be petitioned about.
type service struct {
	code, group string // group is the code of the first level, "" of a subject that has none above it
}

// misconductGroup is the first-level subject of the office's data that is about misconduct in office.
const misconductGroup = "discipline"

// servicesOf are the subjects of the office's data that have none below them, but for misconduct.
func servicesOf(o *petition.Office) (all []service) {
	for _, c := range o.Categories {
		parent := slices.ContainsFunc(o.Categories, func(x petition.Category) bool { return x.Parent == c.Code })
		if !parent && c.Code != misconductGroup && c.Parent != misconductGroup {
			all = append(all, service{c.Code, c.Parent})
		}
	}
	return all
}

type serviceLine struct {
	Code        string `xml:"service_code" json:"service_code"`
	Name        string `xml:"service_name" json:"service_name"`
	Description string `xml:"description" json:"description"`
	Metadata    bool   `xml:"metadata" json:"metadata"`
	Type        string `xml:"type" json:"type"`
	Keywords    string `xml:"keywords" json:"keywords"`
	Group       string `xml:"group" json:"group"`
}

type serviceList struct {
	XMLName  xml.Name      `xml:"services"`
	Services []serviceLine `xml:"service"`
}

// list is GET services.
func (d *Door) list(q *request) (answer, error) {
	all := make([]serviceLine, 0, len(d.services))
	for _, s := range d.services {
		c, _ := d.Office.Category(s.code)
		all = append(all, serviceLine{
			Code: s.code, Name: c.NameIn(q.lang), Description: d.say(q, "open311.service.about", "Name", c.NameIn(q.lang)),
			Metadata: true, Type: "realtime", Keywords: strings.Join(c.Words[:min(len(c.Words), 10)], ","), Group: d.subject(q, s.group),
		})
	}
	return answer{serviceList{Services: all}, all}, nil
}

// subject is the name of a subject, "" for none.
func (d *Door) subject(q *request, code string) string {
	if c, ok := d.Office.Category(code); ok {
		return c.NameIn(q.lang)
	}
	return ""
}

type choiceValue struct {
	Key  string `xml:"key" json:"key"`
	Name string `xml:"name" json:"name"`
}

type choices struct {
	Value []choiceValue `xml:"value"`
}

type attribute struct {
	Variable    bool          `xml:"variable" json:"variable"`
	Code        string        `xml:"code" json:"code"`
	Datatype    string        `xml:"datatype" json:"datatype"`
	Required    bool          `xml:"required" json:"required"`
	TypeAbout   string        `xml:"datatype_description" json:"datatype_description"`
	Order       int           `xml:"order" json:"order"`
	Description string        `xml:"description" json:"description"`
	ValuesXML   *choices      `xml:"values" json:"-"`
	Values      []choiceValue `xml:"-" json:"values,omitempty"`
}

type attributes struct {
	Attribute []attribute `xml:"attribute"`
}

type definitionXML struct {
	XMLName    xml.Name   `xml:"service_definition"`
	Code       string     `xml:"service_code"`
	Attributes attributes `xml:"attributes"`
}

type definitionJSON struct {
	Code       string      `json:"service_code"`
	Attributes []attribute `json:"attributes"`
}

// The attributes of every service. Publication is for the petitioner to say, so it has no default.
const (
	attrPublic = "public"
	attrClass  = "class"
	attrAsks   = "request"
	attrPeople = "people"
	attrTown   = "town"
)

// definition is GET services/{service_code}.
func (d *Door) definition(q *request) (answer, error) {
	if !slices.ContainsFunc(d.services, func(s service) bool { return s.code == q.rest }) {
		return answer{}, errService
	}
	list := func(code string, required bool, values ...choiceValue) attribute {
		return attribute{Variable: true, Code: code, Datatype: "singlevaluelist", Required: required, Values: values}
	}
	towns := make([]choiceValue, 0, len(d.Office.Places))
	for _, p := range d.Office.Places {
		towns = append(towns, choiceValue{p.Code, p.NameIn(q.lang)})
	}
	all := []attribute{
		list(attrPublic, true, choiceValue{"no", d.say(q, "open311.public.no")}, choiceValue{"yes", d.say(q, "open311.public.yes")}),
		{Variable: true, Code: attrAsks, Datatype: "text"},
		list(attrTown, false, towns...),
		list(attrClass, true, choiceValue{string(petition.Claim), d.say(q, "class.claim")}, choiceValue{string(petition.Suggestion), d.say(q, "class.suggestion")}),
		{Variable: true, Code: attrPeople, Datatype: "number"},
	}
	for i := range all {
		a := &all[i]
		a.Order, a.Description = i+1, d.say(q, "open311.attribute."+a.Code)
		if len(a.Values) > 0 {
			a.ValuesXML = &choices{a.Values}
		}
	}
	return answer{definitionXML{Code: q.rest, Attributes: attributes{all}}, definitionJSON{q.rest, all}}, nil
}

type formats struct {
	Format []string `xml:"format"`
}

type endpoint struct {
	Specification string   `xml:"specification" json:"specification"`
	URL           string   `xml:"url" json:"url"`
	Changeset     string   `xml:"changeset" json:"changeset"`
	Type          string   `xml:"type" json:"type"`
	FormatsXML    formats  `xml:"formats" json:"-"`
	Formats       []string `xml:"-" json:"formats"`
}

type endpoints struct {
	Endpoint []endpoint `xml:"endpoint"`
}

type discoveryBody struct {
	XMLName      xml.Name   `xml:"discovery" json:"-"`
	Changeset    string     `xml:"changeset" json:"changeset"`
	Contact      string     `xml:"contact" json:"contact"`
	KeyService   string     `xml:"key_service" json:"key_service"`
	EndpointsXML endpoints  `xml:"endpoints" json:"-"`
	Endpoints    []endpoint `xml:"-" json:"endpoints"`
}

// changeset is when the interface last changed.
const changeset = "2026-11-30T00:00:00+08:00"

// discovery is GET discovery (Service Discovery, wiki.open311.org).
func (d *Door) discovery(q *request) (answer, error) {
	kind := "production"
	if d.Office.Example {
		kind = "test"
	}
	both := []string{"text/xml", "application/json"}
	one := endpoint{
		Specification: "http://wiki.open311.org/GeoReport_v2", URL: d.Public + strings.TrimSuffix(Path, "/"), Changeset: changeset,
		Type: kind, FormatsXML: formats{both}, Formats: both,
	}
	contact := strings.TrimSpace(d.Office.NameIn(q.lang) + " " + d.Office.Phone)
	b := discoveryBody{Changeset: changeset, Contact: contact, KeyService: d.say(q, "open311.key_service"), EndpointsXML: endpoints{[]endpoint{one}}, Endpoints: []endpoint{one}}
	return answer{b, b}, nil
}
