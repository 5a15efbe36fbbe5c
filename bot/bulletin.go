package bot

import (
	"dengwen/locales"
	"dengwen/petition"
)

// BulletinText is a service notice as citizens read it.
func BulletinText(words *locales.Catalog, o *petition.Office, lang, text string) string {
	return words.Say(lang, "notices.head", "Office", o.NameIn(lang)) + "\n" + text
}
