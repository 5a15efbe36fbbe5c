package officer

import (
	"slices"
	"testing"

	"dengwen/locales"
	"dengwen/petition"
)

// Every question a move asks of an officer is a question of its own: somebody who came
// two weeks ago can't tell what "please write" wants.
func TestEveryQuestionSaysWhatItAsks(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	common := []string{"text", "date"} // their sentence fits every move and says nothing
	for _, s := range petition.Moves() {
		if !slices.ContainsFunc(s.Who, func(w petition.Who) bool { return w.Role != petition.Citizen && w.Role != petition.Filer }) {
			continue
		}
		for _, f := range s.Fields {
			switch f.Kind {
			case petition.KindText, petition.KindDate, petition.KindChoice:
			default:
				continue
			}
			own := words.Has("desk.field." + string(s.Name) + "." + f.Key)
			if !own && (slices.Contains(common, f.Key) || !words.Has("desk.field."+f.Key)) {
				t.Errorf("%s asks for %s without saying what is wanted", s.Name, f.Key)
			}
		}
	}
}
