package locales

import (
	"testing"
	"testing/fstest"
	"time"
)

// A folder of sentences is refused or can be spoken.
func FuzzLanguage(f *testing.F) {
	f.Add([]byte(`"citizen.hello" = "hi {{.Name}}"`), []byte("name = \"Test\"\n"))
	f.Add([]byte(`"a" = "{{range .X}}{{.}}{{end}}"`), []byte("name = \"T\"\nfallback = \"en\"\nclients = [\"zz\"]\n"))
	f.Add([]byte(`"a" = "{{template \"a\"}}"`), []byte(`[dates]`+"\n"+`day = "{{.Day}}"`))
	f.Add([]byte("= ="), []byte("\x00"))
	f.Fuzz(func(t *testing.T, sentences, language []byte) {
		if len(sentences)+len(language) > 8<<10 {
			t.Skip()
		}
		c, err := parse(files, fstest.MapFS{"zz/language.toml": {Data: language}, "zz/citizen.toml": {Data: sentences}})
		if err != nil {
			return
		}
		for key := range c.Texts("zz") {
			c.Say("zz", key, "Number", "x")
		}
		c.Day("zz", "2026-11-30", "2026-11-30")
		c.Moment("zz", time.Unix(0, 0))
		c.Gaps("zz")
	})
}

// What a browser or client says of its language is a language there is.
func FuzzAccept(f *testing.F) {
	c, err := New()
	if err != nil {
		f.Fatal(err)
	}
	for _, header := range []string{"", "zh-CN,zh;q=0.9", "en;q=x", "*", ";;,,", "x-private-zz-CN", "zh-Hant-TW;q=1.5"} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		for _, tag := range []string{c.Accept(header), c.Match(header), c.Written(header)} {
			if tag != "" && !c.Speaks(tag) {
				t.Errorf("%q is answered in %q", header, tag)
			}
		}
		c.Named(header)
	})
}
