package office

import (
	"maps"
	"slices"
	"strings"

	"dengwen/petition"
)

// exchange looks whether the columns of exchange files are known, each once, and the codes of there
// tell apart what they stand for.
func (c *checker) exchange() {
	x := c.o.Exchange
	fields, names := map[string]bool{}, map[string]bool{}
	for i, col := range x.Columns {
		who := item{c, "exchange.columns", i, col.Name}
		switch {
		case strings.TrimSpace(col.Name) == "":
			who.fault("name")
		case !slices.Contains(petition.ExchangeFields(), col.Field):
			who.fault("exchange_field", "field", col.Field, "fields", strings.Join(petition.ExchangeFields(), " "))
		case fields[col.Field] || names[col.Name]:
			who.fault("twice", "code", col.Field)
		}
		fields[col.Field], names[col.Name] = true, true
	}
	if len(x.Columns) > 0 && !(fields["number"] && fields["ours"] && fields["received"]) {
		c.fault("exchange_columns")
	}
	for _, field := range slices.Sorted(maps.Keys(x.Codes)) {
		if !slices.Contains(petition.ExchangeCoded(), field) {
			c.fault("exchange_coded", "field", field, "fields", strings.Join(petition.ExchangeCoded(), " "))
			continue
		}
		c.exchangeCodes(field, x.Codes[field])
	}
}

// exchangeCodes lets several statuses have one code of there, since that system may know fewer.
func (c *checker) exchangeCodes(field string, codes map[string]string) {
	seen := map[string]string{}
	for _, own := range slices.Sorted(maps.Keys(codes)) {
		theirs := codes[own]
		if !c.exchangeKnows(field, own) {
			c.fault("exchange_code", "field", field, "code", own)
		}
		if other := seen[theirs]; other != "" && field != "status" && field != "channel" {
			c.fault("exchange_twice", "field", field, "code", theirs, "first", other, "second", own)
		}
		seen[theirs] = own
	}
}

func (c *checker) exchangeKnows(field, own string) (ok bool) {
	switch field {
	case "channel":
		ok = slices.Contains(petition.Channels(), own)
	case "class":
		ok = own == string(petition.Claim) || own == string(petition.Suggestion)
	case "subject":
		_, ok = c.o.Category(own)
	case "place":
		_, ok = c.o.Locality(own)
	case "unit":
		_, ok = c.o.Find(own)
	case "status":
		ok = slices.Contains(petition.Statuses(), petition.Status(own))
	}
	return ok
}
