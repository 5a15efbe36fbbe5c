package answer

import (
	"strings"
	"testing"
	"testing/fstest"

	"dengwen/locales"
	"dengwen/petition"
)

// What is built in is said whole in every language that is built in.
func TestEveryEntryIsSaidInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, m := range openBook(t).entries {
		for _, tag := range builtIn {
			if m.said[tag].Text == "" || len(m.said[tag].Quiz) != len(m.Quiz) {
				t.Errorf("%s is not said whole in %s", m.ID, tag)
			}
		}
		if len(m.phrasings(builtIn)) < 3 {
			t.Errorf("%s has fewer than three phrasings", m.ID)
		}
	}
}

// A folder adds a language: its entries are found by its own words and said in them; what it has
// not said is said in its fallback; a language that is nowhere is answered in the first one.
func TestALanguageIsAFolder(t *testing.T) {
	t.Parallel()
	own := fstest.MapFS{
		"bo/language.toml": {Data: []byte("name = \"ⰀⰁⰂ\"\nfallback = \"en\"\n")},
		"bo/rules.toml":    {Data: []byte(`"rules.basis" = "ⰄⰄ {{.Articles}}"`)},
		"bo/answers/own.yaml": {Data: []byte("entries:\n- id: office-hours\n  title: Ⰰ\n  text: ⰁⰂⰃ {name} {hours}\n" +
			"  ask: |\n    Ⱀⱁⱂ ⱃⱄ ⱅⱆⱇ\n    ⱃⱄ Ⱀⱁⱂ\n")},
	}
	words, err := locales.New(own)
	if err != nil {
		t.Fatal(err)
	}
	b, err := New(&petition.Office{Name: "清水县信访局", Hours: "8:00"}, words, own)
	if err != nil {
		t.Fatal(err)
	}
	if a := b.Answer("Ⱀⱁⱂ ⱃⱄ ⱅⱆⱇ", "bo", noon); a.Entry != "office-hours" || !strings.Contains(a.Text, "ⰁⰂⰃ 清水县信访局 8:00") {
		t.Errorf("its own words: %+v", a)
	}
	if a := b.Answer("信访多久办完", "bo", noon); !strings.Contains(a.Text, "60 days") || !strings.Contains(a.Text, "ⰄⰄ 34") {
		t.Errorf("what it has not said: %s", a.Text)
	}
	if a := b.Answer("信访多久办完", "tlh", noon); !strings.Contains(a.Text, "60日") {
		t.Errorf("a language that is nowhere: %s", a.Text)
	}
	for question, lang := range map[string]string{"信访多久办完": "zh-CN", "How many of us may go together?": "en"} {
		if mine, theirs := b.Answer(question, lang, noon), openBook(t).Answer(question, lang, noon); mine.Confidence != theirs.Confidence {
			t.Errorf("%s is answered otherwise since: %v, %v", question, mine.Confidence, theirs.Confidence)
		}
	}
	for name, file := range map[string]string{
		"there is no entry": "entries:\n- id: none\n  title: Ⰰ\n  text: Ⰱ\n",
		"needed":            "entries:\n- id: office-hours\n  title: Ⰰ\n",
		"own.yaml":          "entries: 1\n",
	} {
		own["bo/answers/own.yaml"] = &fstest.MapFile{Data: []byte(file)}
		if _, err := New(new(petition.Office), words, own); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%q: %v", file, err)
		}
	}
}
