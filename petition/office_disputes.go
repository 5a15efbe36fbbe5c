package petition

import (
	"slices"
	"strings"
)

// DisputeData is what an office's file says of disputes that are settled early, before anybody
// petitions: their kinds, who mediates, and the office's own method.
type DisputeData struct {
	Kinds     []DisputeKind `yaml:"kinds" json:"kinds,omitempty"`
	Mediators []Mediator    `yaml:"mediators" json:"mediators,omitempty"`
	Method    []MethodStep  `yaml:"method" json:"method,omitempty"`
}

// DisputeKind is one kind of dispute. Words are words of everyday speech that point to it,
// Subjects the subjects of petitions that do.
type DisputeKind struct {
	Code     string   `yaml:"code" json:"code"`
	Name     string   `yaml:"name" json:"name"`
	Names    Names    `yaml:"names" json:"names,omitempty"`
	Words    []string `yaml:"words" json:"words,omitempty"`
	Subjects []string `yaml:"subjects" json:"subjects,omitempty"`
}

// NameIn is the kind's name in a language, as Office.NameIn.
func (k DisputeKind) NameIn(lang string) string { return k.Names.in(lang, k.Name) }

// Mediator is somebody of a people's mediation committee, as its list is published. Places and
// Kinds are what they take; none = all of their unit's.
type Mediator struct {
	Code      string   `yaml:"code" json:"code"`
	Name      string   `yaml:"name" json:"name"`
	Unit      string   `yaml:"unit" json:"unit"`           // unit whose disputes they take
	Committee string   `yaml:"committee" json:"committee"` // 人民调解委员会 that signs the agreement
	Places    []string `yaml:"places" json:"places,omitempty"`
	Villages  []string `yaml:"villages" json:"villages,omitempty"`
	Kinds     []string `yaml:"kinds" json:"kinds,omitempty"`
	Phone     string   `yaml:"phone" json:"phone,omitempty"`
}

// MethodStep is one step of the office's own method. It is done with the move By, or, where that
// is "", when somebody writes down the answers to Form. Days are civil days since the step before,
// for the first since the dispute was reported: the office's own target, nothing of the law.
type MethodStep struct {
	Code  string   `yaml:"code" json:"code"`
	Name  string   `yaml:"name" json:"name"`
	Names Names    `yaml:"names" json:"names,omitempty"`
	Days  int      `yaml:"days" json:"days"`
	By    string   `yaml:"by" json:"by,omitempty"`
	Form  []string `yaml:"form" json:"form,omitempty"` // questions
}

// NameIn is the step's name in a language, as Office.NameIn.
func (m MethodStep) NameIn(lang string) string { return m.Names.in(lang, m.Name) }

// DisputeKind finds a kind by its code.
func (o *Office) DisputeKind(code string) (DisputeKind, bool) {
	i := slices.IndexFunc(o.Disputes.Kinds, func(k DisputeKind) bool { return k.Code == code })
	if i < 0 {
		return DisputeKind{}, false
	}
	return o.Disputes.Kinds[i], true
}

// KindOfDispute is the kind that a text, and the subject that was read in it, point to: most words
// first, then the subject, "" for none.
func (o *Office) KindOfDispute(text, subject string) string {
	best, most := "", 0
	text = strings.ToLower(text)
	for _, k := range o.Disputes.Kinds {
		n := 0
		for _, w := range k.Words {
			n += strings.Count(text, strings.ToLower(w))
		}
		if n > most {
			best, most = k.Code, n
		}
	}
	if best != "" || subject == "" {
		return best
	}
	for _, k := range o.Disputes.Kinds {
		if slices.ContainsFunc(k.Subjects, func(s string) bool { return o.within(subject, s) }) {
			return k.Code
		}
	}
	return ""
}

// Mediator finds a mediator by code.
func (o *Office) Mediator(code string) (Mediator, bool) {
	i := slices.IndexFunc(o.Disputes.Mediators, func(m Mediator) bool { return m.Code == code })
	if i < 0 {
		return Mediator{}, false
	}
	return o.Disputes.Mediators[i], true
}

// VillageIn is the village of a place that a text names, "" for none; the longest name that fits.
func (o *Office) VillageIn(place, text string) string {
	l, _ := o.Locality(place)
	best := ""
	for _, v := range l.Villages {
		if strings.Contains(text, v) && len(v) > len(best) {
			best = v
		}
	}
	return best
}
