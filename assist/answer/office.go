package answer

import (
	"cmp"
	"strings"
)

// fill puts the office's data into the places {name}, {phone}, {hours}, {address}, {bring} and
// {contact} of an entry's text. What the office's file leaves open is spoken of as not filled in,
// never guessed.
func (b *Book) fill(text, lang string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	o, words := b.office, func(key string) string { return b.locales.Say(lang, key) }
	return strings.NewReplacer(
		"{name}", o.NameIn(lang),
		"{phone}", cmp.Or(o.Phone, words("rules.no_phone")),
		"{hours}", cmp.Or(o.HoursIn(lang), words("rules.no_hours")),
		"{address}", cmp.Or(o.Address, words("rules.no_address")),
		"{bring}", cmp.Or(strings.Join(o.Documents, words("rules.comma")), words("rules.bring")),
		"{contact}", b.contact(lang),
	).Replace(text)
}

// contact tells where a person can be asked instead.
func (b *Book) contact(lang string) string {
	return b.locales.Say(lang, "rules.contact", "Office", b.office.NameIn(lang), "Phone", b.office.Phone, "Hours", b.office.HoursIn(lang))
}
