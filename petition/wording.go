package petition

import "strings"

// Wording is a text of the office to begin a paper or a message with. It is a beginning: whoever
// uses it answers for what goes out.
type Wording struct {
	Move   MoveName          `yaml:"move" json:"move"`
	Class  Class             `yaml:"class" json:"class,omitempty"` // "" = any
	Name   string            `yaml:"name" json:"name"`             // by which it is chosen
	Fields map[string]string `yaml:"fields" json:"fields"`         // by the keys of the move's fields
}

// blanks are what stands in a wording for something of the case.
var blanks = []struct {
	blank string
	of    func(o *Office, v View) string
}{
	{"{编号}", func(_ *Office, v View) string { return v.Number }},
	{"{事项}", func(_ *Office, v View) string { return v.Item().Title }},
	{"{请求}", func(_ *Office, v View) string { return v.Request }},
	{"{收到日期}", func(_ *Office, v View) string { return ChineseDay(Day(v.Received)) }},
	{"{单位}", func(o *Office, v View) string { return o.UnitName(v.Unit) }},
}

// FillBlanks puts what is known of a case in the place of the blanks of a text: {编号}, {事项},
// {请求}, {收到日期} and {单位}.
func (o *Office) FillBlanks(text string, v View) string {
	for _, b := range blanks {
		if strings.Contains(text, b.blank) {
			text = strings.ReplaceAll(text, b.blank, b.of(o, v))
		}
	}
	return text
}

// WordingsFor are the office's texts for a move of a class.
func (o *Office) WordingsFor(m MoveName, c Class) (all []Wording) {
	for _, w := range o.Wordings {
		if w.Move == m && (w.Class == "" || w.Class == c) {
			all = append(all, w)
		}
	}
	return all
}

// GuideStep is what an office's own guide says of a move: what to do now, and next. Texts are in other languages.
type GuideStep struct {
	Move  MoveName `yaml:"move" json:"move"`
	Text  string   `yaml:"text" json:"text"`
	Texts Names    `yaml:"texts" json:"texts,omitempty"`
}

// GuideFor is what the office's guide says of a move in a language, "" for nothing.
func (o *Office) GuideFor(m MoveName, lang string) string {
	for _, g := range o.Guide {
		if g.Move == m {
			return g.Texts.in(lang, g.Text)
		}
	}
	return ""
}
