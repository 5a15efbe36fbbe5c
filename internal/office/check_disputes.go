package office

import (
	"slices"
	"strings"

	"dengwen/petition"
	"dengwen/petition/mediation"
)

// disputes checks what is said of disputes that are settled early.
func (c *checker) disputes() {
	seen := map[string]bool{}
	for n, k := range c.o.Disputes.Kinds {
		i := item{c, "disputes.kinds", n, k.Name}
		i.named(seen, "kind", k.Code, k.Name)
		for _, s := range k.Subjects {
			if _, ok := c.o.Category(s); !ok {
				i.fault("category", "code", s)
			}
		}
	}
	for n, m := range c.o.Disputes.Mediators {
		i := item{c, "disputes.mediators", n, m.Name}
		i.named(seen, "mediator", m.Code, m.Name)
		i.known(m.Unit)
		i.mediates(m)
	}
	for n, m := range c.o.Disputes.Method {
		i := item{c, "disputes.method", n, m.Name}
		i.named(seen, "step", m.Code, m.Name)
		if m.Days < 1 {
			i.fault("step_days")
		}
		if (m.By == "") == (len(m.Form) == 0) || m.By != "" && !slices.Contains(mediation.MoveNames(), mediation.MoveName(m.By)) {
			i.fault("step_by", "by", m.By)
		}
	}
}

// mediates checks what a mediator takes.
func (i item) mediates(m petition.Mediator) {
	for _, code := range m.Places {
		if _, ok := i.o.Locality(code); !ok {
			i.fault("place", "code", code)
		}
	}
	for _, code := range m.Kinds {
		if _, ok := i.o.DisputeKind(code); !ok {
			i.fault("dispute_kind", "code", code)
		}
	}
	if strings.TrimSpace(m.Committee) == "" {
		i.fault("empty", "field", "committee")
	}
}

// named says that an entry has a code of its own and a name.
func (i item) named(seen map[string]bool, what, of, name string) {
	if !code.MatchString(of) || seen[what+of] {
		i.fault("bad_code", "code", of)
	}
	seen[what+of] = true
	if strings.TrimSpace(name) == "" {
		i.fault("name")
	}
}
