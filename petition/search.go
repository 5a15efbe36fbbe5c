package petition

import "strings"

// brackets are those of document numbers, which people write as they can.
var brackets = strings.NewReplacer("〔", "[", "〕", "]", "［", "[", "］", "]", "【", "[", "】", "]", "（", "(", "）", ")")

// Fold is a text as words are looked for in it: capitals are small and brackets alike.
func Fold(s string) string { return strings.ToLower(brackets.Replace(s)) }

// Texts are what a search by words looks through, folded. Who petitions is not among them.
func (c *Case) Texts() []string {
	f := &c.Filing
	all := []string{c.Number, f.Old, f.Title, f.Facts, f.Request, f.Place.Text, f.Origin.Number, f.Origin.Name}
	for i := range all {
		all[i] = Fold(all[i])
	}
	return all
}
