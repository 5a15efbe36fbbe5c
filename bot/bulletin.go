package bot

import (
	"strings"

	"dengwen/locales"
	"dengwen/petition"
)

// BulletinText is the text of a service notice with its heading.
func BulletinText(words *locales.Catalog, o *petition.Office, lang, text string) string {
	return words.Say(lang, "notices.head", "Office", o.NameIn(lang)) + "\n" + text
}

// AboutBulletin is Say.About of the one message that shows the progress of a service notice.
func AboutBulletin(id string) string { return bulletinPrefix + id }

const bulletinPrefix = "bulletin:"

// OfBulletin reports whether a message is about a service notice and no case.
func OfBulletin(about string) bool { return strings.HasPrefix(about, bulletinPrefix) }
