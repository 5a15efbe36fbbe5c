package petition

// Lines are telephone numbers beside the office's own that the conversation names.
// They are data because an office may have numbers of its own, and numbers change.
type Lines struct {
	Discipline string `yaml:"discipline" json:"discipline"` // reports on officials (12388)
	LegalAid   string `yaml:"legal_aid" json:"legal_aid"`   // legal aid (12348)
	Youth      string `yaml:"youth" json:"youth"`           // young people (12355)
	Mind       string `yaml:"mind" json:"mind"`             // somebody to listen (12356)
	Hotline    string `yaml:"hotline" json:"hotline"`       // government hotline (12345)
}

// Filled puts the nationwide number where an office names none. Check them before
// use; none is confirmed here.
func (l Lines) Filled() Lines {
	for _, f := range []struct {
		have *string
		want string
	}{
		{&l.Discipline, "12388"}, {&l.LegalAid, "12348"}, {&l.Youth, "12355"}, {&l.Mind, "12356"}, {&l.Hotline, "12345"},
	} {
		if *f.have == "" {
			*f.have = f.want
		}
	}
	return l
}
