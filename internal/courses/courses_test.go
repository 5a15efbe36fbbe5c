package courses

import "testing"

// The languages have the same courses, questions, right answers and articles.
func TestLanguagesTeachTheSame(t *testing.T) {
	t.Parallel()
	b, err := Read("zh-CN")
	if err != nil {
		t.Fatal(err)
	}
	if len(b.byLang) < 2 {
		t.Fatalf("%d languages", len(b.byLang))
	}
	for lang, courses := range b.byLang {
		for i, want := range b.In("zh-CN") {
			if i >= len(courses) || courses[i].ID != want.ID || len(courses[i].Questions) != len(want.Questions) {
				t.Fatalf("%s has another course than %s", lang, want.ID)
			}
			for j, q := range courses[i].Questions {
				if w := want.Questions[j]; q.Right != w.Right || q.Article != w.Article || len(q.Options) != len(w.Options) {
					t.Errorf("%s, %s %d: another answer", lang, want.ID, j+1)
				}
			}
		}
	}
	if c, ok := b.Find("xx", "clocks"); !ok || c.Title != "期限" {
		t.Errorf("a language without courses gets %+v", c)
	}
	broken := Course{ID: "x", Title: "x", Questions: []Question{{Ask: "?", Options: []string{"a", "b"}, Right: 3, Article: "1", Why: "w"}}}
	if broken.check() == nil {
		t.Error("a right answer that is not there passes")
	}
}
