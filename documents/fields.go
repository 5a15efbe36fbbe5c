package documents

import (
	"cmp"
	_ "embed"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"

	"dengwen/petition"
)

// Field is one thing a paper must carry.
type Field struct {
	Name     string // what an office calls it
	Value    string // key of what is filled in; "" = fixed words
	Says     string // the fixed words
	Source   string // article that asks for it, of 信访工作条例 unless another law is named; "" = none does
	Practice bool   // no law asks for it: an office's own template may leave it out
}

//go:embed fields.toml
var fieldsFile string

// Fields are what each kind of paper must carry besides number, unit and date, in the order of the
// paper. Under "transfer.assigned" stands what is added where a report is wanted.
func Fields() (map[string][]Field, error) {
	var fields map[string][]Field
	if _, err := toml.Decode(fieldsFile, &fields); err != nil {
		return nil, fmt.Errorf("read fields of papers: %w", err)
	}
	return fields, nil
}

// Lost are the fields a law asks for that the templates in use do not print, by kind: those of an
// office's own wording, since the built-in ones print all.
func (r *Renderer) Lost() (map[string][]Field, error) {
	all, err := Fields()
	if err != nil {
		return nil, err
	}
	lost := map[string][]Field{}
	for kind, fields := range all {
		printed, assigned := strings.CutSuffix(kind, ".assigned")
		v := Values{}
		for _, p := range petition.PartsOf(printed) {
			v[p.Key] = stand(p.Key)
		}
		for _, f := range fields {
			v[f.Value] = stand(f.Value)
		}
		if assigned {
			v["assigned"] = "yes"
		}
		lines, err := r.lines(petition.Document{Kind: printed, Values: v})
		if err != nil {
			return nil, err
		}
		var text strings.Builder
		for _, l := range lines {
			text.WriteString(l.text + strings.Join(l.cells, "\n") + "\n")
		}
		for _, f := range fields {
			if !f.Practice && !strings.Contains(text.String(), cmp.Or(f.Says, stand(f.Value))) {
				lost[printed] = append(lost[printed], f)
			}
		}
	}
	return lost, nil
}

// stand is what stands for a value.
func stand(key string) string { return "〈" + key + "〉" }
