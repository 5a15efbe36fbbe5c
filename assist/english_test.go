package assist_test

import (
	"slices"
	"testing"
)

// What is written in English is put on the card as a guess where the office's words
// speak for one subject, asked about with the likeliest two where they are alike, and
// left open where none is known.
func TestEnglishSubjects(t *testing.T) {
	t.Parallel()
	r := reader(t)
	for text, want := range map[string]struct {
		code   string
		guess  bool
		likely []string
	}{
		"The street lamp in front of our house has been broken since October":     {"construction.municipal", true, nil},
		"My boss owes me 12,000 yuan wages since last August":                     {"labour.wages", true, nil},
		"A quarry near us dumps wastewater into the river at night":               {"environment.water", true, nil},
		"There should be a bus from Qianyou to the hospital on weekends":          {"", false, []string{"transport.buses", "health.hospitals"}},
		"He is not my friend any more and I want that somebody knows about this.": {"", false, nil},
		"Our business is going badly":                                             {"", false, nil},
	} {
		got := read(t, r, text)
		guessed := got.Subject.Conf >= 0.5
		if guessed != want.guess || guessed && got.Subject.Value != want.code {
			t.Errorf("%s: %+v, want %s", text, got.Subject, want.code)
		}
		for _, c := range want.likely {
			if !slices.Contains(got.Likely, c) {
				t.Errorf("%s: offers %v, not %s", text, got.Likely, c)
			}
		}
	}
}

func TestEnglishRequestInOwnWords(t *testing.T) {
	t.Parallel()
	r := reader(t)
	for text, want := range map[string]string{
		"The lamp in Xialiang is broken, please repair it before winter. Thank you.": "please repair it before winter",
		"He owes me 12,000 yuan. We want our money back!":                            "We want our money back",
		"The bus never comes, I want to know":                                        "I want to know",
		"The bus never comes, please":                                                "",
	} {
		if got := read(t, r, text); got.Request.Value != want || got.Derived != (want == "") || got.Title != "" {
			t.Errorf("%s: request %q, title %q", text, got.Request.Value, got.Title)
		}
	}
}
